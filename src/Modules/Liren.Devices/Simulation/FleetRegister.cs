using Liren.Devices.Data;
using Liren.Devices.Domain;
using Liren.Sdk;
using Liren.Sdk.Cli;
using Microsoft.EntityFrameworkCore;

namespace Liren.Devices.Simulation;

/// <summary>One connection of the fleet and the devices that speak through it; without children it is the device itself.</summary>
internal sealed record Line(string Code, string Secret, FleetGroup Group, IReadOnlyList<string> Children);

/// <summary>Registers the devices of a fleet that are not there yet, and gives those that connect a key for this run.</summary>
internal sealed class FleetRegister(DevicesDb db, DeviceKinds kinds, TimeProvider clock)
{
    private const int Batch = 2_000;

    public async Task<IReadOnlyList<Line>> RegisterAsync(Fleet fleet, CancellationToken stop)
    {
        var lines = new List<Line>();
        var number = await db.Devices.MaxAsync(d => (long?)d.Number, stop) ?? 0;
        foreach (var group in fleet.Groups)
        {
            var kind = Kind(group.Kind);
            var codes = Enumerable.Range(1, group.Count).Select(i => $"{group.Prefix}-{i}").ToList();
            if (group.PerGateway == 0)
            {
                foreach (var some in codes.Chunk(Batch)) foreach (var (code, secret) in await KeepAsync(some.Select(c => (c, (string?)null)), kind, withKeys: true)) lines.Add(new(code, secret, group, []));
                continue;
            }
            var sets = codes.Chunk(group.PerGateway).Select((children, i) => (Gateway: $"{group.Prefix}-gw-{i + 1}", Children: children)).ToList();
            var secrets = (await KeepAsync(sets.Select(s => (s.Gateway, (string?)null)), Kind("gateway"), withKeys: true)).ToDictionary(s => s.Code, s => s.Secret);
            foreach (var some in sets.SelectMany(s => s.Children.Select(c => (c, (string?)s.Gateway))).Chunk(Batch)) await KeepAsync(some, kind, withKeys: false);
            lines.AddRange(sets.Select(s => new Line(s.Gateway, secrets[s.Gateway], group, s.Children)));

            async Task<List<(string Code, string Secret)>> KeepAsync(IEnumerable<(string Code, string? Gateway)> wanted, DeviceKind of, bool withKeys)
            {
                db.ChangeTracker.Clear();
                var all = wanted.ToList();
                var names = all.Select(w => w.Code).ToList();
                var there = await db.Devices.Where(d => names.Contains(d.Code)).ToDictionaryAsync(d => d.Code, stop);
                var keys = new List<(string, string)>();
                foreach (var (code, gateway) in all)
                {
                    if (there.TryGetValue(code, out var device))
                    {
                        if (!device.Simulated) throw new CliFailureException($"{code} is a real device: choose another prefix");
                    }
                    else
                    {
                        device = Device.Register(Guid.CreateVersion7(), ++number, code, of, code, group.Place, null, gateway, null, simulated: true, clock.GetUtcNow());
                        device.Go(DeviceState.InService, clock.GetUtcNow());
                        db.Add(device);
                    }
                    if (withKeys) keys.Add((code, device.Rekey(clock.GetUtcNow())));
                }
                await db.SaveChangesAsync(stop);
                return keys;
            }
        }
        return lines;
    }

    private DeviceKind Kind(string code) => kinds.Find(code) ?? throw new RuleBrokenException("devices.kind", "kind", 422, code, string.Join(", ", kinds.All.Select(k => k.Code)));
}
