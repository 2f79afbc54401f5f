using Liren.Devices.Adapters;
using Liren.Devices.Hub;
using Liren.Sdk;
using Liren.Sdk.Security;
using Liren.Sdk.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Liren.Devices.Features;

/// <summary>
/// What cameras and recorders of other makers push in their own words (厂商设备推送), answered when it is on disk. They cannot set headers, so the key may stand in the
/// address. An event that nobody here understands is counted and seen by the operator; the device hears that all is well, or it would send the same for ever.
/// </summary>
[OpenToAll("The device's own key is checked here: devices are no accounts")]
internal sealed class PushFromDevice(DeviceDoor door, IEnumerable<IDeviceAdapter> adapters, EventTranslator translator, Refusals refusals) : IFeature
{
    // Pictures beside the event; they are passed over.
    private const int MostBytes = 8_000_000;

    /// <param name="Type">What the maker calls it.</param>
    /// <param name="Refused">Why it was not taken; null: it was.</param>
    public sealed record Taken(string Type, string? Refused);

    /// <param name="StatusCode">1: well; the number that ISAPI knows.</param>
    /// <param name="StatusString">OK.</param>
    /// <param name="Events">What became of each.</param>
    public sealed record Response(int StatusCode, string StatusString, IReadOnlyList<Taken> Events);

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/{device}/push/{adapter}", (string device, string adapter, string? key, HttpContext http, PushFromDevice feature, CancellationToken stop) => feature.RunAsync(device, adapter, key, http, stop))
            .WithMetadata(new RequestSizeLimitAttribute(MostBytes)).DisableAntiforgery();

    public async Task<Response> RunAsync(string code, string kind, string? key, HttpContext http, CancellationToken stop)
    {
        var device = await door.AdmitAsync(code, http, key, stop);
        var adapter = Rule.Found(adapters.SingleOrDefault(a => a.Kind == kind), "devices.no-adapter", kind, string.Join(", ", adapters.Select(a => a.Kind)));
        var events = new List<MakerEvent>();
        try
        {
            if (http.Request.ContentLength > MostBytes) throw new UnreadablePushException("too-large");
            await foreach (var text in PushedMessages.TextsAsync(http.Request, stop)) events.AddRange(adapter.Read(text, ""));
        }
        catch (Exception e) when (e is UnreadablePushException or BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge })
        {
            var reason = (e as UnreadablePushException)?.Reason ?? "too-large";
            refusals.Add(device.Code, device.Address?.ToString(), reason, kind);
            throw new RuleBrokenException("devices.unreadable", "body", reason == "too-large" ? 413 : 400, reason);
        }
        var refused = await translator.TakeAsync(device, kind, events, stop);
        return new(1, "OK", [.. events.Zip(refused, (e, why) => new Taken(e.Type, why))]);
    }
}
