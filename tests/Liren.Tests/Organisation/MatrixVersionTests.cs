using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Liren.Contracts.Organisation;
using Microsoft.Extensions.DependencyInjection;
using static Liren.Sdk.Security.BuiltInRoles;

namespace Liren.Tests.Organisation;

/// <summary>From draft to force, through the API.</summary>
public sealed class MatrixVersionTests(DemoApp app) : IClassFixture<DemoApp>
{
    private const string Huamu = "31.01.15.016", Compound = Huamu + ".037.liren";
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static async Task<string> CodeAsync(HttpResponseMessage answer) => answer.IsSuccessStatusCode ? "ok" : (await answer.Content.ReadFromJsonAsync<JsonElement>(Stop)).GetProperty("code").GetString()!;

    private static async Task<(Guid Id, int Number)> DraftAsync(HttpClient by)
    {
        var made = await (await by.PostAsJsonAsync("/api/organisation/matrix", new { note = "试改" }, Stop)).Content.ReadFromJsonAsync<JsonElement>(Stop);
        return (made.GetProperty("id").GetGuid(), made.GetProperty("number").GetInt32());
    }

    private static async Task<HttpResponseMessage> SendAsync(HttpClient by, HttpMethod method, Guid draft, string path, HttpContent? content = null, int? version = null)
    {
        version ??= (await by.GetFromJsonAsync<JsonElement>($"/api/organisation/matrix/{draft}", Stop)).GetProperty("version").GetInt32();
        using var request = new HttpRequestMessage(method, $"/api/organisation/matrix/{draft}{path}") { Content = content };
        request.Headers.TryAddWithoutValidation("If-Match", $"\"{version}\"");
        return await by.SendAsync(request, Stop);
    }

    private static JsonContent Body(string @event, string place, string lead, string mode = "Any", int rank = 0) => JsonContent.Create(new { @event, place, mode, lead, rank });

    private static async Task<JsonElement> CheckAsync(HttpClient by, Guid draft) =>
        await (await by.PostAsync(new Uri($"/api/organisation/matrix/{draft}/check", UriKind.Relative), null, Stop)).Content.ReadFromJsonAsync<JsonElement>(Stop);

    private async Task<Responsibility> WhoAsync(string type, string place, Mode mode = Mode.Peace) => await app.InScopeAsync(s => s.GetRequiredService<IResponsibilityMatrix>().WhoAsync(type, place, mode, Stop));

    [Fact]
    public async Task The_demo_matrix_has_no_errors_and_everybody_is_on_duty()
    {
        var versions = await app.As(Auditor, Huamu).GetFromJsonAsync<JsonElement>("/api/organisation/matrix?filter=Active", Stop);
        var active = versions.GetProperty("items")[0].GetProperty("id").GetGuid();
        var check = await CheckAsync(app.As(Auditor, Huamu), active);
        check.GetProperty("findings").EnumerateArray().Select(f => $"{f.GetProperty("kind")} {f.GetProperty("says")}").ShouldBeEmpty();
        var grid = await app.As(StreetLeader, Huamu).GetFromJsonAsync<JsonElement>($"/api/organisation/matrix/{active}/coverage?mode=emergency", Stop);
        (grid.GetProperty("holes").GetInt32(), grid.GetProperty("ties").GetInt32()).ShouldBe((0, 0));
        grid.GetProperty("columns").EnumerateArray().ShouldNotContain(c => c.GetProperty("place").GetString()!.StartsWith("61", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_hole_stops_the_activation_and_mending_it_lets_it_through()
    {
        var leader = app.As(StreetLeader, Huamu);
        var (id, number) = await DraftAsync(leader);
        (await CodeAsync(await SendAsync(leader, HttpMethod.Delete, id, "/rules/1"))).ShouldBe("ok");
        var check = await CheckAsync(leader, id);
        check.GetProperty("errors").GetInt32().ShouldBeGreaterThan(0);
        check.GetProperty("findings")[0].GetProperty("kind").GetString().ShouldBe("Hole");
        check.GetProperty("findings")[0].GetProperty("says").GetString()!.ShouldContain("没有牵头单位");
        (await CodeAsync(await SendAsync(leader, HttpMethod.Post, id, "/activate"))).ShouldBe("organisation.matrix-has-errors");
        (await CodeAsync(await SendAsync(leader, HttpMethod.Post, id, "/rules", Body("*", Huamu, "huamu-emergency")))).ShouldBe("ok");
        (await CheckAsync(leader, id)).GetProperty("errors").GetInt32().ShouldBe(0);
        var before = app.Clock.GetUtcNow();
        app.Clock.Advance(TimeSpan.FromMinutes(5));
        (await CodeAsync(await SendAsync(leader, HttpMethod.Post, id, "/activate"))).ShouldBe("ok");
        (await WhoAsync("device.offline", Compound)).Owner!.Code.ShouldBe("huamu-emergency");
        (await WhoAsync("device.offline", Compound)).MatrixVersion.ShouldBe(number);
        // The past answers as it did then.
        var then = await leader.GetFromJsonAsync<JsonElement>($"/api/organisation/who?event=device.offline&place={Compound}&at={Uri.EscapeDataString(before.AddSeconds(1).ToString("O"))}", Stop);
        then.GetProperty("owner").GetProperty("code").GetString().ShouldBe("huamu-grid");
        (await CodeAsync(await SendAsync(leader, HttpMethod.Post, id, "/rules", Body("*", Huamu, "huamu-grid")))).ShouldBe("organisation.matrix-immutable");
        var shown = await leader.GetFromJsonAsync<JsonElement>($"/api/organisation/matrix/{id}", Stop);
        shown.GetProperty("activatedBy").GetString().ShouldBe("test street-leader");
        shown.GetProperty("changes").EnumerateArray().Select(c => c.GetProperty("what").GetString()).ShouldBe(["removed", "added"]);
    }

    [Fact]
    public async Task Nobody_changes_the_matrix_of_another_place()
    {
        var (huamu, baota) = (app.As(StreetLeader, Huamu), app.As(StreetLeader, "61.06.02"));
        var (id, _) = await DraftAsync(huamu);
        (await SendAsync(huamu, HttpMethod.Post, id, "/rules", Body("noise.loud", "61.06.02", "baota"))).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await SendAsync(huamu, HttpMethod.Post, id, "/rules", Body("noise.loud", "", "huamu"))).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await CodeAsync(await SendAsync(huamu, HttpMethod.Post, id, "/rules", Body("weather.heat", Compound, "liren-property")))).ShouldBe("ok");
        (await SendAsync(baota, HttpMethod.Post, id, "/activate")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await SendAsync(app.As(CommunityWorker, Huamu), HttpMethod.Post, id, "/activate")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await CodeAsync(await SendAsync(huamu, HttpMethod.Post, id, "/rules", Body("weather.heat", Compound, "liren-property"), version: 1))).ShouldBe("sdk.changed-meanwhile");
        (await SendAsync(baota, HttpMethod.Delete, id, "")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await CodeAsync(await SendAsync(huamu, HttpMethod.Delete, id, ""))).ShouldBe("ok");
    }

    [Theory]
    [InlineData("crowd..x", Huamu, "huamu", "event"), InlineData("crowd.*", "31/01", "huamu", "place"), InlineData("crowd.*", Huamu, "Not A Code", "lead")]
    public async Task A_bad_rule_names_its_field(string @event, string place, string lead, string field)
    {
        var admin = app.As(Administrator);
        var (id, _) = await DraftAsync(admin);
        var answer = await SendAsync(admin, HttpMethod.Post, id, "/rules", Body(@event, place, lead));
        answer.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await answer.Content.ReadFromJsonAsync<JsonElement>(Stop)).GetProperty("field").GetString().ShouldBe(field);
    }

