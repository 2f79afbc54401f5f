using System.Security.Cryptography;
using Liren.Sdk.Data;

namespace Liren.People.Data;

/// <summary>Uploaded rosters, in the data folder's <c>imports</c>, readable by the owner only, each under the id of its run.</summary>
internal sealed class ImportFiles(DataLocation at)
{
    /// <summary>How long a file is kept at most.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromHours(24);

    public async Task SaveAsync(Guid run, byte[] file, CancellationToken stop)
    {
        var path = PathOf(run);
        // Renamed when whole: a crash must not leave half a roster that looks complete.
        await using (var stream = OwnFile.Create(path + ".part", FileMode.Create))
        {
            await stream.WriteAsync(file, stop);
            stream.Flush(flushToDisk: true);
        }
        File.Move(path + ".part", path, overwrite: true);
    }

    /// <summary>The file, or null when it is gone.</summary>
    public async Task<byte[]?> ReadAsync(Guid run, CancellationToken stop) => File.Exists(PathOf(run)) ? await File.ReadAllBytesAsync(PathOf(run), stop) : null;

    public void Delete(Guid run) => File.Delete(PathOf(run));

    /// <summary>Deletes what belongs to no run that may still need it.</summary>
    public void Sweep(IReadOnlySet<Guid> needed, DateTimeOffset now)
    {
        foreach (var path in Directory.EnumerateFiles(at.Sub("imports")))
        {
            // A file that has just arrived has no run yet.
            var named = Guid.TryParseExact(Path.GetFileNameWithoutExtension(path), "N", out var run);
            if (!(named && needed.Contains(run)) && File.GetLastWriteTimeUtc(path) < now.UtcDateTime.AddMinutes(-10)) File.Delete(path);
        }
    }

    public static string HashOf(byte[] file) => Convert.ToHexStringLower(SHA256.HashData(file));

    private string PathOf(Guid run) => Path.Combine(at.Sub("imports"), $"{run:N}.roster");
}
