using Liren.Incidents.Data;
using Liren.Incidents.Domain;
using Microsoft.EntityFrameworkCore;

namespace Liren.Tests.Devices;

/// <summary>From a message of a device to an incident: sense, then decide.</summary>
public sealed class SensingTests(DevicesApp app) : DeviceBase(app), IClassFixture<DevicesApp>
{
    private readonly DevicesApp app = app;

    private static object Count(int seq, long at, double value) => new { seq, ts = at, v = new Dictionary<string, double> { ["people.count"] = value } };

    // The demo has incidents of its own, elsewhere.
    private async Task<List<Incident>> IncidentsAsync(string type)
    {
        var place = await PlaceAsync();
        return await app.InScopeAsync(s => ((IncidentsDb)s.GetService(typeof(IncidentsDb))!).Incidents.AsNoTracking().Where(i => i.Type == type && i.PlacePath == place).ToListAsync(Stop));
    }

    private async Task<Incident> IncidentAsync(string type, Func<Incident, bool> wanted)
    {
        for (var tries = 0; ; tries++)
        {
            await app.SettleAsync();
            var all = await IncidentsAsync(type);
            if (all.SingleOrDefault() is { } one && wanted(one)) return one;
            tries.ShouldBeLessThan(200, $"{all.Count} incidents, {all.FirstOrDefault()?.Signals} signals");
            await Task.Delay(50, Stop);
        }
    }

    [Fact]
    public async Task A_counter_opens_an_incident_and_what_it_counts_next_joins_it()
    {
        var box = await AddAsync("counter-1");
        var (client, _) = await ConnectAsync(box.Code, box.Secret);
        using var connected = client;
        await SendAsync(client, box, "tm", Count(1, Now, 12));
        await app.PassAsync(TimeSpan.FromSeconds(1));
        await SendAsync(client, box, "tm", Count(2, Now, 25));
        var incident = await IncidentAsync("crowd.gathering", _ => true);
        incident.LastValue.ShouldBe(25);
        // Three seconds later nothing new is told, after twelve it is; the same message twice is one.
        await app.PassAsync(TimeSpan.FromSeconds(3));
        await SendAsync(client, box, "tm", Count(3, Now, 26));
        await app.PassAsync(TimeSpan.FromSeconds(9));
        await SendAsync(client, box, "tm", Count(4, Now, 27));
        await SendAsync(client, box, "tm", Count(4, Now, 27));
        var joined = await IncidentAsync("crowd.gathering", i => i.LastValue == 27);
        (joined.Id, joined.Signals).ShouldBe((incident.Id, 2));
    }

    [Fact]
    public async Task What_a_device_says_happened_opens_an_incident_of_its_type()
    {
        var box = await AddAsync("smoke-1", "smoke");
        var (client, _) = await ConnectAsync(box.Code, box.Secret);
        using var connected = client;
        await SendAsync(client, box, "ev", new { seq = 1, ts = Now, type = "smoke.alarm" });
        (await IncidentAsync("fire.alarm", _ => true)).Signals.ShouldBe(1);
    }
}
