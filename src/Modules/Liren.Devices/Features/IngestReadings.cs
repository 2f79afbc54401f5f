using System.Buffers;
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
internal sealed class IngestReadings(DeviceDoor door, Intake intake) : IFeature
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
        var device = await door.AdmitAsync(code, http, null, stop);
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body, stop);
        var payload = new ReadOnlySequence<byte>(body.GetBuffer(), 0, (int)body.Length);
        var results = device.Kind.IsGateway && !happenings ? await intake.TakeBatchAsync(device, payload, stop) : await intake.TakeAsync(device, happenings, payload, Intake.MostBatch, stop);
        if (results is [{ Result: "refused", Reason: "json" or "too-many-rows" } whole]) throw new RuleBrokenException(whole.Reason == "json" ? "devices.json" : "devices.too-many-rows", "body", whole.Reason == "json" ? 400 : 413, Intake.MostBatch);
        return new(results);
    }
}
