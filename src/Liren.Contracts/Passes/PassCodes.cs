namespace Liren.Contracts.Passes;

/// <summary>What the code of a pass says at a desk that is no gate.</summary>
/// <param name="Reason">"Ok", or the first thing against it, by the name of the gate's reasons: Expired, Revoked, StaleProof ...</param>
/// <param name="PersonId">Whose pass it is; null when nothing may be said of it, or it is nobody's of the register.</param>
/// <param name="IdTail">Last four of the document that must be seen beside it (paper); null when the code is enough.</param>
public sealed record PassCodeSeen(string Reason, Guid? PersonId, string? IdTail)
{
    /// <summary>Nothing against it.</summary>
    public bool Holds => Reason == "Ok";
}

/// <summary>Reads the codes of passes for desks (领取台): the living code of a phone, or a card beside its document. Not a passage: no gate, no log of gates.</summary>
public interface IPassCodes
{
    /// <summary>What a scanned text says now; any text is answered.</summary>
    Task<PassCodeSeen> ReadAsync(string text, CancellationToken cancellation = default);
}
