using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Liren.Contracts.Places;
using Liren.Sdk.Events;
using Liren.Places.Data;
using Liren.Sdk.Security;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Liren.Tests.Places;

/// <summary>Places through the API: what may be done, by whom, where.</summary>
public sealed class PlacesHttpTests(DemoApp app) : IClassFixture<DemoApp>
{
    private const string Community = "31.01.15.016.037", Demo = Community + ".liren";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private HttpClient Worker => app.As(BuiltInRoles.CommunityWorker, Community);

    private static async Task<JsonElement> ReadAsync(HttpResponseMessage answer)
    {
        var text = await answer.Content.ReadAsStringAsync(Stop);
        answer.IsSuccessStatusCode.ShouldBeTrue(text);
        return text.Length == 0 ? default : JsonSerializer.Deserialize<JsonElement>(text);
    }

    private static async Task<(HttpStatusCode Status, string? Code, string? Field)> RefusedAsync(HttpResponseMessage answer)
    {
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>(Stop);
        return (answer.StatusCode, problem.GetProperty("code").GetString(), problem.TryGetProperty("field", out var f) ? f.GetString() : null);
    }

    private static Task<JsonElement> GetAsync(HttpClient http, string path) => http.GetFromJsonAsync<JsonElement>($"/api/places/{path}", Stop);

    private static async Task<HttpResponseMessage> SendAsync(HttpClient http, HttpMethod method, string path, object? body = null, int? version = null, string? key = null)
    {
        using var request = new HttpRequestMessage(method, $"/api/places/{path}") { Content = body is null ? null : JsonContent.Create(body) };
        if (version is { } v) request.Headers.TryAddWithoutValidation("If-Match", $"\"{v}\"");
        if (key is not null) request.Headers.Add("Idempotency-Key", key);
        return await http.SendAsync(request, Stop);
    }

    private async Task<string> CompoundAsync(string code)
    {
        await ReadAsync(await SendAsync(Worker, HttpMethod.Post, $"{Community}/places", new { kind = "Compound", name = $"试验{code}", code }, key: code));
        await ReadAsync(await SendAsync(Worker, HttpMethod.Post, $"{Community}.{code}/buildings", new { buildings = "1-2", units = 2, floors = "1-3", roomsPerFloor = 2 }));
        return $"{Community}.{code}";
    }

    private static async Task<int> VersionAsync(HttpClient http, string path) => (await GetAsync(http, path)).GetProperty("version").GetInt32();

