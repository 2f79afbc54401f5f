using System.Net.Http.Json;
using System.Text.Json;
using Liren.Tests.Incidents;

namespace Liren.Tests.Wall;

/// <summary>What the wall tells again: a day as it was kept, and the drill of 13 February.</summary>
public sealed class StoryWallTests(Plaza app) : IClassFixture<Plaza>
{
    private const string Community = "31.01.15.016.037", Compound = Community + ".liren";
    private static CancellationToken Stop => TestContext.Current.CancellationToken;
    private HttpClient Duty => app.As("duty-officer", Community);

    [Fact]
    public async Task A_replay_of_today_ends_as_the_wall_stands_now()
    {
        var (closed, _) = await app.OpenAsync("b9");
        await app.HandledAsync(closed);
        var (open, _) = await app.OpenAsync("b10");
        await app.PassAsync(TimeSpan.FromMinutes(1));
        var story = await Duty.GetFromJsonAsync<JsonElement>($"/api/wall/{Compound}/story?day=2020-02-13", Stop);
        await using var viewer = Duty.WatchAsync(Compound, stop: Stop).GetAsyncEnumerator(Stop);
        var now = await viewer.UntilAsync(m => m.Type == "snapshot");

        var (tiles, things) = Fold(story);
        foreach (var id in new[] { "incidents", "devices", "modes", "plans", "cases" })
            ValueOf(tiles[id]).ShouldBe(ValueOf(now.Tile(id)), id);
        var live = now.Data.GetProperty("things").EnumerateArray().Where(t => t.GetProperty("kind").GetString() == "incident").ToDictionary(t => t.GetProperty("id").GetGuid());
        things.Keys.Where(id => things[id].GetProperty("kind").GetString() == "incident").ShouldBe(live.Keys, ignoreOrder: true);
        foreach (var (id, thing) in live)
        {
            things[id].GetProperty("state").GetString().ShouldBe(thing.GetProperty("state").GetString());
            things[id].GetProperty("level").GetString().ShouldBe(thing.GetProperty("level").GetString());
        }
        story.GetRawText().ShouldNotContain("张强");
        // What happened is told at the minute it happened, each step of it.
        var lines = story.GetProperty("frames").EnumerateArray().SelectMany(f => f.TryGetProperty("feed", out var feed) ? feed.EnumerateArray() : []).Where(l => l.GetProperty("place").GetString() == "里仁花园 9号楼").Select(l => l.GetProperty("to").GetString()).ToList();
        lines.ShouldBe(["Open", "Dispatched", "Accepted", "OnScene", "Verifying"]);
        open.ShouldNotBe(closed);
    }

    [Fact]
    public async Task The_drill_of_13_February_is_told_at_the_plaza_and_names_nobody()
    {
        var story = await Duty.GetFromJsonAsync<JsonElement>($"/api/wall/{Compound}/story?drill=plaza-13-february", Stop);
        story.GetProperty("from").GetDateTimeOffset().ShouldBe(new DateTimeOffset(2020, 2, 13, 16, 0, 0, TimeSpan.FromHours(8)));
        var frames = story.GetProperty("frames").EnumerateArray().ToList();
        var seen = frames.SelectMany(f => f.TryGetProperty("things", out var things) ? things.EnumerateArray() : []).ToList();
        seen.ShouldContain(t => t.GetProperty("place").GetString() == "里仁花园 中心广场" && t.GetProperty("level").GetString() == "III" && t.GetProperty("people").GetInt32() == 45);
        seen.Select(t => t.GetProperty("state").GetString()).Distinct().ShouldBe(["Dispatched", "Accepted", "OnScene", "Verifying"]);
        frames.Count(f => f.TryGetProperty("gone", out var gone) && gone.GetArrayLength() > 0).ShouldBe(1);
        story.GetRawText().ShouldNotContain("worker-3");
        story.GetProperty("first").GetProperty("tiles").EnumerateArray().Single(t => t.GetProperty("id").GetString() == "cases").GetProperty("state").GetString().ShouldBe("missing");
    }

    private static int? ValueOf(JsonElement tile) => tile.TryGetProperty("value", out var value) ? value.GetInt32() : null;

    private static (Dictionary<string, JsonElement> Tiles, Dictionary<Guid, JsonElement> Things) Fold(JsonElement story)
    {
        var first = story.GetProperty("first");
        var tiles = first.GetProperty("tiles").EnumerateArray().ToDictionary(t => t.GetProperty("id").GetString()!);
        var things = first.GetProperty("things").EnumerateArray().ToDictionary(t => t.GetProperty("id").GetGuid());
        foreach (var frame in story.GetProperty("frames").EnumerateArray())
        {
            if (frame.TryGetProperty("tiles", out var newTiles)) foreach (var tile in newTiles.EnumerateArray()) tiles[tile.GetProperty("id").GetString()!] = tile;
            if (frame.TryGetProperty("gone", out var gone)) foreach (var id in gone.EnumerateArray()) things.Remove(id.GetGuid());
            if (frame.TryGetProperty("things", out var newThings)) foreach (var thing in newThings.EnumerateArray()) things[thing.GetProperty("id").GetGuid()] = thing;
        }
        return (tiles, things);
    }
}