    [Theory]
    [InlineData("xlsx"), InlineData("csv")]
    public async Task A_sheet_goes_out_and_comes_back_unchanged(string format)
    {
        var admin = app.As(Administrator);
        var (id, _) = await DraftAsync(admin);
        var sheet = await admin.GetByteArrayAsync($"/api/organisation/matrix/{id}/sheet?format={format}", Stop);
        (await CodeAsync(await SendAsync(admin, HttpMethod.Put, id, "/sheet", new ByteArrayContent(sheet)))).ShouldBe("ok");
        var shown = await admin.GetFromJsonAsync<JsonElement>($"/api/organisation/matrix/{id}", Stop);
        shown.GetProperty("changes").GetArrayLength().ShouldBe(0);
        shown.GetProperty("rules").GetArrayLength().ShouldBeGreaterThan(20);
    }

    [Fact]
    public async Task A_sheet_as_Chinese_Excel_writes_it_is_read_and_every_bad_row_is_named()
    {
        var admin = app.As(Administrator);
        var (id, _) = await DraftAsync(admin);
        var gbk = CodePagesEncodingProvider.Instance.GetEncoding("GB18030")!;
        const string Text = "规则号,事件,地点,模式,牵头单位,协同单位,有效期至\r\n1,*,31.01.15.016,不限,huamu-grid,\"huamu,lianyang1\",2030-12-31\r\n,crowd.*,*,平时,huamu,,\r\n";
        (await CodeAsync(await SendAsync(admin, HttpMethod.Put, id, "/sheet", new ByteArrayContent(gbk.GetBytes(Text))))).ShouldBe("ok");
        const string Bad = "规则号,事件,地点,模式,牵头单位,优先级,有效期至\r\n0,*,*,不限,a-b,,\r\n1,??,*,不限,a-b,,\r\n2,*,*,有时,a-b,,\r\n3,*,*,不限,A B,,\r\n4,*,*,不限,a-b,高,\r\n5,*,*,不限,a-b,1,明天\r\n5,*,*,不限,a-b,1,\r\n";
        var answer = await SendAsync(admin, HttpMethod.Put, id, "/sheet", new StringContent(Bad));
        answer.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        var bad = (await answer.Content.ReadFromJsonAsync<JsonElement>(Stop)).GetProperty("bad").EnumerateArray().Select(b => $"{b.GetProperty("row")} {b.GetProperty("column")}").ToList();
        bad.ShouldBe(["2 规则号", "3 事件", "4 模式", "5 牵头单位", "6 优先级", "7 有效期至", "8 规则号"]);
        (await CodeAsync(await SendAsync(admin, HttpMethod.Put, id, "/sheet", new ByteArrayContent([0x50, 0x4B, 3, 4, 0, 0])))).ShouldBe("organisation.sheet-unreadable");
        (await CodeAsync(await SendAsync(admin, HttpMethod.Put, id, "/sheet", new StringContent("事件,地点\r\n*,*")))).ShouldBe("organisation.sheet-column");
    }
}
