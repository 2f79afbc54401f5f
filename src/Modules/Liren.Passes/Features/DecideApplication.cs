using Liren.Contracts.Passes;
using Liren.Passes.Data;
using Liren.Passes.Domain;
using Liren.Sdk;
using Liren.Sdk.Security;
using Liren.Sdk.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;

namespace Liren.Passes.Features;

/// <summary>The office agrees to a pass somebody asked for, or refuses (审批). Whoever asked sees the reason of a refusal.</summary>
[Needs("passes.issue")]
internal sealed class DecideApplication(PassesDb db, Keyring keyring, TimeProvider clock) : IFeature
{
    /// <param name="Reason">Why; needed to refuse.</param>
    public sealed record Request(string? Reason = null);

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost("/{id:guid}/approve", (Guid id, Request request, DecideApplication feature, CancellationToken stop) => feature.ApproveAsync(id, request, stop));
        api.MapPost("/{id:guid}/reject", (Guid id, Request request, DecideApplication feature, CancellationToken stop) => feature.RejectAsync(id, request, stop));
    }

    public async Task ApproveAsync(Guid id, Request request, CancellationToken stop)
    {
        var pass = await Passes.FindAsync(db, id, "passes.issue", stop);
        var now = clock.GetUtcNow();
        pass.Approve(string.IsNullOrWhiteSpace(request.Reason) ? "同意" : request.Reason, Actor.Current.Name, now);
        // One live pass of a form: the one before ends as soon as the new one exists.
        foreach (var old in await db.Passes.Include(p => p.Changes).Where(p => p.Id != id && p.PersonId == pass.PersonId && p.PersonId != null && p.Form == pass.Form && p.CompoundPath == pass.CompoundPath && p.State == PassState.Active).ToListAsync(stop))
            old.Replace("换发", Actor.Current.Name, now);
        await keyring.SignerAsync(KeyRole.Pass, pass.CommunityPath, stop);
        await db.SaveChangesAsync(stop);
    }

    public Task RejectAsync(Guid id, Request request, CancellationToken stop) => Passes.ChangeAsync(db, id, "passes.issue", pass => pass.Reject(request.Reason ?? "", Actor.Current.Name, clock.GetUtcNow()), stop);
}
