using Liren.Codes;
using static Liren.Tests.Codes.VectorTests;

namespace Liren.Tests.Codes;

/// <summary>Makes the shared vectors: every reason of a gate that a code alone can cause, with both algorithms.</summary>
internal static class VectorMaker
{
    private static readonly byte[] Nonce = [0, 7, 1, 2, 3, 4];

    public static GateContext ContextOf(CodeCase c, TrustList trust, string community)
    {
        var memory = new GateMemory();
        foreach (var p in c.Passages) memory.Note(p.Cti, p.Direction == "in" ? Direction.In : Direction.Out, p.ProofAt, p.Nonce, DateTimeOffset.FromUnixTimeMilliseconds(p.At));
        var lists = c.Revocations.Select(envelope =>
        {
            var list = new RevocationList(community);
            list.Apply(Convert.FromBase64String(envelope), trust).ShouldBe(ListOutcome.Applied);
            return list;
        });
        var g = c.Gate;
        return new()
        {
            Now = DateTimeOffset.FromUnixTimeSeconds(g.Now), Compound = g.Compound, Bit = g.Bit, Level = (ProofLevel)g.Level, Trust = trust, Revocations = [.. lists], Nonces = [.. g.Nonces.Select(Convert.FromHexString)],
            Memory = memory, Direction = g.Direction == "in" ? Direction.In : Direction.Out, IdCheck = g.IdCheck, ListsGoodFor = TimeSpan.FromSeconds(g.ListsGoodFor), ListAge = TimeSpan.FromSeconds(g.ListAge), ClockDoubt = g.ClockDoubt,
        };
    }

    public static Vectors Make()
    {
        var es = new Issuer();
        var sm = new Issuer(SignAlg.Sm2);
        using var stolen = SigningKey.Create(SignAlg.Es256);
        var trust = new TrustList(7, Issuer.Seconds(0), Issuer.Seconds(86_400),
        [
            .. es.Trust.Keys, .. sm.Trust.Keys,
            new(stolen.Public(), [Issuer.Community], KeyUses.Pass, Issuer.Seconds(-8_640_000), Issuer.Seconds(8_640_000), KeyState.Revoked),
        ]);
        var envelope = trust.Sign(es.Root);
        return new(Issuer.Community, Convert.ToBase64String(es.Root.Spki), Convert.ToBase64String(sm.Root.Spki), Convert.ToBase64String(envelope), Lists(es, sm), [.. new Cases(es, sm, stolen, trust).All()]);
    }

    private static List<ListCase> Lists(Issuer es, Issuer sm)
    {
        string a = "0000000000000001", b = "80000000000000ff", c = "fffffffffffffff3";
        var held = new RevocationList(Issuer.Community);
        var trust = new TrustList(1, 0, 0, [.. es.Trust.Keys, .. sm.Trust.Keys]);
        var cases = new List<ListCase>();
        void Add(string name, byte[] list) =>
            cases.Add(new(name, Convert.ToBase64String(list), held.Apply(list, trust).ToString().ToLowerInvariant(), held.Seq, held.Count));
        byte[] Sign(long seq, long from, (string, Revocation)[] added, string[] removed, (string, Revocation)[] all, SigningKey? key = null, string? partition = null) =>
            RevocationList.Sign(partition ?? Issuer.Community, seq, from, Issuer.Seconds(seq), Issuer.Seconds(900), added, removed, all, key ?? es.ListKey);

        Add("a change before the first whole list", Sign(3, 2, [], [], []));
        Add("the whole list", Sign(3, 0, [(c, Revocation.Revoked), (a, Revocation.Suspended)], [], [(a, Revocation.Suspended), (c, Revocation.Revoked)]));
        Add("the same again", Sign(3, 0, [], [], []));
        Add("a change, signed with SM2", Sign(4, 3, [(b, Revocation.Replaced)], [a], [(b, Revocation.Replaced), (c, Revocation.Revoked)], sm.ListKey));
        Add("a gap", Sign(9, 7, [], [], []));
        Add("a state that does not come out", Sign(5, 4, [(a, Revocation.Revoked)], [], [(a, Revocation.Revoked)]));
        Add("signed by a key for passes", Sign(5, 4, [], [], [(b, Revocation.Replaced), (c, Revocation.Revoked)], es.Key));
        Add("another community", Sign(5, 4, [], [], [(b, Revocation.Replaced), (c, Revocation.Revoked)], partition: "31.01.15.016.001"));
        var changed = Sign(5, 4, [], [c], [(b, Revocation.Replaced)]);
        changed[^1] ^= 1;
        Add("a changed byte", changed);
        Add("the whole list after a gap", Sign(12, 0, [(a, Revocation.Suspended)], [], [(a, Revocation.Suspended)]));
        return cases;
    }

