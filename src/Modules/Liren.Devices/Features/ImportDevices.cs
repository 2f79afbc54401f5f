using Liren.Contracts.Places;
using Liren.Devices.Data;
using Liren.Devices.Domain;
using Liren.Sdk;
using Liren.Sdk.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;

namespace Liren.Devices.Features;

/// <summary>Registers many devices from a table (批量登记): code,kind,name,place[,serial][,gateway][,channel]. Whole or not at all.</summary>
[Needs("devices.edit")]
internal sealed class ImportDevices(DevicesDb db, ManageDevices manage) : IFeature
{
    private const int Most = 5_000;

    /// <param name="Csv">The table, its first line the names of the columns.</param>
    public sealed record Request(string? Csv);

    /// <param name="Line">Line of the table, from 1.</param>
    /// <param name="Code">What is wrong.</param>
    /// <param name="Field">In which column.</param>
    public sealed record Fault(int Line, string Code, string? Field);

    /// <param name="Added">Devices registered.</param>
    /// <param name="Faults">When there is one, nothing was registered.</param>
    public sealed record Response(int Added, IReadOnlyList<Fault> Faults);

    public static void Map(IEndpointRouteBuilder api) => api.MapPost("/import", (Request request, ImportDevices feature, CancellationToken stop) => feature.RunAsync(request, stop));

    public async Task<Response> RunAsync(Request request, CancellationToken stop)
    {
        var lines = (request.Csv ?? "").TrimStart('\uFEFF').Split('\n').Select(l => l.Trim('\r', ' ')).ToList();
        var head = lines[0].Split(',').Select(c => c.Trim().ToLowerInvariant()).ToList();
        foreach (var column in (string[])["code", "kind", "name", "place"]) Rule.Require(head.Contains(column), "devices.csv-head", "csv", column);
        Rule.Require(lines.Count <= Most + 1, "devices.csv-long", "csv", Most);
        var number = await db.Devices.MaxAsync(d => (long?)d.Number, stop) ?? 0;
        var (faults, made, codes) = (new List<Fault>(), new List<Device>(), new HashSet<string>());
        for (var i = 1; i < lines.Count; i++)
        {
            if (lines[i].Length == 0) continue;
            var cells = lines[i].Split(',');
            string? Cell(string column) => head.IndexOf(column) is >= 0 and var at && at < cells.Length && cells[at].Trim() is { Length: > 0 } text ? text : null;
            try
            {
                var device = await manage.MakeAsync(new(Cell("code"), Cell("kind"), Cell("name"), Cell("place"), Cell("serial"), Cell("gateway"), Channel: Cell("channel")), Guid.CreateVersion7(), ++number, stop);
                if (!codes.Add(device.Code)) faults.Add(new(i + 1, "devices.code-taken", "code"));
                else if (device is { Gateway: not null, Channel: not null } && made.Any(m => m.Gateway == device.Gateway && m.Channel == device.Channel)) faults.Add(new(i + 1, "devices.channel-taken", "channel"));
                else made.Add(device);
            }
            catch (RuleBrokenException e) { faults.Add(new(i + 1, e.Code, e.Field)); }
        }
        if (faults.Count > 0) return new(0, faults);
        db.AddRange(made);
        await db.SaveChangesAsync(stop);
        return new(made.Count, []);
    }
}
