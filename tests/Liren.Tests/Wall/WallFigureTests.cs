using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Liren.Contracts.Wall;
using Liren.Tests.Passes;
using Liren.Wall.Model;

namespace Liren.Tests.Wall;

/// <summary>People through gates: counted as they pass, hidden while they are few, and told again by the log.</summary>
public sealed class WallFigureTests(PassesApp app) : IClassFixture<PassesApp>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;
    private HttpClient Duty => app.As("duty-officer", PassesApp.Community);

    [Fact]
    public async Task Passages_are_counted_by_the_second_and_fewer_than_five_people_are_not_told()
    {
        var gate = await app.PairAsync("西门");
        await using var viewer = Duty.WatchAsync(PassesApp.Compound, stop: Stop).GetAsyncEnumerator(Stop);
        var start = (await viewer.UntilAsync(m => m.Type == "snapshot")).Tile("passages");
        var before = start.TryGetProperty("value", out var value) ? value.GetInt32() : 0;
        before.ShouldBe(0);

        await gate.SendAsync(gate.Line(), gate.Line(), gate.Line(direction: "out"));
        var few = await viewer.UntilAsync(m => m.Tile("passages").ValueKind == JsonValueKind.Object);
        few.Tile("passages").TryGetProperty("value", out _).ShouldBeFalse();
        few.Tile("passages").GetProperty("hidden").GetBoolean().ShouldBeTrue();
        few.Data.GetRawText().ShouldNotContain("\"passed\":3");

        await gate.SendAsync([.. Enumerable.Range(0, 6).Select(_ => gate.Line())]);
        var told = (await viewer.UntilAsync(m => m.Tile("passages").ValueKind == JsonValueKind.Object)).Tile("passages");
        told.GetProperty("value").GetInt32().ShouldBe(9);
        // One went out: eight in would tell it.
        told.TryGetProperty("parts", out _).ShouldBeFalse();

        await gate.SendAsync([.. Enumerable.Range(0, 4).Select(_ => gate.Line(direction: "out")), gate.Line(verdict: "Refuse", reason: "Expired")]);
        var parts = (await viewer.UntilAsync(m => m.Tile("passages").ValueKind == JsonValueKind.Object)).Tile("passages").GetProperty("parts").EnumerateArray().ToDictionary(p => p.GetProperty("key").GetString()!, p => p.GetProperty("count").GetInt32());
        parts.ShouldBe(new Dictionary<string, int> { ["in"] = 8, ["out"] = 5 });

        // The log tells the same when the hour is told again.
        await app.PassAsync(TimeSpan.FromMinutes(2));
        var story = await Duty.GetFromJsonAsync<JsonElement>($"/api/wall/{PassesApp.Compound}/story?day=2020-02-13", Stop);
        var last = story.GetProperty("frames").EnumerateArray().SelectMany(f => f.TryGetProperty("tiles", out var tiles) ? tiles.EnumerateArray() : []).Last(t => t.GetProperty("id").GetString() == "passages");
        last.GetProperty("value").GetInt32().ShouldBe(13);
        // When gates were silent is not kept: no figure, not zero.
        story.GetProperty("first").GetProperty("tiles").EnumerateArray().Single(t => t.GetProperty("id").GetString() == "gates").GetProperty("state").GetString().ShouldBe("missing");
    }

    [Theory]
    [InlineData("day=tomorrow", "wall.day")]
    [InlineData("day=2020-02-14", "wall.day-not-past")]
    [InlineData("day=1999-01-01", "wall.day-not-past")]
    [InlineData("", "wall.day-or-drill")]
    [InlineData("day=2020-02-13&drill=plaza-13-february", "wall.day-or-drill")]
    public async Task A_story_of_no_past_day_is_refused(string query, string code)
    {
        using var answer = await Duty.GetAsync(new Uri($"/api/wall/{PassesApp.Compound}/story?{query}", UriKind.Relative), Stop);
        answer.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await answer.Content.ReadFromJsonAsync<JsonElement>(Stop)).GetProperty("code").GetString().ShouldBe(code);
    }

    [Fact]
    public async Task A_drill_that_is_not_there_is_refused_with_those_that_are()
    {
        using var answer = await Duty.GetAsync(new Uri($"/api/wall/{PassesApp.Compound}/story?drill=none", UriKind.Relative), Stop);
        answer.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await answer.Content.ReadAsStringAsync(Stop)).ShouldContain("plaza-13-february");
    }

    [Fact]
    public void The_hour_moves_on_and_forgets()
    {
        var at = new DateTimeOffset(2020, 2, 13, 6, 0, 30, TimeSpan.Zero);
        var (gate, passages) = (Guid.CreateVersion7(), new Passages());
        var minute = at.ToUnixTimeSeconds() / 60;
        passages.Add(new(gate, "31.01", minute, 3, 1));
        passages.Add(new(gate, "31.01", minute - 59, 2, 0));
        // Older than the hour: its place in the ring is taken.
        passages.Add(new(gate, "31.01", minute - 60, 100, 0));
        passages.Within("31", at).ShouldBe((5, 1));
        passages.Within("31", at.AddMinutes(1)).ShouldBe((3, 1));
        passages.Within("31.02", at).ShouldBe((0, 0));
        passages.Within("31", at.AddHours(1)).ShouldBe((0, 0));
    }
}
