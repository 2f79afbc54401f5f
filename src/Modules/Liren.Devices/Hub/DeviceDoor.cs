using System.Net.Http.Headers;
using System.Text;
using Liren.Devices.Domain;
using Liren.Sdk;
using Microsoft.AspNetCore.Http;

namespace Liren.Devices.Hub;

/// <summary>Lets devices in that speak HTTP: by their code and secret (Basic), or by the secret alone where the code stands in the address. Who is refused is seen by the operator.</summary>
internal sealed class DeviceDoor(DeviceBook book, Refusals refusals, HubOptions options)
{
    /// <summary>The device, or a broken rule.</summary>
    /// <param name="code">The device the address names.</param>
    /// <param name="http">The call.</param>
    /// <param name="key">Its secret, when it came in the address; else the header counts.</param>
    /// <param name="stop">Ends waiting.</param>
    public async Task<LiveDevice> AdmitAsync(string code, HttpContext http, string? key, CancellationToken stop)
    {
        var (user, secret) = key is { Length: > 0 and <= 200 } ? (code, key) : Credentials(http.Request);
        var (device, fits) = user == code ? await book.AdmitAsync(code, Encoding.UTF8.GetBytes(secret), stop) : (null, false);
        if (device is null || !fits)
        {
            refusals.Add(code, http.Connection.RemoteIpAddress?.ToString(), device is null ? "unknown-device" : "wrong-key");
            throw new RuleBrokenException("devices.key", "Authorization", 401);
        }
        Require(device);
        lock (device) device.Address = http.Connection.RemoteIpAddress;
        return device;
    }

    /// <summary>A broken rule when the device may not speak now.</summary>
    public void Require(LiveDevice device)
    {
        if (!device.MaySpeak) throw new RuleBrokenException("devices.not-in-service", null, device.State == DeviceState.Retired ? 410 : 409, device.State);
        if (device.Simulated && !options.AllowsSimulated) throw new RuleBrokenException("devices.simulated", null, 403);
    }

    private static (string User, string Secret) Credentials(HttpRequest request)
    {
        if (!AuthenticationHeaderValue.TryParse(request.Headers.Authorization, out var header) || header.Scheme != "Basic" || header.Parameter is not { Length: > 0 and <= 400 } given) return ("", "");
        Span<byte> plain = stackalloc byte[300];
        if (!Convert.TryFromBase64String(given, plain, out var length)) return ("", "");
        return Encoding.UTF8.GetString(plain[..length]).Split(':', 2) is [var user, var secret] ? (user, secret) : ("", "");
    }
}
