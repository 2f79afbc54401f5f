using Liren.Contracts.Devices;
using Liren.Contracts.Places;
using Liren.Devices.Data;
using Liren.Devices.Domain;
using Liren.Devices.Hub;
using Liren.Sdk;
using Liren.Sdk.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;

namespace Liren.Devices.Features;

/// <summary>One device: what it is, how it stands, its last day, its commands.</summary>
[Needs("devices.read")]
internal sealed class ShowDevice(DevicesDb db, DeviceKinds kinds, IPlaceDirectory places, StillStore stills, TimeProvider clock) : IFeature
{
    private const int MostPoints = 5_000;

    /// <summary>A value of the last day.</summary>
    public sealed record Point(DateTimeOffset At, double Value, ReadingQuality Quality);

    /// <summary>One metric over the last day; the latest points when there are very many.</summary>
    public sealed record Series(string Metric, string Unit, IReadOnlyList<Point> Points);

    /// <summary>A happening; with the hash of its picture while one is kept.</summary>
    public sealed record Told(DateTimeOffset At, string Type, string? Fields, string? Still);

    /// <summary>A command and what became of it.</summary>
    public sealed record Ordered(string Key, string Name, CommandClass Class, CommandStage Stage, string Reason, string? Answer, DateTimeOffset At, DateTimeOffset ExpiresAt);

    /// <summary>The device.</summary>
    public sealed record Response(Guid Id, string Code, string Kind, string Name, string Place, string PlaceName, string? Serial, string? Gateway, string? Channel, DeviceState State, IReadOnlyList<DeviceState> Next, DeviceHealth Health, DateTimeOffset? HealthAt,
        DateTimeOffset? HeardAt, DateTimeOffset? KeyAt, bool HasKey, bool Simulated, string? Reported, IReadOnlyList<string> CommandNames, IReadOnlyList<Series> Day, IReadOnlyList<Told> Happenings, IReadOnlyList<Ordered> Commands, int Version);

    public static void Map(IEndpointRouteBuilder api) => api.MapGet("/{id:guid}", (Guid id, ShowDevice feature, CancellationToken stop) => feature.RunAsync(id, stop));

    public async Task<Response> RunAsync(Guid id, CancellationToken stop)
    {
        var d = Rule.Found(await db.Devices.AsNoTracking().SingleOrDefaultAsync(x => x.Id == id, stop), "devices.no-device");
        Actor.Current.Require("devices.read", d.PlacePath);
        var kind = kinds.Find(d.Kind);
        var since = clock.GetUtcNow().AddDays(-1).ToUnixTimeMilliseconds();
        var rows = await (from r in db.Readings.AsNoTracking() join m in db.Metrics on r.Metric equals m.Id where r.Device == d.Number && r.At >= since orderby r.At descending, r.Seq descending select new { m.Name, r.At, r.Value, r.Quality }).Take(MostPoints).ToListAsync(stop);
        var told = await db.Happenings.AsNoTracking().Where(h => h.Device == d.Number && h.At >= since).OrderByDescending(h => h.At).ThenByDescending(h => h.Seq).Take(50).ToListAsync(stop);
        var commands = await db.Commands.AsNoTracking().Where(c => c.DeviceId == id).OrderByDescending(c => c.CreatedAt).Take(20).ToListAsync(stop);
        return new(d.Id, d.Code, d.Kind, d.Name, d.PlacePath, await places.FullNameAsync(d.PlacePath, stop), d.Serial, d.Gateway, d.Channel, d.State, d.Next, d.Health, d.HealthAt, d.HeardAt, d.KeyAt, d.SecretHash is not null, d.Simulated, d.Reported,
            [.. kind?.Commands.Keys.Order() ?? Enumerable.Empty<string>()],
            [.. rows.GroupBy(r => r.Name).OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => new Series(g.Key, kind?.Metrics.GetValueOrDefault(g.Key)?.Unit ?? "", [.. g.Reverse().Select(r => new Point(DateTimeOffset.FromUnixTimeMilliseconds(r.At), r.Value, (ReadingQuality)r.Quality))]))],
            [.. told.Select(h => new Told(DateTimeOffset.FromUnixTimeMilliseconds(h.At), h.Type, h.Fields, StillOf(id, h.Fields)))],
            [.. commands.Select(c => new Ordered(c.Key, c.Name, c.Class, c.Stage, c.Reason, c.Answer, c.StageAt, c.ExpiresAt))], d.Version);
    }

    private string? StillOf(Guid device, string? fields)
    {
        if (fields is null || !fields.Contains("\"sha256\"", StringComparison.Ordinal)) return null;
        using var json = System.Text.Json.JsonDocument.Parse(fields);
        return json.RootElement.TryGetProperty("sha256", out var sha) && sha.ValueKind == System.Text.Json.JsonValueKind.String && stills.Has(device, sha.GetString()!) ? sha.GetString() : null;
    }
}

/// <summary>Gives a device an order, with a reason (下发指令). Whoever gives it answers for it.</summary>
[Needs("devices.command")]
internal sealed class GiveCommand(DevicesDb db, CommandPost post, TimeProvider clock) : IFeature
{
    /// <param name="Key">Idempotency key.</param>
    /// <param name="Name">What to do.</param>
    /// <param name="Reason">Why.</param>
    /// <param name="Args">Arguments.</param>
    /// <param name="Seconds">After how long it must not be done any more.</param>
    public sealed record Request(string? Key, string? Name, string? Reason, System.Text.Json.JsonElement? Args = null, int? Seconds = null);

    public static void Map(IEndpointRouteBuilder api) => api.MapPost("/{id:guid}/commands", (Guid id, Request request, GiveCommand feature, CancellationToken stop) => feature.RunAsync(id, request, stop));

    public async Task<CommandStatus> RunAsync(Guid id, Request request, CancellationToken stop)
    {
        var device = Rule.Found(await db.Devices.AsNoTracking().SingleOrDefaultAsync(x => x.Id == id, stop), "devices.no-device");
        Actor.Current.Require("devices.command", device.PlacePath);
        var person = Actor.Current.Kind == ActorKind.Person ? Actor.Current.Id : null;
        Rule.Require(request.Args is null or { ValueKind: System.Text.Json.JsonValueKind.Object }, "devices.command-args", "args");
        return await post.SendAsync(new(request.Key ?? Guid.CreateVersion7().ToString("N"), id, request.Name ?? "", request.Args?.GetRawText(), clock.GetUtcNow().AddSeconds(request.Seconds ?? 60), request.Reason ?? "", $"person/{Actor.Current.Id}", person), stop);
    }
}
