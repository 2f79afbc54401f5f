using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Liren.Alerts;
using Liren.Sdk.Security;
using Microsoft.AspNetCore.Hosting;

namespace Liren.Tests.Incidents;

public sealed class CapApp : LirenApp
{
    public const string Weather = "alerts@weather.example";

    protected override bool Demo => true;

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseSetting("Cap:Sender", "liren@huamu.example");
        builder.UseSetting("Cap:Senders:0", Weather);
        builder.UseSetting("Cap:Events:暴雨红色预警", "weather.storm");
        base.ConfigureWebHost(builder);
    }
}

/// <summary>CAP in and out: a message becomes an observation once, never an act; an incident becomes a message that the standard allows.</summary>
public sealed class CapTests(CapApp app) : IClassFixture<CapApp>
{
    private const string Community = "31.01.15.016.037";
    private HttpClient Weather => app.As(BuiltInRoles.Integration);
    private HttpClient Duty => app.As(BuiltInRoles.DutyOfficer);
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private Alert Storm(string identifier, string place = "310115016037", string name = "GB2260") =>
        new(identifier, CapApp.Weather, app.Clock.GetUtcNow().ToOffset(TimeSpan.FromHours(8)), AlertStatus.Actual, AlertKind.Alert, AlertScope.Public)
        {
            Infos =
            [
                new([AlertCategory.Met], "暴雨红色预警", AlertUrgency.Immediate, AlertSeverity.Severe, AlertCertainty.Observed)
                {
                    Expires = app.Clock.GetUtcNow().AddHours(6).ToOffset(TimeSpan.FromHours(8)), Areas = [new("联洋") { Geocodes = [new(name, place)] }],
                },
            ],
        };

    private Task<HttpResponseMessage> SendAsync(Alert alert, HttpClient? who = null) => SendAsync(AlertWriter.Write(alert), who);

    private Task<HttpResponseMessage> SendAsync(byte[] message, HttpClient? who = null) =>
        (who ?? Weather).PostAsync("/api/incidents/cap", new ByteArrayContent(message) { Headers = { ContentType = new("application/cap+xml") } }, Stop);

    private static async Task<string> OutcomeAsync(HttpResponseMessage answer)
    {
        answer.IsSuccessStatusCode.ShouldBeTrue(await answer.Content.ReadAsStringAsync(Stop));
        return (await answer.Content.ReadFromJsonAsync<JsonElement>(Stop)).GetProperty("outcome").GetString()!;
    }

    private static async Task<string> CodeAsync(HttpResponseMessage answer) => (await answer.Content.ReadFromJsonAsync<JsonElement>(Stop)).GetProperty("code").GetString()!;

    private async Task<IReadOnlyList<JsonElement>> StormsAsync() =>
        [.. (await Duty.GetFromJsonAsync<JsonElement>("/api/incidents?filter=open&size=200", Stop)).GetProperty("items").EnumerateArray().Where(i => i.GetProperty("type").GetString() == "weather.storm")];

