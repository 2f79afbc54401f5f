using System.Net.Http.Json;
using System.Text.Json;
using Liren.Cases.Features;
using Liren.Contracts;
using Liren.Contracts.Incidents;
using Liren.Contracts.Insight;
using Liren.Incidents.Features;
using Liren.Insight.Data;
using Liren.Insight.Domain;
using Liren.Insight.Folding;
using Liren.Tests.Cases;
using Microsoft.Extensions.DependencyInjection;

namespace Liren.Tests.Insight;

/// <summary>Figures that follow from the history of incidents and cases.</summary>
public sealed class SubjectFiguresTests(GridApp app) : IClassFixture<GridApp>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private async Task<JsonElement> TotalAsync(string measure, string place = GridApp.Compound, string role = "street-leader")
    {
        var rows = (await app.As(role, "31.01.15.016").GetFromJsonAsync<JsonElement>($"/api/insight/facts?measure={measure}&place={place}&by=total&from=2020-02-01&to=2020-03-01", Stop)).GetProperty("rows");
        return rows.EnumerateArray().SingleOrDefault();
    }

    private async Task<long> ValueAsync(string measure, string place = GridApp.Compound) => await TotalAsync(measure, place) is { ValueKind: JsonValueKind.Object } row && row.GetProperty("value") is { ValueKind: JsonValueKind.Number } v ? v.GetInt64() : 0;

    [Fact]
    public async Task A_case_counts_from_report_to_rating_and_its_rates_are_divided_last()
    {
        var before = (Reported: await ValueAsync("cases.reported"), Closed: await ValueAsync("cases.closed"), InTime: await ValueAsync("cases.in-time"), Rated: await ValueAsync("cases.rated"));
        var id = await app.FedBackAsync();
        (await ValueAsync("cases.reported")).ShouldBe(before.Reported + 1);
        (await ValueAsync("cases.closed")).ShouldBe(before.Closed);
        (await app.SendAsync("grid1", id, "confirm", new { })).EnsureSuccessStatusCode();
        (await ValueAsync("cases.closed")).ShouldBe(before.Closed + 1);
        (await ValueAsync("cases.in-time")).ShouldBe(before.InTime + 1);
        (await ValueAsync("cases.closed", GridApp.Plaza)).ShouldBeGreaterThan(0);
        (await ValueAsync("cases.closed", "31.01.15.016")).ShouldBe(await ValueAsync("cases.closed"));
        var rate = await TotalAsync("cases.response-rate");
        rate.GetProperty("per").GetInt64().ShouldBe(await ValueAsync("cases.closed"));
        rate.GetProperty("value").GetInt64().ShouldBe(await ValueAsync("cases.in-time"));
        // Opened again: what it had put in is taken out.
        (await app.DoAsync("duty", id, "reopen", new { text = "又有垃圾" })).EnsureSuccessStatusCode();
        (await ValueAsync("cases.closed")).ShouldBe(before.Closed);
        (await ValueAsync("cases.in-time")).ShouldBe(before.InTime);
        (await ValueAsync("cases.reported")).ShouldBe(before.Reported + 1);
    }

    [Fact]
    public async Task Events_that_come_twice_late_or_in_another_order_give_the_same_figures()
    {
        var at = app.Clock.GetUtcNow();
        var (handler, checker) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        const string place = GridApp.Compound + ".b3";
        IEvent[] History(Guid id) =>
        [
            new IncidentOpened(id, "test.order", place, "L3", at), Moved(id, "offer", IncidentState.Open, IncidentState.Dispatched, null, 0), Moved(id, "accept", IncidentState.Dispatched, IncidentState.Accepted, handler, 2),
            Moved(id, "arrive", IncidentState.Accepted, IncidentState.OnScene, handler, 9), Moved(id, "handle", IncidentState.OnScene, IncidentState.Verifying, handler, 20), Moved(id, "confirm", IncidentState.Verifying, IncidentState.Verifying, checker, 24),
            Moved(id, "close", IncidentState.Verifying, IncidentState.Closed, null, 25),
        ];
        IncidentMoved Moved(Guid id, string act, IncidentState from, IncidentState to, Guid? by, int minutes) => new(id, place, act, from, to, by, at.AddMinutes(minutes));
        var (opened, closed, timed) = (await ValueAsync("incidents.opened"), await ValueAsync("incidents.closed"), await ValueAsync("incidents.sense-to-close", place));
        var random = new Random(5);
        for (var n = 0; n < 5; n++)
        {
            var events = History(Guid.CreateVersion7());
            random.Shuffle(events);
            foreach (var e in events) await app.InScopeAsync(async s =>
            {
                var db = s.GetRequiredService<InsightDb>();
                db.Raise(e);
                return await db.SaveChangesAsync(Stop);
            });
            await app.SettleAsync();
        }
        // An event delivered once more, as after a crash between its effect and its mark.
        await app.InScopeAsync(async s =>
        {
            var route = s.GetServices<Liren.Sdk.Events.IEventRoute>().OfType<FoldRoute>().Single();
            var again = s.GetRequiredService<InsightDb>().Journal.Where(j => j.Type == typeof(IncidentOpened).FullName && j.Place == place).Select(j => j.Subject!.Value).First();
            await route.DeliverAsync(s, Guid.CreateVersion7(), History(again)[6], Stop);
            return true;
        });
        (await ValueAsync("incidents.opened")).ShouldBe(opened + 5);
        (await ValueAsync("incidents.closed")).ShouldBe(closed + 5);
        (await ValueAsync("incidents.no-owner", place)).ShouldBe(0);
        (await ValueAsync("incidents.closed-alone", place)).ShouldBe(0);
        var time = await TotalAsync("incidents.sense-to-close", place);
        (time.GetProperty("value").GetInt64(), time.GetProperty("p50").GetInt32(), time.GetProperty("p90").GetInt32()).ShouldBe((timed + 5, 30, 30));
        await app.InScopeAsync(async s =>
        {
            foreach (var source in s.GetRequiredService<MeasureBook>().Sources) (await s.GetRequiredService<Recount>().DayAsync(source, LocalTime.DayOf(at), Stop)).Different.ShouldBeEmpty();
            (await s.GetRequiredService<Rebuild>().RunAsync(s.GetRequiredService<MeasureBook>().Sources.Single(x => x.Name == "incidents.journal"), null, Stop)).Different.ShouldBe(0);
            return true;
        });
    }

    [Fact]
    public void Who_closes_alone_is_found_and_so_is_what_nobody_was_asked_to_do()
    {
        var (id, at, hand) = (Guid.CreateVersion7(), new DateTimeOffset(2026, 11, 1, 0, 0, 0, TimeSpan.Zero), Guid.CreateVersion7());
        IncidentMoved Moved(string act, IncidentState from, IncidentState to, Guid? by) => new(id, "31.01", act, from, to, by, at.AddMinutes(1));
        var opened = new IncidentOpened(id, "x.y", "31.01", "L3", at);
        IEnumerable<string> Of(params IEvent[] history) => new IncidentMeasures().FactsOf(history).Select(f => f.Measure);
        Of(opened).ShouldContain("incidents.no-owner");
        Of(opened, Moved("offer", IncidentState.Open, IncidentState.Dispatched, null)).ShouldNotContain("incidents.no-owner");
        Of(opened, Moved("handle", IncidentState.OnScene, IncidentState.Verifying, hand), Moved("confirm", IncidentState.Verifying, IncidentState.Verifying, hand), Moved("close", IncidentState.Verifying, IncidentState.Closed, null)).ShouldContain("incidents.closed-alone");
        Of(opened, Moved("handle", IncidentState.OnScene, IncidentState.Verifying, hand), Moved("confirm", IncidentState.Verifying, IncidentState.Verifying, Guid.CreateVersion7()), Moved("close", IncidentState.Verifying, IncidentState.Closed, null)).ShouldNotContain("incidents.closed-alone");
        new CaseMeasures().FactsOf([Moved("close", IncidentState.Verifying, IncidentState.Closed, null)]).ShouldBeEmpty();
    }

    [Fact]
    public async Task The_overview_of_a_building_a_compound_and_a_street_is_the_same_picture()
    {
        await app.ReportAsync();
        await app.SettleAsync();
        foreach (var place in (string[])[GridApp.Plaza, GridApp.Compound, "31.01.15.016"])
        {
            var shown = await app.As("street-leader", "31.01.15.016").GetFromJsonAsync<JsonElement>($"/api/insight/overview?place={place}&measure=cases.reported", Stop);
            shown.GetProperty("points").EnumerateArray().Last().GetProperty("value").GetDouble().ShouldBeGreaterThan(0);
            shown.GetProperty("tiles").GetArrayLength().ShouldBe(12);
            shown.GetProperty("summary").GetString()!.ShouldNotBeNullOrEmpty();
        }
    }
}
