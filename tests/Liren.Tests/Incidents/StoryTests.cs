using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Liren.Shared;

namespace Liren.Tests.Incidents;

/// <summary>The turns a story can take, through HTTP, with the demo's real staff, places and matrix.</summary>
public sealed class StoryTests(Plaza app) : IClassFixture<Plaza>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;
    private static string State(JsonElement shown) => shown.GetProperty("row").GetProperty("state").GetString()!;

    [Fact]
    public async Task Not_answered_in_a_minute_the_next_is_asked_until_the_ladder_ends_and_begins_anew()
    {
        var (id, _) = await app.OpenAsync("b1");
        var asked = new List<string> { await app.AskedAsync(id) };
        await app.PassAsync(TimeSpan.FromSeconds(59));
        (await app.AskedAsync(id)).ShouldBe(asked[0]);
        for (var i = 0; i < 12 && State(await app.ShowAsync(id)) == "Dispatched"; i++)
        {
            await app.PassAsync(TimeSpan.FromSeconds(i == 0 ? 2 : 61));
            if (State(await app.ShowAsync(id)) == "Dispatched") asked.Add(await app.AskedAsync(id));
        }
        asked.Take(3).Order().ShouldBe(["grid1", "grid2", "grid3"]);
        asked.ShouldContain("community");
        asked[^1].ShouldBe("duty");
        asked.Distinct().Count().ShouldBe(asked.Count);
        var open = await app.ShowAsync(id);
        State(open).ShouldBe("Open");
        open.GetProperty("row").GetProperty("level").GetString().ShouldBe("III");
        await app.PassAsync(TimeSpan.FromMinutes(5));
        State(await app.ShowAsync(id)).ShouldBe("Dispatched");
        (await app.DoAsync(asked[0], id, "accept")).StatusCode.ShouldBe(await app.AskedAsync(id) == asked[0] ? HttpStatusCode.OK : HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task Declined_with_a_reason_the_next_is_asked_at_once_and_without_a_reason_it_is_not_declined()
    {
        var (id, _) = await app.OpenAsync("b2");
        var first = await app.AskedAsync(id);
        var none = await app.DoAsync(first, id, "decline", new { reason = " " });
        none.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await none.Content.ReadFromJsonAsync<JsonElement>(Stop)).GetProperty("field").GetString().ShouldBe("reason");
        (await app.DoAsync(first, id, "decline", new { reason = "正在送病人" })).EnsureSuccessStatusCode();
        var second = await app.AskedAsync(id);
        second.ShouldNotBe(first);
        // A second tap declines nobody else.
        (await app.DoAsync(first, id, "decline", new { reason = "正在送病人" })).EnsureSuccessStatusCode();
        (await app.AskedAsync(id)).ShouldBe(second);
    }

    [Fact]
    public async Task A_count_that_stays_or_rises_after_handled_sends_it_back_to_work()
    {
        var (id, place) = await app.OpenAsync("b3");
        await app.HandledAsync(id);
        await app.CountAsync(place, 5, 21);
        State(await app.ShowAsync(id)).ShouldBe("Verifying");
        await app.CountAsync(place, 30, 20);
        var back = await app.ShowAsync(id);
        State(back).ShouldBe("OnScene");
        back.GetProperty("row").GetProperty("rework").GetInt32().ShouldBe(1);
        (await app.SendAsync(await app.AskedAsync(id), id, "handle", "再次劝离", Pictures.Png(Guid.CreateVersion7()))).EnsureSuccessStatusCode();
        await app.CountAsync(place, 5, 25);
        State(await app.ShowAsync(id)).ShouldBe("OnScene");
    }

    [Fact]
    public async Task Without_a_sensor_two_people_confirm_and_the_handler_is_none_of_them()
    {
        var report = new MultipartFormDataContent { { new StringContent("environment.noise"), "type" }, { new StringContent("31.01.15.016.037.liren.b4"), "place" }, { new StringContent("装修噪声很大"), "text" } };
        var made = await (await app.AsAccount("grid2").PostAsync(new Uri("/api/incidents", UriKind.Relative), report, Stop)).Content.ReadFromJsonAsync<JsonElement>(Stop);
        var id = made.GetProperty("incidentId").GetGuid();
        made.GetProperty("code").GetString()!.ShouldMatch("^0213-");
        await app.SettleAsync();
        // The nearest is a secretary here when the grid workers decline: somebody who also holds the permission to verify.
        while (await app.AskedAsync(id) != "community") (await app.DoAsync(await app.AskedAsync(id), id, "decline", new { reason = "在别处" })).EnsureSuccessStatusCode();
        await app.HandledAsync(id);
        (await app.SendAsync("community", id, "confirm", "好了")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await app.SendAsync("checker", id, "confirm", "安静了")).EnsureSuccessStatusCode();
        (await app.SendAsync("checker", id, "confirm", "安静了")).EnsureSuccessStatusCode();
        State(await app.ShowAsync(id)).ShouldBe("Verifying");
        await app.PassAsync(TimeSpan.FromDays(3));
        State(await app.ShowAsync(id)).ShouldBe("Verifying");
        (await app.SendAsync("duty", id, "confirm", "电话回访属实")).EnsureSuccessStatusCode();
        State(await app.ShowAsync(id)).ShouldBe("Closed");
    }

    [Fact]
    public async Task A_second_person_who_is_not_content_sends_it_back_with_a_reason()
    {
        var (id, _) = await app.OpenAsync("b5");
        await app.HandledAsync(id);
        (await app.DoAsync("checker", id, "refuse", new { reason = "仍有十几人" })).EnsureSuccessStatusCode();
        State(await app.ShowAsync(id)).ShouldBe("OnScene");
        (await app.DoAsync("checker", id, "refuse", new { reason = "仍有十几人" })).EnsureSuccessStatusCode();
    }

    [Fact]
    public async Task What_is_no_incident_needs_two_people_and_stays_none_until_the_count_has_fallen()
    {
        var (id, place) = await app.OpenAsync("b6");
        (await app.DoAsync("duty", id, "not-so", new { reason = "社区演出，已报备" })).EnsureSuccessStatusCode();
        (await app.DoAsync("duty", id, "decide", new { agrees = true })).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await app.DoAsync("checker", id, "decide", new { agrees = true })).EnsureSuccessStatusCode();
        State(await app.ShowAsync(id)).ShouldBe("Rejected");
        await app.CountAsync(place, 10, 25, 30);
        (await app.AtAsync(place, "open")).ValueKind.ShouldBe(JsonValueKind.Undefined);
        await app.CountAsync(place, 10, 10, 22);
        (await app.AtAsync(place, "open")).GetProperty("row").GetProperty("id").GetGuid().ShouldNotBe(id);
    }

    [Fact]
    public async Task The_duty_officer_reassigns_and_the_assignee_hands_over()
    {
        var (id, _) = await app.OpenAsync("b7");
        var near = (await app.AsAccount("duty").GetFromJsonAsync<JsonElement>($"/api/incidents/{id}/explain", Stop)).GetProperty("near").EnumerateArray().ToList();
        near.Count.ShouldBe(3);
        var third = near.First(n => n.GetProperty("name").GetString()!.Contains("王军", StringComparison.Ordinal)).GetProperty("accountId").GetGuid();
        (await app.DoAsync("duty", id, "reassign", new { accountId = third, reason = "熟悉该楼" })).EnsureSuccessStatusCode();
        (await app.AskedAsync(id)).ShouldBe("grid3");
        (await app.DoAsync("grid3", id, "accept")).EnsureSuccessStatusCode();
        (await app.DoAsync("grid3", id, "hand-over", new { reason = "另有急事" })).EnsureSuccessStatusCode();
        (await app.AskedAsync(id)).ShouldNotBe("grid3");
        (await app.DoAsync("grid1", id, "reassign", new { accountId = third, reason = "我不想去" })).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }
}
