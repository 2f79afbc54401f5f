using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Liren.Contracts.Devices;
using Liren.Shared;
using Liren.Tests.Devices;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Liren.Tests.Vision;

/// <summary>The worker in its own process, over real MQTT, to the program: what people do on a street becomes readings in the journal.</summary>
public sealed class WatchVerbTests(DevicesApp app) : DeviceBase(app), IClassFixture<DevicesApp>
{
    private readonly DevicesApp app = app;

    [Fact]
    public async Task Counts_of_two_zones_come_into_the_journal_by_a_gateway_and_a_gathering_with_its_blurred_picture()
    {
        var clip = await Sight.ClipAsync(Stop);
        await Sight.ModelAsync(Stop);
        var gateway = await AddAsync("vision-1", "gateway");
        var (street, lawn) = (await AddAsync("cam-street", gateway: "vision-1"), await AddAsync("cam-lawn", gateway: "vision-1"));
        var seen = new Journal();
        using var listening = app.Services.GetRequiredService<IDeviceReadings>().Listen(seen);
        using var folder = new Folder();
        folder.Write("watch.yaml", $$"""
            hub: { port: {{app.Port}}, tenant: t1, device: vision-1, key: "{{gateway.Secret}}" }
            evidence: { folder: stills, send: true }
            cameras:
              - name: street
                file: "{{clip}}"
                every: 0.5
                zones:
                  - { name: crossing, device: cam-street, gathering: 2, points: [[0.35, 0.2], [1, 0], [1, 0.8], [0.35, 0.8]] }
                  - { name: corner, device: cam-lawn, gathering: 5, points: [[0, 0.8], [0.3, 0.8], [0.3, 1], [0, 1]] }
            """);
        var (code, output, errors) = await Worker.LirenAsync(folder.Path, "watch-people", "watch.yaml", "--seconds", "10", "--json");
        code.ShouldBe(0, errors);
        var sums = JsonSerializer.Deserialize<JsonElement>(output.Trim().Split('\n')[^1]);
        sums.GetProperty("acknowledged").GetInt64().ShouldBe(seen.Readings.Count + seen.Happenings.Count);
        (sums.GetProperty("refused").GetInt64(), sums.GetProperty("dropped").GetInt64()).ShouldBe((0, 0));

        var counts = (await ValuesAsync(street)).ToList();
        counts.Count.ShouldBeInRange(4, 11);
        counts.ShouldAllBe(c => c >= 1 && c <= 7);
        (await ValuesAsync(lawn)).Distinct().ShouldBe([0]);
        var alarm = seen.Happenings.ShouldHaveSingleItem();
        (alarm.Type, alarm.Device, alarm.Quality & ReadingQuality.Suspect).ShouldBe(("crowd.gathering", "cam-street", ReadingQuality.None));
        var still = JsonSerializer.Deserialize<JsonElement>(alarm.Fields!).GetProperty("still").GetString()!;
        Directory.GetFiles(Path.Combine(folder.Path, "stills")).Select(Path.GetFileName).ShouldBe([still]);
        // The picture is at the hub too; whoever may open it says why, and the journal keeps who and why.
        var told = (await ShowAsync(street)).GetProperty("happenings")[0];
        var sha = told.GetProperty("still").GetString()!;
        sha.ShouldBe(JsonSerializer.Deserialize<JsonElement>(alarm.Fields!).GetProperty("sha256").GetString());
        var path = $"/api/devices/{street.Id}/stills/{sha}/open";
        (await Office.PostAsJsonAsync(path, new { reason = "" }, Stop)).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await app.As(Liren.Sdk.Security.BuiltInRoles.Auditor).PostAsJsonAsync(path, new { reason = "核对聚集情况" }, Stop)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        var opened = await app.As(Liren.Sdk.Security.BuiltInRoles.DutyOfficer).PostAsJsonAsync(path, new { reason = "核对聚集情况" }, Stop);
        opened.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await opened.Content.ReadAsByteArrayAsync(Stop)).ShouldBe(await File.ReadAllBytesAsync(Path.Combine(folder.Path, "stills", still), Stop));
        (await Office.PostAsJsonAsync($"/api/devices/{lawn.Id}/stills/{sha}/open", new { reason = "核对聚集情况" }, Stop)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        await app.PassAsync(TimeSpan.FromDays(7) + TimeSpan.FromHours(2));
        (await Office.PostAsJsonAsync(path, new { reason = "核对聚集情况" }, Stop)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        seen.Readings.ShouldAllBe(r => r.Metric == "people.count" && (r.Quality & ReadingQuality.Suspect) == 0);
    }

    [Fact]
    public async Task A_camera_that_answers_with_pictures_is_watched_as_itself_with_name_and_password_that_nobody_is_shown()
    {
        var clip = await Sight.ClipAsync(Stop);
        await Sight.ModelAsync(Stop);
        using var folder = new Folder();
        await Worker.RunAsync("ffmpeg", folder.Path, [], "-v", "error", "-ss", "44", "-i", clip, "-frames:v", "1", "street.jpg");
        var jpeg = await File.ReadAllBytesAsync(Path.Combine(folder.Path, "street.jpg"), Stop);
        var box = await AddAsync("cam-snap");
        await using var camera = await CameraAsync(http =>
        {
            if (http.Request.Headers.Authorization != "Basic " + Convert.ToBase64String("op:s3cret"u8)) { http.Response.Headers.WWWAuthenticate = "Basic realm=\"cam\""; return Results.StatusCode(401); }
            return Results.Bytes(jpeg, "image/jpeg");
        });
        var address = camera.Urls.Single().Replace("http://", "http://op:s3cret@", StringComparison.Ordinal) + "/snap";
        folder.Write("watch.yaml", $"hub: {{ port: {app.Port}, tenant: t1, device: cam-snap, key: \"{box.Secret}\" }}\ncameras: [{{ name: gate, snapshot: \"{address}\" }}]\n");
        var (code, output, errors) = await Worker.LirenAsync(folder.Path, "watch-people", "watch.yaml", "--seconds", "5", "--json");
        code.ShouldBe(0, errors);
        (await ValuesAsync(box)).ShouldContain(3);

        (code, output, errors) = await Worker.LirenAsync(folder.Path, "watch-people", "watch.yaml", "--check");
        (code, output.Trim().Split("  ", 2)[1].Trim()).ShouldBe((0, "all 3"));
        folder.Write("wrong.yaml", File.ReadAllText(Path.Combine(folder.Path, "watch.yaml")).Replace("s3cret", "s3cret2", StringComparison.Ordinal));
        (code, output, errors) = await Worker.LirenAsync(folder.Path, "watch-people", "wrong.yaml", "--check");
        code.ShouldBe(1);
        output.ShouldContain("401");
        (output + errors).ShouldNotContain("s3cret");
    }

    [Fact]
    public async Task A_wrong_key_is_said_and_counts_wait_for_the_right_one_no_longer_than_they_are_worth()
    {
        var clip = await Sight.ClipAsync(Stop);
        await Sight.ModelAsync(Stop);
        await AddAsync("cam-wrong");
        using var folder = new Folder();
        folder.Write("watch.yaml", $"hub: {{ port: {app.Port}, tenant: t1, device: cam-wrong, key: nonsense }}\ncameras: [{{ name: street, file: \"{clip}\", every: 0.5 }}]\n");
        var (code, output, errors) = await Worker.LirenAsync(folder.Path, "watch-people", "watch.yaml", "--seconds", "4", "--json");
        code.ShouldBe(0, errors);
        errors.ShouldContain("the hub does not let cam-wrong in: BadUserNameOrPassword");
        JsonSerializer.Deserialize<JsonElement>(output).GetProperty("acknowledged").GetInt64().ShouldBe(0);
    }

    private static async Task<WebApplication> CameraAsync(Func<HttpContext, IResult> answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var camera = builder.Build();
        camera.Urls.Add("http://127.0.0.1:0");
        camera.MapGet("/snap", answer);
        await camera.StartAsync(Stop);
        return camera;
    }

    private sealed class Journal : IReadingListener
    {
        private readonly Lock gate = new();
        private readonly List<DeviceReading> readings = [];
        private readonly List<DeviceHappening> happenings = [];
        public IReadOnlyList<DeviceReading> Readings { get { lock (gate) return [.. readings]; } }
        public IReadOnlyList<DeviceHappening> Happenings { get { lock (gate) return [.. happenings]; } }
        public void OnReadings(ReadOnlySpan<DeviceReading> batch) { lock (gate) readings.AddRange(batch); }
        public void OnHappenings(ReadOnlySpan<DeviceHappening> batch) { lock (gate) happenings.AddRange(batch); }
    }
}
