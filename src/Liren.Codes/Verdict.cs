namespace Liren.Codes;

/// <summary>What the gate does.</summary>
public enum Verdict
{
    /// <summary>可以通行.</summary>
    Admit,
    /// <summary>请核验: a person looks closer.</summary>
    Check,
    /// <summary>不予放行.</summary>
    Refuse,
}

/// <summary>Why. The first check that fails gives the reason.</summary>
public enum PassReason
{
    /// <summary>Nothing against it.</summary>
    Ok,
    /// <summary>Some other code: an advertisement, a payment.</summary>
    NotAPass,
    /// <summary>Looks like a pass and is none.</summary>
    Malformed,
    /// <summary>Signed with a key that is not in the trust list, or may not sign this.</summary>
    UnknownIssuer,
    /// <summary>Signed with a key that was compromised.</summary>
    KeyRevoked,
    /// <summary>The signature is wrong.</summary>
    Forged,
    /// <summary>Valid later.</summary>
    NotYetValid,
    /// <summary>Valid no more.</summary>
    Expired,
    /// <summary>For another compound.</summary>
    OtherCompound,
    /// <summary>For another gate.</summary>
    WrongGate,
    /// <summary>Not at this hour.</summary>
    OutsideHours,
    /// <summary>Revoked or replaced.</summary>
    Revoked,
    /// <summary>暂停使用; never says why.</summary>
    Suspended,
    /// <summary>A phone's pass shown without the phone's proof: a copy.</summary>
    ProofMissing,
    /// <summary>The proof is older than 30 seconds: a picture, or a phone whose clock is wrong.</summary>
    StaleProof,
    /// <summary>The proof was made for another gate, or for none.</summary>
    WrongNonce,
    /// <summary>This proof has been used.</summary>
    Replayed,
    /// <summary>Enters, and has not left.</summary>
    AlreadyInside,
    /// <summary>Used as often as it may be.</summary>
    QuotaUsed,
    /// <summary>The identity document must be seen.</summary>
    IdRequired,
    /// <summary>The document is somebody else's.</summary>
    IdMismatch,
    /// <summary>The lists are too old to open by themselves.</summary>
    ListsStale,
    /// <summary>The gate's clock cannot be trusted.</summary>
    ClockDoubt,
}

/// <summary>How much the gate asks of a phone.</summary>
public enum ProofLevel
{
    /// <summary>The signed pass is enough.</summary>
    Static = 0,
    /// <summary>A proof not older than 30 seconds.</summary>
    Window = 1,
    /// <summary>A proof over the gate's own nonce.</summary>
    Nonce = 2,
}

/// <summary>Which way.</summary>
public enum Direction
{
    /// <summary>进.</summary>
    In,
    /// <summary>出.</summary>
    Out,
}

/// <summary>The answer to one look at one code.</summary>
/// <param name="Verdict">What to do.</param>
/// <param name="Reason">Why.</param>
/// <param name="Claims">What the pass says; null unless its signature held.</param>
/// <param name="ProofAt">Time of the live proof, Unix seconds; 0 when there was none.</param>
/// <param name="Nonce">The gate's nonce in the proof as hex; null when there was none.</param>
public sealed record PassDecision(Verdict Verdict, PassReason Reason, PassClaims? Claims = null, long ProofAt = 0, string? Nonce = null);

/// <summary>Everything a check depends on besides the code: where, when, what the gate knows.</summary>
public sealed record GateContext
{
    /// <summary>The gate's best idea of the time.</summary>
    public required DateTimeOffset Now { get; init; }
    /// <summary>Path of the compound it stands in; null: nowhere, so place, gate and hours are not asked (a tool at a desk).</summary>
    public required string? Compound { get; init; }
    /// <summary>Its bit in the gates mask (0–62).</summary>
    public int Bit { get; init; }
    /// <summary>What it asks of phones.</summary>
    public ProofLevel Level { get; init; } = ProofLevel.Window;
    /// <summary>Whose signatures count.</summary>
    public required TrustList Trust { get; init; }
    /// <summary>What was revoked.</summary>
    public IReadOnlyList<RevocationList> Revocations { get; init; } = [];
    /// <summary>A register asked besides the lists, by the pass's id: the server's own, where it is at hand. Null: nothing against it.</summary>
    public Func<string, Revocation?>? Register { get; init; }
    /// <summary>Its present and previous nonce, six bytes each.</summary>
    public IReadOnlyList<byte[]> Nonces { get; init; } = [];
    /// <summary>What it has seen; null: it remembers nothing.</summary>
    public GateMemory? Memory { get; init; }
    /// <summary>Which way people go.</summary>
    public Direction Direction { get; init; } = Direction.In;
    /// <summary>Ask this person for the document: chosen at random, or because of a flag.</summary>
    public bool IdCheck { get; init; }
    /// <summary>Lists older than this are not trusted to open by themselves.</summary>
    public TimeSpan ListsGoodFor { get; init; } = TimeSpan.FromHours(24);
    /// <summary>Age of the older of trust and revocation lists.</summary>
    public TimeSpan ListAge { get; init; }
    /// <summary>The clock is more than two minutes off, or was never set.</summary>
    public bool ClockDoubt { get; init; }
}
