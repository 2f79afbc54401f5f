using System.Net.Http.Json;
using System.Text.Json;
using Liren.Contracts.Organisation;
using Liren.Organisation.Data;
using Liren.Sdk.Security;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Liren.Tests.Organisation;

public sealed class DemoApp : LirenApp
{
    protected override bool Demo => true;
}

/// <summary>The demo's organisations answer every question at every hour.</summary>
public sealed class DemoTests(DemoApp app) : IClassFixture<DemoApp>
{
    private const string Plaza = "31.01.15.016.037.liren.plaza";
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("crowd.gathering", Plaza, Mode.Peace, "lianyang1", "huamu,pudong")]
    [InlineData("crowd.gathering", Plaza, Mode.Emergency, "huamu-emergency", "huamu,pudong")]
    [InlineData("facility.lift", "31.01.15.016.037.liren.b8", Mode.Peace, "liren-lifts", "huamu,pudong")]
    [InlineData("fire.smoke", "31.01.15.016.037.liren.b8", Mode.Peace, "huamu-fire", "huamu,pudong")]
    [InlineData("sensor.blind", Plaza, Mode.Peace, "huamu-grid", "huamu,pudong")]
    [InlineData("fire.smoke", "61.06.02.003", Mode.Emergency, "baota-fire", "baota")]
    public async Task There_is_one_owner_and_somebody_to_follow(string type, string place, Mode mode, string owner, string fallback)
    {
        var who = await app.InScopeAsync(s => s.GetRequiredService<IResponsibilityMatrix>().WhoAsync(type, place, mode, Stop));
        who.Owner!.Code.ShouldBe(owner);
        string.Join(',', who.Fallback.Select(f => f.Code)).ShouldBe(fallback);
        who.MatrixVersion.ShouldBe(1);
        who.SignInByLevel["II"].ShouldBe(TimeSpan.FromMinutes(2));
    }

    [Theory]
    [InlineData(0), InlineData(7), InlineData(13), InlineData(21), InlineData(24 * 40)]
    public async Task The_grid_workers_are_on_duty_at_every_hour_for_weeks(int hours)
    {
        var at = app.Clock.GetUtcNow().AddHours(hours);
        var grid = await app.InScopeAsync(s => s.GetRequiredService<IDutyRota>().OnDutyAsync("grid-worker", Plaza, at, Stop));
        grid.Select(g => g.PersonName).ShouldBe(["网格员 张强", "网格员 李霞", "网格员 王军"], ignoreOrder: true);
        grid.ShouldAllBe(g => g.AccountId != null && g.Longitude != null);
        foreach (var kind in new[] { "duty-officer", "community-secretary", "checker", "duty-leader", "guard" })
            (await app.InScopeAsync(s => s.GetRequiredService<IDutyRota>().OnDutyAsync(kind, Plaza, at, Stop))).ShouldNotBeEmpty(kind);
        (await app.InScopeAsync(s => s.GetRequiredService<IDutyRota>().OnDutyAsync("duty-leader", "61.06.02", at, Stop))).ShouldHaveSingleItem().PersonName.ShouldBe("宝塔区 冯远");
    }

    [Fact]
    public async Task Seeding_again_changes_nothing()
    {
        async Task<string> CountAsync() => await app.InScopeAsync(async s =>
        {
            var db = s.GetRequiredService<OrganisationDb>();
            return $"{await db.Units.CountAsync(Stop)} {await db.Superiors.CountAsync(Stop)} {await db.Posts.CountAsync(Stop)} {await db.Holdings.CountAsync(Stop)} {await db.Shifts.CountAsync(Stop)} {await db.Rules.CountAsync(Stop)}";
        });
        var before = await CountAsync();
        await app.InScopeAsync(async s => { await new Liren.Organisation.OrganisationModule().SeedDemoAsync(s, Stop); return 0; });
        (await CountAsync()).ShouldBe(before);
    }

    [Fact]
    public async Task Who_is_answered_over_http_with_those_on_duty()
    {
        var place = "31.01.15.016.037.liren.plaza";
        var answer = await app.As(BuiltInRoles.DutyOfficer, "31.01.15.016").GetFromJsonAsync<JsonElement>($"/api/organisation/who?event=crowd.gathering&place={place}&mode=emergency", Stop);
        answer.GetProperty("owner").GetProperty("code").GetString().ShouldBe("huamu-emergency");
        answer.GetProperty("owner").GetProperty("onDuty")[0].GetProperty("name").GetString().ShouldBe("应急 罗刚");
        answer.GetProperty("because").GetArrayLength().ShouldBeGreaterThan(1);
        (await app.As(BuiltInRoles.DutyOfficer, "61.06.02").GetAsync(new Uri($"/api/organisation/who?event=crowd.gathering&place={place}", UriKind.Relative), Stop)).StatusCode.ShouldBe(System.Net.HttpStatusCode.Forbidden);
    }
}
