using Liren.Contracts.Identity;
using Liren.Contracts.Places;
using Liren.Organisation.Data;
using Liren.Sdk;
using Liren.Sdk.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Liren.Organisation.Features;

/// <summary>Places by name or path, within what the actor may see.</summary>
[Needs("organisation.read")]
internal sealed class PickPlaces(IServiceProvider services) : IFeature
{
    public static void Map(IEndpointRouteBuilder api) => api.MapGet("/pick/places", (string? q, PickPlaces feature, CancellationToken stop) => feature.RunAsync(q ?? "", stop));

    public async Task<IReadOnlyList<PlaceCard>> RunAsync(string text, CancellationToken stop)
    {
        if (services.GetService<IPlaceDirectory>() is not { } places || text.Length == 0) return [];
        if (PlacePath.IsValid(text) && Actor.Current.May("organisation.read", text) && await places.FindAsync(text, stop) is { } exact) return [exact];
        return await places.SearchAsync(text, Actor.Current.ScopesFor("organisation.read"), 12, stop);
    }
}

/// <summary>Organisations by name or code.</summary>
[Needs("organisation.read")]
internal sealed class PickOrgs(OrganisationDb db) : IFeature
{
    public sealed record Row(Guid Id, string Code, string Name);

    public static void Map(IEndpointRouteBuilder api) => api.MapGet("/pick/units", (string? q, PickOrgs feature, CancellationToken stop) => feature.RunAsync(q ?? "", stop));

    /// <summary>Names of all organisations: a rule or a superior may name one outside the actor's own places.</summary>
    public async Task<IReadOnlyList<Row>> RunAsync(string text, CancellationToken stop) =>
        await db.Units.AsNoTracking().Where(o => o.ClosedAt == null && (text == "" || o.Name.Contains(text) || o.Code.Contains(text))).OrderBy(o => o.Name).Take(text.Length == 0 ? 500 : 12).Select(o => new Row(o.Id, o.Code, o.Name)).ToListAsync(stop);
}

/// <summary>Accounts by name, for filling posts.</summary>
[Needs("organisation.edit")]
internal sealed class PickAccounts(IAccountDirectory accounts) : IFeature
{
    public static void Map(IEndpointRouteBuilder api) => api.MapGet("/pick/accounts", (string? q, PickAccounts feature, CancellationToken stop) => feature.RunAsync(q ?? "", stop));

    public async Task<IReadOnlyList<AccountCard>> RunAsync(string text, CancellationToken stop) => text.Length == 0 ? [] : await accounts.SearchAsync(text, 12, stop);
}
