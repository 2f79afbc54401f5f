using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Http;

namespace Liren.Devices.Hub;

/// <summary>
/// Who is registered by GA/T 1400 (视图库注册): after the digest of Register its messages carry only <c>User-Identify</c>, so they are believed from the same address, while
/// it keeps alive, for a day. A restart forgets all: the next message is answered 401 and the platform registers again, as the standard has it.
/// </summary>
internal sealed class ViidSessions(DeviceDoor door, TimeProvider clock)
{
    private static readonly TimeSpan Alive = TimeSpan.FromMinutes(5), Longest = TimeSpan.FromHours(24);
    private readonly ConcurrentDictionary<string, Session> all = new();

    private sealed record Session(LiveDevice Device, IPAddress? Address, DateTimeOffset Began, DateTimeOffset HeardAt);

    /// <summary>The 20 digits by which a platform or device names itself; null: none.</summary>
    public static string? NameOf(HttpRequest request) => request.Headers["User-Identify"].ToString() is { Length: 20 } name && name.All(char.IsAsciiDigit) ? name : null;

    public void Begin(string name, LiveDevice device, IPAddress? address) => all[name] = new(device, address, clock.GetUtcNow(), clock.GetUtcNow());

    public void End(string name) => all.TryRemove(name, out _);

    /// <summary>The registered device that speaks; null: it must register.</summary>
    public LiveDevice? Find(string name, IPAddress? address)
    {
        var now = clock.GetUtcNow();
        if (!all.TryGetValue(name, out var session) || !Equals(session.Address, address) || now - session.HeardAt > Alive || now - session.Began > Longest) return null;
        // Its key was taken, or its code given to another.
        if (session.Device.SecretHash is null || session.Device.Channel != name) return null;
        door.Require(session.Device);
        all[name] = session with { HeardAt = now };
        return session.Device;
    }
}