    [Fact]
    public async Task A_message_is_an_observation_once_and_its_incident_goes_out_as_a_message()
    {
        var storm = Storm("SH-0213-1");
        var answer = await SendAsync(storm);
        answer.StatusCode.ShouldBe(HttpStatusCode.Accepted, await answer.Content.ReadAsStringAsync(Stop));
        (await OutcomeAsync(await SendAsync(storm))).ShouldBe("Repeated");
        await app.SettleAsync();
        var incident = (await StormsAsync()).ShouldHaveSingleItem();
        incident.GetProperty("place").GetString().ShouldBe(Community);

        var id = incident.GetProperty("id").GetGuid();
        var sent = await Duty.GetAsync($"/api/incidents/{id}/cap", Stop);
        sent.Content.Headers.ContentType!.MediaType.ShouldBe("application/cap+xml");
        var reading = AlertReader.Read(await sent.Content.ReadAsByteArrayAsync(Stop));
        reading.Faults.ShouldBeEmpty();
        var ours = reading.Alert!;
        var steps = (await Duty.GetFromJsonAsync<JsonElement>($"/api/incidents/{id}", Stop)).GetProperty("timeline").GetArrayLength();
        (ours.Identifier, ours.Sender, ours.Kind, ours.References.Count).ShouldBe(($"{id}.{steps}", "liren@huamu.example", steps == 1 ? AlertKind.Alert : AlertKind.Update, steps - 1));
        var info = ours.Infos[0];
        (info.EventCodes[0].Value, info.Areas[0].Geocodes[0].Value, info.Areas[0].Geocodes[1].Value, info.Categories[0]).ShouldBe(("weather.storm", Community, "310115016037", AlertCategory.Met));
        info.Severity.ShouldBe(incident.GetProperty("level").GetString() switch { "I" => AlertSeverity.Extreme, "II" => AlertSeverity.Severe, "III" => AlertSeverity.Moderate, _ => AlertSeverity.Minor });
        (await app.As(BuiltInRoles.DutyOfficer, "61.06.02").GetAsync($"/api/incidents/{id}/cap", Stop)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);

        // Our own message comes back to us: nothing happens.
        (await OutcomeAsync(await SendAsync(ours))).ShouldBe("Ignored");

        // The weather office takes it back: people are told, the incident stays with them.
        var cancel = new Alert("SH-0213-2", CapApp.Weather, storm.Sent, AlertStatus.Actual, AlertKind.Cancel, AlertScope.Public) { References = [storm.Reference] };
        var cancelled = await (await SendAsync(cancel)).Content.ReadFromJsonAsync<JsonElement>(Stop);
        (cancelled.GetProperty("outcome").GetString(), cancelled.GetProperty("incidents")[0].GetGuid()).ShouldBe(("Cancelled", id));
        await app.SettleAsync();
        (await StormsAsync()).Count.ShouldBe(1);
        var stranger = cancel with { References = [storm.Reference with { Sender = "other@example.org" }], Identifier = "SH-0213-3" };
        (await (await SendAsync(stranger)).Content.ReadFromJsonAsync<JsonElement>(Stop)).GetProperty("incidents").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task An_unknown_sender_is_quarantined_where_the_operator_sees_it()
    {
        var before = (await StormsAsync()).Count;
        var answer = await SendAsync(Storm("X-1") with { Sender = "nobody@example.org" });
        (answer.StatusCode, await CodeAsync(answer)).ShouldBe((HttpStatusCode.Forbidden, "incidents.cap-sender"));
        await app.SettleAsync();
        (await StormsAsync()).Count.ShouldBe(before);
        var line = (await Duty.GetFromJsonAsync<JsonElement>("/api/incidents/cap", Stop)).EnumerateArray().First(l => l.GetProperty("identifier").GetString() == "X-1");
        (line.GetProperty("sender").GetString(), line.GetProperty("outcome").GetString()).ShouldBe(("nobody@example.org", "UnknownSender"));
        (await Weather.GetAsync("/api/incidents/cap", Stop)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task What_is_over_a_test_or_a_drill_opens_nothing()
    {
        var before = (await StormsAsync()).Count;
        const string elsewhere = Community + ".liren";
        Alert At(string id) => Storm(id, elsewhere, "liren");
        var over = At("T-1");
        (await OutcomeAsync(await SendAsync(over with { Infos = [over.Infos[0] with { Expires = app.Clock.GetUtcNow() }] }))).ShouldBe("Expired");
        (await OutcomeAsync(await SendAsync(At("T-2") with { Status = AlertStatus.Test }))).ShouldBe("Ignored");
        (await OutcomeAsync(await SendAsync(At("T-3") with { Status = AlertStatus.Exercise }))).ShouldBe("Taken");
        (await OutcomeAsync(await SendAsync(At("T-4") with { Kind = AlertKind.Ack, References = [over.Reference] }))).ShouldBe("Ignored");
        await app.SettleAsync();
        (await StormsAsync()).Count.ShouldBe(before);
    }

    [Fact]
    public async Task A_place_or_event_that_stands_for_nothing_here_is_quarantined()
    {
        (await CodeAsync(await SendAsync(Storm("P-1", "999999")))).ShouldBe("incidents.cap-place");
        var odd = Storm("P-2");
        (await CodeAsync(await SendAsync(odd with { Infos = [odd.Infos[0] with { Event = "海啸" }] }))).ShouldBe("incidents.cap-event");
        (await SendAsync(Storm("P-3"), app.As(BuiltInRoles.Integration, "61.06.02"))).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task A_faulty_message_is_refused_with_element_and_line()
    {
        var answer = await SendAsync(Encoding.UTF8.GetBytes("<alert xmlns=\"urn:oasis:names:tc:emergency:cap:1.2\">\n<identifier>a b</identifier>\n</alert>"));
        answer.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>(Stop);
        (problem.GetProperty("code").GetString(), problem.GetProperty("field").GetString()).ShouldBe(("incidents.cap-faulty", "alert"));
        problem.GetRawText().ShouldContain("缺少元素 sender");
        ((int)(await SendAsync(new byte[AlertReader.MostBytes + 1])).StatusCode).ShouldBe(413);
        (await SendAsync(Encoding.UTF8.GetBytes("<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/hostname\">]><alert>&x;</alert>"))).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await SendAsync(Storm("N-1"), app.CreateClient())).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }
}
