using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Hosting;
using MQTTnet;
using MQTTnet.Protocol;
using Liren.Shared;

namespace Liren.Tests.Devices;

/// <summary>The program with its MQTT port open, in a drill tenant.</summary>
public sealed class DevicesApp : LirenApp
{
    public int Port { get; } = Ports.Free();

    protected override bool Demo => true;

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseSetting("Devices:Mqtt:Port", Port.ToString(System.Globalization.CultureInfo.InvariantCulture));
        builder.UseSetting("Devices:Tenant", "t1");
        base.ConfigureWebHost(builder);
    }
}

/// <summary>A device at work: its key, and a client that speaks as it.</summary>
public sealed record Box(Guid Id, string Code, string Secret);

public abstract class DeviceBase(DevicesApp app)
{
    protected static CancellationToken Stop => TestContext.Current.CancellationToken;
    private HttpClient? office;
    protected HttpClient Office => office ??= app.As(Liren.Sdk.Security.BuiltInRoles.Administrator);
    private static string? place;

    protected long Now => app.Clock.GetUtcNow().ToUnixTimeMilliseconds();

    protected async Task<string> PlaceAsync() => place ??= (await Office.GetFromJsonAsync<JsonElement>("/api/places/compounds", Stop)).GetProperty("items")[0].GetProperty("path").GetString()!;

    protected async Task<Box> AddAsync(string code, string kind = "camera", string? gateway = null, bool simulated = false, string? at = null, string? channel = null)
    {
        var answer = await Office.PostAsJsonAsync("/api/devices", new { code, kind, name = "设备" + code, place = at ?? await PlaceAsync(), gateway, simulated, channel }, Stop);
        answer.StatusCode.ShouldBe(HttpStatusCode.Created, await answer.Content.ReadAsStringAsync(Stop));
        var id = (await answer.Content.ReadFromJsonAsync<JsonElement>(Stop)).GetProperty("id").GetGuid();
        (await Office.PostAsJsonAsync($"/api/devices/{id}/state", new { state = "InService" }, Stop)).EnsureSuccessStatusCode();
        var key = await (await Office.PostAsync($"/api/devices/{id}/key", null, Stop)).Content.ReadFromJsonAsync<JsonElement>(Stop);
        await app.SettleAsync();
        return new(id, code, key.GetProperty("secret").GetString()!);
    }

    protected async Task<(IMqttClient Client, MqttClientConnectResultCode Code)> ConnectAsync(string code, string secret, bool v5 = true, string? clientId = null)
    {
        var client = new MqttClientFactory().CreateMqttClient();
        var result = await client.ConnectAsync(new MqttClientOptionsBuilder().WithTcpServer("127.0.0.1", app.Port).WithCredentials(code, secret).WithClientId(clientId ?? code)
            .WithProtocolVersion(v5 ? MQTTnet.Formatter.MqttProtocolVersion.V500 : MQTTnet.Formatter.MqttProtocolVersion.V311).WithCleanSession().Build(), Stop);
        return (client, result.ResultCode);
    }

    protected static Task<MqttClientPublishResult> SendAsync(IMqttClient client, Box box, string leaf, object payload) => SendAsync(client, box.Code, leaf, payload as byte[] ?? JsonSerializer.SerializeToUtf8Bytes(payload));

    protected static Task<MqttClientPublishResult> SendAsync(IMqttClient client, string code, string leaf, byte[] payload) =>
        client.PublishAsync(new MqttApplicationMessageBuilder().WithTopic($"liren/v1/t1/{code}/{leaf}").WithPayload(payload).WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce).Build(), Stop);

    protected async Task<JsonElement> ShowAsync(Box box) => await Office.GetFromJsonAsync<JsonElement>($"/api/devices/{box.Id}", Stop);

    protected async Task<double[]> ValuesAsync(Box box, string metric = "people.count") =>
        [.. (await ShowAsync(box)).GetProperty("day").EnumerateArray().Where(s => s.GetProperty("metric").GetString() == metric).SelectMany(s => s.GetProperty("points").EnumerateArray()).Select(p => p.GetProperty("value").GetDouble())];

    protected async Task<IReadOnlyList<string?>> RefusedAsync(string who) =>
        [.. (await Office.GetFromJsonAsync<JsonElement>("/api/devices/refusals", Stop)).EnumerateArray().Where(r => r.GetProperty("who").GetString() == who).Select(r => r.GetProperty("reason").GetString())];

    protected HttpRequestMessage Ingest(Box box, object rows, string? secret = null) => new(HttpMethod.Post, $"/api/devices/{box.Code}/ingest")
    {
        Content = rows is string text ? new StringContent(text, Encoding.UTF8, "application/json") : JsonContent.Create(rows),
        Headers = { Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{box.Code}:{secret ?? box.Secret}"))) },
    };
}
