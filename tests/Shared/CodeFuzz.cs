using Liren.Codes;
using Liren.Codes.Hcert;

namespace Liren.Shared;

/// <summary>What a run of <see cref="CodeFuzz"/> found.</summary>
/// <param name="Cases">Inputs tried.</param>
/// <param name="Exceptions">Inputs that made a reader throw.</param>
/// <param name="MostAllocated">Most bytes that one input made a reader allocate.</param>
/// <param name="First">The first input that threw, and how; null when none did.</param>
/// <param name="Outcomes">How often each answer came: shows how deep the inputs reached.</param>
public sealed record FuzzResult(long Cases, long Exceptions, long MostAllocated, string? First, IReadOnlyDictionary<string, long> Outcomes);

/// <summary>
/// Hostile input for every reader of codes: changed bytes of good tokens, changed text, random CBOR, and contents that were broken and then signed with
/// a trusted key, so that what lies behind the signature is reached too. Not for many threads: one object each. The inputs follow from the seed,
/// the random keys and signatures apart.
/// </summary>
public sealed class CodeFuzz : IDisposable
{
    private const string Community = "31.01.15.016.037", Compound = Community + ".liren";
    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeSeconds(1_581_575_527);

    private readonly Random random;
    private readonly SigningKey root = SigningKey.Create(SignAlg.Es256), issuer = SigningKey.Create(SignAlg.Es256), sm2 = SigningKey.Create(SignAlg.Sm2), phone = SigningKey.Create(SignAlg.Es256);
    private readonly HealthCodes health = new(Now);
    private readonly HcertTrust certificates = new();
    private readonly TrustList trust;
    private readonly GateContext gate;
    private readonly byte[][] passes;
    private readonly byte[] payload, proof, trustEnvelope, listEnvelope, certificate;
    private readonly Dictionary<string, long> outcomes = [];
    private long exceptions, most;
    private string? first;

    /// <summary>Makes keys and good tokens, and lets every reader see each once, so that what is made only once is not counted.</summary>
    public CodeFuzz(int seed)
    {
        random = new Random(seed);
        TrustedKey Trusted(SigningKey key) => new(key.Public(), [Community], KeyUses.Pass | KeyUses.List, 0, 4_000_000_000, KeyState.Active);
        trust = new TrustList(1, Now.ToUnixTimeSeconds(), Now.ToUnixTimeSeconds() + 86_400, [Trusted(issuer), Trusted(sm2)]);
        gate = new GateContext { Now = Now, Compound = Compound, Trust = trust };
        var paper = new PassClaims
        {
            Issuer = Community, Expires = Now.ToUnixTimeSeconds() + 864_000, IssuedAt = Now.ToUnixTimeSeconds() - 60, Cti = "0102030405060708", Compound = Compound, Unit = "12-3-601", Name = "王*英",
            Kind = PassKind.Family, IdTail = "021X", Form = PassForm.Paper, FromMinute = 0, ToMinute = 1440, Gates = 3, Members = [new("1112131415161718", "王*明"), new("2122232425262728", "李*")],
        };
        var phoned = paper with { Form = PassForm.Phone, DeviceKey = Convert.ToHexStringLower(phone.Spki.AsSpan(27)) };
        passes = [PassToken.SignBytes(paper, issuer), PassToken.SignBytes(phoned, issuer), PassToken.SignBytes(paper, sm2)];
        payload = PayloadOf(passes[1]);
        proof = Base45.Decode(LiveProof.Sign(passes[1], Now.ToUnixTimeSeconds(), [0, 7, 1, 2, 3, 4], phone).AsSpan(4))!;
        trustEnvelope = trust.Sign(root);
        listEnvelope = RevocationList.Sign(Community, 1, 0, 1, 2, [("0102030405060708", Revocation.Suspended)], ["2122232425262728"], [("0102030405060708", Revocation.Suspended)], issuer);
        certificates.TryAdd(health.Der);
        certificate = health.Message(health.Vaccination(1));
        foreach (var pass in passes) Check(PassToken.Prefix, pass);
        Check(LiveProof.Prefix, proof);
        ReadLists(trustEnvelope, listEnvelope);
        CheckCertificate(HealthCodes.Zip(certificate));
        LooseCbor.TryRead(certificate, out _);
        most = exceptions = 0;
        outcomes.Clear();
    }

