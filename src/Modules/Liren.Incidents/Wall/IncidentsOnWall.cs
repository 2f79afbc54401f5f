using System.Text.Json;
using Liren.Contracts.Incidents;
using Liren.Contracts.Organisation;
using Liren.Contracts.Wall;
using Liren.Incidents.Data;
using Liren.Incidents.Domain;
using Liren.Sdk.Data;
using Liren.Sdk.Events;
using Microsoft.EntityFrameworkCore;

namespace Liren.Incidents.Wall;

/// <summary>Open incidents for the wall (大屏): level, stage, clock; who was sent only as a point while on the way.</summary>
internal sealed class IncidentsOnWall(IncidentsDb db, IEventTypes types, IStaffPositions positions, TimeProvider clock) : IWallSource
{
    /// <summary>A position older than this says nothing about somebody who walks.</summary>
    private static readonly TimeSpan Walking = TimeSpan.FromMinutes(10);

    public string Kind => WallKinds.Incident;

    public IReadOnlyDictionary<string, bool> Notes { get; } = new Dictionary<string, bool>
    {
        [nameof(IncidentOpened)] = true, [nameof(IncidentMoved)] = true, [nameof(ObservationReceived)] = false,
    };

    public TimeSpan Recount => TimeSpan.FromSeconds(30);

    public async Task<IReadOnlyList<WallThing>> ReadAsync(IReadOnlyCollection<Guid>? only, CancellationToken cancellation = default)
    {
        var rows = db.Incidents.AsNoTracking().Where(i => i.OpenKey != null);
        if (only is not null) rows = rows.Where(i => only.Contains(i.Id));
        var open = await rows.ToListAsync(cancellation);
        var sent = await positions.LastAsync([.. open.Where(i => i.State == IncidentState.Accepted).Select(i => i.AssigneeId).OfType<Guid>().Distinct()], clock.GetUtcNow() - Walking, cancellation);
        var names = await NamesAsync(cancellation);
        return [.. open.Select(i => new WallThing(Kind, i.Id, i.PlacePath, i.State.ToString(), i.OpenedAt)
        {
            Level = i.Level.ToString(), Name = names.GetValueOrDefault(i.Type), Code = i.Code, Due = i.Deadline, People = PeopleOf(i.Type, i.LastValue),
            Sent = i is { State: IncidentState.Accepted, AssigneeId: { } who } && sent.TryGetValue(who, out var at) ? new WallPoint(at.Longitude, at.Latitude) : null,
        })];
    }

    public async Task<IReadOnlyList<WallChange>?> HistoryAsync(string place, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellation = default)
    {
        var found = await db.Incidents.AsNoTracking().WhereWithin(i => i.PlacePath, [place]).Where(i => i.OpenedAt < to && (i.EndedAt == null || i.EndedAt >= from || i.Round > 1)).ToListAsync(cancellation);
        var ids = found.Select(i => i.Id).ToList();
        var steps = (await db.Steps.AsNoTracking().Where(s => ids.Contains(s.IncidentId) && s.At < to).OrderBy(s => s.Seq).ToListAsync(cancellation)).ToLookup(s => s.IncidentId);
        var values = (await db.Observations.AsNoTracking().Where(o => o.IncidentId != null && ids.Contains(o.IncidentId.Value) && o.ArrivedAt < to && o.Value != null).OrderBy(o => o.ArrivedAt).ToListAsync(cancellation)).ToLookup(o => o.IncidentId!.Value);
        var subjects = found.Select(i => (Guid?)i.Id).ToList();
        var opened = typeof(IncidentOpened).FullName!;
        var levels = (await db.Journal.AsNoTracking().Where(j => j.Type == opened && subjects.Contains(j.Subject)).Select(j => new { j.Subject, j.Body }).ToListAsync(cancellation))
            .ToDictionary(j => j.Subject!.Value, j => JsonSerializer.Deserialize<IncidentOpened>(j.Body, EventTypes.Json)!.Level);
        var names = await NamesAsync(cancellation);
        var changes = new List<WallChange>();
        foreach (var i in found)
        {
            var thing = new WallThing(Kind, i.Id, i.PlacePath, nameof(IncidentState.Open), i.OpenedAt) { Level = levels.GetValueOrDefault(i.Id, i.Level.ToString()), Name = names.GetValueOrDefault(i.Type), Code = i.Code };
            var happened = steps[i.Id].Select(s => (s.At, Step: (Step?)s, Value: (double?)null)).Concat(values[i.Id].Select(o => (At: o.ArrivedAt, Step: (Step?)null, o.Value))).OrderBy(h => h.At);
            changes.AddRange(History.From(from, Kind, i.Id, happened.Select(h =>
            {
                if (h.Step is { } step) thing = thing with { State = step.To.ToString(), Level = step.Act == Act.Escalate ? JsonDocument.Parse(step.Args).RootElement[0].GetString() : thing.Level };
                else thing = thing with { People = PeopleOf(i.Type, h.Value) };
                return (h.At, (WallThing?)(Enum.Parse<IncidentState>(thing.State).IsOpen() ? thing : null));
            })));
        }
        return changes;
    }

    private static int? PeopleOf(string type, double? value) => GatheringPlan.Measures(type) && value is { } v ? (int)v : null;

    private async Task<Dictionary<string, WallName>> NamesAsync(CancellationToken cancellation) =>
        (await types.AllAsync(cancellation)).ToDictionary(t => t.Code, t => new WallName(t.Zh, t.En));
}
