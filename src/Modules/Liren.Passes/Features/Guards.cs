using Liren.Passes.Data;
using Liren.Passes.Domain;
using Liren.Sdk;
using Liren.Sdk.Data;
using Liren.Sdk.Security;
using Liren.Sdk.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Liren.Contracts.Passes;

namespace Liren.Passes.Features;

/// <summary>Guards of a compound and their numbers for signing in at its gates.</summary>
[Needs("passes.gates")]
internal sealed class ManageGuards(PassesDb db, TimeProvider clock) : IFeature
{
    /// <param name="Compound">Where they stand.</param>
    /// <param name="Name">Name or call sign.</param>
    /// <param name="Pin">Four to eight digits, not all the same.</param>
    public sealed record Request(string Compound, string Name, string Pin);

    /// <param name="Pin">The new number.</param>
    public sealed record PinRequest(string Pin);

    public sealed record Row(Guid Id, string Name, string Compound);

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/guards", (string? place, ManageGuards feature, CancellationToken stop) => feature.ListAsync(place, stop));
        api.MapPost("/guards", async (Request request, NewId id, ManageGuards feature, CancellationToken stop) => TypedResults.Created((string?)null, await feature.AddAsync(request, id, stop)));
        api.MapPut("/guards/{id:guid}/pin", (Guid id, PinRequest request, ManageGuards feature, CancellationToken stop) => feature.SetPinAsync(id, request, stop));
        api.MapDelete("/guards/{id:guid}", (Guid id, ManageGuards feature, CancellationToken stop) => feature.EndAsync(id, stop));
    }

    public async Task<IReadOnlyList<Row>> ListAsync(string? place, CancellationToken stop)
    {
        var rows = db.Guards.AsNoTracking().Where(g => g.EndedAt == null).WhereWithin(g => g.PlacePath, Actor.Current.ScopesFor("passes.gates"));
        if (!string.IsNullOrEmpty(place)) rows = rows.WhereWithin(g => g.PlacePath, [place]);
        return await rows.OrderBy(g => g.PlacePath).ThenBy(g => g.Name).Select(g => new Row(g.Id, g.Name, g.PlacePath)).ToListAsync(stop);
    }

    public async Task<Row> AddAsync(Request request, NewId id, CancellationToken stop)
    {
        Actor.Current.Require("passes.gates", request.Compound);
        var guard = await db.Guards.SingleOrDefaultAsync(g => g.Id == id.Value, stop);
        if (guard is null)
        {
            db.Add(guard = GuardPin.Add(id.Value, request.Compound, request.Name, request.Pin));
            await SaveAsync(guard, stop);
        }
        return new(guard.Id, guard.Name, guard.PlacePath);
    }

    public async Task SetPinAsync(Guid id, PinRequest request, CancellationToken stop)
    {
        var guard = await FindAsync(id, stop);
        guard.SetPin(request.Pin);
        await SaveAsync(guard, stop);
    }

    public async Task EndAsync(Guid id, CancellationToken stop)
    {
        var guard = await FindAsync(id, stop);
        guard.End(clock.GetUtcNow());
        await SaveAsync(guard, stop);
    }

    private async Task<GuardPin> FindAsync(Guid id, CancellationToken stop)
    {
        var guard = Rule.Found(await db.Guards.SingleOrDefaultAsync(g => g.Id == id, stop), "passes.no-guard");
        Actor.Current.Require("passes.gates", guard.PlacePath);
        return guard;
    }

    // Its gates learn of it at once.
    private async Task SaveAsync(GuardPin guard, CancellationToken stop)
    {
        db.Raise(new GateChanged(guard.Id, guard.PlacePath, "guards", clock.GetUtcNow()));
        await db.SaveChangesAsync(stop);
    }
}
