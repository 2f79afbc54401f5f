using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using MQTTnet.Protocol;

namespace Liren.Tests.Devices;

/// <summary>Pictures of alarms: who may send one, what is refused, and that an opened one stands in the journal with its reason.</summary>
public sealed class StillTests(DevicesApp app) : DeviceBase(app), IClassFixture<DevicesApp>
{
    private readonly DevicesApp app = app;

    private static (string Sha, byte[] Jpeg) Picture(int seed, int length = 900)
    {
        var jpeg = new byte[length];
        new Random(seed).NextBytes(jpeg);
        (jpeg[0], jpeg[1], jpeg[2]) = (0xFF, 0xD8, 0xFF);
        return (Convert.ToHexStringLower(SHA256.HashData(jpeg)), jpeg);
    }

    [Fact]
    public async Task A_picture_is_taken_from_the_camera_or_its_gateway_and_anything_else_is_refused_and_counted()
    {
        var gateway = await AddAsync("still-gw", "gateway");
        var (camera, other, lamp) = (await AddAsync("still-cam", gateway: "still-gw"), await AddAsync("still-other"), await AddAsync("still-sos", "sos"));
        var (line, _) = await ConnectAsync(gateway.Code, gateway.Secret);
        var (alone, _) = await ConnectAsync(other.Code, other.Secret);
        var (wrong, _) = await ConnectAsync(lamp.Code, lamp.Secret);
        var (sha, jpeg) = Picture(1);
        (await SendAsync(line, gateway, "still", new { d = "still-cam", sha256 = sha, jpeg })).IsSuccess.ShouldBeTrue();
        (await SendAsync(line, gateway, "still", new { d = "still-cam", sha256 = sha, jpeg })).IsSuccess.ShouldBeTrue("sent again after a lost answer");
        (await SendAsync(alone, other, "still", new { sha256 = sha, jpeg })).IsSuccess.ShouldBeTrue();

        (await SendAsync(line, gateway, "still", new { d = "still-other", sha256 = sha, jpeg })).IsSuccess.ShouldBeFalse();
        (await SendAsync(line, gateway, "still", new { d = "still-cam", sha256 = Picture(2).Sha, jpeg })).IsSuccess.ShouldBeFalse();
        (await SendAsync(alone, other, "still", new { sha256 = sha, jpeg = "words"u8.ToArray() })).IsSuccess.ShouldBeFalse();
        var (large, much) = Picture(3, 46 * 1024 + 1);
        (await SendAsync(alone, other, "still", new { sha256 = large, jpeg = much })).IsSuccess.ShouldBeFalse();
        (await SendAsync(alone, other, "still", "no json"u8.ToArray())).IsSuccess.ShouldBeFalse();
        (await SendAsync(wrong, lamp, "still", new { sha256 = sha, jpeg })).IsSuccess.ShouldBeFalse();
        (await RefusedAsync(gateway.Code)).Order().ShouldBe(["still", "unknown-device"]);
        (await RefusedAsync(other.Code)).Order().ShouldBe(["json", "still", "too-large"]);

        var path = $"/api/devices/{camera.Id}/stills/";
        (await Office.PostAsJsonAsync($"{path}{sha}/open", new { reason = "复核" }, Stop)).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        foreach (var name in new[] { Picture(2).Sha, "..%2F..%2Fkeys%2Fvalues.key", sha.ToUpperInvariant() })
            (await Office.PostAsJsonAsync($"{path}{name}/open", new { reason = "复核聚集" }, Stop)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        var opened = await Office.PostAsJsonAsync($"{path}{sha}/open", new { reason = "复核聚集" }, Stop);
        (opened.StatusCode, opened.Content.Headers.ContentType!.MediaType).ShouldBe((HttpStatusCode.OK, "image/jpeg"));
        (await opened.Content.ReadAsByteArrayAsync(Stop)).ShouldBe(jpeg);
        var journal = await Office.GetFromJsonAsync<JsonElement>("/api/identity/journal?q=StillOpened&size=5", Stop);
        JsonSerializer.Deserialize<JsonElement>(journal.GetProperty("items")[0].GetProperty("body").GetString()!).EnumerateObject().Select(p => p.Value.ToString()).ShouldContain("复核聚集");
    }
}