    /// <summary>The cases, each judged by the library when it is made.</summary>
    private sealed class Cases(Issuer es, Issuer sm, SigningKey stolen, TrustList trust)
    {
        private static readonly GateState Gate = new(Issuer.Seconds(0), Issuer.Compound, 1, 1, [], "in", false, 86_400, 0, false);

        private static CodeCase Of(string name, string text, GateState? gate = null, string[]? revocations = null, Passage[]? passages = null) =>
            new(name, text, gate ?? Gate, revocations ?? [], passages ?? [], Verdict.Refuse, PassReason.Malformed, null, null);

        public IEnumerable<CodeCase> All() => Signed().Concat(Claimed()).Concat(Remembered()).Concat(Written()).Select(c =>
        {
            var decision = PassVerifier.Check(c.Text, ContextOf(c, trust, Issuer.Community));
            return c with { Verdict = decision.Verdict, Reason = decision.Reason, Cti = decision.Claims?.Cti, Holder = decision.Claims?.Name };
        });

        private IEnumerable<CodeCase> Signed()
        {
            yield return Of("a live pass", es.Live(es.Phoned()));
            yield return Of("a live pass signed with SM2", sm.Live(sm.Phoned()));
            yield return Of("a paper card", es.Sign(Issuer.Paper()));
            yield return Of("a paper card signed with SM2", sm.Sign(Issuer.Paper()));
            yield return Of("every claim there is", es.Live(es.Phoned() with { NotBefore = Issuer.Seconds(-9), FromMinute = 420, ToMinute = 1320, Gates = 1UL << 62 | 2, Plate = "沪A12345", HostUnit = "3-101", MostUses = 9, Kind = PassKind.Family, Members = [new(Issuer.NewCti(), "王*明"), new(Issuer.NewCti(), "李*")] }));
            yield return Of("an unknown issuer", new Issuer().Sign(Issuer.Paper()));
            yield return Of("a compromised key", PassToken.Sign(Issuer.Paper(), stolen));
            yield return Of("a key for lists", PassToken.Sign(Issuer.Paper(), es.ListKey));
            yield return Of("a key for elsewhere", es.Sign(Issuer.Paper() with { Compound = "31.01.15.016.001.else" }));
            foreach (var issuer in new[] { es, sm })
            {
                var bytes = Base45.Decode(issuer.Sign(Issuer.Paper()).AsSpan(4))!;
                bytes[^1] ^= 1;
                yield return Of($"a changed signature ({issuer.Key.Alg})", "LR1:" + Base45.Encode(bytes));
                bytes.AsSpan(^64).Clear();
                yield return Of($"a signature of zeros ({issuer.Key.Alg})", "LR1:" + Base45.Encode(bytes));
            }
        }

