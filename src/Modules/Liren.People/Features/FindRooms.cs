using Liren.Contracts.Places;
using Liren.Sdk;
using Liren.Sdk.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace Liren.People.Features;

/// <summary>Rooms somebody may be moved into, for a picker: "8-1-2602", or part of a name.</summary>
[Needs("people.edit")]
internal sealed class FindRooms(IPlaceDirectory places, RoomNames names) : IFeature
{
    public sealed record Row(string Path, string Name);

    public static void Map(IEndpointRouteBuilder api) => api.MapGet("/rooms", (string? q, FindRooms feature, CancellationToken stop) => feature.RunAsync(q ?? "", stop));

    public async Task<IReadOnlyList<Row>> RunAsync(string text, CancellationToken stop)
    {
        var found = (await places.SearchAsync(text, Actor.Current.ScopesFor(PersonAccess.Edit), 50, stop)).Where(c => c.Kind == PlaceKind.Room).Take(8).Select(c => c.Path).ToList();
        var words = await names.OfAsync(found, stop);
        return [.. found.Select(p => new Row(p, words[p]))];
    }
}

/// <summary>What a place is called, for a page that shows only this place's people.</summary>
[Needs("people.read")]
internal sealed class NamePlace(IPlaceDirectory places) : IFeature
{
    public static void Map(IEndpointRouteBuilder api) => api.MapGet("/place-name", (string? path, NamePlace feature, CancellationToken stop) => feature.RunAsync(path ?? "", stop));

    public Task<string> RunAsync(string path, CancellationToken stop) => places.FullNameAsync(path, stop);
}
