using System.Security.Cryptography;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Liren.Draws;

namespace Liren.Tests.Draws;

/// <summary>The verifiable draw: its worked example to the last digit, RFC 3797's example, every tampering refused, no place likelier than another.</summary>
public sealed class DrawTests
{
    private const string Round = "mask-2026-02-03", Beacon = "ssq-2026014:03.07.11.18.26.31+09", Rule = "双色球 2026014 期";

    private static byte[] Hash(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));

    private static TagList Ten => TagList.Of(Enumerable.Range(0, 10).Select(i => Hash($"entry-{i}")[..16]));

    private static Custodian Operator { get; } = new("operator", Custodian.CommitTo(Hash("operator secret demo")), Hash("operator secret demo"));

    private static DrawFile Example => DrawFile.Make(Round, Ten, 3, 2, [Operator], Rule, Beacon);

    private static Commitment Promise(DrawFile file) => new(file.Format, file.Round, file.Entries, file.Winners, file.Waiting, file.Root, file.BeaconRule, [.. file.Custodians.Select(c => c with { Secret = null })]);

    [Fact]
    public void The_worked_example_comes_out_to_the_last_digit()
    {
        Hex.Of(Ten.Root).ShouldBe("e52c8e38d14a77201839344d47719087db81d6b1e52d365f56452761ff019fd1");
        Hex.Of(Operator.Commit).ShouldBe("093fbef60bc337202d0b36042d454ab5ad5c38db752c01f0b61925984057a91e");
        var seed = Draw.Seed(Draw.SeedLines(Round, 10, 3, Ten.Root, [Operator], Beacon));
        Hex.Of(seed).ShouldBe("1e68057070ffe480e118ae47c2cea5b327a010198a7baf6ec41590e7710a4cc2");
        Draw.Order(seed, 10).ShouldBe([8, 0, 3, 5, 9, 1, 7, 2, 6, 4]);
        Example.Steps.Select(s => s.Outcome).ShouldBe([DrawOutcome.Won, DrawOutcome.Won, DrawOutcome.Won, DrawOutcome.Waiting, DrawOutcome.Waiting]);
        Hex.Of(MerkleTree.Leaf(7, Ten[7])).ShouldStartWith("0ddcd086");
        Ten.Proof(7).Select(h => Hex.Of(h)[..8]).ShouldBe(["9a1a4e26", "90408727", "a5f39995", "fc777531"]);
    }

    [Fact]
    public void The_published_example_of_rfc_3797_is_reproduced()
    {
        var key = Rfc3797.Key([[9319], [2, 5, 12, 8, 10], [9, 18, 26, 34, 41, 45]]);
        key.ShouldBe("9319./2.5.8.10.12./9.18.26.34.41.45./");
        Rfc3797.Select(key, 25, 11).ShouldBe([17, 7, 2, 16, 25, 23, 8, 24, 19, 13, 22]);
        Should.Throw<DrawFaultException>(() => Rfc3797.Select(key, 10, 11)).Fault.ShouldBe("too-few-entries");
        Should.Throw<DrawFaultException>(() => Rfc3797.Select(key, 0, 1)).Fault.ShouldBe("pool");
    }

    [Fact]
    public void A_draw_is_written_read_and_verified_from_the_file_alone()
    {
        var read = DrawFile.Read(Example.Write());
        Verifier.Check(read, Promise(Example), Example.Root).ShouldBeEmpty();
        read.Write().ShouldBe(Example.Write());
    }

    public static TheoryData<string> Tamperings => [.. Tampered.Keys];

    private static string Flip(string hex) => (hex[0] == '0' ? '1' : '0') + hex[1..];

    // Each with the fault it must be found by.
    private static Dictionary<string, (Func<DrawFile, DrawFile> Change, string Fault)> Tampered { get; } = new()
    {
        ["a tag is another"] = (f => f with { Tags = [.. f.Tags.Take(9), "ffffffffffffffffffffffffffffffff"] }, "root"),
        ["a late entry"] = (f => f with { Tags = [.. f.Tags, "ffffffffffffffffffffffffffffffff"], Entries = 11 }, "root"),
        ["a late entry with a root of its own"] = (_ => DrawFile.Make(Round, TagList.Of([.. Enumerable.Range(0, 11).Select(i => Hash($"entry-{i}")[..16])]), 3, 2, [Operator], Rule, Beacon), "promised-root"),
        ["an entry is left out"] = (f => f with { Tags = [.. f.Tags.Skip(1)] }, "entries"),
        ["the same tag twice"] = (f => f with { Tags = [f.Tags[0], .. f.Tags.Take(9)] }, "duplicate-tag"),
        ["the list in another order"] = (f => f with { Tags = [f.Tags[1], f.Tags[0], .. f.Tags.Skip(2)] }, "order-of-list"),
        ["no list"] = (f => f with { Tags = [], Entries = 0 }, "no-entries"),
        ["a tag is no tag"] = (f => f with { Tags = [.. f.Tags.Take(9), "FF"] }, "tag-size"),
        ["the root"] = (f => f with { Root = Flip(f.Root) }, "root"),
        ["another format"] = (f => f with { Format = "liren-draw/0" }, "format"),
        ["another round"] = (f => f with { Round = "mask-2026-02-04" }, "seed"),
        ["more winners"] = (f => f with { Winners = 4 }, "seed"),
        ["more winners than entries"] = (f => f with { Winners = 11 }, "too-few-entries"),
        ["no winners"] = (f => f with { Winners = 0 }, "too-few-entries"),
        ["a longer waiting list than promised"] = (f => f with { Waiting = 3 }, "promise"),
        ["the beacon"] = (f => f with { Beacon = f.Beacon + "0" }, "seed"),
        ["a beacon of two lines"] = (f => f with { Beacon = "1\nwinners=3" }, "beacon"),
        ["which beacon"] = (f => f with { BeaconRule = "another day" }, "promise"),
        ["the seed"] = (f => f with { Seed = Flip(f.Seed) }, "seed"),
        ["a secret"] = (f => f with { Custodians = [f.Custodians[0] with { Secret = Flip(f.Custodians[0].Secret!) }] }, "secret-broken"),
        ["a secret held back"] = (f => f with { Custodians = [f.Custodians[0] with { Secret = null }] }, "secret-missing"),
        ["a secret and its promise"] = (f => f with { Custodians = [new("operator", Hex.Of(Custodian.CommitTo(Hash("x"))), Hex.Of(Hash("x")))] }, "promised-secrets"),
        ["a custodian more"] = (f => f with { Custodians = [.. f.Custodians, new("second", Hex.Of(Custodian.CommitTo(Hash("x"))), Hex.Of(Hash("x")))] }, "promised-secrets"),
        ["a custodian twice"] = (f => f with { Custodians = [f.Custodians[0], f.Custodians[0]] }, "custodian-twice"),
        ["two winners change places"] = (f => f with { Steps = [f.Steps[1], f.Steps[0], .. f.Steps.Skip(2)] }, "result"),
        ["a foreign winner"] = (f => f with { Steps = [f.Steps[0] with { Tag = f.Tags[4] }, .. f.Steps.Skip(1)] }, "result"),
        ["a winner is passed over"] = (f => f with { Steps = [f.Steps[0], f.Steps[1] with { Outcome = DrawOutcome.Skipped, With = f.Tags[4] }, .. f.Steps.Skip(2)] }, "result"),
        ["one waits who won"] = (f => f with { Steps = [f.Steps[0] with { Outcome = DrawOutcome.Waiting }, .. f.Steps.Skip(1)] }, "result"),
        ["the result is cut short"] = (f => f with { Steps = [.. f.Steps.Take(4)] }, "result-incomplete"),
        ["the result goes on"] = (f => f with { Steps = [.. f.Steps, new(1, f.Tags[1], DrawOutcome.Waiting)] }, "result"),
    };

    [Theory, MemberData(nameof(Tamperings))]
    public void Tampering_is_found(string what)
    {
        var (change, fault) = Tampered[what];
        Verifier.Check(change(DrawFile.Read(Example.Write())), Promise(Example)).Select(f => f.Fault).ShouldContain(fault);
    }

    [Fact]
    public void A_printed_root_that_differs_is_found() => Verifier.Check(Example, null, Flip(Example.Root)).ShouldHaveSingleItem().Fault.ShouldBe("printed-root");

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"format":"liren-draw/1"}""")]
    public void What_is_no_draw_is_refused(string text) => Should.Throw<DrawFaultException>(() => DrawFile.Read(text)).Fault.ShouldBe("unreadable");

    [Fact]
    public void A_member_nobody_knows_is_refused() => Should.Throw<DrawFaultException>(() => DrawFile.Read(Example.Write().Replace("\"seed\"", "\"note\":1,\"seed\"", StringComparison.Ordinal)));

    [Fact]
    public void Every_entry_can_prove_that_it_is_on_the_list_and_no_other_can() => Prop.ForAll(Gen.Choose(1, 300).ToArbitrary(), n =>
    {
        var list = TagList.Of(Enumerable.Range(0, n).Select(i => Hash($"{n}/{i}")[..16]));
        var foreign = Hash("foreign")[..16];
        for (var i = 0; i < n; i++)
        {
            var proof = list.Proof(i);
            if (!MerkleTree.Proves(list[i], i, n, proof, list.Root) || MerkleTree.Proves(foreign, i, n, proof, list.Root) || MerkleTree.Proves(list[i], i, n + 1, proof, list.Root) && n > 1 && proof.Count != list.Proof(i).Count) return false;
            if (n > 1 && MerkleTree.Proves(list[i], (i + 1) % n, n, proof, list.Root)) return false;
        }
        return list.IndexOf(foreign) == -1 && !MerkleTree.Proves(list[0], -1, n, list.Proof(0), list.Root) && !MerkleTree.Proves(list[0], n, n, list.Proof(0), list.Root);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Every_bit_of_what_goes_in_changes_the_seed()
    {
        var lines = Draw.SeedLines(Round, 10, 3, Ten.Root, [Operator], Beacon);
        var text = Encoding.UTF8.GetBytes(string.Join('\n', lines));
        var seeds = new HashSet<string> { Hex.Of(SHA256.HashData(text)) };
        for (var bit = 0; bit < text.Length * 8; bit++)
        {
            text[bit / 8] ^= (byte)(1 << bit % 8);
            seeds.Add(Hex.Of(SHA256.HashData(text))).ShouldBeTrue();
            text[bit / 8] ^= (byte)(1 << bit % 8);
        }
        Hex.Of(Draw.Seed(lines)).ShouldBe(Hex.Of(SHA256.HashData(text)));
    }

    [Fact]
    public void The_order_is_always_a_permutation_and_a_longer_draw_begins_like_a_shorter() => Prop.ForAll(Gen.Choose(1, 500).ToArbitrary(), Gen.Choose(0, 100_000).ToArbitrary(), (n, s) =>
    {
        var seed = Hash($"seed-{s}");
        var all = Draw.Order(seed, n).ToList();
        return all.Order().SequenceEqual(Enumerable.Range(0, n)) && Draw.Order(seed, n).Take(n / 2).SequenceEqual(all.Take(n / 2));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Nobody_is_likelier_to_win_over_a_hundred_thousand_seeds()
    {
        const int n = 10, k = 3, seeds = 100_000;
        var first = new int[n];
        var won = new int[n];
        for (var s = 0; s < seeds; s++)
        {
            var place = 0;
            foreach (var index in Draw.Order(Hash($"uniform-{s}"), n).Take(k)) { if (place++ == 0) first[index]++; won[index]++; }
        }
        // 9 degrees of freedom: 27.9 is passed once in a thousand; the seeds are fixed, so this holds or never does.
        ChiSquare(first, seeds / (double)n).ShouldBeLessThan(27.9);
        ChiSquare(won, seeds * k / (double)n).ShouldBeLessThan(27.9);
    }

    private static double ChiSquare(int[] seen, double due) => seen.Sum(s => (s - due) * (s - due) / due);

    [Fact]
    public void Whoever_holds_several_tickets_wins_once_and_the_others_stand_beside_it() => Prop.ForAll(Gen.Choose(4, 40).ToArbitrary(), Gen.Choose(0, 10_000).ToArbitrary(), (n, s) =>
    {
        var receipts = Enumerable.Range(0, n).Select(i => Hash($"{s}/{i}")[..16]).ToList();
        var list = TagList.Of(receipts.SelectMany((r, i) => Tickets.Of(r, 1 + i % 3)));
        var holder = receipts.SelectMany((r, i) => Tickets.Of(r, 1 + i % 3).Select(t => (Tag: Hex.Of(t), Holder: i))).ToDictionary(t => t.Tag, t => t.Holder);
        var file = DrawFile.Read(DrawFile.Make("r", list, 2, 1, [], "dice", $"dice-{s}", 3).Write());
        var standing = file.Steps.Where(x => x.Outcome != DrawOutcome.Skipped).ToList();
        return Verifier.Check(file).Count == 0 && standing.Select(x => holder[x.Tag]).Distinct().Count() == standing.Count && file.Steps.Where(x => x.With is not null).All(x => holder[x.With!] == holder[x.Tag]);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Twice_the_tickets_are_twice_the_chance()
    {
        // Ten hold one ticket, ten hold two; one is drawn.
        var (single, twice) = (0, 0);
        const int seeds = 20_000;
        for (var s = 0; s < seeds; s++)
            if (DrawResult.Of(Hash($"tickets-{s}"), 30, 1, 0, i => i < 10 ? i : (i - 10) / 2 + 10)[0].Index < 10) single++; else twice++;
        ChiSquare([single, twice], [seeds / 3.0, seeds * 2 / 3.0]).ShouldBeLessThan(10.8);
    }

    [Fact]
    public void Reserved_shares_are_the_least_a_class_gets_and_within_it_and_outside_it_all_are_alike()
    {
        // Two of five winners are of a class of four at least; there are twenty.
        const int seeds = 20_000;
        var won = new int[20];
        for (var s = 0; s < seeds; s++)
        {
            var winners = DrawResult.Of(Hash($"class-{s}"), 20, 5, 3, null, i => i < 4 ? 1 : 0, [2]).Where(x => x.Outcome == DrawOutcome.Won).ToList();
            (winners.Count, winners.Count(w => w.Index < 4) >= 2, winners.Count(w => w.Class == 1)).ShouldBe((5, true, 2));
            foreach (var w in winners) won[w.Index]++;
        }
        // 3 and 15 degrees of freedom: passed once in a thousand.
        ChiSquare(won[..4], won[..4].Average()).ShouldBeLessThan(16.3);
        ChiSquare(won[4..], won[4..].Average()).ShouldBeLessThan(37.7);
    }

    private static double ChiSquare(int[] seen, double[] due) => seen.Zip(due, (s, d) => (s - d) * (s - d) / d).Sum();

    private static DrawFile Reserved(int winners = 2, int[]? numbers = null)
    {
        numbers ??= [1, 4, 6];
        var root = Hex.Of(TagList.Of([.. numbers.Select(n => Ten[n].ToArray())]).Root);
        return DrawFile.Make(Round, Ten, 4, 2, [Operator], Rule, Beacon, 1, [new("老人", winners, numbers.Length, root, numbers)]);
    }

    [Fact]
    public void A_draw_with_reserved_shares_is_verified_and_tampering_is_found()
    {
        var file = DrawFile.Read(Reserved().Write());
        Verifier.Check(file).ShouldBeEmpty();
        (file.Format, file.Steps.Count(s => s.Class == "老人"), file.Steps.Count(s => s.Outcome == DrawOutcome.Won)).ShouldBe((Draw.Format2, 2, 4));
        IEnumerable<string> Found(DrawFile changed) => Verifier.Check(changed).Select(f => f.Fault);
        Found(file with { Format = Draw.Format }).ShouldContain("format");
        Found(file with { Reserved = null }).ShouldContain("format");
        Found(file with { MostTickets = 2 }).ShouldContain("seed");
        Found(file with { Reserved = [file.Reserved![0] with { Winners = 1 }] }).ShouldContain("seed");
        Found(file with { Reserved = [file.Reserved![0] with { Numbers = [1, 4, 7] }] }).ShouldContain("reserve");
        Found(file with { Reserved = [file.Reserved![0] with { Numbers = [1, 4, 99] }] }).ShouldContain("reserve");
        Found(file with { Reserved = [file.Reserved![0], file.Reserved[0]] }).ShouldContain("reserve");
        Found(file with { Steps = [.. file.Steps.Select(s => s with { Class = null })] }).ShouldContain("result");
        Should.Throw<DrawFaultException>(() => Reserved(winners: 5)).Fault.ShouldBe("reserve");
    }

    [Fact]
    public void What_cannot_be_drawn_is_refused_at_once()
    {
        string FaultOf(Action act) => Should.Throw<DrawFaultException>(act).Fault;
        FaultOf(() => TagList.Of([])).ShouldBe("no-entries");
        FaultOf(() => TagList.Of([new byte[16], new byte[16]])).ShouldBe("duplicate-tag");
        FaultOf(() => TagList.Of([new byte[15]])).ShouldBe("tag-size");
        FaultOf(() => DrawFile.Make(Round, Ten, 11, 0, [Operator], Rule, Beacon)).ShouldBe("too-few-entries");
        FaultOf(() => DrawFile.Make(Round, Ten, 3, 0, [Operator with { Secret = null }], Rule, Beacon)).ShouldBe("secret-missing");
        FaultOf(() => DrawFile.Make(Round, Ten, 3, 0, [Operator with { Secret = new byte[32] }], Rule, Beacon)).ShouldBe("secret-broken");
        FaultOf(() => DrawFile.Make(Round, Ten, 3, 0, [Operator], Rule, "")).ShouldBe("beacon");
    }
}
