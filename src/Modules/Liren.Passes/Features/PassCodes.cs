using Liren.Codes;
using Liren.Contracts.Passes;
using Liren.Passes.Data;
using Liren.Passes.Domain;
using Microsoft.EntityFrameworkCore;

namespace Liren.Passes.Features;

/// <summary>Reads codes for desks, by the same verifier as the gates', with the server's own trust list and register.</summary>
internal sealed class PassCodes(PassesDb db, OwnTrust trust, TimeProvider clock) : IPassCodes
{
    public async Task<PassCodeSeen> ReadAsync(string text, CancellationToken cancellation = default)
    {
        // No compound: where and when it opens gates does not matter at a desk.
        var context = new GateContext { Now = clock.GetUtcNow(), Compound = null, Trust = await trust.NowAsync(cancellation) };
        var claims = PassVerifier.Check(text, context).Claims;
        var pass = claims is null ? null : await db.Passes.AsNoTracking().SingleOrDefaultAsync(p => p.Cti == claims.Cti, cancellation);
        var decision = PassVerifier.Check(text, context with { Register = TerminalLooks.Register(pass) });
        var holds = decision.Reason is PassReason.Ok or PassReason.IdRequired;
        return new(holds ? nameof(PassReason.Ok) : decision.Reason.ToString(), holds ? pass?.PersonId : null, decision.Reason == PassReason.IdRequired ? decision.Claims?.IdTail ?? "" : null);
    }
}