        private IEnumerable<CodeCase> Claimed()
        {
            var paper = Issuer.Paper();
            yield return Of("not yet valid", es.Sign(paper with { NotBefore = Issuer.Seconds(60) }));
            yield return Of("expired", es.Sign(paper with { Expires = Issuer.Seconds(-1) }));
            yield return Of("in its last second", es.Sign(paper with { Expires = Issuer.Seconds(0) }));
            yield return Of("expired by a clock in doubt", es.Sign(paper with { Expires = Issuer.Seconds(-1) }), Gate with { ClockDoubt = true });
            yield return Of("another compound", es.Sign(paper with { Compound = Issuer.Community + ".other" }));
            yield return Of("a compound that only begins alike", es.Sign(paper), Gate with { Compound = Issuer.Compound + "x" });
            yield return Of("another gate", es.Sign(paper with { Gates = 1 }));
            yield return Of("too early", es.Sign(paper with { FromMinute = 1320, ToMinute = 300 }));
            yield return Of("over midnight", es.Sign(paper with { FromMinute = 840, ToMinute = 60 }));
            foreach (var state in Enum.GetValues<Revocation>())
            {
                var list = RevocationList.Sign(Issuer.Community, 1, 0, Issuer.Seconds(0), Issuer.Seconds(900), [(paper.Cti, state)], [], [(paper.Cti, state)], es.ListKey);
                yield return Of($"on the list: {state}", es.Sign(paper), revocations: [Convert.ToBase64String(list)]);
            }
        }

        private IEnumerable<CodeCase> Remembered()
        {
            var pass = es.Phoned();
            var shown = Convert.ToHexStringLower(Nonce);
            var (level2, now) = (Gate with { Level = 2, Nonces = ["000700000000", shown] }, Issuer.Seconds(0) * 1000);
            yield return Of("a copy without the phone", es.Sign(pass));
            yield return Of("a copy where that is enough", es.Sign(pass), Gate with { Level = 0 });
            foreach (var after in new[] { -30, -31, -300, -301, 10, 11 }) yield return Of($"a proof of {after} seconds", es.Live(pass, after));
            yield return Of("a proof by another phone", es.Live(pass, phone: sm.Phone));
            yield return Of("a proof around a paper card", es.Live(Issuer.Paper()));
            yield return Of("with the gate's nonce", es.Live(pass, nonce: Nonce), level2);
            yield return Of("without a nonce", es.Live(pass), level2);
            yield return Of("with another gate's nonce", es.Live(pass, nonce: [0, 8, 1, 2, 3, 4]), level2);
            yield return Of("the same proof twice", es.Live(pass), passages: [new(pass.Cti, "in", Issuer.Seconds(0), null, now)]);
            yield return Of("another proof over the same nonce", es.Live(pass, nonce: Nonce), level2, passages: [new(pass.Cti, "in", Issuer.Seconds(-5), shown, now - 5000)]);
            yield return Of("already inside", es.Live(pass), passages: [new(pass.Cti, "in", Issuer.Seconds(-60), null, now - 60_000)]);
            yield return Of("inside, and leaves", es.Live(pass), Gate with { Direction = "out" }, passages: [new(pass.Cti, "in", Issuer.Seconds(-60), null, now - 60_000)]);
            yield return Of("used up", es.Live(pass with { MostUses = 1 }), passages: [new(pass.Cti, "in", 0, null, now - 90_000), new(pass.Cti, "out", 0, null, now - 80_000)]);
            yield return Of("lists too old", es.Live(pass), Gate with { ListAge = 86_401 });
            yield return Of("chosen for a document check", es.Live(pass), Gate with { IdCheck = true });
            yield return Of("a vehicle", es.Sign(Issuer.Paper() with { Kind = PassKind.Vehicle, Plate = "沪A12345" }));
        }

        private IEnumerable<CodeCase> Written()
        {
            var good = es.Sign(Issuer.Paper());
            foreach (var text in new[] { "", "https://example.com/", "lr1:" + good[4..], " " + good }) yield return Of($"no pass: {text[..Math.Min(12, text.Length)]}", text);
            yield return Of("a character that is not base45", good[..^1] + "a");
            yield return Of("trimmed", good + " ");
            yield return Of("a byte after it", "LR1:" + Base45.Encode([.. Base45.Decode(good.AsSpan(4))!, 0]));
            yield return Of("too long", "LR1:" + new string('0', 1_197));
            yield return Of("nothing after the prefix", "LR1:");
            yield return Of("a pass as a proof", "LP1:" + good[4..]);
        }
    }
}
