using System.Text.Json;
using Liren.Codes;
using Liren.Codes.Hcert;

namespace Liren.Tests.Codes;

/// <summary>Public test sets, when the folder named by LIREN_DATA has them; they may not be part of the project.</summary>
public sealed class PublicSetsTests
{
    private static string Folder(string name)
    {
        var folder = Path.Combine(Environment.GetEnvironmentVariable("LIREN_DATA") ?? "", name);
        if (!Directory.Exists(folder)) Assert.Skip($"LIREN_DATA names no folder with {name}");
        return folder;
    }

    [Fact]
    public void The_common_health_certificates_get_the_official_verdict()
    {
        var folder = Folder("dcc-common");
        var wrong = new List<string>();
        var expected = File.ReadLines(Path.Combine(folder, "expected.tsv")).Skip(1).Select(l => l.Split('\t')).ToDictionary(p => p[0], p => p[1] == "VALID");
        foreach (var (id, valid) in expected)
        {
            // Q1 tests a broken picture; its text is fine.
            if (id == "Q1") continue;
            using var file = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "raw", id + ".json")));
            var context = file.RootElement.GetProperty("TESTCTX");
            using var trust = new HcertTrust();
            if (context.TryGetProperty("CERTIFICATE", out var der) && der.GetString() is { Length: > 0 } base64) trust.TryAdd(Convert.FromBase64String(base64));
            var at = context.TryGetProperty("VALIDATIONCLOCK", out var clock) && clock.GetString() is { } text ? DateTimeOffset.Parse(text, System.Globalization.CultureInfo.InvariantCulture) : new DateTimeOffset(2021, 5, 20, 0, 0, 0, TimeSpan.Zero);
            var decision = HealthCertificate.Check(file.RootElement.GetProperty("PREFIX").GetString(), trust, at);
            if (decision.Ok != valid) wrong.Add($"{id}: {decision.Reason}, expected {(valid ? "valid" : "invalid")}");
        }
        expected.Count.ShouldBe(38);
        wrong.ShouldBeEmpty();
    }

    [Fact]
    public void Every_CBOR_example_of_the_RFC_is_read_and_no_prefix_of_one()
    {
        using var file = JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder("cbor"), "appendix_a.json")));
        foreach (var example in file.RootElement.EnumerateArray())
        {
            var bytes = Convert.FromHexString(example.GetProperty("hex").GetString()!);
            LooseCbor.TryRead(bytes, out _).ShouldBeTrue(example.GetProperty("hex").GetString());
            for (var length = 0; length < bytes.Length; length++) LooseCbor.TryRead(bytes.AsMemory(0, length), out _).ShouldBeFalse();
        }
    }
}
