using System.Buffers.Binary;
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
/// <param name="Format">Version of the form, 1.</param>
/// <param name="Program">Version of Liren that made it.</param>
/// <param name="MadeAt">When.</param>
/// <param name="Database">"sqlite" or "postgres".</param>
/// <param name="Entries">Every file, with its SHA-256.</param>
internal sealed record BackupManifest(int Format, string Program, DateTimeOffset MadeAt, string Database, IReadOnlyList<BackupEntry> Entries);

/// <summary>A backup file: a gzipped tar of a manifest and the files it names, sealed with a passphrase when there is one.</summary>
internal static class BackupArchive
{
    private const string ManifestName = "manifest.json";
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
        await using var zip = new GZipStream(archive, CompressionMode.Decompress, leaveOpen: true);
        var whole = new CountedStream(zip);
        await using var tar = new TarReader(whole);
        if (await tar.GetNextEntryAsync(cancellationToken: cancellation) is not { Name: ManifestName, DataStream: { } first }) throw new InvalidDataException("no manifest at its beginning");
        var manifest = await JsonSerializer.DeserializeAsync<BackupManifest>(first, Json, cancellation) ?? throw new InvalidDataException("empty manifest");
        if (manifest.Format != 1) throw new InvalidDataException($"form {manifest.Format} is newer than this program");
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
        // The tar ends before its file does, and the unpacker takes a file that was cut off for a short one: the length it ends with (RFC 1952, ISIZE) must be what came out.
        await whole.CopyToAsync(Stream.Null, cancellation);
        var length = new byte[sizeof(uint)];
        archive.Seek(-length.Length, SeekOrigin.End);
        await archive.ReadExactlyAsync(length, cancellation);
        if (BinaryPrimitives.ReadUInt32LittleEndian(length) != (uint)whole.Count) throw new InvalidDataException("cut off at its end");
        return expected.Count == 0 ? manifest : throw new InvalidDataException($"missing: {string.Join(", ", expected.Keys)}");
    }

    private static void OwnFolder(string path)
    {
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(path);
        else Directory.CreateDirectory(path, OwnerOnly | UnixFileMode.UserExecute);
    }
}
