using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Liren.Incidents.Domain;
using Liren.Sdk.Files;
using Liren.Shared;

namespace Liren.Tests.Incidents;

/// <summary>What is refused, and with which words; what is taken once only; who sees nothing.</summary>
public sealed class InputTests(Plaza app) : IClassFixture<Plaza>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private async Task<(HttpStatusCode Code, string? Field, string Title)> SendAsync(object signal, HttpClient? who = null)
    {
        using var answer = await (who ?? await app.CounterAsync()).PostAsJsonAsync("/api/incidents/events", signal, Stop);
        var body = await answer.Content.ReadFromJsonAsync<JsonElement>(Stop);
        return (answer.StatusCode, body.TryGetProperty("field", out var f) ? f.GetString() : null, body.TryGetProperty("title", out var t) ? t.GetString()! : "");
    }

    [Fact]
    public async Task Unknown_types_and_places_are_refused_with_what_comes_near()
    {
        var type = await SendAsync(app.Signal(3, type: "crowd.gatherin"));
        (type.Code, type.Field).ShouldBe((HttpStatusCode.UnprocessableEntity, "type"));
        type.Title.ShouldContain("crowd.gathering");
        var place = await SendAsync(app.Signal(3, place: "31.01.15.016.037.liren.plazza"));
        (place.Code, place.Field).ShouldBe((HttpStatusCode.UnprocessableEntity, "place"));
        place.Title.ShouldContain("31.01.15.016.037.liren.plaza");
        (await SendAsync(app.Signal(3, place: "31.01.15.016.037.liren.PLAZA"))).Field.ShouldBe("place");
        (await SendAsync(app.Signal(3, place: ""))).Field.ShouldBe("place");
        (await SendAsync(app.Signal(3, type: ""))).Field.ShouldBe("type");
    }

    [Fact]
    public async Task Values_that_cannot_be_are_refused_naming_the_field()
    {
        (await SendAsync(app.Signal(-1))).ShouldSatisfyAllConditions(a => a.Code.ShouldBe(HttpStatusCode.UnprocessableEntity), a => a.Field.ShouldBe("value"));
        (await SendAsync(app.Signal(100_001))).Field.ShouldBe("value");
        (await SendAsync(app.Signal("NaN"))).Field.ShouldBe("value");
        (await SendAsync(app.Signal(true))).Field.ShouldBe("value");
        (await SendAsync(app.Signal(5, quality: "perfect"))).Field.ShouldBe("quality");
        (await SendAsync(app.Signal(5, source: ""))).Field.ShouldBe("source");
        (await SendAsync(app.Signal(5, id: Guid.Empty))).Field.ShouldBe("id");
        var raw = new StringContent("""{"id":"0197a000-0000-7000-8000-000000000001","type":"crowd.gathering","place":"31.01.15.016.037.liren.plaza","at":"2020-02-13T14:00:00+08:00","source":"c","value":1e999}""", Encoding.UTF8, "application/json");
        (await (await app.CounterAsync()).PostAsync(new Uri("/api/incidents/events", UriKind.Relative), raw, Stop)).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
    }

    [Fact]
    public async Task A_clock_ahead_is_refused_and_what_comes_late_is_stored_but_never_judged()
    {
        const string place = "31.01.15.016.037.liren.b17";
        var now = app.Clock.GetUtcNow();
        (await SendAsync(app.Signal(30, place: place, at: now.AddMinutes(6)))).Field.ShouldBe("at");
        (await SendAsync(app.Signal(30, place: place, at: now.AddYears(-2)))).Field.ShouldBe("at");
        (await SendAsync(app.Signal(30, place: place, at: now.AddMinutes(-10)))).Code.ShouldBe(HttpStatusCode.Accepted);
        (await SendAsync(app.Signal(30, place: place, quality: "suspect"))).Code.ShouldBe(HttpStatusCode.Accepted);
        await app.SettleAsync();
        (await app.AtAsync(place, "open")).ValueKind.ShouldBe(JsonValueKind.Undefined);
        (await SendAsync(app.Signal(30, place: place, at: now.AddMinutes(4)))).Code.ShouldBe(HttpStatusCode.Accepted);
        await app.SettleAsync();
        (await app.AtAsync(place, "open")).ValueKind.ShouldBe(JsonValueKind.Object);
    }

    [Fact]
    public async Task The_same_id_is_the_same_signal_and_nothing_else()
    {
        const string place = "31.01.15.016.037.liren.b15";
        var signal = app.Signal(22, place: place, id: Guid.CreateVersion7());
        (await SendAsync(signal)).Code.ShouldBe(HttpStatusCode.Accepted);
        (await SendAsync(signal)).Code.ShouldBe(HttpStatusCode.OK);
        var id = JsonSerializer.SerializeToElement(signal).GetProperty("id").GetGuid();
        (await SendAsync(app.Signal(22, place: place, id: id, source: "another"))).Code.ShouldBe(HttpStatusCode.Conflict);
        await app.SettleAsync();
        (await app.AtAsync(place, "open")).GetProperty("sensor").GetProperty("readings").GetArrayLength().ShouldBe(1);
    }

    [Fact]
    public async Task Twenty_signals_at_once_open_one_incident()
    {
        const string place = "31.01.15.016.037.liren.b14";
        await Task.WhenAll(Enumerable.Range(0, 20).Select(n => SendAsync(app.Signal(20 + n, place: place, source: $"counter {n}"))));
        await app.SettleAsync();
        var page = await app.As("administrator").GetFromJsonAsync<JsonElement>($"/api/incidents?place={place}&filter=open", Stop);
        page.GetProperty("total").GetInt32().ShouldBe(1);
        page.GetProperty("items")[0].GetProperty("peakValue").GetDouble().ShouldBe(39);
    }

    [Fact]
    public async Task A_counter_of_one_compound_says_nothing_about_another()
    {
        var key = await (await app.As("administrator").PostAsJsonAsync("/api/identity/keys", new { name = "elsewhere", kind = "device", role = "integration", place = "61.06.02", days = 1 }, Stop)).Content.ReadFromJsonAsync<JsonElement>(Stop);
        var elsewhere = app.CreateClient();
        elsewhere.DefaultRequestHeaders.Authorization = new("Bearer", key.GetProperty("key").GetString());
        (await SendAsync(app.Signal(30), elsewhere)).Code.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task Somebody_of_another_community_sees_nothing_and_does_nothing()
    {
        var (id, _) = await app.OpenAsync("b13");
        var other = app.As("grid-worker", "61.06.02");
        (await other.GetAsync(new Uri($"/api/incidents/{id}", UriKind.Relative), Stop)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await other.GetAsync(new Uri($"/api/incidents/{id}/explain", UriKind.Relative), Stop)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await other.PostAsJsonAsync($"/api/incidents/{id}/accept", new { }, Stop)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await other.PostAsJsonAsync($"/api/incidents/{id}/comment", new { text = "hello" }, Stop)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await other.GetFromJsonAsync<JsonElement>("/api/incidents", Stop)).GetProperty("total").GetInt32().ShouldBe(0);
        (await other.GetFromJsonAsync<JsonElement>("/api/incidents/board", Stop)).GetProperty("total").GetInt32().ShouldBe(0);
        (await app.As("auditor", "31.01.15.016").PostAsJsonAsync($"/api/incidents/{id}/reassign", new { accountId = id, reason = "xx" }, Stop)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task Two_taps_at_once_accept_once_and_a_lost_answer_repeated_handles_once()
    {
        var (id, _) = await app.OpenAsync("b12");
        var who = await app.AskedAsync(id);
        var taps = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => app.AsAccount(who).PostAsJsonAsync($"/api/incidents/{id}/accept", new { }, Stop)));
        taps.ShouldAllBe(t => t.IsSuccessStatusCode);
        (await app.DoAsync(who, id, "arrive", await app.HereAsync(id))).EnsureSuccessStatusCode();
        var photo = Pictures.Png(id);
        var sent = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => app.AsAccount(who).PostAsync(new Uri($"/api/incidents/{id}/handle", UriKind.Relative), Plaza.Form("已劝离", photo, "tap-1"), Stop)));
        sent.ShouldAllBe(t => t.IsSuccessStatusCode);
        var shown = await app.ShowAsync(id);
        foreach (var act in new[] { "Accept", "Arrive", "Handle" }) shown.GetProperty("timeline").EnumerateArray().Count(l => l.GetProperty("act").GetString() == act).ShouldBe(1, act);
        shown.GetProperty("photos").GetArrayLength().ShouldBe(1);
    }

    [Fact]
    public async Task An_act_at_the_wrong_time_says_what_is_possible_now()
    {
        var (id, _) = await app.OpenAsync("b11");
        var who = await app.AskedAsync(id);
        var answer = await app.SendAsync(who, id, "handle", "好了", Pictures.Png(id));
        answer.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (await answer.Content.ReadFromJsonAsync<JsonElement>(Stop)).GetProperty("title").GetString()!.ShouldContain("接单");
    }

    [Fact]
    public async Task Only_whole_photos_are_taken_cleaned_of_personal_data_and_shown_to_readers_only()
    {
        var (id, _) = await app.OpenAsync("b10");
        var who = await app.AskedAsync(id);
        (await app.DoAsync(who, id, "accept")).EnsureSuccessStatusCode();
        (await app.DoAsync(who, id, "arrive", new { reason = "地下室没有信号" })).EnsureSuccessStatusCode();
        (await app.SendAsync(who, id, "handle", "好了", "GIF89a, no photo at all"u8.ToArray())).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await app.SendAsync(who, id, "handle", "好了", Pictures.Png(id)[..^20])).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await app.SendAsync(who, id, "handle", "好了", new byte[8 * 1024 * 1024 + 1])).StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        (await app.SendAsync(who, id, "handle", "好了", Pictures.Png(id, author: "Zhang San, 121.5549 31.2259"))).EnsureSuccessStatusCode();
        var photo = (await app.ShowAsync(id)).GetProperty("photos")[0];
        photo.GetProperty("stripped").GetBoolean().ShouldBeTrue();
        var href = new Uri(photo.GetProperty("href").GetString()!, UriKind.Relative);
        var bytes = await app.AsAccount("checker").GetByteArrayAsync(href, Stop);
        Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes)).ShouldBe(photo.GetProperty("sha").GetString());
        Encoding.ASCII.GetString(bytes).ShouldNotContain("Zhang San");
        (await app.As("grid-worker", "61.06.02").GetAsync(href, Stop)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await app.CreateClient().GetAsync(href, Stop)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public void A_jpeg_keeps_its_picture_and_orientation_and_loses_position_comment_and_what_hangs_on()
    {
        byte[] exif = [.. "Exif\0\0"u8, .. "II"u8, 42, 0, 8, 0, 0, 0, 2, 0, 0x12, 0x01, 3, 0, 1, 0, 0, 0, 6, 0, 0, 0, 0x25, 0x88, 4, 0, 1, 0, 0, 0, 1, 2, 3, 4, 0, 0, 0, 0, .. "GPS 31.2259"u8];
        byte[] jpeg = [0xFF, 0xD8, .. Segment(0xE1, exif), .. Segment(0xFE, "taken by Zhang"u8), .. Segment(0xDB, new byte[65]), .. Segment(0xC0, [8, 0, 100, 0, 200, 1, 1, 0x11, 0]), .. Segment(0xDA, [1, 1, 0, 0, 63, 0]), 1, 2, 0xFF, 0, 3, 0xFF, 0xD0, 4, 0xFF, 0xD9, .. "trailing movie"u8];
        var clean = CleanImage.Of(jpeg).ShouldNotBeNull();
        (clean.ContentType, clean.Width, clean.Height, clean.Stripped).ShouldBe(("image/jpeg", 200, 100, true));
        var text = Encoding.Latin1.GetString(clean.Bytes);
        foreach (var gone in new[] { "GPS", "Zhang", "movie" }) text.ShouldNotContain(gone);
        text.ShouldContain("Exif");
        var again = CleanImage.Of(clean.Bytes).ShouldNotBeNull();
        again.Bytes.ShouldBe(clean.Bytes);
        for (var cut = 1; cut < jpeg.Length - 16; cut += 3) CleanImage.Of(jpeg.AsSpan(0, cut)).ShouldBeNull();
    }

    private static byte[] Segment(byte marker, ReadOnlySpan<byte> body) => [0xFF, marker, (byte)((body.Length + 2) >> 8), (byte)(body.Length + 2), .. body];

    [Fact]
    public async Task The_stream_tells_what_happened_and_goes_on_where_it_was_cut()
    {
        var (id, _) = await app.OpenAsync("b8");
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/incidents/live?after=0");
        using var answer = await app.AsAccount("duty").SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Stop);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("text/event-stream");
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync(Stop));
        var (seen, last) = (new List<string>(), "");
        while (!seen.Exists(s => s.Contains(id.ToString(), StringComparison.Ordinal)))
        {
            var line = (await reader.ReadLineAsync(Stop))!;
            if (line.StartsWith("data:", StringComparison.Ordinal)) seen.Add(line);
            if (line.StartsWith("id:", StringComparison.Ordinal)) last = line;
        }
        last.ShouldNotBeEmpty();
        seen.ShouldAllBe(s => !s.Contains("张强", StringComparison.Ordinal));
    }
}
