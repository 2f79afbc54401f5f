using System.Security.Cryptography;
using System.Text;
using Liren.Codes;
using Liren.Passes.Data;
using Liren.Passes.Domain;
using Liren.Sdk.Data;
using Liren.Sdk;
using Microsoft.EntityFrameworkCore;

namespace Liren.Passes.Features;

/// <summary>
/// The key ceremony (密钥仪式): two witnesses make the root, each with a passphrase of their own, and take two copies of its backup away; a transcript
/// says who, when, and what the fingerprint is, and is signed by the key it speaks of. Run at the server's own terminal only.
/// </summary>
internal sealed class KeyCeremony(PassesDb db, Keyring keyring, TimeProvider clock)
{
    /// <summary>What was written.</summary>
    /// <param name="Fingerprint">Read it aloud; gates show the same.</param>
    /// <param name="Copies">The two copies of the backup.</param>
    /// <param name="Transcript">The record of the ceremony.</param>
    public sealed record Outcome(string Fingerprint, IReadOnlyList<string> Copies, string Transcript);

    /// <summary>Makes a new root; the one before, if any, only verifies from now on, and every gate is paired again.</summary>
    public async Task<Outcome> RunAsync(string folder, IReadOnlyList<string> witnesses, IReadOnlyList<string> passphrases, bool replace, CancellationToken stop)
    {
        Rule.State(replace || !await db.Keys.AnyAsync(k => k.Role == KeyRole.Root, stop), "passes.root-exists");
        using var key = SigningKey.Create(keyring.Algorithm);
        var now = clock.GetUtcNow();
        var fingerprint = PairGate.FingerprintOf(key.Spki);
        var backup = RootBackup.Seal(key, fingerprint, witnesses, passphrases, now).ToJson();
        // First the copies lie on disk and open again, then the key counts.
        var copies = new[] { "copy-1", "copy-2" }.Select(name => Path.Combine(Directory.CreateDirectory(Path.Combine(folder, name)).FullName, $"root-{fingerprint}.json")).ToList();
        foreach (var copy in copies)
        {
            await WriteAsync(copy, backup, stop);
            using var opened = RootBackup.Read(await File.ReadAllTextAsync(copy, stop)).Open(passphrases);
        }
        var transcript = Path.Combine(folder, $"ceremony-{now:yyyyMMdd-HHmmss}.txt");
        var text = $"""
            Liren key ceremony 密钥仪式
            at           {now:yyyy-MM-dd HH:mm:ss} UTC
            machine      {Environment.MachineName}
            witness 1    {witnesses[0].Trim()}
            witness 2    {witnesses[1].Trim()}
            algorithm    {key.Alg}
            fingerprint  {fingerprint}
            backup       SHA-256 {Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(backup)))}
            copies       {string.Join(", ", copies)}
            key (SPKI)   {Convert.ToBase64String(key.Spki)}

            """;
        await WriteAsync(transcript, text + $"signature    {Convert.ToBase64String(key.Sign(Encoding.UTF8.GetBytes(text)))}\n", stop);
        await keyring.InstallRootAsync(key, stop);
        return new(fingerprint, copies, transcript);
    }

    /// <summary>Puts a root from its backup back, after a lost server: gates go on without being paired again.</summary>
    public async Task<string> RestoreAsync(string file, IReadOnlyList<string> passphrases, CancellationToken stop)
    {
        var backup = RootBackup.Read(await File.ReadAllTextAsync(file, stop));
        using var key = backup.Open(passphrases);
        Rule.Require(PairGate.FingerprintOf(key.Spki) == backup.Fingerprint, "passes.no-backup", "backup");
        Rule.State(!await db.Keys.AnyAsync(k => k.Kid == Convert.ToHexStringLower(key.Kid), stop), "passes.root-here");
        await keyring.InstallRootAsync(key, stop);
        return backup.Fingerprint;
    }

    private static async Task WriteAsync(string path, string text, CancellationToken stop)
    {
        await using var file = OwnFile.Create(path);
        await file.WriteAsync(Encoding.UTF8.GetBytes(text), stop);
        file.Flush(flushToDisk: true);
    }
}
