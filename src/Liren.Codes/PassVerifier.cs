namespace Liren.Codes;

/// <summary>
/// The check of a pass (验证), pure: time, lists, keys and memory come in. Any text is answered, none throws. Order and meaning of the reasons:
/// docs/developers/passes.md.
/// </summary>
public static class PassVerifier
{
    /// <summary>Oldest proof let through, seconds.</summary>
    public const int ProofWindow = 30;
    /// <summary>Furthest a proof may be ahead, seconds.</summary>
    public const int ProofAhead = 10;
    private const int StaleButNear = 300;
    private static readonly TimeSpan Shanghai = TimeSpan.FromHours(8);

    /// <summary>Checks the text of a code.</summary>
    public static PassDecision Check(ReadOnlySpan<char> text, GateContext gate)
    {
        var live = text.StartsWith(LiveProof.Prefix, StringComparison.Ordinal);
        if (!live && !text.StartsWith(PassToken.Prefix, StringComparison.Ordinal)) return Refuse(PassReason.NotAPass);
        if (text.Length > PassToken.MostCharacters) return Refuse(PassReason.Malformed);
        Span<byte> bytes = stackalloc byte[Base45.MaxBytes(PassToken.MostCharacters)];
        if (!Base45.TryDecode(text[PassToken.Prefix.Length..], bytes, out var length)) return Refuse(PassReason.Malformed);
        ReadOnlySpan<byte> pass = bytes[..length];
        if (!live) return CheckClaims(pass, gate, default, 0, default, isLive: false);
        if (!Sign1.TryRead(pass, false, out var proof) || proof.Alg != SignAlg.Es256 || !LiveProof.TryRead(proof.Payload, out var inner, out var at, out var nonce)) return Refuse(PassReason.Malformed);
        return CheckClaims(inner, gate, proof, at, nonce, isLive: true);
    }

    /// <summary>Reads a pass and checks its signature, nothing else.</summary>
    /// <returns>The claims, or why there are none: Malformed, UnknownIssuer, KeyRevoked or Forged.</returns>
    public static (PassClaims? Claims, PassReason Reason) Open(ReadOnlySpan<byte> pass, TrustList trust) => Open(pass, trust, out _);

    private static (PassClaims? Claims, PassReason Reason) Open(ReadOnlySpan<byte> pass, TrustList trust, out TrustedKey? signer)
    {
        signer = null;
        var name = SignatureMemory.NameOf(pass);
        if (trust.Memory.TryGet(name, out var known))
        {
            signer = known.Key;
            return (known.Claims, PassReason.Ok);
        }
        if (!Sign1.TryRead(pass, true, out var message)) return (null, PassReason.Malformed);
        var candidates = trust.Of(message.Kid);
        if (candidates.IsEmpty) return (null, PassReason.UnknownIssuer);
        foreach (var key in candidates)
        {
            if (!message.Holds(key.Key)) continue;
            if (key.State == KeyState.Revoked) return (null, PassReason.KeyRevoked);
            if (!PassToken.TryReadClaims(message.Payload, out var claims)) return (null, PassReason.Malformed);
            signer = key;
            trust.Memory.Add(name, claims, key);
            return (claims, PassReason.Ok);
        }
        return (null, PassReason.Forged);
    }

    /// <summary>
    /// Checks a pass whose holder was recognised by something that stands for the code: a card, a face. Everything but the code itself, in the same order.
    /// The claims must come from a place that is trusted, such as the server's own register.
    /// </summary>
    public static PassDecision CheckStanding(PassClaims claims, GateContext gate) =>
        Standing(claims, gate, 0) ?? Presence(claims, gate, 0, null) ?? Say(claims, gate.IdCheck ? Verdict.Check : Verdict.Admit, gate.IdCheck ? PassReason.IdRequired : PassReason.Ok);