    [Fact]
    public async Task A_compound_is_added_once_however_often_it_is_asked_for()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => SendAsync(Worker, HttpMethod.Post, $"{Community}/places", new { kind = "Compound", name = "一次", code = "once" }, key: "once")));
        foreach (var answer in answers) (await ReadAsync(answer)).GetProperty("path").GetString().ShouldBe(Community + ".once");
        (await RefusedAsync(await SendAsync(Worker, HttpMethod.Post, $"{Community}/places", new { kind = "Compound", name = "再来", code = "once" }))).ShouldBe((HttpStatusCode.UnprocessableEntity, "places.code-taken", "code"));
        (await ReadAsync(await SendAsync(Worker, HttpMethod.Post, $"{Community}/places", new { kind = "Compound", name = "自动" }))).GetProperty("path").GetString()!.ShouldStartWith(Community + ".c");
    }

    [Theory]
    [InlineData("""{"kind":"Compound","name":""}""", "name")]
    [InlineData("""{"kind":"Compound","name":"x","code":"8x"}""", "code")]
    [InlineData("""{"kind":"Room","name":"101"}""", "kind")]
    [InlineData("""{"kind":"Area","name":"x","areaKind":"volcano"}""", "areaKind")]
    [InlineData("""{"kind":"Area","name":"x","longitude":121.5}""", "latitude")]
    [InlineData("{}", "name")]
    public async Task Bad_input_is_refused_with_its_field(string body, string field)
    {
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        var refused = await RefusedAsync(await Worker.PostAsync(new Uri($"/api/places/{Community}/places", UriKind.Relative), content, Stop));
        refused.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        refused.Field.ShouldBe(field);
    }

    [Fact]
    public async Task The_preview_says_just_what_is_written_and_writing_again_changes_nothing()
    {
        await ReadAsync(await SendAsync(Worker, HttpMethod.Post, $"{Community}/places", new { kind = "Compound", name = "生成", code = "gen" }));
        var plan = new { buildings = "1-17", units = 3, floors = "1-5", roomsPerFloor = 2, unlucky = "Rename" };
        var preview = await ReadAsync(await SendAsync(Worker, HttpMethod.Post, $"{Community}.gen/buildings/preview", plan));
        (await GetAsync(Worker, $"{Community}.gen")).GetProperty("below").GetProperty("rooms").GetInt32().ShouldBe(0);
        var made = await ReadAsync(await SendAsync(Worker, HttpMethod.Post, $"{Community}.gen/buildings", plan));
        made.GetProperty("rooms").GetInt32().ShouldBe(preview.GetProperty("newRooms").GetInt32());
        made.GetProperty("rooms").GetInt32().ShouldBe(17 * 3 * 5 * 2);
        var again = await ReadAsync(await SendAsync(Worker, HttpMethod.Post, $"{Community}.gen/buildings", plan));
        again.GetProperty("rooms").GetInt32().ShouldBe(0);
        again.GetProperty("existing").GetInt32().ShouldBe(17 * (1 + 3 + 30));
        var board = await GetAsync(Worker, $"{Community}.gen.b17/board");
        board.GetProperty("columns").GetArrayLength().ShouldBe(3);
        board.GetProperty("floors").EnumerateArray().Select(f => f.GetProperty("floor").GetString()).ShouldBe(["5", "3A", "3", "2", "1"]);
        (await RefusedAsync(await SendAsync(Worker, HttpMethod.Post, $"{Community}.gen/buildings/preview", new { buildings = "1-x9", units = 1, floors = "1", roomsPerFloor = 1 }))).Field.ShouldBe("buildings");
    }

    [Fact]
    public async Task A_manager_of_one_compound_reads_and_edits_nothing_of_another()
    {
        var mine = await CompoundAsync("mine");
        var other = await CompoundAsync("other");
        var manager = app.As(BuiltInRoles.PropertyManager, mine);
        var version = await VersionAsync(Worker, other + ".b1");
        (await SendAsync(manager, HttpMethod.Put, other + ".b1", new { name = "x" }, version)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        foreach (var (method, path, body) in new (HttpMethod, string, object?)[]
        {
            (HttpMethod.Get, other, null), (HttpMethod.Get, other + ".b1/board", null), (HttpMethod.Get, other + "/geojson", null),
            (HttpMethod.Post, other + "/places", new { kind = "Building", name = "9" }), (HttpMethod.Post, other + "/buildings", new { buildings = "9", units = 1, floors = "1", roomsPerFloor = 1 }),
            (HttpMethod.Post, other + "/buildings/preview", new { buildings = "9", units = 1, floors = "1", roomsPerFloor = 1 }),
            (HttpMethod.Post, other + ".b1/close", new { reason = "because", below = true }), (HttpMethod.Put, other + "/shape", new { geoJson = (string?)null }),
            (HttpMethod.Post, other + ".b1.u1.r101/split", new { names = new[] { "a", "b" } }), (HttpMethod.Post, other + ".b1.u1/merge", new { rooms = new[] { "r101", "r102" }, name = "x" }),
            // Not even the community above one's own compound.
            (HttpMethod.Post, Community + "/places", new { kind = "Compound", name = "x" }),
        })
            (await SendAsync(manager, method, path, body, version)).StatusCode.ShouldBe(HttpStatusCode.Forbidden, $"{method} {path}");
        foreach (var list in new[] { "compounds", "rooms?size=200", "areas", "?at=" + Community, "?q=试验" })
            (await GetAsync(manager, list)).GetProperty("items").EnumerateArray().Select(r => r.GetProperty("path").GetString()!).ShouldAllBe(p => PlacePath.IsWithin(p, mine));
        (await GetAsync(manager, "rooms")).GetProperty("total").GetInt32().ShouldBe(24);
        // The way down to it may be walked, and it alone is shown.
        (await GetAsync(manager, "?at=31.01.15")).GetProperty("items").EnumerateArray().Single().GetProperty("path").GetString().ShouldBe("31.01.15.016");
        (await ReadAsync(await SendAsync(manager, HttpMethod.Put, mine + ".b1", new { name = "一号楼" }, await VersionAsync(manager, mine + ".b1")))).ValueKind.ShouldBe(JsonValueKind.Undefined);
    }

    [Fact]
    public async Task An_edit_is_guarded_by_the_version_and_tells_it_once()
    {
        var compound = await CompoundAsync("edits");
        var room = $"{compound}.b1.u1.r101";
        var version = await VersionAsync(Worker, room);
        var body = new { name = "101室甲", floor = "１层", use = "Shop", area = 88.125, areaSource = "Survey" };
        await ReadAsync(await SendAsync(Worker, HttpMethod.Put, room, body, version));
        (await SendAsync(Worker, HttpMethod.Put, room, body, version)).StatusCode.ShouldBe(HttpStatusCode.PreconditionFailed);
        ((int)(await SendAsync(Worker, HttpMethod.Put, room, body)).StatusCode).ShouldBe(428);
        var shown = await GetAsync(Worker, room);
        shown.GetProperty("floor").GetString().ShouldBe("1");
        shown.GetProperty("area").GetDecimal().ShouldBe(88.12m);
        (await RefusedAsync(await SendAsync(Worker, HttpMethod.Put, room, body with { area = 90, areaSource = "Contract" }, version + 1))).ShouldBe((HttpStatusCode.UnprocessableEntity, "places.area-weaker", "areaSource"));
        (await SendAsync(Worker, HttpMethod.Put, Community, new { name = "x" }, 0)).StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (await app.InScopeAsync(s => s.GetRequiredService<PlacesDb>().Journal.CountAsync(j => j.Place == room && j.Type.EndsWith("PlaceChanged"), Stop))).ShouldBe(1);
    }

    [Fact]
    public async Task A_split_room_is_closed_its_parts_know_where_they_came_from_and_nothing_undoes_it()
    {
        var compound = await CompoundAsync("split");
        var room = $"{compound}.b1.u1.r201";
        var version = await VersionAsync(Worker, room);
        var first = await ReadAsync(await SendAsync(Worker, HttpMethod.Post, room + "/split", new { names = new[] { "201-1", "201-2" } }, version, "split"));
        var again = await ReadAsync(await SendAsync(Worker, HttpMethod.Post, room + "/split", new { names = new[] { "201-1", "201-2" } }, version, "split"));
        again.GetProperty("rooms").EnumerateArray().Select(r => r.GetString()).ShouldBe(first.GetProperty("rooms").EnumerateArray().Select(r => r.GetString()), ignoreOrder: true);
        var part = await GetAsync(Worker, room + "-1");
        part.GetProperty("floor").GetString().ShouldBe("2");
        part.GetProperty("before").EnumerateArray().Single().GetProperty("path").GetString().ShouldBe(room);
        var old = await GetAsync(Worker, room);
        old.GetProperty("closedAt").ValueKind.ShouldNotBe(JsonValueKind.Null);
        old.GetProperty("after").GetArrayLength().ShouldBe(2);
        (await SendAsync(Worker, HttpMethod.Post, room + "/split", new { names = new[] { "x", "y" } }, version + 1)).StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (await SendAsync(Worker, HttpMethod.Post, room + "/reopen", null, version + 1)).StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (await GetAsync(Worker, $"{compound}.b1/board")).GetProperty("closed").GetInt32().ShouldBe(1);
        (await app.InScopeAsync(s => s.GetRequiredService<PlacesDb>().Journal.CountAsync(j => j.Place == $"{compound}.b1.u1" && j.Type.EndsWith("RoomsRedrawn"), Stop))).ShouldBe(1);
    }

    [Theory]
    [InlineData("""{"names":["202"]}""", "names")]
    [InlineData("""{"names":["202-1","202-1室"]}""", "names")]
    [InlineData("""{"names":["101","202-9"]}""", "names")]
    [InlineData("""{"names":["","202-9"]}""", "names")]
    [InlineData("{}", "names")]
    public async Task A_split_that_cannot_be_changes_nothing(string body, string field)
    {
        var compound = await CompoundAsync("nosplit");
        var room = $"{compound}.b1.u1.r202";
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/places/{room}/split") { Content = new StringContent(body, System.Text.Encoding.UTF8, "application/json") };
        request.Headers.TryAddWithoutValidation("If-Match", $"\"{await VersionAsync(Worker, room)}\"");
        var refused = await RefusedAsync(await Worker.SendAsync(request, Stop));
        refused.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        refused.Field.ShouldBe(field);
        (await GetAsync(Worker, room)).GetProperty("closedAt").ValueKind.ShouldBe(JsonValueKind.Null);
        (await GetAsync(Worker, $"{compound}.b1.u1")).GetProperty("below").GetProperty("rooms").GetInt32().ShouldBe(6);
    }

    [Fact]
    public async Task Merged_rooms_become_one_and_only_rooms_of_one_unit_can_be()
    {
        var compound = await CompoundAsync("merge");
        var unit = $"{compound}.b1.u1";
        var one = (await ReadAsync(await SendAsync(Worker, HttpMethod.Post, unit + "/merge", new { rooms = new[] { "r301", "r302" }, name = "301-302" }))).GetProperty("room").GetString()!;
        one.ShouldBe(unit + ".r301-302");
        (await GetAsync(Worker, one)).GetProperty("before").GetArrayLength().ShouldBe(2);
        (await RefusedAsync(await SendAsync(Worker, HttpMethod.Post, unit + "/merge", new { rooms = new[] { "r101", $"{compound}.b1.u2.r101" }, name = "x" }))).Code.ShouldBe("places.merge-apart");
        (await SendAsync(Worker, HttpMethod.Post, unit + "/merge", new { rooms = new[] { "r101", "r999" }, name = "x" })).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await RefusedAsync(await SendAsync(Worker, HttpMethod.Post, unit + "/merge", new { rooms = new[] { "r101" }, name = "x" }))).Field.ShouldBe("rooms");
        var roster = await app.InScopeAsync(s => s.GetRequiredService<IRoomRegister>().ResolveAsync(compound, [new("1", "1", "301"), new("1", "1", "301-302")], true, Stop));
        roster.ShouldHaveSingleItem().Value.ShouldBe(one);
    }

    [Fact]
    public async Task A_building_closes_only_with_what_is_in_it_and_comes_back_with_it()
    {
        var compound = await CompoundAsync("close");
        var building = compound + ".b2";
        var version = await VersionAsync(Worker, building);
        (await RefusedAsync(await SendAsync(Worker, HttpMethod.Post, building + "/close", new { reason = "已拆除" }, version))).Code.ShouldBe("places.close-below");
        (await RefusedAsync(await SendAsync(Worker, HttpMethod.Post, building + "/close", new { reason = " ", below = true }, version))).Field.ShouldBe("reason");
        await ReadAsync(await SendAsync(Worker, HttpMethod.Post, building + "/close", new { reason = "已拆除", below = true }, version));
        (await GetAsync(Worker, compound)).GetProperty("below").GetProperty("rooms").GetInt32().ShouldBe(12);
        (await SendAsync(Worker, HttpMethod.Post, building + "/places", new { kind = "Room", name = "1" })).StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (await SendAsync(Worker, HttpMethod.Post, building + ".u1/reopen", null, await VersionAsync(Worker, building + ".u1"))).StatusCode.ShouldBe(HttpStatusCode.Conflict);
        await ReadAsync(await SendAsync(Worker, HttpMethod.Post, building + "/reopen", null, version + 1));
        (await GetAsync(Worker, compound)).GetProperty("below").GetProperty("rooms").GetInt32().ShouldBe(24);
    }

    [Fact]
    public async Task Floors_are_written_where_there_are_none_and_nowhere_else()
    {
        await ReadAsync(await SendAsync(Worker, HttpMethod.Post, $"{Community}/places", new { kind = "Compound", name = "花名册", code = "roster" }));
        var compound = Community + ".roster";
        await app.InScopeAsync(s => s.GetRequiredService<IRoomRegister>().ResolveAsync(compound, [new("1", null, "301"), new("1", null, "401")], true, Stop));
        var rooms = new[] { new { room = compound + ".b1.r301", floor = "3" }, new { room = compound + ".b1.r401", floor = "3A" } };
        (await ReadAsync(await SendAsync(Worker, HttpMethod.Post, compound + ".b1/floors", new { rooms }))).GetProperty("filled").GetInt32().ShouldBe(2);
        (await ReadAsync(await SendAsync(Worker, HttpMethod.Post, compound + ".b1/floors", new { rooms = new[] { new { room = compound + ".b1.r301", floor = "9" } } }))).GetProperty("filled").GetInt32().ShouldBe(0);
        (await GetAsync(Worker, compound + ".b1/board")).GetProperty("floors").EnumerateArray().Select(f => f.GetProperty("floor").GetString()).ShouldBe(["3A", "3"]);
        (await SendAsync(Worker, HttpMethod.Post, compound + ".b1/floors", new { rooms = new[] { new { room = Demo + ".b1.u1.r101", floor = "9" } } })).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task What_was_added_by_mistake_is_taken_back_only_while_nothing_has_happened_there()
    {
        var compound = await CompoundAsync("mistake");
        var building = compound + ".b1";
        (await ReadAsync(await SendAsync(Worker, HttpMethod.Delete, building, null, await VersionAsync(Worker, building)))).GetProperty("removed").GetInt32().ShouldBe(1 + 2 + 12);
        (await SendAsync(Worker, HttpMethod.Get, building)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        await ReadAsync(await SendAsync(Worker, HttpMethod.Post, compound + "/buildings", new { buildings = "1", units = 0, floors = "1", roomsPerFloor = 1 }));
        (await GetAsync(Worker, building)).GetProperty("below").GetProperty("units").GetInt32().ShouldBe(0);
        // Somebody has lived in building 2: it can only be closed.
        await app.InScopeAsync(async s =>
        {
            var db = s.GetRequiredService<PlacesDb>();
            db.Journal.Add(new JournalEntry { Module = "people", Type = "Lived", Actor = "x", Body = "{}", At = app.Clock.GetUtcNow(), Place = compound + ".b2.u1.r101" });
            return await db.SaveChangesAsync(Stop);
        });
        foreach (var path in new[] { compound + ".b2.u1.r101", compound + ".b2", compound })
            (await RefusedAsync(await SendAsync(Worker, HttpMethod.Delete, path, null, await VersionAsync(Worker, path)))).Code.ShouldBe("places.used");
        (await SendAsync(app.As(BuiltInRoles.PropertyManager, Demo), HttpMethod.Delete, building, null, 1)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task A_shape_is_checked_kept_and_drawn()
    {
        var compound = await CompoundAsync("draw");
        var area = (await ReadAsync(await SendAsync(Worker, HttpMethod.Post, compound + "/places", new { kind = "Area", name = "广场", code = "plaza", areaKind = "plaza" }))).GetProperty("path").GetString()!;
        const string Square = """{"type":"Polygon","coordinates":[[[121.55,31.22],[121.551,31.22],[121.551,31.221],[121.55,31.221],[121.55,31.22]]]}""";
        (await RefusedAsync(await SendAsync(Worker, HttpMethod.Put, area + "/shape", new { geoJson = Square.Replace("[121.55,31.22]]]", "[121.55,31.23]]]", StringComparison.Ordinal) }, 1))).Code.ShouldBe("places.shape-ring-open");
        await ReadAsync(await SendAsync(Worker, HttpMethod.Put, area + "/shape", new { geoJson = Square }, 1));
        var map = await GetAsync(Worker, compound + "/geojson");
        map.GetProperty("type").GetString().ShouldBe("FeatureCollection");
        map.GetProperty("features").EnumerateArray().Single().GetProperty("geometry").GetProperty("type").GetString().ShouldBe("Polygon");
        await ReadAsync(await SendAsync(Worker, HttpMethod.Put, area + "/shape", new { geoJson = (string?)null }, 2));
        var shown = await GetAsync(Worker, area);
        shown.GetProperty("geometry").ValueKind.ShouldBe(JsonValueKind.Null);
        shown.GetProperty("longitude").GetDouble().ShouldBe(121.5505, 0.0001);
    }

    [Theory]
    [InlineData("compounds?sort=-rooms&q=里仁", Demo)]
    [InlineData("rooms?place=31.01.15.016.037.liren&q=10-2-3A01", Demo + ".b10.u2.r3a01")]
    [InlineData("rooms?q=B1-007", Demo + ".b9.rb1-007")]
    [InlineData("areas?filter=plaza&q=中心", Demo + ".plaza")]
    [InlineData("?q=里仁", Demo)]
    [InlineData("?at=31", "31.01")]
    public async Task A_list_finds_it(string list, string path) =>
        (await GetAsync(app.As(BuiltInRoles.StreetLeader, ""), list)).GetProperty("items")[0].GetProperty("path").GetString().ShouldBe(path);

    [Fact]
    public async Task Lists_count_in_natural_order_and_leave_as_files()
    {
        var leader = app.As(BuiltInRoles.StreetLeader, "31.01.15.016");
        var rooms = await GetAsync(leader, $"rooms?place={Demo}&size=200&page=2");
        rooms.GetProperty("items").EnumerateArray().Select(r => r.GetProperty("building").GetString()).Distinct().First().ShouldBe("6号楼");
        var file = await leader.GetStringAsync(new Uri($"/api/places/rooms?place={Demo}&format=csv", UriKind.Relative), Stop);
        file.ShouldContain("小区,楼栋,单元");
        file.ShouldContain("里仁花园,10号楼,2单元,3A01室,3A,住宅");
        var compound = (await GetAsync(leader, $"compounds?place={Demo}")).GetProperty("items").EnumerateArray().Single();
        compound.GetProperty("buildings").GetInt32().ShouldBe(17);
        compound.GetProperty("rooms").GetInt32().ShouldBeGreaterThan(400);
        (await leader.GetAsync(new Uri("/api/places/rooms?sort=nonsense", UriKind.Relative), Stop)).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
    }

    [Fact]
    public async Task The_global_search_and_the_first_page_know_places_and_stay_inside_the_scope()
    {
        async Task<(IReadOnlyList<string> Hits, int Tiles)> AskAsync(Actor actor, string text) => await app.InScopeAsync(async s =>
        {
            var hits = await s.GetServices<Liren.Sdk.Ui.ISearchSource>().OfType<Liren.Places.Features.SearchPlaces>().Single().SearchAsync(text, 5, Stop);
            var tiles = await s.GetServices<Liren.Sdk.Ui.IHomeTiles>().OfType<Liren.Places.Features.PlaceTiles>().Single().TilesAsync("", Stop);
            return ((IReadOnlyList<string>)[.. hits.Select(h => h.Href)], tiles.Count);
        }, actor);
        Actor Of(string place, params string[] permissions) => new(Guid.CreateVersion7(), "x", ActorKind.Person, null, [new Grant("x", null, place, [.. permissions])]);
        (await AskAsync(Of(Demo, "places.read"), "8-1-602")).Hits.ShouldBe([$"/places/{Demo}.b8.u1.r602"]);
        (await AskAsync(Of("61", "places.read"), "8-1-602")).Hits.ShouldBeEmpty();
        var nobody = await AskAsync(Of("", "people.read"), "里仁");
        nobody.Hits.ShouldBeEmpty();
        nobody.Tiles.ShouldBe(0);
    }
}
