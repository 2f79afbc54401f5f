using System.Text.Json;
using Liren.Codes;

namespace Liren.Tests.Codes;

/// <summary>
/// tests/vectors/passes.json: codes, lists and what a gate says to them. The gate app (web/gate) reads the same file, so that both judge alike. After a change of
/// a format run this test with LIREN_WRITE_VECTORS=1 to write it anew (with new keys), and read what changed.
/// </summary>
public sealed class VectorTests
{
    internal sealed record GateState(long Now, string Compound, int Bit, int Level, IReadOnlyList<string> Nonces, string Direction, bool IdCheck, long ListsGoodFor, long ListAge, bool ClockDoubt);

    internal sealed record Passage(string Cti, string Direction, long ProofAt, string? Nonce, long At);

    internal sealed record CodeCase(string Name, string Text, GateState Gate, IReadOnlyList<string> Revocations, IReadOnlyList<Passage> Passages, Verdict Verdict, PassReason Reason, string? Cti, string? Holder);

    internal sealed record ListCase(string Name, string Envelope, string Outcome, long Seq, int Count);

    internal sealed record Vectors(string Community, string Root, string OtherRoot, string Trust, IReadOnlyList<ListCase> Lists, IReadOnlyList<CodeCase> Cases);

    private static readonly string File = Path.Combine(Repository.Root, "tests", "vectors", "passes.json");
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true, Converters = { new System.Text.Json.Serialization.JsonStringEnumConverter() }, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private static Vectors Read()
    {
        if (Environment.GetEnvironmentVariable("LIREN_WRITE_VECTORS") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(File)!);
            System.IO.File.WriteAllText(File, JsonSerializer.Serialize(VectorMaker.Make(), Json) + "\n");
        }
        return JsonSerializer.Deserialize<Vectors>(System.IO.File.ReadAllText(File), Json)!;
    }

    [Fact]
    public void Every_code_is_judged_as_the_vectors_say()
    {
        var vectors = Read();
        var trust = TrustList.Read(Convert.FromBase64String(vectors.Trust), VerifyingKey.FromSpki(Convert.FromBase64String(vectors.Root))!)!;
        vectors.Cases.Select(c => c.Reason).Distinct().Count().ShouldBeGreaterThan(19);
        foreach (var c in vectors.Cases)
        {
            var decision = PassVerifier.Check(c.Text, VectorMaker.ContextOf(c, trust, vectors.Community));
            (decision.Verdict, decision.Reason, decision.Claims?.Cti, decision.Claims?.Name).ShouldBe((c.Verdict, c.Reason, c.Cti, c.Holder), c.Name);
        }
    }

    [Fact]
    public void Every_list_is_taken_as_the_vectors_say()
    {
        var vectors = Read();
        var trust = TrustList.Read(Convert.FromBase64String(vectors.Trust), VerifyingKey.FromSpki(Convert.FromBase64String(vectors.Root))!)!;
        var list = new RevocationList(vectors.Community);
        foreach (var c in vectors.Lists)
        {
            list.Apply(Convert.FromBase64String(c.Envelope), trust).ToString().ToLowerInvariant().ShouldBe(c.Outcome, c.Name);
            (list.Seq, list.Count).ShouldBe((c.Seq, c.Count), c.Name);
        }
    }
}
