using Liren.Codes;
using Liren.Passes.Domain;
using Liren.Passes.Features;
using Liren.Sdk;
using Microsoft.Extensions.DependencyInjection;

namespace Liren.Tests.Passes;

public sealed class CeremonyTests(PassesApp app) : IClassFixture<PassesApp>
{
    private static readonly string[] Witnesses = ["吴岚", "孙浩"], Passphrases = ["correct horse battery", "里仁为美，择不处仁，焉得知？"];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public void The_backup_opens_with_both_passphrases_in_order_and_with_nothing_else()
    {
        using var key = SigningKey.Create(SignAlg.Es256);
        var backup = RootBackup.Read(RootBackup.Seal(key, "abcd", Witnesses, Passphrases, DateTimeOffset.UnixEpoch).ToJson());
        using (var opened = backup.Open(Passphrases)) opened.Spki.ShouldBe(key.Spki);
        Refused(() => backup.Open([Passphrases[1], Passphrases[0]])).ShouldBe("passes.passphrase-wrong");
        Refused(() => backup.Open([Passphrases[0], Passphrases[0]])).ShouldBe("passes.passphrase-wrong");
        Refused(() => (backup with { Fingerprint = "ffff" }).Open(Passphrases)).ShouldBe("passes.passphrase-wrong");
        Refused(() => (backup with { Sealed = "AAAA" }).Open(Passphrases)).ShouldBe("passes.passphrase-wrong");
        Refused(() => RootBackup.Read("{}")).ShouldBe("passes.no-backup");
        Refused(() => RootBackup.Read("hello")).ShouldBe("passes.no-backup");
        Refused(() => RootBackup.Seal(key, "abcd", ["吴岚", "吴岚"], Passphrases, default)).ShouldBe("passes.witnesses");
        Refused(() => RootBackup.Seal(key, "abcd", Witnesses, ["short", Passphrases[1]], default)).ShouldBe("passes.passphrase-short");
        Refused(() => RootBackup.Seal(key, "abcd", Witnesses, [Passphrases[0], Passphrases[0]], default)).ShouldBe("passes.passphrase-same");
    }

    [Fact]
    public async Task A_ceremony_writes_two_copies_and_a_transcript_and_its_root_signs_the_trust_list()
    {
        var folder = Directory.CreateTempSubdirectory("liren-ceremony-").FullName;
        try
        {
            Task<KeyCeremony.Outcome> RunAsync(bool replace) => app.InScopeAsync(s => s.GetRequiredService<KeyCeremony>().RunAsync(folder, Witnesses, Passphrases, replace, Stop));
            var made = await RunAsync(false);
            (await Should.ThrowAsync<RuleBrokenException>(() => RunAsync(false))).Code.ShouldBe("passes.root-exists");
            made.Copies.Count.ShouldBe(2);
            (await File.ReadAllTextAsync(made.Copies[0], Stop)).ShouldBe(await File.ReadAllTextAsync(made.Copies[1], Stop));
            if (!OperatingSystem.IsWindows()) File.GetUnixFileMode(made.Copies[0]).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
            var transcript = await File.ReadAllTextAsync(made.Transcript, Stop);
            transcript.ShouldContain(made.Fingerprint);
            transcript.ShouldContain("吴岚");
            transcript.ShouldNotContain(Passphrases[1]);

            var gate = await app.PairAsync("仪式门");
            PairGate.FingerprintOf(gate.Root.Spki).ShouldBe(made.Fingerprint);
            (await gate.TrustAsync()).ShouldNotBeNull();
            var split = transcript.IndexOf("signature ", StringComparison.Ordinal);
            gate.Root.Verify(System.Text.Encoding.UTF8.GetBytes(transcript[..split]), Convert.FromBase64String(transcript[(split + "signature ".Length)..].Trim())).ShouldBeTrue();
            (await Should.ThrowAsync<RuleBrokenException>(() => app.InScopeAsync(s => s.GetRequiredService<KeyCeremony>().RestoreAsync(made.Copies[0], Passphrases, Stop)))).Code.ShouldBe("passes.root-here");
        }
        finally { Directory.Delete(folder, recursive: true); }
    }

    private static string Refused(Action act) => Should.Throw<RuleBrokenException>(act).Code;
}
