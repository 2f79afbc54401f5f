using System.Security.Cryptography;
using Liren.Sdk.Data;
using Microsoft.AspNetCore.Http;

namespace Liren.Sdk.Files;

/// <summary>
/// Evidence photos under data/files, named by the SHA-256 of what is stored. A photo is on disk, under its final name, before anybody is
/// told that it was received; the same photo twice is one file.
/// </summary>
public sealed class PhotoStore(DataLocation at)
{
    /// <summary>Largest photo accepted: 8 MiB.</summary>
    public const int MaxBytes = 8 * 1024 * 1024;

    private string PathOf(string sha)
    {
        at.Sub("files");
        return Path.Combine(at.Sub(Path.Combine("files", sha[..2])), sha);
    }

    /// <summary>Checks by content, takes out personal metadata, writes durably.</summary>
    public async Task<(CleanImage Image, string Sha)> KeepAsync(byte[] bytes, CancellationToken stop)
    {
        Rule.Require(bytes.Length > 0, "sdk.photo-missing", "photos");
        if (bytes.Length > MaxBytes) throw new RuleBrokenException("sdk.photo-large", "photos", 413, MaxBytes / 1024 / 1024);
        var image = CleanImage.Of(bytes) ?? throw new RuleBrokenException("sdk.photo-kind", "photos");
        var sha = Convert.ToHexStringLower(SHA256.HashData(image.Bytes));
        var path = PathOf(sha);
        if (File.Exists(path)) return (image, sha);
        var fresh = $"{path}.{Guid.CreateVersion7():N}";
        await using (var file = OwnFile.Create(fresh))
        {
            await file.WriteAsync(image.Bytes, stop);
            file.Flush(flushToDisk: true);
        }
        // A half-written photo never has the name of a whole one; two writers of the same bytes do no harm to each other.
        File.Move(fresh, path, overwrite: true);
        // Written once more to disk under its final name: the file system then has the new name in its log, too.
        using (var named = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite)) RandomAccess.FlushToDisk(named);
        return (image, sha);
    }

    /// <summary>The photo's file, or null.</summary>
    public string? Find(string sha) => sha.Length == 64 && sha.All(char.IsAsciiHexDigitLower) && PathOf(sha) is var path && File.Exists(path) ? path : null;

    /// <summary>The answer with a photo the caller may see: kept by their browser for an hour, by nobody in between.</summary>
    public static IResult Answer(HttpContext http, (string Path, string ContentType) photo)
    {
        http.Response.Headers.CacheControl = "private, max-age=3600, immutable";
        return TypedResults.PhysicalFile(photo.Path, photo.ContentType);
    }
}
