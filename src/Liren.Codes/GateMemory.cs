namespace Liren.Codes;

/// <summary>
/// What a gate remembers: proofs of the last ten minutes, who is inside, how often a pass was used. Fed by <see cref="Note"/> with what was let
/// through here and at the other gates. Not for many threads.
/// </summary>
public sealed class GateMemory
{
    /// <summary>How long a proof is remembered; far longer than one is accepted.</summary>
    public static readonly TimeSpan ProofsKeptFor = TimeSpan.FromMinutes(10);

    // One set a minute: forgetting is dropping a set.
    private readonly Dictionary<long, HashSet<(string Cti, long At, string? Nonce)>> proofs = [];
    private readonly Dictionary<string, bool> inside = [];
    private readonly Dictionary<string, int> uses = [];

    /// <summary>This proof, or one of the same pass with the same nonce, was seen.</summary>
    public bool SawProof(string cti, long at, string? nonce) =>
        proofs.Values.Any(minute => minute.Contains((cti, at, nonce)) || (nonce is not null && minute.Contains((cti, 0, nonce))));

    /// <summary>The holder went in and has not come out.</summary>
    public bool IsInside(string cti) => inside.GetValueOrDefault(cti);

    /// <summary>How often the pass was used to enter.</summary>
    public int Uses(string cti) => uses.GetValueOrDefault(cti);

    /// <summary>Remembers that somebody was let through.</summary>
    public void Note(string cti, Direction direction, long proofAt, string? nonce, DateTimeOffset now)
    {
        var minute = now.ToUnixTimeSeconds() / 60;
        foreach (var old in proofs.Keys.Where(m => m < minute - (long)ProofsKeptFor.TotalMinutes).ToList()) proofs.Remove(old);
        if (proofAt != 0)
        {
            if (!proofs.TryGetValue(minute, out var set)) proofs[minute] = set = [];
            set.Add((cti, proofAt, nonce));
            if (nonce is not null) set.Add((cti, 0, nonce));
        }
        inside[cti] = direction == Direction.In;
        if (direction == Direction.In) uses[cti] = Uses(cti) + 1;
    }
}
