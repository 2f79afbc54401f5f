using Liren.Contracts.People;
using Liren.Contracts.Places;
using Liren.Places.Data;
using Liren.Sdk;
using Liren.Sdk.Data;
using Liren.Sdk.Security;
using Liren.Sdk.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Liren.Places.Features;

/// <summary>
/// Takes back what was added by mistake (撤销登记), with everything below: wrong numbers by a wrong rule must not stand for ever as closed rooms.
/// Only where nothing has ever happened: other modules name places by path, and the journal knows every path they have named.
/// </summary>
[Needs(Access.Edit)]
internal sealed class RemovePlace(PlacesDb db, IServiceProvider services, TimeProvider clock) : IFeature
{
    public sealed record Response(int Removed);

    public static void Map(IEndpointRouteBuilder api) => api.MapDelete("/{path}", (string path, IfMatch match, RemovePlace feature, CancellationToken stop) => feature.RunAsync(path, match, stop));

    public async Task<Response> RunAsync(string path, IfMatch match, CancellationToken stop)
    {
        var place = await db.ToEditAsync(path, stop);
        match.Check(place);
        Rule.State(!await UsedAsync(path, place.AddedAt, stop), "places.used", place.Name);
        var all = await db.Places.WhereWithin(p => p.Path, [path]).ToListAsync(stop);
        db.RemoveRange(all);
        db.Raise(new PlaceRemoved(path, all.Count, clock.GetUtcNow()));
        await db.SaveChangesAsync(stop);
        return new(all.Count);
    }

    private async Task<bool> UsedAsync(string path, DateTimeOffset addedAt, CancellationToken stop)
    {
        if (await db.Lineage.WhereWithin(l => l.FromPath, [path]).AnyAsync(stop) || await db.Lineage.WhereWithin(l => l.ToPath, [path]).AnyAsync(stop)) return true;
        var others = db.Journal.AsNoTracking().Where(j => j.Module != db.Module);
        if (await others.WhereWithin(j => j.Place, [path]).AnyAsync(stop)) return true;
        // An import of a roster is told once, for the whole compound.
        var above = PlacePath.SelfAndAncestors(PlacePath.Parent(path)).Where(p => p.Length > 0 && !Domain.Division.Is(p)).ToList();
        if (await others.AnyAsync(j => j.At >= addedAt && j.Place != null && above.Contains(j.Place), stop)) return true;
        return services.GetService<IPersonDirectory>() is { } people && await people.CountResidentsAsync(path, stop) > 0;
    }
}
