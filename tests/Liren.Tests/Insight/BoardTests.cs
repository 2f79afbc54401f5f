using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Liren.Contracts.Insight;
using Liren.Insight.Data;
using Liren.Insight.Domain;
using Liren.Insight.Features;
using Liren.Sdk.Security;
using Liren.Sdk.Text;
using Liren.Tests.Cases;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Liren.Tests.Insight;

/// <summary>Boards: ready, copied, arranged, shared, and their figures.</summary>
public sealed class BoardTests(GridApp app) : IClassFixture<GridApp>
{
    private const string Street = "31.01.15.016", Boards = "/api/insight/boards";
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private HttpClient Leader => app.As("street-leader", Street);
    private HttpClient Duty => app.As("duty-officer", Street);

    private static async Task<JsonElement> GetAsync(HttpClient http, string path)
    {
        using var answer = await http.GetAsync(new Uri(path, UriKind.Relative), Stop);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, await answer.Content.ReadAsStringAsync(Stop));
        return await answer.Content.ReadFromJsonAsync<JsonElement>(Stop);
    }

    private static Task<HttpResponseMessage> SendAsync(HttpClient http, HttpMethod method, string path, object? body = null, int? version = null)
    {
        var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative)) { Content = body is null ? null : JsonContent.Create(body) };
        if (version is { } v) request.Headers.TryAddWithoutValidation("If-Match", $"\"{v}\"");
        return http.SendAsync(request, Stop);
    }

    private static async Task<Guid> MadeAsync(HttpClient http, object asked)
    {
        using var answer = await SendAsync(http, HttpMethod.Post, Boards, asked);
        answer.StatusCode.ShouldBe(HttpStatusCode.Created, await answer.Content.ReadAsStringAsync(Stop));
        return (await answer.Content.ReadFromJsonAsync<JsonElement>(Stop)).GetProperty("id").GetGuid();
    }

    private static async Task RefusedAsync(Task<HttpResponseMessage> sent, HttpStatusCode status, string code, string? field = null)
    {
        using var answer = await sent;
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>(Stop);
        answer.StatusCode.ShouldBe(status, problem.ToString());
        problem.GetProperty("code").GetString().ShouldBe(code);
        if (field is not null) problem.GetProperty("field").GetString().ShouldBe(field);
    }

    private static List<string> Figures(JsonElement board) => [.. board.GetProperty("tiles").EnumerateArray().Select(t => t.GetProperty("figure").GetString()!)];

    private static async Task<List<string>> IdsAsync(HttpClient http) => [.. (await GetAsync(http, Boards)).GetProperty("boards").EnumerateArray().Select(b => b.GetProperty("id").GetString()!)];

    [Fact]
    public async Task Four_boards_are_ready_and_every_tile_of_them_has_a_figure_or_says_why_not()
    {
        await app.ReportAsync();
        foreach (var role in (string[])["duty-officer", "street-leader", "property-manager", "community-worker"])
        {
            var http = app.As(role, Street);
            var list = (await GetAsync(http, Boards)).GetProperty("boards").EnumerateArray().Where(b => b.GetProperty("kind").GetString() == "Ready").ToList();
            list.Count.ShouldBe(4);
            list[0].GetProperty("id").GetString().ShouldBe(role, "one's own role comes first");
            foreach (var ready in list)
            {
                var board = await GetAsync(http, $"{Boards}/{ready.GetProperty("id").GetString()}");
                board.GetProperty("place").GetString().ShouldBe(Street);
                foreach (var tile in board.GetProperty("tiles").EnumerateArray())
                {
                    tile.GetProperty("state").GetString().ShouldBeOneOf("Shown", "NoData");
                    tile.GetProperty("said").GetString().ShouldNotBeNullOrEmpty();
                    tile.GetProperty("name").GetString()!.ShouldNotContain('.');
                    if (tile.GetProperty("state").GetString() != "Shown") tile.GetProperty("detail").GetString().ShouldNotBeNullOrEmpty();
                    (tile.GetProperty("chart").GetString() ?? tile.GetProperty("behind").GetString()).ShouldNotBeNullOrEmpty();
                }
            }
        }
    }

    [Fact]
    public async Task A_figure_on_a_board_is_the_figure_of_the_facts_with_the_period_before_and_a_bar_for_each_day()
    {
        await app.ReportAsync();
        var id = await MadeAsync(Leader, new { name = "案件", tiles = (object[])[new { figure = "cases.reported", form = "bars", days = 7, width = 3 }, new { figure = "cases.response-rate", days = 30 }, new { figure = "cases.tile.open" }, new { figure = "insight.use", days = 30 }] });
        var tiles = (await GetAsync(Leader, $"{Boards}/{id}?place={GridApp.Compound}")).GetProperty("tiles");
        var facts = (await GetAsync(Leader, $"/api/insight/facts?measure=cases.reported&place={GridApp.Compound}&from=2020-02-07&to=2020-02-13&by=day")).GetProperty("rows").EnumerateArray().ToDictionary(r => r.GetProperty("period").GetString()!, r => r.GetProperty("value").GetInt64());
        tiles[0].GetProperty("said").GetString().ShouldBe($"{facts.Values.Sum()}");
        tiles[0].GetProperty("points").GetArrayLength().ShouldBe(7);
        tiles[0].GetProperty("points").EnumerateArray().ToDictionary(p => p.GetProperty("period").GetString()!, p => (long)p.GetProperty("value").GetDouble()).Where(p => p.Value > 0).ShouldBe(facts.Where(f => f.Value > 0), ignoreOrder: true);
        tiles[0].GetProperty("change").GetString()!.ShouldStartWith("比前 7 天多");
        tiles[0].GetProperty("behind").GetString().ShouldBe("/cases");
        var supervised = (await GetAsync(Leader, $"/api/insight/supervision?place={GridApp.Compound}&from=2020-01-15&to=2020-02-13")).GetProperty("lines").EnumerateArray().Single(l => l.GetProperty("measure").GetString() == "cases.response-rate");
        tiles[1].GetProperty("said").GetString().ShouldBe(supervised.GetProperty("said").GetString());
        tiles[2].GetProperty("said").GetString().ShouldBe($"{(await GetAsync(Leader, $"/api/cases?place={GridApp.Compound}&filter=open&size=1")).GetProperty("total").GetInt32()}");
        tiles[2].GetProperty("days").ValueKind.ShouldBe(JsonValueKind.Null);
        var used = (await GetAsync(Leader, $"/api/insight/use?place={GridApp.Compound}&month=2020-02-01")).GetProperty("parts").EnumerateArray().Sum(p => p.GetProperty("acts").GetInt32());
        tiles[3].GetProperty("said").GetString().ShouldBe($"{used:N0}");
    }

    [Fact]
    public async Task A_copy_is_arranged_renamed_and_deleted_and_the_ready_board_stays_as_it_is()
    {
        var before = Figures(await GetAsync(Leader, $"{Boards}/street-leader"));
        var id = await MadeAsync(Leader, new { name = "我的街道", from = "street-leader" });
        var copy = await GetAsync(Leader, $"{Boards}/{id}");
        Figures(copy).ShouldBe(before);
        copy.GetProperty("kind").GetString().ShouldBe("Own");
        var version = copy.GetProperty("version").GetInt32();
        var tiles = (object[])[new { figure = "incidents.opened", form = "Bars", days = 1, width = 2 }, new { figure = "cases.tile.overdue", width = 1 }];
        using (var saved = await SendAsync(Leader, HttpMethod.Put, $"{Boards}/{id}", new { name = " 晨会 ", tiles }, version))
            (await saved.Content.ReadFromJsonAsync<JsonElement>(Stop)).GetProperty("version").GetInt32().ShouldBe(version + 1);
        var now = await GetAsync(Leader, $"{Boards}/{id}");
        now.GetProperty("name").GetString().ShouldBe("晨会");
        Figures(now).ShouldBe(["incidents.opened", "cases.tile.overdue"]);
        now.GetProperty("tiles")[0].GetProperty("points").GetArrayLength().ShouldBe(24);
        Figures(await GetAsync(Leader, $"{Boards}/street-leader")).ShouldBe(before);
        // Who saw the board before that is told, and changes nothing.
        await RefusedAsync(SendAsync(Leader, HttpMethod.Put, $"{Boards}/{id}", new { name = "晚会", tiles }, version), HttpStatusCode.PreconditionFailed, "sdk.changed-meanwhile");
        await RefusedAsync(SendAsync(Leader, HttpMethod.Put, $"{Boards}/{id}", new { name = "晚会", tiles }), HttpStatusCode.PreconditionRequired, "sdk.if-match-missing");
        (await SendAsync(Leader, HttpMethod.Put, $"{Boards}/start", new { board = id })).EnsureSuccessStatusCode();
        (await SendAsync(Leader, HttpMethod.Delete, $"{Boards}/{id}", null, version + 1)).EnsureSuccessStatusCode();
        (await IdsAsync(Leader)).ShouldNotContain($"{id}");
        (await GetAsync(Leader, Boards)).GetProperty("startGone").GetBoolean().ShouldBeFalse();
        (await app.InScopeAsync(s => s.GetRequiredService<InsightDb>().Journal.Where(j => j.Subject == id && j.Type == typeof(BoardChanged).FullName).OrderBy(j => j.At).ThenBy(j => j.Id).Select(j => j.Body).ToListAsync(Stop)))
            .Select(b => JsonDocument.Parse(b).RootElement.EnumerateObject().Single(p => p.Name.Equals("what", StringComparison.OrdinalIgnoreCase)).Value.GetString()).ShouldBe(["made", "arranged", "deleted"]);
    }

    [Fact]
    public async Task A_repeated_create_makes_one_board()
    {
        var http = Leader;
        http.DefaultRequestHeaders.Add("Idempotency-Key", "board-once");
        (await MadeAsync(http, new { name = "一次" })).ShouldBe(await MadeAsync(http, new { name = "一次" }));
    }

    [Fact]
    public async Task A_shared_board_is_read_and_copied_by_those_it_is_shared_with_and_shows_each_their_own_places()
    {
        var id = await MadeAsync(Leader, new { name = "共享", tiles = (object[])[new { figure = "cases.reported", days = 7 }] });
        await RefusedAsync(Duty.GetAsync(new Uri($"{Boards}/{id}", UriKind.Relative), Stop), HttpStatusCode.NotFound, "insight.board-none");
        (await SendAsync(Leader, HttpMethod.Put, $"{Boards}/{id}/share", new { with = "role:duty-officer" }, 1)).EnsureSuccessStatusCode();

        var seen = await GetAsync(Duty, $"{Boards}/{id}");
        (seen.GetProperty("kind").GetString(), seen.GetProperty("sharing").GetString()).ShouldBe(("Shared", "角色“值班员”"));
        var worker = app.As("duty-officer", GridApp.Compound);
        (await GetAsync(worker, $"{Boards}/{id}")).GetProperty("place").GetString().ShouldBe(GridApp.Compound);
        await RefusedAsync(worker.GetAsync(new Uri($"{Boards}/{id}?place={Street}", UriKind.Relative), Stop), HttpStatusCode.Forbidden, "sdk.not-allowed");
        (await IdsAsync(app.As("community-worker", Street))).ShouldNotContain($"{id}");
        await RefusedAsync(SendAsync(Duty, HttpMethod.Put, $"{Boards}/{id}", new { name = "改", tiles = Array.Empty<object>() }, 2), HttpStatusCode.Forbidden, "insight.board-not-yours");
        await RefusedAsync(SendAsync(Duty, HttpMethod.Delete, $"{Boards}/{id}", null, 2), HttpStatusCode.Forbidden, "insight.board-not-yours");
        var copy = await MadeAsync(Duty, new { name = "抄来的", from = id });
        (await SendAsync(Duty, HttpMethod.Put, $"{Boards}/start", new { board = id })).EnsureSuccessStatusCode();
        (await GetAsync(Duty, Boards)).GetProperty("start").GetString().ShouldBe($"{id}");

        (await SendAsync(Leader, HttpMethod.Delete, $"{Boards}/{id}/share", null, 2)).EnsureSuccessStatusCode();
        await RefusedAsync(Duty.GetAsync(new Uri($"{Boards}/{id}", UriKind.Relative), Stop), HttpStatusCode.NotFound, "insight.board-none");
        var after = await GetAsync(Duty, Boards);
        (after.GetProperty("start").ValueKind, after.GetProperty("startGone").GetBoolean()).ShouldBe((JsonValueKind.Null, true));
        Figures(await GetAsync(Duty, $"{Boards}/{copy}")).ShouldBe(["cases.reported"]);
    }

    [Fact]
    public async Task A_board_is_shared_with_a_unit_or_with_everybody()
    {
        var people = (await app.InScopeAsync(s => s.GetRequiredService<Liren.Contracts.Identity.IAccountDirectory>().WithPermissionAsync("insight.read", null, Stop))).Where(a => a.OrgId is not null).ToList();
        var member = people[0];
        var stranger = people.First(a => a.OrgId != member.OrgId);
        var id = await MadeAsync(Leader, new { name = "本单位" });
        (await SendAsync(Leader, HttpMethod.Put, $"{Boards}/{id}/share", new { with = $"unit:{member.OrgId}" }, 1)).EnsureSuccessStatusCode();
        (await IdsAsync(app.AsAccount(member.UserName))).ShouldContain($"{id}");
        (await IdsAsync(app.AsAccount(stranger.UserName))).ShouldNotContain($"{id}");
        (await SendAsync(Leader, HttpMethod.Put, $"{Boards}/{id}/share", new { with = "everybody" }, 2)).EnsureSuccessStatusCode();
        (await IdsAsync(app.AsAccount(stranger.UserName))).ShouldContain($"{id}");
        (await IdsAsync(app.As("auditor"))).ShouldContain($"{id}");
        var audiences = await GetAsync(Leader, $"{Boards}/audiences");
        audiences.EnumerateArray().Select(a => a.GetProperty("with").GetString()).ShouldContain($"unit:{member.OrgId}");
    }

    [Fact]
    public async Task What_somebody_may_not_see_is_not_a_zero()
    {
        var id = await MadeAsync(Leader, new { name = "居民", tiles = (object[])[new { figure = "people.tile.residents" }, new { figure = "cases.reported", days = 7 }] });
        (await SendAsync(Leader, HttpMethod.Put, $"{Boards}/{id}/share", new { with = "everybody" }, 1)).EnsureSuccessStatusCode();
        // An auditor sees figures, and no residents.
        var tiles = (await GetAsync(app.As("auditor", Street), $"{Boards}/{id}")).GetProperty("tiles");
        (tiles[0].GetProperty("state").GetString(), tiles[0].GetProperty("said").GetString(), tiles[0].GetProperty("detail").GetString()).ShouldBe(("NoRight", "—", "您没有在此地点查看它的权限。"));
        tiles[1].GetProperty("state").GetString().ShouldBe("Shown");
        // A rate of nothing is no rate, and a place without gates has no passages.
        var empty = await MadeAsync(Leader, new { name = "空", tiles = (object[])[new { figure = "cases.satisfied-rate", days = 1 }, new { figure = "passes.people", days = 1 }] });
        var none = (await GetAsync(Leader, $"{Boards}/{empty}?place={GridApp.Plaza}")).GetProperty("tiles");
        foreach (var tile in none.EnumerateArray()) (tile.GetProperty("state").GetString(), tile.GetProperty("said").GetString()).ShouldBe(("NoData", "无数据"));
    }

    [Fact]
    public async Task Wrong_input_names_its_field()
    {
        Task Refused(string code, string field, object asked) => RefusedAsync(SendAsync(Leader, HttpMethod.Post, Boards, asked), HttpStatusCode.UnprocessableEntity, code, field);
        object With(object tile) => new { name = "错", tiles = (object[])[new { figure = "cases.closed" }, tile] };
        await Refused("insight.board-name", "name", new { name = " " });
        await Refused("insight.board-name", "name", new { name = new string('长', Board.LongestName + 1) });
        await Refused("insight.board-figure", "tiles[1].figure", With(new { figure = "cases.imagined" }));
        await Refused("insight.board-form-none", "tiles[1].form", With(new { figure = "cases.reported", form = "pie" }));
        await Refused("insight.board-days", "tiles[1].days", With(new { figure = "cases.reported", days = 14 }));
        await Refused("insight.board-width", "tiles[1].width", With(new { figure = "cases.reported", width = 4 }));
        await Refused("insight.board-no-hours", "tiles[1].days", With(new { figure = "cases.overdue", form = "bars", days = 1 }));
        await Refused("insight.board-no-bars", "tiles[1].form", With(new { figure = "cases.tile.open", form = "bars" }));
        await Refused("insight.board-twice", "tiles[1].figure", With(new { figure = "cases.closed", width = 2 }));
        var many = (await GetAsync(Leader, $"{Boards}/figures")).EnumerateArray().Select(f => (object)new { figure = f.GetProperty("id").GetString() }).Take(Board.MostTiles + 1).ToArray();
        await Refused("insight.board-tiles", "tiles", new { name = "多", tiles = many });
        await Refused("insight.board-from", "from", new { name = "二", from = "street-leader", tiles = many });
        await RefusedAsync(SendAsync(Leader, HttpMethod.Post, Boards, new { name = "无", from = "mayor" }), HttpStatusCode.NotFound, "insight.board-none", "from");
        var id = await MadeAsync(Leader, new { name = "对" });
        foreach (var with in (string?[])["role:emperor", $"unit:{Guid.CreateVersion7()}", "friends", null])
            await RefusedAsync(SendAsync(Leader, HttpMethod.Put, $"{Boards}/{id}/share", new { with }, 1), HttpStatusCode.UnprocessableEntity, "insight.board-audience", "with");
        await RefusedAsync(SendAsync(Leader, HttpMethod.Put, $"{Boards}/street-leader", new { name = "改", tiles = many }, 0), HttpStatusCode.Forbidden, "insight.board-not-yours");
        await RefusedAsync(SendAsync(Leader, HttpMethod.Put, $"{Boards}/start", new { board = "mayor" }), HttpStatusCode.NotFound, "insight.board-none", "board");
    }

    [Fact]
    public async Task Who_only_looks_makes_no_board_but_may_begin_with_one()
    {
        await RefusedAsync(SendAsync(app.As("auditor", Street), HttpMethod.Post, Boards, new { name = "审计" }), HttpStatusCode.Forbidden, "sdk.not-allowed");
        (await SendAsync(app.As("auditor", Street), HttpMethod.Put, $"{Boards}/start", new { board = "duty-officer" })).EnsureSuccessStatusCode();
        (await GetAsync(app.As("auditor", Street), Boards)).GetProperty("start").GetString().ShouldBe("duty-officer");
        (await SendAsync(app.As("auditor", Street), HttpMethod.Delete, $"{Boards}/start")).EnsureSuccessStatusCode();
        (await GetAsync(app.As("auditor", Street), Boards)).GetProperty("start").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [Fact]
    public async Task Every_figure_a_board_may_show_has_a_name_and_no_two_have_the_same_id()
    {
        var figures = (await GetAsync(Leader, $"{Boards}/figures")).EnumerateArray().ToList();
        figures.Select(f => f.GetProperty("id").GetString()).ShouldBeUnique();
        await app.InScopeAsync(s =>
        {
            var texts = s.GetRequiredService<Texts>();
            foreach (var offer in s.GetServices<Liren.Sdk.Ui.IHomeTiles>().SelectMany(t => t.Offers))
            {
                texts.Has(offer.Title).ShouldBeTrue(offer.Title);
                texts.Has($"permission.{offer.Permission}").ShouldBeTrue(offer.Permission);
            }
            foreach (var (role, tiles) in ReadyBoards.All)
            {
                texts.Has($"insight.board-of.{role}").ShouldBeTrue(role);
                foreach (var tile in tiles) s.GetRequiredService<FigureBook>().Find(tile.Figure).ShouldNotBeNull(tile.Figure);
                Should.NotThrow(() => Board.Make(Guid.CreateVersion7(), Guid.CreateVersion7(), "", role, tiles, app.Clock.GetUtcNow()));
            }
            return Task.FromResult(true);
        });
    }

    [Fact]
    public async Task What_a_source_offers_to_boards_it_always_tells_those_with_the_permission()
    {
        foreach (var source in await app.InScopeAsync(s => Task.FromResult(s.GetServices<Liren.Sdk.Ui.IHomeTiles>().Select(t => t.GetType()).ToList())))
            await app.InScopeAsync(async s =>
            {
                var tiles = s.GetServices<Liren.Sdk.Ui.IHomeTiles>().Single(t => t.GetType() == source);
                tiles.Offers.Select(o => o.Title).Except((await tiles.TilesAsync(GridApp.Plaza, Stop)).Select(t => t.Title)).ShouldBeEmpty(source.Name);
                return true;
            });
    }
}