    private static PassDecision CheckClaims(ReadOnlySpan<byte> pass, GateContext gate, Sign1 proof, long proofAt, ReadOnlySpan<byte> nonce, bool isLive)
    {
        var (claims, reason) = Open(pass, gate.Trust, out var key);
        if (claims is null) return Refuse(reason);
        // A key signs only what it is for, in its time, for its places; else it is a key like any foreign one.
        if (!key!.Uses.HasFlag(KeyUses.Pass) || claims.IssuedAt < key.NotBefore || claims.IssuedAt > key.NotAfter || !key.Covers(claims.Compound)) return Refuse(PassReason.UnknownIssuer);
        if (Standing(claims, gate, proofAt) is { } stopped) return stopped;
        if (claims.Form == PassForm.Phone)
        {
            if (!isLive && gate.Level != ProofLevel.Static) return Say(claims, Verdict.Refuse, PassReason.ProofMissing, proofAt);
            if (isLive)
            {
                var device = Convert.FromHexString(claims.DeviceKey!);
                if (VerifyingKey.FromPoint(device.AsSpan(0, 32), device.AsSpan(32)) is not { } holder || !proof.Holds(holder)) return Say(claims, Verdict.Refuse, PassReason.Forged, proofAt);
                var behind = gate.Now.ToUnixTimeSeconds() - proofAt;
                if (behind is > ProofWindow or < -ProofAhead) return SayOfTime(gate, claims, PassReason.StaleProof, proofAt, Math.Abs(behind) <= StaleButNear ? Verdict.Check : Verdict.Refuse);
                if (gate.Level == ProofLevel.Nonce && !Contains(gate.Nonces, nonce)) return Say(claims, Verdict.Refuse, PassReason.WrongNonce, proofAt);
            }
        }
        // A proof belongs to a phone's pass; around another it is a fabrication.
        else if (isLive) return Say(claims, Verdict.Refuse, PassReason.Malformed, proofAt);

        var shown = nonce.IsEmpty ? null : Convert.ToHexStringLower(nonce);
        if (isLive && gate.Memory is { } memory && memory.SawProof(claims.Cti, proofAt, shown)) return Say(claims, Verdict.Refuse, PassReason.Replayed, proofAt, shown);
        if (Presence(claims, gate, proofAt, shown) is { } present) return present;
        var document = claims.Form != PassForm.Phone && claims.Kind != PassKind.Vehicle || gate.IdCheck;
        return Say(claims, document ? Verdict.Check : Verdict.Admit, document ? PassReason.IdRequired : PassReason.Ok, proofAt, shown);
    }

    /// <summary>Time, place and lists.</summary>
    private static PassDecision? Standing(PassClaims claims, GateContext gate, long proofAt)
    {
        var now = gate.Now.ToUnixTimeSeconds();
        if (claims.NotBefore > now) return SayOfTime(gate, claims, PassReason.NotYetValid, proofAt);
        if (claims.Expires < now) return SayOfTime(gate, claims, PassReason.Expired, proofAt);
        if (gate.Compound is { } here)
        {
            if (!Paths.IsWithin(here, claims.Compound)) return Say(claims, Verdict.Refuse, PassReason.OtherCompound, proofAt);
            if (claims.Gates != 0 && (claims.Gates >> gate.Bit & 1) == 0) return Say(claims, Verdict.Refuse, PassReason.WrongGate, proofAt);
            if (!WithinHours(claims, gate.Now)) return SayOfTime(gate, claims, PassReason.OutsideHours, proofAt);
        }
        if (gate.Register?.Invoke(claims.Cti) is { } standing) return Say(claims, Verdict.Refuse, standing == Revocation.Suspended ? PassReason.Suspended : PassReason.Revoked, proofAt);
        foreach (var list in gate.Revocations)
            if (list.Find(claims.Cti) is { } why) return Say(claims, Verdict.Refuse, why == Revocation.Suspended ? PassReason.Suspended : PassReason.Revoked, proofAt);
        return null;
    }

    /// <summary>What the gate remembers of the pass, and how old its lists are.</summary>
    private static PassDecision? Presence(PassClaims claims, GateContext gate, long proofAt, string? shown)
    {
        if (gate.Memory is { } memory && gate.Direction == Direction.In)
        {
            if (claims.MostUses is { } most && memory.Uses(claims.Cti) >= most) return Say(claims, Verdict.Refuse, PassReason.QuotaUsed, proofAt, shown);
            if (claims.Kind != PassKind.Family && memory.IsInside(claims.Cti)) return Say(claims, Verdict.Check, PassReason.AlreadyInside, proofAt, shown);
        }
        return gate.ListAge > gate.ListsGoodFor ? Say(claims, Verdict.Check, PassReason.ListsStale, proofAt, shown) : null;
    }

    private static PassDecision Say(PassClaims claims, Verdict verdict, PassReason why, long proofAt = 0, string? seen = null) => new(verdict, why, claims, proofAt, seen);

    // A wrong clock must not turn people away for the time: a person looks.
    private static PassDecision SayOfTime(GateContext gate, PassClaims claims, PassReason why, long proofAt, Verdict verdict = Verdict.Refuse) =>
        gate.ClockDoubt ? Say(claims, Verdict.Check, PassReason.ClockDoubt, proofAt) : Say(claims, verdict, why, proofAt);

    private static PassDecision Refuse(PassReason reason) => new(Verdict.Refuse, reason);

    private static bool Contains(IReadOnlyList<byte[]> nonces, ReadOnlySpan<byte> nonce)
    {
        foreach (var own in nonces)
            if (nonce.SequenceEqual(own)) return true;
        return false;
    }

    private static bool WithinHours(PassClaims claims, DateTimeOffset now)
    {
        if (claims is not { FromMinute: { } from, ToMinute: { } to }) return true;
        var minute = (int)now.ToOffset(Shanghai).TimeOfDay.TotalMinutes;
        return from < to ? minute >= from && minute < to : minute >= from || minute < to;
    }
}
