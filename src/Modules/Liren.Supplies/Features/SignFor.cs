using Liren.Sdk;
using Liren.Sdk.Security;
using Liren.Supplies.Data;
using Liren.Supplies.Domain;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;

namespace Liren.Supplies.Features;

/// <summary>Whoever collects signs on the glass (签收): after the share was handed over, once. Looking at a signature is in the access log of its unit.</summary>
[Needs("supplies.desk"), PersonalData]
internal sealed class SignFor(SuppliesDb db, RoundFinder finder, Protector protector, IAccessLog log, TimeProvider clock) : IFeature
{
    /// <param name="Strokes">As the pen went, each stroke x y x y ..., in a box of 600 x 200; at most 1,500 points.</param>
    public sealed record Request(int[][] Strokes);

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost("/rounds/{id:guid}/entries/{no:int}/signature", (Guid id, int no, Request request, SignFor feature, CancellationToken stop) => feature.RunAsync(id, no, request, stop));
        api.MapGet("/rounds/{id:guid}/entries/{no:int}/signature", async (Guid id, int no, SignFor feature, CancellationToken stop) => TypedResults.Text(await feature.SeeAsync(id, no, stop), "image/svg+xml"));
    }

    public async Task RunAsync(Guid id, int no, Request request, CancellationToken stop)
    {
        var round = await finder.OfAsync(id, "supplies.desk", stop);
        var text = Signature.TextOf(request.Strokes);
        var entry = Rule.Found(await db.Entries.AsNoTracking().SingleOrDefaultAsync(e => e.Round == round.Serial && e.No == no, stop), "supplies.no-share");
        Rule.State(entry.State == EntryState.Collected, "supplies.signature-early");
        Rule.State(!await db.Signatures.AnyAsync(s => s.Round == round.Serial && s.No == no, stop), "supplies.signed-before");
        db.Add(Signature.Of(round.Serial, no, protector.Encrypt(text, Signature.ContextOf(round.Serial, no)), Actor.Current.Name, clock.GetUtcNow()));
        await db.SaveChangesAsync(stop);
    }

    /// <summary>The signature as a drawing (SVG).</summary>
    public async Task<string> SeeAsync(Guid id, int no, CancellationToken stop)
    {
        var round = await finder.OfAsync(id, "supplies.desk", stop);
        var signed = Rule.Found(await db.Signatures.AsNoTracking().SingleOrDefaultAsync(s => s.Round == round.Serial && s.No == no, stop), "supplies.not-signed");
        var unit = await db.Entitlements.AsNoTracking().Where(e => e.Round == round.Serial && e.No == no).Select(e => e.UnitId).SingleAsync(stop);
        await log.RecordAsync([new AccessEntry(unit, Purpose.Required, "signature", "plain")], stop);
        return Signature.Svg(protector.Decrypt(signed.Sealed, Signature.ContextOf(round.Serial, no)));
    }
}
