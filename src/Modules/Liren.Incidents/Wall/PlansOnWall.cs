using System.Text.Json;
using Liren.Contracts.Incidents;
using Liren.Contracts.Places;
using Liren.Contracts.Wall;
using Liren.Incidents.Data;
using Liren.Sdk.Events;
using Liren.Sdk.Web;
using Microsoft.EntityFrameworkCore;

namespace Liren.Incidents.Wall;

/// <summary>Plans in force (在岗预案) for the wall: one thing for each plan and place.</summary>
internal sealed class PlansOnWall(IncidentsDb db) : IWallSource
{
    private const string InForce = "InForce", Emergency = "Emergency";
    private static readonly string[] Types = [typeof(PlanPutInForce).FullName!, typeof(PlanTakenOut).FullName!];

    public string Kind => WallKinds.Plan;

    public IReadOnlyDictionary<string, bool> Notes { get; } = new Dictionary<string, bool> { [nameof(PlanPutInForce)] = false, [nameof(PlanTakenOut)] = false };

    public TimeSpan Recount => TimeSpan.FromMinutes(1);

    public async Task<IReadOnlyList<WallThing>> ReadAsync(IReadOnlyCollection<Guid>? only, CancellationToken cancellation = default)
    {
        var rows = await (from p in db.PlanPlaces.AsNoTracking()
                          join t in db.PlanTexts.AsNoTracking() on new { p.PlanId, p.PlanVersion } equals new { t.PlanId, t.PlanVersion }
                          select new { p.PlanId, p.PlacePath, p.Emergency, p.Since, t.TitleZh, t.TitleEn }).ToListAsync(cancellation);
        return [.. rows.Select(r => Thing(r.PlanId, r.PlacePath, r.Emergency, r.Since, new(r.TitleZh, r.TitleEn)))];
    }

    public async Task<IReadOnlyList<WallChange>?> HistoryAsync(string place, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellation = default)
    {
        var rows = await db.Journal.AsNoTracking().Where(j => Types.Contains(j.Type) && j.At < to).OrderBy(j => j.Seq).Select(j => new { j.At, j.Type, j.Body }).ToListAsync(cancellation);
        var texts = await db.PlanTexts.AsNoTracking().Select(t => new { t.Id, t.PlanId, t.TitleZh, t.TitleEn }).ToDictionaryAsync(t => t.Id, cancellation);
        var states = new Dictionary<Guid, List<(DateTimeOffset, WallThing?)>>();
        void Add(Guid id, DateTimeOffset at, WallThing? thing) => (states.TryGetValue(id, out var list) ? list : states[id] = []).Add((at, thing));
        foreach (var row in rows)
            if (row.Type == Types[0])
            {
                var put = JsonSerializer.Deserialize<PlanPutInForce>(row.Body, EventTypes.Json)!;
                if (!texts.TryGetValue(put.PlanTextId, out var text)) continue;
                foreach (var area in put.Places.Where(a => PlacePath.Overlap(a, place))) Add(IdOf(text.PlanId, area), row.At, Thing(text.PlanId, area, put.Emergency, row.At, new(text.TitleZh, text.TitleEn)));
            }
            else
            {
                var taken = JsonSerializer.Deserialize<PlanTakenOut>(row.Body, EventTypes.Json)!;
                foreach (var area in taken.Places.Where(a => PlacePath.Overlap(a, place))) Add(IdOf(taken.PlanId, area), row.At, null);
            }
        return [.. states.SelectMany(s => History.From(from, Kind, s.Key, s.Value))];
    }

    private static WallThing Thing(string plan, string area, bool emergency, DateTimeOffset since, WallName title) =>
        new(WallKinds.Plan, IdOf(plan, area), area, emergency ? Emergency : InForce, since) { Name = title, Trouble = emergency };

    private static Guid IdOf(string plan, string area) => NewId.Made($"plan\n{plan}\n{area}");
}
