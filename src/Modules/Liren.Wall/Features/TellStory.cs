using System.Globalization;
using Liren.Contracts.Places;
using Liren.Contracts.Wall;
using Liren.Sdk;
using Liren.Sdk.Security;
using Liren.Sdk.Text;
using Liren.Wall.Model;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Liren.Wall.Features;

/// <summary>A past day of a wall (回放), or a drill at its place (演练): the same frames that live walls get, to be played at any speed.</summary>
[Needs(Access.View)]
internal sealed class TellStory(IServiceScopeFactory scopes, PlaceBook book, IPlaceDirectory places, IWallDrills drills, TimeProvider clock) : IFeature
{
    private const int OldestDays = 3650;

    public static void Map(IEndpointRouteBuilder api) => api.MapGet("/{path}/story", async (string path, string? day, string? drill, TellStory feature, CancellationToken stop) =>
        TypedResults.Text(WallJson.Of(await feature.RunAsync(path, day, drill, stop)), "application/json"));

    public async Task<StoryTold> RunAsync(string path, string? day, string? drill, CancellationToken stop)
    {
        await Access.AtAsync(places, path, stop);
        Rule.Require(day is null != drill is null, "wall.day-or-drill", "day");
        if (drill is not null)
        {
            var known = Rule.Found(drills.All.FirstOrDefault(d => d.Id == drill), "wall.no-drill", drill, string.Join(", ", drills.All.Select(d => d.Id)));
            var where = await PlazaAsync(path, stop);
            var (changes, end) = (await drills.RunAsync(drill, where, stop))!.Value;
            return await Story.DrillAsync(book, path, known.Start, end, changes, stop);
        }
        Rule.Require(DateOnly.TryParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date), "wall.day", "day", day!);
        var now = clock.GetUtcNow();
        var from = Show.StartOf(date);
        Rule.Require(from <= now && from > now.AddDays(-OldestDays), "wall.day-not-past", "day", day!);
        return await Story.TellAsync(scopes, book, path, from, from.AddDays(1) < now ? from.AddDays(1) : now, stop);
    }

    /// <summary>Where a drill happens: the first plaza of the first compound that has one; else the place itself.</summary>
    private async Task<string> PlazaAsync(string path, CancellationToken stop) =>
        (await places.WithinAsync(path, [PlaceKind.Area], 2_000, stop)).FirstOrDefault(a => a.AreaKind == "plaza")?.Path ?? path;
}
