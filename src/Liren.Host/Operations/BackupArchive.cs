using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;
using Liren.Sdk.Cli;
using Liren.Sdk.Data;

namespace Liren.Host.Operations;

/// <summary>One file of a backup.</summary>
internal sealed record BackupEntry(string Name, long Bytes, string Sha256);

/// <summary>What a backup says of itself; the first entry of the archive.</summary>
/// <param name="Format">Version of the form: <see cref="BackupArchive.Format"/>; 1 had no seal at its end.</param>
/// <param name="Program">Version of Liren that made it.</param>
/// <param name="MadeAt">When.</param>
/// <param name="Database">"sqlite" or "postgres".</param>
/// <param name="Entries">Every file, with its SHA-256.</param>
internal sealed record BackupManifest(int Format, string Program, DateTimeOffset MadeAt, string Database, IReadOnlyList<BackupEntry> Entries);

/// <summary>A backup file: a gzipped tar of a manifest and the files it names, sealed with a passphrase when there is one.</summary>
internal static class BackupArchive
{
    /// <summary>Form of the archives written now.</summary>
    public const int Format = 2;

    private const string ManifestName = "manifest.json";

    // Stands behind the packed data, before its SHA-256. The unpacker says nothing of a file that was cut off, and passes over bits that change nothing it unpacks.
    private static readonly byte[] End = "LIREN-END-1\n"u8.ToArray();
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>Size and SHA-256 of a file, as the manifest keeps them.</summary>
    public static async Task<BackupEntry> DescribeAsync(string name, string path, CancellationToken cancellation)
    {
        await using var file = File.OpenRead(path);
        return new(name, file.Length, Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancellation)));
    }

    /// <summary>Writes the archive beside its target and puts it into place whole; a crash leaves no half backup under the name.</summary>
    public static async Task WriteAsync(string target, BackupManifest manifest, Func<string, string> pathOf, string? passphrase, CancellationToken cancellation)
    {
        var (plain, final) = (target + ".plain", target + ".part");
        try
        {
            await using (var file = OwnFile.Create(plain, FileMode.Create, FileAccess.ReadWrite))
            {
                await using (var zip = new GZipStream(file, CompressionLevel.Fastest, leaveOpen: true))
                await using (var tar = new TarWriter(zip, TarEntryFormat.Pax, leaveOpen: true))
                {
                    await tar.WriteEntryAsync(new PaxTarEntry(TarEntryType.RegularFile, ManifestName) { DataStream = new MemoryStream(JsonSerializer.SerializeToUtf8Bytes(manifest, Json)) }, cancellation);
                    foreach (var entry in manifest.Entries)
                    {
                        await using var content = File.OpenRead(pathOf(entry.Name));
                        await tar.WriteEntryAsync(new PaxTarEntry(TarEntryType.RegularFile, entry.Name) { DataStream = content, Mode = OwnerOnly }, cancellation);
                    }
                }
                var digest = await DigestAsync(file, file.Length, cancellation);
                await file.WriteAsync(End, cancellation);
                await file.WriteAsync(digest, cancellation);
                if (passphrase is not null)
                {
                    file.Position = 0;
                    await using var cover = OwnFile.Create(final, FileMode.Create, FileAccess.ReadWrite);
                    await SealedStream.SealAsync(file, cover, passphrase, cancellation);
                    cover.Flush(flushToDisk: true);
                }
                else file.Flush(flushToDisk: true);
            }
            File.Move(passphrase is null ? plain : final, target, overwrite: true);
        }
        finally
        {
            File.Delete(plain);
            File.Delete(final);
        }
    }

    /// <summary>Unpacks into an empty folder and checks every file against the manifest; nothing else is touched.</summary>
    public static async Task<BackupManifest> ReadAsync(string source, string folder, string? passphrase, CancellationToken cancellation)
    {
        await using var file = File.OpenRead(source);
        var mark = new byte[SealedStream.Mark.Length];
        var sealed_ = await file.ReadAtLeastAsync(mark, mark.Length, throwOnEndOfStream: false, cancellation) == mark.Length && mark.AsSpan().SequenceEqual(SealedStream.Mark);
        if (sealed_ && passphrase is null) throw new CliFailureException($"{source} is encrypted: give its passphrase with --passphrase-file or LIREN_BACKUP_PASSPHRASE.");
        var plain = Path.Combine(folder, "archive.tar.gz");
        try
        {
            if (sealed_)
            {
                await using var open = OwnFile.Create(plain, FileMode.Create, FileAccess.ReadWrite);
                await SealedStream.OpenAsync(file, open, passphrase!, cancellation);
                open.Position = 0;
                return await UnpackAsync(open, folder, cancellation);
            }
            file.Position = 0;
            return await UnpackAsync(file, folder, cancellation);
        }
        catch (CryptographicException e) { throw new CliFailureException($"{source} cannot be opened: the passphrase is wrong, or the file was changed or cut off. Nothing was restored.", e); }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException or JsonException) { throw new CliFailureException($"{source} is no whole Liren backup ({e.Message}). Nothing was restored.", e); }
        finally { File.Delete(plain); }
    }

    private static async Task<BackupManifest> UnpackAsync(Stream archive, string folder, CancellationToken cancellation)
    {
        var whole = await IsWholeAsync(archive, cancellation);
        archive.Position = 0;
        await using var zip = new GZipStream(archive, CompressionMode.Decompress, leaveOpen: true);
        await using var tar = new TarReader(zip);
        if (await tar.GetNextEntryAsync(cancellationToken: cancellation) is not { Name: ManifestName, DataStream: { } first }) throw new InvalidDataException("no manifest at its beginning");
        var manifest = await JsonSerializer.DeserializeAsync<BackupManifest>(first, Json, cancellation) ?? throw new InvalidDataException("empty manifest");
        if (manifest.Format is < 1 or > Format) throw new InvalidDataException($"form {manifest.Format} is newer than this program");
        if (manifest.Format > 1 && !whole) throw new InvalidDataException("changed or cut off");
        var expected = manifest.Entries.ToDictionary(e => e.Name);
        while (await tar.GetNextEntryAsync(cancellationToken: cancellation) is { } entry)
        {
            // Only names of the manifest, and only below the folder: an archive cannot write elsewhere.
            if (!expected.Remove(entry.Name, out var said) || entry.DataStream is null) throw new InvalidDataException($"unexpected entry {entry.Name}");
            var path = Path.GetFullPath(Path.Combine(folder, said.Name));
            if (!path.StartsWith(folder + Path.DirectorySeparatorChar, StringComparison.Ordinal)) throw new InvalidDataException($"entry {entry.Name} leaves the folder");
            OwnFolder(Path.GetDirectoryName(path)!);
            await using (var own = OwnFile.Create(path, FileMode.Create, FileAccess.ReadWrite)) await entry.DataStream.CopyToAsync(own, cancellation);
            if (await DescribeAsync(said.Name, path, cancellation) != said) throw new InvalidDataException($"{said.Name} does not match its SHA-256");
        }
        return expected.Count == 0 ? manifest : throw new InvalidDataException($"missing: {string.Join(", ", expected.Keys)}");
    }

    /// <summary>Whether the archive ends with the digest of all before it.</summary>
    private static async Task<bool> IsWholeAsync(Stream archive, CancellationToken cancellation)
    {
        var end = new byte[End.Length + SHA256.HashSizeInBytes];
        if (archive.Length < end.Length) return false;
        archive.Position = archive.Length - end.Length;
        await archive.ReadExactlyAsync(end, cancellation);
        if (!end.AsSpan(0, End.Length).SequenceEqual(End)) return false;
        var digest = await DigestAsync(archive, archive.Length - end.Length, cancellation);
        return end.AsSpan(End.Length).SequenceEqual(digest);
    }

    /// <summary>SHA-256 of the first bytes of a file; leaves it behind them.</summary>
    private static async Task<byte[]> DigestAsync(Stream file, long length, CancellationToken cancellation)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[64 * 1024];
        file.Position = 0;
        while (length > 0)
        {
            var read = await file.ReadAsync(buffer.AsMemory(0, (int)Math.Min(length, buffer.Length)), cancellation);
            if (read == 0) throw new EndOfStreamException();
            hash.AppendData(buffer.AsSpan(0, read));
            length -= read;
        }
        return hash.GetHashAndReset();
    }

    private static void OwnFolder(string path)
    {
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(path);
        else Directory.CreateDirectory(path, OwnerOnly | UnixFileMode.UserExecute);
    }
}