    /// <summary>Tries so many inputs.</summary>
    public FuzzResult Run(long cases)
    {
        for (var i = 0L; i < cases; i++) One();
        return new(cases, exceptions, most, first, outcomes);
    }

    private void One()
    {
        switch (random.Next(100))
        {
            case < 45: Check(PassToken.Prefix, Broken(passes[random.Next(20) == 0 ? 2 : random.Next(2)])); break;
            case < 50: Check(LiveProof.Prefix, Broken(proof)); break;
            case < 60: Check(PassToken.Prefix, Sign1.Write(issuer, random.Next(4) == 0 ? Cbor() : Broken(payload))); break;
            case < 61: CheckText(LiveProof.Sign(Broken(passes[1]), random.NextInt64(4_000_000_000), Some(random.Next(12)), phone)); break;
            case < 70: CheckText(BrokenText(PassToken.Prefix + Base45.Encode(passes[0]))); break;
            case < 74: CheckText(Text()); break;
            case < 82: CheckCertificate(HealthCodes.Zip(Broken(certificate))); break;
            case < 86: CheckCertificate(Broken(HealthCodes.Zip(certificate))); break;
            case < 88: CheckCertificate(HealthCodes.Zip(health.Message(random.Next(2) == 0 ? Cbor() : Broken(health.Vaccination(1))))); break;
            case < 89: CheckCertificate(HealthCodes.Zip(new byte[random.Next(200_000)])); break;
            case < 92: ReadLists(Broken(trustEnvelope), Broken(listEnvelope)); break;
            case < 93: ReadLists(Sign1.Write(root, Broken(PayloadOf(trustEnvelope))), Sign1.Write(issuer, Broken(PayloadOf(listEnvelope)))); break;
            case < 94: ReadKeys(Broken(random.Next(2) == 0 ? issuer.Spki : sm2.Spki), Broken(health.Der)); break;
            default: ReadCbor(random.Next(2) == 0 ? Cbor() : Some(random.Next(64))); break;
        }
    }

    private void Check(string prefix, byte[] bytes) => CheckText(prefix + Base45.Encode(bytes));

    private void CheckText(string text) => Watch(text, () => PassVerifier.Check(text, gate).Reason.ToString());

    private void CheckCertificate(byte[] packed)
    {
        var text = HealthCodes.Text(packed);
        Watch(text, () => "HC1 " + HealthCertificate.Check(text, certificates, Now).Reason);
    }

    private void ReadLists(byte[] keys, byte[] revoked)
    {
        var key = root.Public();
        Watch(Convert.ToHexString(keys), () => TrustList.Read(keys, key) is null ? "trust list refused" : "trust list read");
        var held = new RevocationList(Community);
        Watch(Convert.ToHexString(revoked), () => "revocations " + held.Apply(revoked, trust));
    }

    private void ReadKeys(byte[] spki, byte[] der)
    {
        Watch(Convert.ToHexString(spki), () => VerifyingKey.FromSpki(spki) is null ? "key refused" : "key read");
        using var some = new HcertTrust();
        Watch(Convert.ToHexString(der), () => some.TryAdd(der) ? "certificate read" : "certificate refused");
    }

    private void ReadCbor(byte[] bytes)
    {
        Watch(Convert.ToHexString(bytes), () =>
        {
            var strict = new StrictCbor(bytes);
            return (strict.TrySkip() ? "strict " : "") + (LooseCbor.TryRead(bytes, out _) ? "CBOR read" : "CBOR refused");
        });
        var text = Text();
        Watch(text, () => Base45.Decode(text) is null | GateNonce.Read(text) is null ? "text refused" : "text read");
    }

