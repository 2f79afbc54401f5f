using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Liren.Tests.Incidents;
using Microsoft.Extensions.DependencyInjection;

namespace Liren.Tests.Wall;

/// <summary>The wall of the demo community: who may look, what it says, and that it goes on where it was.</summary>
public sealed class LiveWallTests(Plaza app) : IClassFixture<Plaza>
{
    private const string Community = "31.01.15.016.037", Compound = Community + ".liren";
    private static CancellationToken Stop => TestContext.Current.CancellationToken;
    private HttpClient Duty => app.As("duty-officer", Community);

    [Theory]
    [InlineData("duty-officer", Community, Compound, HttpStatusCode.OK)]
    [InlineData("street-leader", "31.01.15.016", Community, HttpStatusCode.OK)]
    [InlineData("administrator", "", Compound, HttpStatusCode.OK)]
    [InlineData("duty-officer", Compound, Community, HttpStatusCode.Forbidden)]
    [InlineData("duty-officer", "31.01.15.016.038", Compound, HttpStatusCode.Forbidden)]
    [InlineData("community-worker", Community, Compound, HttpStatusCode.Forbidden)]
    [InlineData("grid-worker", Community, Compound, HttpStatusCode.Forbidden)]
    [InlineData("guard", Community, Compound, HttpStatusCode.Forbidden)]
    [InlineData("resident", Community, Compound, HttpStatusCode.Forbidden)]
    [InlineData("duty-officer", Community, Community + ".none", HttpStatusCode.NotFound)]
    [InlineData("duty-officer", Community, Compound + ".b1", HttpStatusCode.UnprocessableEntity)]
    public async Task Only_those_in_charge_of_a_place_look_at_its_wall(string role, string scope, string place, HttpStatusCode expected)
    {
        foreach (var part in new[] { "", "/map", "/story?day=2020-02-13", "/story?drill=plaza-13-february", "/live" })
        {
            using var answer = await app.As(role, scope).GetAsync(new Uri($"/api/wall/{place}{part}", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, Stop);
            answer.StatusCode.ShouldBe(expected, part);
        }
        using var nobody = await app.CreateClient().GetAsync(new Uri($"/api/wall/{place}", UriKind.Relative), Stop);
        nobody.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task One_chooses_among_the_places_in_reach()
    {
        var all = await app.As("street-leader", "31.01.15.016").GetFromJsonAsync<JsonElement>("/api/wall", Stop);
        all.EnumerateArray().Select(w => w.GetProperty("path").GetString()).ShouldBe(["31.01.15.016", Community, Compound]);
        var few = await app.As("duty-officer", Compound).GetFromJsonAsync<JsonElement>("/api/wall", Stop);
        few.EnumerateArray().Single().GetProperty("compounds").GetInt32().ShouldBe(1);
    }

    [Fact]
    public async Task An_incident_comes_onto_the_wall_and_leaves_it_and_a_viewer_that_was_cut_off_misses_nothing()
    {
        await using var viewer = Duty.WatchAsync(Compound, stop: Stop).GetAsyncEnumerator(Stop);
        var first = await viewer.UntilAsync(m => m.Type == "snapshot");
        var before = first.Tile("incidents").GetProperty("value").GetInt32();

        var (id, _) = await app.OpenAsync("b5");
        var opened = await viewer.UntilAsync(m => m.Type == "delta" && m.Tile("incidents").ValueKind == JsonValueKind.Object);
        opened.Tile("incidents").GetProperty("value").GetInt32().ShouldBe(before + 1);
        var drawn = opened.Data.GetProperty("things").EnumerateArray().Single(t => t.GetProperty("id").GetGuid() == id);
        drawn.GetProperty("place").GetString().ShouldBe("里仁花园 5号楼");
        drawn.GetProperty("zh").GetString().ShouldBe("人员聚集");
        drawn.GetProperty("people").GetInt32().ShouldBe(21);
        drawn.GetProperty("at").GetArrayLength().ShouldBe(2);
        opened.Data.GetProperty("feed").EnumerateArray().ShouldContain(l => l.GetProperty("kind").GetString() == "incident");

        // Cut off here; what happened meanwhile comes after the frame it had, numbered on.
        await app.HandledAsync(id);
        await viewer.UntilAsync(m => m.Data.TryGetProperty("things", out var things) && things.EnumerateArray().Any(t => t.GetProperty("state").GetString() == "Verifying"));
        await using var again = Duty.WatchAsync(Compound, opened.Id, Stop).GetAsyncEnumerator(Stop);
        var next = await again.UntilAsync(_ => true);
        next.Type.ShouldBe("delta");
        int.Parse(next.Id.Split('.')[1], System.Globalization.CultureInfo.InvariantCulture).ShouldBe(int.Parse(opened.Id.Split('.')[1], System.Globalization.CultureInfo.InvariantCulture) + 1);

        // A number of another start of the server, or nonsense, is answered with the whole picture.
        foreach (var unknown in new[] { "abc-1234.7", "x", first.Id.Split('.')[0] + ".99999" })
        {
            await using var stranger = Duty.WatchAsync(Compound, unknown, Stop).GetAsyncEnumerator(Stop);
            var whole = await stranger.UntilAsync(_ => true);
            whole.Type.ShouldBe("snapshot", unknown);
            whole.Tile("incidents").GetProperty("value").GetInt32().ShouldBe(before + 1);
            whole.Data.GetRawText().ShouldNotContain("张强");
            whole.Data.GetRawText().ShouldNotContain("网格员");
        }
    }

    [Fact]
    public async Task The_wall_says_the_same_as_the_lists_behind_it()
    {
        await app.OpenAsync("b6");
        var admin = app.As("administrator");
        async Task<int> Total(string address) => (await admin.GetFromJsonAsync<JsonElement>(address, Stop)).GetProperty("total").GetInt32();
        async Task<Message> Snapshot()
        {
            await using var viewer = Duty.WatchAsync(Community, stop: Stop).GetAsyncEnumerator(Stop);
            return await viewer.UntilAsync(m => m.Type == "snapshot");
        }
        // The wall hears of a change a moment after the list shows it.
        var wall = await Snapshot();
        for (var tries = 0; tries < 100 && wall.Tile("incidents").GetProperty("value").GetInt32() != await Total($"/api/incidents?place={Community}&filter=open"); tries++)
        {
            await Task.Delay(100, Stop);
            wall = await Snapshot();
        }
        wall.Tile("incidents").GetProperty("value").GetInt32().ShouldBe(await Total($"/api/incidents?place={Community}&filter=open"));
        wall.Tile("devices").GetProperty("of").GetInt32().ShouldBe(await Total($"/api/devices?place={Community}&filter=InService"));
        wall.Tile("modes").GetProperty("value").GetInt32().ShouldBe(0);
        wall.Tile("plans").GetProperty("value").GetInt32().ShouldBeGreaterThanOrEqualTo(0);
        wall.Data.GetProperty("tiles").GetArrayLength().ShouldBeLessThanOrEqualTo(7);
        var meta = await Duty.GetFromJsonAsync<JsonElement>($"/api/wall/{Community}", Stop);
        meta.GetProperty("opens").GetProperty("incidents").GetString().ShouldBe("/incidents?filter=open");
    }

    [Fact]
    public async Task An_incident_in_a_home_is_shown_at_its_compound()
    {
        var room = await app.InScopeAsync(async s => (await s.GetRequiredService<Liren.Contracts.Places.IPlaceDirectory>().WithinAsync(Compound + ".b3", [Liren.Contracts.Places.PlaceKind.Room], 1, Stop))[0].Path);
        await app.CountAsync(room, 1, 21);
        using var soon = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        soon.CancelAfter(TimeSpan.FromSeconds(20));
        await using var viewer = Duty.WatchAsync(Compound, stop: soon.Token).GetAsyncEnumerator(soon.Token);
        var wall = await viewer.UntilAsync(m => m.Data.TryGetProperty("things", out var things) && things.EnumerateArray().Any(t => t.GetProperty("kind").GetString() == "incident" && t.GetProperty("place").GetString() == "里仁花园"));
        wall.Data.GetRawText().ShouldNotContain(room);
    }

    [Fact]
    public async Task Whoever_was_sent_is_a_point_while_on_the_way_and_no_longer()
    {
        var (id, _) = await app.OpenAsync("b11");
        var who = await app.AskedAsync(id);
        (await app.AsAccount(who).PostAsJsonAsync("/api/organisation/positions", new { longitude = 121.55, latitude = 31.22 }, Stop)).EnsureSuccessStatusCode();
        using var soon = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        soon.CancelAfter(TimeSpan.FromSeconds(30));
        await using var viewer = Duty.WatchAsync(Compound, stop: soon.Token).GetAsyncEnumerator(soon.Token);
        JsonElement? Mine(Message m) => m.Data.TryGetProperty("things", out var things) ? things.EnumerateArray().Select(t => (JsonElement?)t).FirstOrDefault(t => t!.Value.GetProperty("id").GetGuid() == id) : null;
        var asked = Mine(await viewer.UntilAsync(m => Mine(m) is not null))!.Value;
        asked.TryGetProperty("sent", out _).ShouldBeFalse();
        (await app.DoAsync(who, id, "accept")).EnsureSuccessStatusCode();
        var away = Mine(await viewer.UntilAsync(m => Mine(m)?.GetProperty("state").GetString() == "Accepted"))!.Value;
        away.GetProperty("sent").EnumerateArray().Select(n => n.GetDouble()).ShouldBe([121.55, 31.22]);
        (await app.DoAsync(who, id, "arrive", await app.HereAsync(id))).EnsureSuccessStatusCode();
        var there = Mine(await viewer.UntilAsync(m => Mine(m)?.GetProperty("state").GetString() == "OnScene"))!.Value;
        there.TryGetProperty("sent", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task The_map_draws_what_the_register_knows()
    {
        var compound = await Duty.GetFromJsonAsync<JsonElement>($"/api/wall/{Compound}/map", Stop);
        compound.GetProperty("features").EnumerateArray().ShouldContain(f => f.GetProperty("properties").GetProperty("kind").GetString() == "Building");
        var community = await Duty.GetFromJsonAsync<JsonElement>($"/api/wall/{Community}/map", Stop);
        community.GetProperty("features").EnumerateArray().Select(f => f.GetProperty("properties").GetProperty("kind").GetString()).ShouldBe(["Compound"]);
        community.GetProperty("unplaced").GetInt32().ShouldBe(0);
    }
}
