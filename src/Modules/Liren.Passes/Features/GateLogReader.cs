using System.Runtime.CompilerServices;
using System.Text.Json;
using Liren.Codes;
using Liren.Contracts.Passes;
using Liren.Passes.Data;
using Microsoft.EntityFrameworkCore;

namespace Liren.Passes.Features;

/// <summary>Reads the gate log for other modules.</summary>
internal sealed class GateLogReader(PassesDb db, GateLines log) : IGateLog
{
    /// <summary>Passages a minute from which a gate is a crowd.</summary>
    public const int Busy = 60;

    public async IAsyncEnumerable<GateScan> ScansAsync(long after, int most, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var lines in log.AfterAsync(after, most, cancellation))
            foreach (var line in lines) yield return new(line.Seq, line.GateId, line.Place, line.At, line.Direction == Direction.In, (int)line.Verdict, line.Person);
    }

    private sealed record Near(long Own, string Cti, DateTimeOffset At, Guid? Person, string? Name, string? Unit, string? Place);

    // By index: the few minutes around each of the person's passages at its gate, then whose passes those are. Verdict 0 is Admit; a time is milliseconds on SQLite.
    private const string Select = """
        SELECT a."Seq" AS "Own", b."Cti" AS "Cti", b."At" AS "At", q."PersonId" AS "Person", q."Name" AS "Name", q."Unit" AS "Unit", q."PlacePath" AS "Place"
        FROM passes_gate_entry a JOIN passes_gate_entry b ON b."GateId" = a."GateId" AND b."At" BETWEEN
        """;
    private const string Where = """
         LEFT JOIN passes_pass q ON q."Cti" = b."Cti" WHERE b."Verdict" = 0 AND b."Cti" IS NOT NULL AND b."Cti" <> a."Cti" AND ({2} = 0 OR b."Direction" = a."Direction") AND a."Seq"
        """;
    private const string Sqlite = Select + " a.\"At\" - {1} * 60000 AND a.\"At\" + {1} * 60000" + Where + " IN (SELECT value FROM json_each({0}))",
        Postgres = Select + " a.\"At\" - {1} * interval '1 minute' AND a.\"At\" + {1} * interval '1 minute'" + Where + " = ANY({0})";

    public async Task<MeetingsFound> MeetingsAsync(MeetingsAsked asked, CancellationToken cancellation)
    {
        var own = await db.Passes.AsNoTracking().Where(p => p.PersonId == asked.Person).Select(p => new { p.Cti, p.PlacePath, p.Until }).ToListAsync(cancellation);
        if (own.Count == 0) return new(null, 0, [], []);
        var ctis = own.ConvertAll(o => o.Cti);
        var passages = await db.EntriesOf(db.Passes.Where(p => p.PersonId == asked.Person).Select(p => p.Cti)).Where(e => e.Verdict == Verdict.Admit && e.At >= asked.From && e.At <= asked.To).Select(e => new { e.Seq, e.At, e.GateId }).ToDictionaryAsync(e => e.Seq, cancellation);
        var near = db.Database.IsNpgsql()
            ? await db.Database.SqlQueryRaw<Near>(Postgres, passages.Keys.ToArray(), asked.Minutes, asked.SameDirection ? 1 : 0).ToListAsync(cancellation)
            : (await db.Database.SqlQueryRaw<NearMilliseconds>(Sqlite, JsonSerializer.Serialize(passages.Keys), asked.Minutes, asked.SameDirection ? 1 : 0).ToListAsync(cancellation)).ConvertAll(n => new Near(n.Own, n.Cti, DateTimeOffset.FromUnixTimeMilliseconds(n.At), n.Person, n.Name, n.Unit, n.Place));
        near.RemoveAll(n => ctis.Contains(n.Cti));
        var crowds = near.GroupBy(n => n.Own).Where(g => g.Count() > Busy * 2 * asked.Minutes).ToDictionary(g => g.Key, g => g.Count());
        var rooms = own.Select(o => o.PlacePath).ToHashSet();
        var found = near.Where(n => !crowds.ContainsKey(n.Own) && n is { Person: not null, Place: not null } && !(asked.WithoutHousehold && rooms.Contains(n.Place))).GroupBy(n => n.Person!.Value)
            .Select(g => new Meeting(g.Key, g.First().Name ?? "", g.First().Unit, g.Select(n => n.Own).Distinct().Count(), g.Min(n => n.At), g.Max(n => n.At)))
            .OrderByDescending(m => m.Times).ThenBy(m => m.First).ToList();
        var crowded = crowds.Keys.Select(c => passages[c].GateId).ToHashSet();
        var gates = crowded.Count == 0 ? [] : await db.Gates.AsNoTracking().Where(g => crowded.Contains(g.Id)).Select(g => new { g.Id, g.Name }).ToDictionaryAsync(g => g.Id, g => g.Name, cancellation);
        return new(own.MaxBy(o => o.Until)!.PlacePath, passages.Count, found, [.. crowds.Select(c => new Crowd(gates.GetValueOrDefault(passages[c.Key].GateId, ""), passages[c.Key].At, c.Value)).OrderBy(c => c.At)]);
    }

    private sealed record NearMilliseconds(long Own, string Cti, long At, Guid? Person, string? Name, string? Unit, string? Place);
}
