using System.Net.Http.Json;
using System.Text.Json;
using Liren.Shared;

namespace Liren.Faults;

/// <summary>kill -9 of a server that runs plans: in mid-hold, in mid-ladder and in between; what is due happens, and nothing twice.</summary>
public sealed class PlansAtWorkTests
{
    private const string Plaza = "31.01.15.016.037.liren.plaza";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_hold_goes_on_over_kills_an_offer_runs_out_while_nobody_is_there_and_each_happens_once()
    {
        using var data = new DataFolder();
        var liren = await LirenProcess.UpAsync(data.Path, demo: true);
        var file = Path.Combine(data.Path, "plan.yaml");
        // Hold and offer as long as a restart takes, and some more.
        await File.WriteAllTextAsync(file, (await File.ReadAllTextAsync(Path.Combine(LirenProcess.Root, "demo", "plans", "plaza-gathering.yaml"), Stop))
            .Replace("accept: 60s, arrive: 8m", "accept: 20s, arrive: 8m").Replace("after: 60s, to: role/grid-worker", "after: 25s, to: role/grid-worker"), Stop);
        var plan = (await LirenProcess.JsonAsync(data.Path, "plan", "write", file, "--by", "duty")).GetProperty("id").GetString()!;
        await LirenProcess.JsonAsync(data.Path, "plan", "approve", plan, "--by", "leader");
        await LirenProcess.JsonAsync(data.Path, "plan", "put", plan, "--place", Plaza, "--emergency", "--set", "hold=20s", "--by", "leader");
        await UntilAsync(data, "SELECT COUNT(*) FROM incidents_plan_input WHERE Body LIKE '%put-in-force%'", n => n == 1);
        var key = await LirenProcess.KeyAsync(data.Path, "integration");
        using (var http = liren.Client(key)) await CountAsync(http, 25);
        await UntilAsync(data, "SELECT COUNT(*) FROM incidents_plan_input WHERE Body LIKE '%\"reading\"%'", n => n == 1);

        // In mid-hold.
        await liren.KillAsync();
        data.Count(Opened).ShouldBe(0);
        liren = await LirenProcess.UpAsync(data.Path, demo: true);
        await UntilAsync(data, Opened, n => n == 1);
        await UntilAsync(data, Offers, n => n == 1);

        // In mid-ladder: the offer runs out while nobody is there.
        await liren.KillAsync();
        await Task.Delay(TimeSpan.FromSeconds(20), Stop);
        liren = await LirenProcess.UpAsync(data.Path, demo: true);
        await UntilAsync(data, Offers, n => n == 2);
        data.Count("SELECT COUNT(*) FROM incidents_offer WHERE \"Key\" IS NOT NULL AND Result = 'Expired'").ShouldBe(1);

        // And thrice in a row.
        for (var i = 0; i < 3; i++)
        {
            await liren.KillAsync();
            liren = await LirenProcess.UpAsync(data.Path, demo: true);
        }
        await UntilAsync(data, "SELECT COUNT(*) FROM incidents_plan_mark WHERE Name = 'seen'", n => n == 1);
        await Task.Delay(1_500, Stop);
        data.Count(Opened).ShouldBe(1);
        data.Count("SELECT COUNT(*) - COUNT(DISTINCT \"Key\") FROM incidents_offer WHERE \"Key\" IS NOT NULL").ShouldBe(0);
        data.Count("SELECT COUNT(*) - COUNT(DISTINCT AccountId) FROM incidents_offer WHERE \"Key\" IS NOT NULL").ShouldBe(0);
        data.Count("SELECT COUNT(*) FROM incidents_step WHERE Why = 'incidents.why.plan'").ShouldBe(1);

        // An orderly stop keeps what the engine knows, once it is at work; the next start needs no replay and goes on.
        using (var http = liren.Client(key)) await CountAsync(http, 26);
        await UntilAsync(data, "SELECT COUNT(*) FROM incidents_plan_input WHERE Body LIKE '%\"reading\"%'", n => n == 2);
        (await liren.StopAsync()).ShouldBe(0);
        await liren.DisposeAsync();
        data.Count("SELECT COUNT(*) FROM incidents_plan_snapshot").ShouldBeGreaterThan(0);
        liren = await LirenProcess.UpAsync(data.Path, demo: true);
        await UntilAsync(data, Offers, n => n >= 3);
        data.Count(Opened).ShouldBe(1);
        await liren.DisposeAsync();
    }

    private const string Opened = "SELECT COUNT(*) FROM incidents_incident WHERE PlanId IS NOT NULL";
    private const string Offers = "SELECT COUNT(*) FROM incidents_offer WHERE \"Key\" IS NOT NULL";

    private static async Task CountAsync(HttpClient http, double value) =>
        (await http.PostAsJsonAsync("api/incidents/events", new { id = Guid.CreateVersion7(), type = "crowd.gathering", place = Plaza, value, at = TimeProvider.System.GetUtcNow(), source = "counter 1" }, Stop)).EnsureSuccessStatusCode();

    private static async Task UntilAsync(DataFolder data, string sql, Func<long, bool> holds)
    {
        for (var i = 0; i < 240; i++)
        {
            if (holds(data.Count(sql))) return;
            await Task.Delay(250, Stop);
        }
        holds(data.Count(sql)).ShouldBeTrue($"{sql}: {data.Count(sql)}");
    }
}
