using System.Security.Cryptography;
using Liren.Sdk.Data;
using Liren.Sdk.Jobs;

namespace Liren.Devices.Data;

/// <summary>
/// Pictures of alarms (报警留图), blurred by whoever sent them: files below the data folder, for the owner only, not part of a backup, deleted after seven days.
/// </summary>
internal sealed class StillStore(DataLocation at, TimeProvider clock)
{
    /// <summary>Largest picture: with its envelope it fits one message.</summary>
    public const int MostBytes = 46 * 1024;
    private const int MostOfDevice = 200;
    private static readonly TimeSpan kept = TimeSpan.FromDays(7);

    private string Folder => at.Sub("stills");

    /// <summary>Keeps a picture; null when it is there, else why not: still (no JPEG, or not what its hash says), too-large, too-many-stills.</summary>
    public async Task<string?> KeepAsync(Guid device, string sha256, byte[] jpeg, CancellationToken stop)
    {
        if (jpeg.Length > MostBytes) return "too-large";
        if (!jpeg.AsSpan().StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]) || Convert.ToHexStringLower(SHA256.HashData(jpeg)) != sha256) return "still";
        var path = PathOf(device, sha256);
        if (File.Exists(path)) return null;
        if (Directory.GetFiles(Folder, $"{device:N}-*.jpg").Length >= MostOfDevice) return "too-many-stills";
        var part = $"{path}.{Guid.CreateVersion7():N}.part";
        await using (var file = OwnFile.Create(part)) await file.WriteAsync(jpeg, stop);
        File.SetLastWriteTimeUtc(part, clock.GetUtcNow().UtcDateTime);
        File.Move(part, path, overwrite: true);
        return null;
    }

    /// <summary>Whether it is still kept.</summary>
    public bool Has(Guid device, string sha256) => IsHash(sha256) && File.Exists(PathOf(device, sha256));

    /// <summary>The picture, or null.</summary>
    public async Task<byte[]?> ReadAsync(Guid device, string sha256, CancellationToken stop) => Has(device, sha256) ? await File.ReadAllBytesAsync(PathOf(device, sha256), stop) : null;

    /// <summary>Deletes what is older than seven days.</summary>
    public void Forget()
    {
        foreach (var file in new DirectoryInfo(Folder).GetFiles())
            if (clock.GetUtcNow() - file.LastWriteTimeUtc > kept) file.Delete();
    }

    private string PathOf(Guid device, string sha256) => Path.Combine(Folder, $"{device:N}-{sha256}.jpg");

    // Names come from outside: nothing but a hash becomes part of a path.
    private static bool IsHash(string text) => text.Length == 64 && text.All(char.IsAsciiHexDigitLower);
}

/// <summary>Lets pictures of alarms go when their time is over.</summary>
internal sealed class ForgetStills(StillStore stills) : IJob
{
    public string Name => "devices.forget-stills";
    public TimeSpan Every => TimeSpan.FromHours(1);

    public Task RunAsync(CancellationToken cancellation)
    {
        stills.Forget();
        return Task.CompletedTask;
    }
}
