using Liren.Incidents.Data;
using Liren.Incidents.Domain;
using Liren.Plans;
using Liren.Plans.Language;
using Liren.Plans.Model;
using Microsoft.EntityFrameworkCore;

namespace Liren.Incidents.Features;

/// <summary>The plan an incident runs under, with the values that hold at its place, in words and numbers for people.</summary>
/// <param name="Plan">The plan.</param>
/// <param name="Emergency">With the parameters of emergency.</param>
/// <param name="Set">Parameters set otherwise at the place.</param>
internal sealed record PlanShown(Plan Plan, bool Emergency, IReadOnlyDictionary<string, string> Set)
{
    /// <summary>An expression with the values of its parameters.</summary>
    // A longer name first: $people is not $peo with "ple" behind it.
    public string Filled(string text) => Plan.Parameters.OrderByDescending(p => p.Key.Length).Aggregate(text, (t, p) => t.Replace("$" + p.Key, Set.GetValueOrDefault(p.Key) ?? (Emergency ? p.Value.Emergency : p.Value.Peace), StringComparison.Ordinal));

    /// <summary>What begins it.</summary>
    public IEnumerable<string> Triggers => Plan.Trigger.Any.Select(t => Filled(t.When.Text));

    /// <summary>The number a reading is compared with at the begin; null when it is not that simple.</summary>
    public double? Threshold => Plan.Trigger.Any is [{ When.Tree: BinaryExpr { Operator: ">=" or ">" } compare }]
        && double.TryParse(compare.Right switch { ParamExpr p => Filled("$" + p.Name), NumberExpr n => n.Value.ToString(System.Globalization.CultureInfo.InvariantCulture), _ => null }, System.Globalization.CultureInfo.InvariantCulture, out var value) ? value : null;

    /// <summary>Proofs of the end.</summary>
    public IEnumerable<Check> Proofs => Plan.Verification.Checks.Leaves;

    /// <summary>What a second person has to bring with their word.</summary>
    public IEnumerable<string> Evidence => Proofs.OfType<HumanCheck>().SelectMany(h => h.Evidence).Distinct();

    /// <summary>Second people it takes; more when no sensor can tell.</summary>
    public int People(bool blind) => (blind && Plan.Verification.IfNoSensor is { } other ? other.Leaves : Proofs).OfType<HumanCheck>().Sum(h => h.Count);

    /// <summary>How the sensor looks; whether it proves the end is the engine's to say.</summary>
    public SensorVerdict Verdict(Incident incident, IReadOnlyList<Reading> readings, DateTimeOffset now) =>
        Plan.Trigger.Source is not { } source ? SensorVerdict.None : incident.EndedAt is not null ? SensorVerdict.Calm
        : readings is not [.., var last] || now - last.At > source.StaleAfter ? SensorVerdict.Blind : last.Value >= Threshold ? SensorVerdict.Busy : SensorVerdict.Waiting;
}

/// <summary>Finds the plan of an incident.</summary>
internal sealed class PlanOf(IncidentsDb db)
{
    /// <summary>Null when the general rules hold.</summary>
    public async Task<PlanShown?> FindAsync(Incident incident, CancellationToken stop)
    {
        if (!incident.ByPlan || await db.PlanTexts.AsNoTracking().SingleOrDefaultAsync(p => p.PlanId == incident.PlanId && p.PlanVersion == incident.PlanVersion, stop) is not { } text) return null;
        if (new PlanCompiler(Vocabulary.Standard).Check(text.Text).Plan is not { } plan) return null;
        var place = await db.PlanPlaces.AsNoTracking().SingleOrDefaultAsync(p => p.PlanId == incident.PlanId && p.PlacePath == incident.PlacePath, stop);
        return new(plan, place?.Emergency ?? false, place?.Set ?? new Dictionary<string, string>());
    }
}
