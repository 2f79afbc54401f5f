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

    private static PassDecision CheckClaims(ReadOnlySpan<byte> pass, GateContext gate, Sign1 proof, long proofAt, ReadOnlySpan<byte> nonce, bool isLive)
    {
        var (claims, reason) = Open(pass, gate.Trust, out var key);
        if (claims is null) return Refuse(reason);
        var now = gate.Now.ToUnixTimeSeconds();
        PassDecision Say(Verdict verdict, PassReason why, string? seen = null) => new(verdict, why, claims, proofAt, seen);
        // A wrong clock must not turn people away for the time: a person looks.
        PassDecision SayOfTime(PassReason why, Verdict verdict = Verdict.Refuse) => gate.ClockDoubt ? Say(Verdict.Check, PassReason.ClockDoubt) : Say(verdict, why);

        // A key signs only what it is for, in its time, for its places; else it is a key like any foreign one.
        if (!key!.Uses.HasFlag(KeyUses.Pass) || claims.IssuedAt < key.NotBefore || claims.IssuedAt > key.NotAfter || !key.Covers(claims.Compound)) return Refuse(PassReason.UnknownIssuer);
        if (claims.NotBefore > now) return SayOfTime(PassReason.NotYetValid);
        if (claims.Expires < now) return SayOfTime(PassReason.Expired);
        if (gate.Compound is { } here)
        {
            if (!Paths.IsWithin(here, claims.Compound)) return Say(Verdict.Refuse, PassReason.OtherCompound);
            if (claims.Gates != 0 && (claims.Gates >> gate.Bit & 1) == 0) return Say(Verdict.Refuse, PassReason.WrongGate);
            if (!WithinHours(claims, gate.Now)) return SayOfTime(PassReason.OutsideHours);
        }
        foreach (var list in gate.Revocations)
            if (list.Find(claims.Cti) is { } why) return Say(Verdict.Refuse, why == Revocation.Suspended ? PassReason.Suspended : PassReason.Revoked);

        if (claims.Form == PassForm.Phone)
        {
            if (!isLive && gate.Level != ProofLevel.Static) return Say(Verdict.Refuse, PassReason.ProofMissing);
            if (isLive)
            {
                var device = Convert.FromHexString(claims.DeviceKey!);
                if (VerifyingKey.FromPoint(device.AsSpan(0, 32), device.AsSpan(32)) is not { } holder || !proof.Holds(holder)) return Say(Verdict.Refuse, PassReason.Forged);
                var behind = now - proofAt;
                if (behind is > ProofWindow or < -ProofAhead) return SayOfTime(PassReason.StaleProof, Math.Abs(behind) <= StaleButNear ? Verdict.Check : Verdict.Refuse);
                if (gate.Level == ProofLevel.Nonce && !Contains(gate.Nonces, nonce)) return Say(Verdict.Refuse, PassReason.WrongNonce);
            }
        }
        // A proof belongs to a phone's pass; around another it is a fabrication.
        else if (isLive) return Say(Verdict.Refuse, PassReason.Malformed);

        var shown = nonce.IsEmpty ? null : Convert.ToHexStringLower(nonce);
        if (gate.Memory is { } memory)
        {
            if (isLive && memory.SawProof(claims.Cti, proofAt, shown)) return Say(Verdict.Refuse, PassReason.Replayed, shown);
            if (gate.Direction == Direction.In)
            {
                if (claims.MostUses is { } most && memory.Uses(claims.Cti) >= most) return Say(Verdict.Refuse, PassReason.QuotaUsed, shown);
                if (claims.Kind != PassKind.Family && memory.IsInside(claims.Cti)) return Say(Verdict.Check, PassReason.AlreadyInside, shown);
            }
        }
        if (gate.ListAge > gate.ListsGoodFor) return Say(Verdict.Check, PassReason.ListsStale, shown);
        if (claims.Form != PassForm.Phone && claims.Kind != PassKind.Vehicle || gate.IdCheck) return Say(Verdict.Check, PassReason.IdRequired, shown);
        return Say(Verdict.Admit, PassReason.Ok, shown);
    }

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
