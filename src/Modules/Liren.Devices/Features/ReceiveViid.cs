using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Liren.Devices.Adapters;
using Liren.Devices.Hub;
using Liren.Sdk;
using Liren.Sdk.Text;
using Liren.Sdk.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Liren.Devices.Features;

/// <summary>
/// The receiving side of GA/T 1400 (视图库): platforms register by digest, keep alive and notify; each message is answered in the standard's words, or it would be sent for
/// ever. The addresses are the standard's, so they lie outside <c>/api</c>; who speaks is checked here, devices are no accounts. Faces, persons and images are refused.
/// </summary>
internal sealed class ReceiveViid(DigestDoor digest, ViidSessions sessions, EventTranslator translator, ViidAdapter adapter, Refusals refusals, TimeProvider clock)
{
    private const int MostBytes = 4_000_000;
    private const int Ok = 0, InvalidOperation = 4, InvalidJson = 7, InvalidContent = 8;
    private static readonly JsonSerializerOptions Json = new();

    /// <summary>What became of a message (ResponseStatus).</summary>
    public sealed record Status([property: JsonPropertyName("RequestURL")] string RequestUrl, int StatusCode, string StatusString, string Id, string LocalTime);

    public static void Map(IEndpointRouteBuilder site)
    {
        var viid = site.MapGroup("/VIID").ExcludeFromDescription().DisableAntiforgery().WithMetadata(new RequestSizeLimitAttribute(MostBytes));
        viid.MapPost("/System/Register", (HttpContext http, ReceiveViid feature, CancellationToken stop) => feature.RegisterAsync(http, stop));
        viid.MapPost("/System/Keepalive", (HttpContext http, ReceiveViid feature, CancellationToken stop) => feature.KeepAliveAsync(http, "KeepaliveObject", stop));
        viid.MapPost("/System/UnRegister", (HttpContext http, ReceiveViid feature, CancellationToken stop) => feature.KeepAliveAsync(http, "UnRegisterObject", stop));
        viid.MapPost("/SubscribeNotifications", (HttpContext http, ReceiveViid feature, CancellationToken stop) => feature.NotifyAsync(http, stop));
        viid.MapPost("/{collection:regex(^(Faces|Persons|Images|MotorVehicles|NonMotorVehicles|Things|Scenes|VideoSlices|Files)$)}", (string collection, HttpContext http, ReceiveViid feature, CancellationToken stop) => feature.RefuseAsync(collection, http, stop));
    }

    /// <summary>注册: who it is, by digest.</summary>
    public Task<IResult> RegisterAsync(HttpContext http, CancellationToken stop) => AnswerAsync(http, async () =>
    {
        var name = ViidSessions.NameOf(http.Request);
        if (await digest.AdmitAsync(http, stop) is not { } device) return Challenge(http, name);
        if (name is null || device.Channel != name || await IdAsync(http, "RegisterObject", stop) != name) return Refuse(http, device, "user-identify", name ?? "-");
        sessions.Begin(name, device, http.Connection.RemoteIpAddress);
        translator.Alive(device, clock.GetUtcNow().ToUnixTimeMilliseconds());
        return One(http, Ok, "OK", name);
    });

    /// <summary>保活, 注销: it is there, or it goes.</summary>
    public Task<IResult> KeepAliveAsync(HttpContext http, string body, CancellationToken stop) => AnswerAsync(http, async () =>
    {
        var (device, name) = await WhoAsync(http, stop);
        if (device is null) return Challenge(http, name);
        if (await IdAsync(http, body, stop) != name) return Refuse(http, device, "user-identify", name!);
        if (body == "UnRegisterObject") sessions.End(name!);
        else translator.Alive(device, clock.GetUtcNow().ToUnixTimeMilliseconds());
        return One(http, Ok, "OK", name!);
    });

    /// <summary>订阅通知: events and states of devices; the rest is refused.</summary>
    public Task<IResult> NotifyAsync(HttpContext http, CancellationToken stop) => AnswerAsync(http, async () =>
    {
        var (device, name) = await WhoAsync(http, stop);
        if (device is null) return Challenge(http, name);
        var events = adapter.Read(await ReadAsync(http, stop), "");
        var refused = await translator.TakeAsync(device, adapter.Kind, events, stop);
        // An event that nobody here maps is the operator's business; what must not be sent at all is the sender's.
        return Many(http, events.Zip(refused).GroupBy(e => e.First.Reference).Select(n => n.Select(e => e.Second).FirstOrDefault(why => why is not null and not "unknown-event") is { } why ? (InvalidOperation, why, n.Key) : (Ok, "OK", n.Key)));
    });

