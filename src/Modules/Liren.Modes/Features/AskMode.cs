using Liren.Contracts.Modes;
using Liren.Contracts.Organisation;
using Liren.Contracts.People;
using Liren.Contracts.Places;
using Liren.Modes.Domain;
using Liren.Sdk;
using Liren.Sdk.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Liren.Sdk.Text;

namespace Liren.Modes.Features;

/// <summary>Which mode holds at a place (平急状态), and what may be collected there.</summary>
[Needs("modes.read")]
internal sealed class AskMode(ModeBook book, IPlaceDirectory places, CollectionList collections, TimeProvider clock) : IFeature
{
    /// <param name="Collection">Code.</param>
    /// <param name="Leave">Whether, why and until when.</param>
    public sealed record Row(string Collection, CollectionLeave Leave);

    public sealed record Response(string Place, string PlaceName, DateTimeOffset At, ModeNow Now, IReadOnlyList<Row> Collections);

    public static void Map(IEndpointRouteBuilder api) => api.MapGet("/at", (string? place, DateTimeOffset? at, AskMode feature, CancellationToken stop) => feature.RunAsync(place, at, stop));

    public async Task<Response> RunAsync(string? place, DateTimeOffset? at, CancellationToken stop)
    {
        Rule.Require(place is not null && PlacePath.IsValid(place), "modes.area", "place");
        Actor.Current.Require("modes.read", place!);
        var card = await places.FindAsync(place!, stop);
        Rule.Require(card is not null, "modes.area-unknown", "place", place!);
        var (when, map) = (at ?? clock.GetUtcNow(), await book.MapAsync(stop));
        return new(place!, card!.Name, when, map.At(place!, when), [.. collections.Codes.Select(c => new Row(c, map.May(c, place!, when)))]);
    }
}

/// <summary>What an order at this place would touch: places, people, owners, orders that hold there already. For the confirm before it is signed.</summary>
[Needs("modes.read")]
internal sealed class ShowReach(ModeBook book, IPlaceDirectory places, IPersonDirectory people, IResponsibilityMatrix matrix, IEventTypes types, TimeProvider clock) : IFeature
{
    private const int Most = 10_000;

    /// <param name="Event">Type of event.</param>
    /// <param name="Name">Its name.</param>
    /// <param name="Peace">Owner every day; null when the matrix has a hole.</param>
    /// <param name="Emergency">Owner in emergency; null when the matrix has a hole.</param>
    public sealed record Owner(string Event, string Name, string? Peace, string? Emergency);

    /// <param name="Place">Path.</param>
    /// <param name="PlaceName">Name with those above it.</param>
    /// <param name="Communities">Communities at or below it.</param>
    /// <param name="Compounds">Compounds at or below it.</param>
    /// <param name="Residents">People registered there.</param>
    /// <param name="Owners">Types of events whose owner is another in emergency.</param>
    /// <param name="Now">The mode there now.</param>
    /// <param name="Below">Orders in force at places below.</param>
    public sealed record Response(string Place, string PlaceName, int Communities, int Compounds, int Residents, IReadOnlyList<Owner> Owners, ModeNow Now, int Below);

    public static void Map(IEndpointRouteBuilder api) => api.MapGet("/reach", (string? place, ShowReach feature, CancellationToken stop) => feature.RunAsync(place, stop));

    public async Task<Response> RunAsync(string? place, CancellationToken stop)
    {
        Rule.Require(place is not null && PlacePath.IsValid(place), "modes.area", "place");
        Sight.Require(place!);
        Rule.Require(await places.FindAsync(place!, stop) is not null, "modes.area-unknown", "place", place!);
        var below = await places.WithinAsync(place!, [PlaceKind.Community, PlaceKind.Compound], Most, stop);
        var owners = new List<Owner>();
        var english = Show.Language == "en";
        foreach (var type in (await types.AllAsync(stop)).Where(t => t.InUse))
        {
            var (peace, emergency) = ((await matrix.WhoAsync(type.Code, place!, Mode.Peace, stop)).Owner, (await matrix.WhoAsync(type.Code, place!, Mode.Emergency, stop)).Owner);
            if (peace?.Id != emergency?.Id) owners.Add(new(type.Code, type.Name(english ? "en" : "zh"), peace?.Name, emergency?.Name));
        }
        var (now, map) = (clock.GetUtcNow(), await book.MapAsync(stop));
        return new(place!, await places.FullNameAsync(place!, stop), below.Count(p => p.Kind == PlaceKind.Community), below.Count(p => p.Kind == PlaceKind.Compound), await people.CountResidentsAsync(place!, stop),
            owners, map.At(place!, now), map.InForce(now).Count(h => h.Area != place && PlacePath.IsWithin(h.Area, place!)));
    }
}
