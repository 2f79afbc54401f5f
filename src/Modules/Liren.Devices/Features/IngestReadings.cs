using System.Buffers;
using System.Net.Http.Headers;
using System.Text;
using Liren.Devices.Domain;
using Liren.Devices.Hub;
using Liren.Sdk;
using Liren.Sdk.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Liren.Devices.Features;

/// <summary>What a device sends over HTTP instead of MQTT: rows with a result each, answered when they are on disk. The device signs in with its code and secret (Basic).</summary>
[OpenToAll("The device's own key is checked here: devices are no accounts")]
internal sealed class IngestReadings(DeviceBook book, Intake intake, Refusals refusals, HubOptions options) : IFeature
{
    private const int MostBytes = 1_048_576;

    /// <param name="Results">One for each row, in order.</param>
    public sealed record Response(IReadOnlyList<RowResult> Results);

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost("/{device}/ingest", (string device, HttpContext http, IngestReadings feature, CancellationToken stop) => feature.RunAsync(device, http, happenings: false, stop)).WithMetadata(new RequestSizeLimitAttribute(MostBytes)).DisableAntiforgery();
        api.MapPost("/{device}/happenings", (string device, HttpContext http, IngestReadings feature, CancellationToken stop) => feature.RunAsync(device, http, happenings: true, stop)).WithMetadata(new RequestSizeLimitAttribute(MostBytes)).DisableAntiforgery();
    }

    public async Task<Response> RunAsync(string code, HttpContext http, bool happenings, CancellationToken stop)
    {
        var address = http.Connection.RemoteIpAddress;
        var (user, secret) = Credentials(http.Request);
        var (device, fits) = user == code ? await book.AdmitAsync(code, Encoding.UTF8.GetBytes(secret), stop) : (null, false);
        if (device is null || !fits)
        {
            refusals.Add(code, address?.ToString(), device is null ? "unknown-device" : "wrong-key");
            throw new RuleBrokenException("devices.key", "Authorization", 401);
        }
        if (!device.MaySpeak) throw new RuleBrokenException("devices.not-in-service", null, device.State == DeviceState.Retired ? 410 : 409, device.State);
        if (device.Simulated && !options.AllowsSimulated) throw new RuleBrokenException("devices.simulated", null, 403);
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body, stop);
        lock (device) device.Address = address;
        var payload = new ReadOnlySequence<byte>(body.GetBuffer(), 0, (int)body.Length);
        var results = device.Kind.IsGateway && !happenings ? await intake.TakeBatchAsync(device, payload, stop) : await intake.TakeAsync(device, happenings, payload, Intake.MostBatch, stop);
        if (results is [{ Result: "refused", Reason: "json" or "too-many-rows" } whole]) throw new RuleBrokenException(whole.Reason == "json" ? "devices.json" : "devices.too-many-rows", "body", whole.Reason == "json" ? 400 : 413, Intake.MostBatch);
        return new(results);
    }

    private static (string User, string Secret) Credentials(HttpRequest request)
    {
        if (!AuthenticationHeaderValue.TryParse(request.Headers.Authorization, out var header) || header.Scheme != "Basic" || header.Parameter is not { Length: > 0 and <= 400 } given) return ("", "");
        Span<byte> plain = stackalloc byte[300];
        if (!Convert.TryFromBase64String(given, plain, out var length)) return ("", "");
        return Encoding.UTF8.GetString(plain[..length]).Split(':', 2) is [var user, var secret] ? (user, secret) : ("", "");
    }
}