    /// <summary>Faces, persons, images: their bodies are not read.</summary>
    public Task<IResult> RefuseAsync(string collection, HttpContext http, CancellationToken stop) => AnswerAsync(http, async () =>
    {
        var (device, name) = await WhoAsync(http, stop);
        if (device is null) return Challenge(http, name);
        refusals.Add(device.Code, device.Address?.ToString(), "personal", collection);
        return Many(http, [(InvalidOperation, "personal", name!)]);
    });

    // Registered, or with a digest of its own on this message.
    private async Task<(LiveDevice? Device, string? Name)> WhoAsync(HttpContext http, CancellationToken stop)
    {
        var name = ViidSessions.NameOf(http.Request);
        if (name is null) return (null, null);
        var device = sessions.Find(name, http.Connection.RemoteIpAddress) ?? await digest.AdmitAsync(http, stop);
        return device?.Channel == name ? (device, name) : (null, name);
    }

    private async Task<string?> IdAsync(HttpContext http, string body, CancellationToken stop)
    {
        var leaves = PushedMessages.Leaves(await ReadAsync(http, stop));
        return leaves.FirstOrDefault(l => l.Is($"{body}.DeviceID")).Value;
    }

    private static async Task<string> ReadAsync(HttpContext http, CancellationToken stop)
    {
        var buffer = new byte[Math.Clamp(http.Request.ContentLength ?? MostBytes, 1, MostBytes) + 1];
        var length = await http.Request.Body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, stop);
        return length < buffer.Length && length <= MostBytes ? Encoding.UTF8.GetString(buffer, 0, length) : throw new UnreadablePushException("too-large");
    }

    private async Task<IResult> AnswerAsync(HttpContext http, Func<Task<IResult>> act)
    {
        try { return await act(); }
        catch (UnreadablePushException e) { return Fail(e.Reason == "json" ? InvalidJson : InvalidContent, e.Reason, StatusCodes.Status400BadRequest); }
        catch (BadHttpRequestException e) when (e.StatusCode == StatusCodes.Status413PayloadTooLarge) { return Fail(InvalidContent, "too-large", e.StatusCode); }
        catch (RuleBrokenException e) { return Fail(InvalidOperation, e.Code.Replace("devices.", "", StringComparison.Ordinal), e.Status); }

        IResult Fail(int code, string reason, int status)
        {
            var name = ViidSessions.NameOf(http.Request);
            refusals.Add(name, http.Connection.RemoteIpAddress?.ToString(), reason, http.Request.Path);
            return One(http, code, reason, name ?? "", status);
        }
    }

    private IResult Challenge(HttpContext http, string? name)
    {
        http.Response.Headers.WWWAuthenticate = digest.Challenge();
        return One(http, InvalidOperation, "Unauthorized", name ?? "", StatusCodes.Status401Unauthorized);
    }

    private IResult Refuse(HttpContext http, LiveDevice device, string reason, string what)
    {
        refusals.Add(device.Code, device.Address?.ToString(), reason, what);
        return One(http, InvalidOperation, reason, ViidSessions.NameOf(http.Request) ?? "", StatusCodes.Status400BadRequest);
    }

    private IResult One(HttpContext http, int code, string words, string id, int status = StatusCodes.Status200OK) => Say(new { ResponseStatusObject = Of(http, code, words, id) }, status);

    private IResult Many(HttpContext http, IEnumerable<(int Code, string Words, string Id)> all) => Say(new { ResponseStatusListObject = new { ResponseStatusObject = all.Select(s => Of(http, s.Code, s.Words, s.Id)).ToList() } });

    private Status Of(HttpContext http, int code, string words, string id) => new(http.Request.Path, code, words, id, TimeZoneInfo.ConvertTime(clock.GetUtcNow(), Show.Zone).ToString("yyyyMMddHHmmss", System.Globalization.CultureInfo.InvariantCulture));

    private static IResult Say(object said, int status = StatusCodes.Status200OK) => Results.Json(said, Json, "application/VIID+JSON;charset=UTF-8", status);
}