    private void Watch(string input, Func<string> reader)
    {
        try
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            var outcome = reader();
            most = Math.Max(most, GC.GetAllocatedBytesForCurrentThread() - before);
            outcomes[outcome] = outcomes.GetValueOrDefault(outcome) + 1;
        }
        // Whatever it is: the readers declare that none leaves them.
        catch (Exception e)
        {
            exceptions++;
            first ??= $"{input}: {e}";
        }
    }

    /// <summary>A copy with one to four faults: bits, bytes, heads, parts left out, doubled, moved or cut off.</summary>
    private byte[] Broken(byte[] good)
    {
        var bytes = new List<byte>(good);
        for (var faults = random.Next(1, 5); faults > 0 && bytes.Count > 0; faults--)
        {
            var at = random.Next(4) == 0 ? random.Next(Math.Min(24, bytes.Count)) : random.Next(bytes.Count);
            var length = Math.Min(random.Next(1, 9), bytes.Count - at);
            switch (random.Next(8))
            {
                case 0: bytes[at] ^= (byte)(1 << random.Next(8)); break;
                case 1: bytes[at] = (byte)random.Next(256); break;
                case 2: bytes[at] = Heads[random.Next(Heads.Length)]; break;
                case 3: bytes.Insert(at, (byte)random.Next(256)); break;
                case 4: bytes.RemoveRange(at, length); break;
                case 5: bytes.InsertRange(random.Next(bytes.Count), bytes.GetRange(at, length)); break;
                case 6: bytes.RemoveRange(at, bytes.Count - at); break;
                default: bytes.InsertRange(at, Cbor()); break;
            }
        }
        return [.. bytes];
    }

    // Heads that promise much: long lengths, indefinite lengths, tags, floats, the reserved ones.
    private static readonly byte[] Heads = [0x1B, 0x1C, 0x3B, 0x5B, 0x5F, 0x7B, 0x7F, 0x9A, 0x9B, 0x9F, 0xBA, 0xBB, 0xBF, 0xC2, 0xD2, 0xDB, 0xF9, 0xFB, 0xFF];

    /// <summary>Random CBOR, mostly well-formed, now and then of great depth.</summary>
    private byte[] Cbor()
    {
        if (random.Next(20) == 0) return [.. Enumerable.Repeat((byte)(random.Next(2) == 0 ? 0x81 : 0xC1), random.Next(800)), 0];
        var into = new List<byte>();
        Item(into, 0);
        return [.. into];
    }

    private void Item(List<byte> into, int depth)
    {
        var major = random.Next(depth > 4 ? 4 : 8);
        var value = random.Next(10) == 0 ? random.NextInt64() : random.Next(major is 4 or 5 ? 4 : 30);
        Head(into, major, value);
        switch (major)
        {
            case 2 or 3: into.AddRange(Some((int)Math.Min(value, 30))); break;
            case 4: for (var i = 0; i < Math.Min(value, 4); i++) Item(into, depth + 1); break;
            case 5: for (var i = 0; i < Math.Min(value, 4) * 2; i++) Item(into, depth + 1); break;
            case 6: Item(into, depth + 1); break;
        }
    }

    private static void Head(List<byte> into, int major, long value)
    {
        var size = value switch { < 24 => 0, < 0x100 => 1, < 0x1_0000 => 2, < 0x1_0000_0000 => 4, _ => 8 };
        into.Add((byte)(major << 5 | (size switch { 0 => (int)value, 1 => 24, 2 => 25, 4 => 26, _ => 27 })));
        for (var i = size - 1; i >= 0; i--) into.Add((byte)(value >> (8 * i)));
    }

    private byte[] Some(int length)
    {
        var bytes = new byte[length];
        random.NextBytes(bytes);
        return bytes;
    }

    private string Text()
    {
        string[] prefixes = ["LR1:", "LP1:", "LN1:", "HC1:", "", "LR", "lr1:"];
        var length = random.Next(50) == 0 ? random.Next(20_000) : random.Next(400);
        return prefixes[random.Next(prefixes.Length)] + string.Create(length, random, (span, r) => { foreach (ref var c in span) c = r.Next(60) == 0 ? (char)r.Next(65_536) : "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"[r.Next(45)]; });
    }

    private string BrokenText(string good)
    {
        var text = good.ToCharArray();
        for (var faults = random.Next(1, 4); faults > 0; faults--) text[random.Next(text.Length)] = (char)(random.Next(8) == 0 ? random.Next(65_536) : random.Next(32, 96));
        return new string(text, 0, random.Next(4) == 0 ? random.Next(text.Length) : text.Length);
    }

    private static byte[] PayloadOf(byte[] envelope) => Sign1.TryRead(envelope, true, out var message) ? message.Payload.ToArray() : throw new InvalidOperationException("A good envelope is not read");

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var key in new[] { root, issuer, sm2, phone }) key.Dispose();
        health.Dispose();
        certificates.Dispose();
    }
}
