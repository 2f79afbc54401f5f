using Liren.Shared;

namespace Liren.Tests.Codes;

/// <summary>A short walk of what <c>./liren bench fuzz</c> does at length.</summary>
public sealed class FuzzTests
{
    private const long MostBytes = 1_000_000;

    [Fact]
    public void No_hostile_input_makes_a_reader_throw_or_take_much_memory()
    {
        using var fuzz = new CodeFuzz(20200213);
        var found = fuzz.Run(100_000);
        found.First.ShouldBeNull();
        found.Exceptions.ShouldBe(0);
        found.MostAllocated.ShouldBeLessThan(MostBytes);
        // It is only worth something when it comes past the first checks.
        foreach (var outcome in new[] { "Malformed", "UnknownIssuer", "Forged", "ProofMissing", "HC1 Malformed", "HC1 Forged", "HC1 BadContent", "trust list refused", "revocations Refused", "strict CBOR read", "CBOR read", "CBOR refused" })
            found.Outcomes.GetValueOrDefault(outcome).ShouldBeGreaterThan(0, outcome);
    }
}
