using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Liren.Shared;

namespace Liren.Tests.Incidents;

/// <summary>13 February 2020: the loop from the counter to the proof, through HTTP, with the demo's real staff, places and matrix.</summary>
public sealed class GatheringTests(Plaza app) : IClassFixture<Plaza>
{
    private static string State(JsonElement shown) => shown.GetProperty("row").GetProperty("state").GetString()!;

    [Fact]
    public async Task Five_twelve_twenty_one_people_open_one_incident_that_is_handled_verified_closed_and_comes_back()
    {
        await app.CountAsync(Plaza.Place, 5, 5, 12);
        (await app.AtAsync(Plaza.Place, "open")).ValueKind.ShouldBe(JsonValueKind.Undefined);
        await app.CountAsync(Plaza.Place, 5, 21, 24, 26);
        var shown = await app.AtAsync(Plaza.Place, "open");
        var row = shown.GetProperty("row");
        var id = row.GetProperty("id").GetGuid();
        State(shown).ShouldBe("Dispatched");
        row.GetProperty("owner").GetString().ShouldBe("联洋第一居民委员会");
        shown.GetProperty("because").GetArrayLength().ShouldBeGreaterThan(0);
        row.GetProperty("peakValue").GetDouble().ShouldBe(26);
        (await app.AskedAsync(id)).ShouldBe("grid1");
        shown.GetProperty("offer").GetProperty("distance").GetDouble().ShouldBeInRange(40, 120);

        (await app.DoAsync("grid2", id, "accept")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await app.DoAsync("grid1", id, "accept")).EnsureSuccessStatusCode();
        (await app.DoAsync("grid1", id, "arrive", new { longitude = 121.6, latitude = 31.3 })).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await app.DoAsync("grid1", id, "arrive", await app.HereAsync(id))).EnsureSuccessStatusCode();
        (await app.SendAsync("grid1", id, "handle", "已劝离")).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await app.SendAsync("grid1", id, "handle", "已劝离", Pictures.Png(id))).EnsureSuccessStatusCode();
        State(await app.ShowAsync(id)).ShouldBe("Verifying");

        // The counter does not agree yet: a second person alone does not close it, the handler least of all.
        (await app.SendAsync("checker", id, "confirm", "人已散")).EnsureSuccessStatusCode();
        State(await app.ShowAsync(id)).ShouldBe("Verifying");
        await app.CountAsync(Plaza.Place, 20, 12);
        State(await app.ShowAsync(id)).ShouldBe("Verifying");
        await app.CountAsync(Plaza.Place, 20, 8);
        State(await app.ShowAsync(id)).ShouldBe("Verifying");
        await app.CountAsync(Plaza.Place, 20, 4);
        var closed = await app.ShowAsync(id);
        State(closed).ShouldBe("Closed");
        closed.GetProperty("certificate").GetString()!.Length.ShouldBe(64);
        foreach (var line in closed.GetProperty("timeline").EnumerateArray())
        {
            line.GetProperty("why").GetString()!.ShouldNotStartWith("incidents.");
            line.GetProperty("why").GetString()!.ShouldNotContain("@");
        }

        await app.PassAsync(TimeSpan.FromHours(2));
        await app.CountAsync(Plaza.Place, 10, 15);
        State(await app.ShowAsync(id)).ShouldBe("Closed");
        await app.CountAsync(Plaza.Place, 10, 23);
        var back = await app.ShowAsync(id);
        State(back).ShouldBe("Dispatched");
        back.GetProperty("row").GetProperty("reopened").GetInt32().ShouldBe(1);
        (await app.AskedAsync(id)).ShouldBe("grid1");
    }
}
