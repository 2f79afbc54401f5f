using Liren.Contracts.Places;
using Liren.People.Data;
using Liren.People.Domain;
using Liren.Sdk.Security;
using Microsoft.Extensions.DependencyInjection;

namespace Liren.People.Features;

/// <summary>What is wrong with a row, as it travels.</summary>
/// <param name="Row">Row number as the spreadsheet counts.</param>
/// <param name="Column">Letter and heading; null when the whole row is meant.</param>
/// <param name="Value">What stands there, masked when personal.</param>
/// <param name="Code">Stable code.</param>
/// <param name="Message">Sentence that says what to do.</param>
internal sealed record RowReason(int Row, string? Column, string? Header, string? Value, string Code, string Message);

/// <summary>First rows before and after.</summary>
internal sealed record RowSample(int Row, string Outcome, IReadOnlyList<string> Before, string After);

/// <summary>What an import would do; nothing has been written.</summary>
internal sealed record ImportPreview(int Total, int Added, int Changed, int Unchanged, int Refused, int NewRooms, IReadOnlyDictionary<string, int> Reasons,
    IReadOnlyList<RowReason> Problems, IReadOnlyList<RowReason> Notes, IReadOnlyList<string> Headers, IReadOnlyList<RowSample> Samples, IReadOnlyList<string> Undecided);

/// <summary>Runs a roster against the register without writing: the same code as the import, in contexts that are thrown away.</summary>
internal sealed class PreviewRoster(IServiceScopeFactory scopes, Sealer sealer, Reasons reasons, TimeProvider clock)
{
    private const int Samples = 20;

    public async Task<(ImportPreview Preview, Roster Roster, IReadOnlyList<RosterRow> Rows)> RunAsync(byte[] file, string compound, RosterMap? map, bool mayMakeRooms, CancellationToken stop)
    {
        await using var scope = scopes.CreateAsyncScope();
        var loader = scope.ServiceProvider.GetRequiredService<RosterLoader>();
        var roster = await loader.OpenAsync(file, compound, map, stop);
        if (!mayMakeRooms) roster = roster with { Mapping = roster.Mapping with { MakeRooms = false } };
        var rows = await loader.ReadAsync(roster, stop);
        var plan = await ImportPlan.PreviewAsync(scope.ServiceProvider.GetRequiredService<IRoomRegister>(), roster, rows, stop);
        var (outcomes, seen) = (new Dictionary<int, RowOutcome>(rows.Count), new HashSet<string>());
        foreach (var chunk in plan.Chunks(new HashSet<int>()))
        {
            await using var own = scopes.CreateAsyncScope();
            var db = own.ServiceProvider.GetRequiredService<PeopleDb>();
            var results = await new RegisterRows(db, sealer, roster.Mapping, plan.Rooms, seen, Actor.Current.Name, clock.GetUtcNow()).ApplyAsync(chunk, stop);
            var met = results.Where(r => r.Met is not null).Select(r => new AccessEntry(r.Met!.Value, Purpose.Required, "identifier", "exists")).ToList();
            if (met.Count > 0) await own.ServiceProvider.GetRequiredService<IAccessLog>().RecordAsync(met, stop);
            foreach (var result in results) outcomes[result.Row.Number] = result.Outcome;
        }
        int Count(RowOutcome outcome) => rows.Count(r => Of(r) == outcome);
        RowOutcome Of(RosterRow row) => row.IsGood ? outcomes.GetValueOrDefault(row.Number, RowOutcome.Refused) : RowOutcome.Refused;
        var sheet = roster.Sheet.Rows.ToDictionary(r => r.Number);
        var preview = new ImportPreview(rows.Count, Count(RowOutcome.Added), Count(RowOutcome.Changed), Count(RowOutcome.Unchanged), Count(RowOutcome.Refused), plan.NewRooms,
            rows.SelectMany(r => r.Problems).GroupBy(p => p.Code).OrderByDescending(g => g.Count()).ToDictionary(g => g.Key, g => g.Count()),
            [.. rows.SelectMany(r => r.Problems).Select(reasons.Of)], [.. rows.SelectMany(r => r.Notes).Select(reasons.Of)],
            [.. roster.Mapping.Columns.Select(c => c.Header)],
            [.. rows.Take(Samples).Select(r => new RowSample(r.Number, Of(r).ToString(), [.. roster.Mapping.Columns.Select(c => RosterRow.Masked(c.Field ?? RosterField.Name, sheet[r.Number].At(c.Index)))], reasons.After(r, roster.Mapping)))],
            [.. roster.Mapping.Undecided.Select(c => $"{c.Letter} {c.Header}")]);
        return (preview, roster, rows);
    }
}
