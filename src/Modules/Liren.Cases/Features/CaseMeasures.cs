using Liren.Contracts;
using Liren.Contracts.Cases;
using Liren.Contracts.Insight;
using Liren.Sdk.Security;

namespace Liren.Cases.Features;

/// <summary>What cases come to (案件与监督指标): 响应率, 解决率, 满意率 and what they are made of, from the history of each case alone.</summary>
internal sealed class CaseMeasures : ISubjectMeasures
{
    /// <summary>Stars from which a reporter counts as satisfied.</summary>
    private const int SatisfiedFrom = 4;

    public string Name => "cases.journal";

    public IReadOnlyList<MeasureDef> Measures { get; } =
    [
        new("cases.reported", Roll.Sum, Grain.Hour, "cases", BuiltInRoles.DutyOfficer) { OnOverview = true, Behind = new("/cases", "cases.read") },
        new("cases.closed", Roll.Sum, Grain.Day, "cases", BuiltInRoles.DutyOfficer) { Behind = new("/cases?filter=Closed", "cases.read") },
        new("cases.in-time", Roll.Sum, Grain.Day, "cases", BuiltInRoles.DutyOfficer) { Behind = new("/cases?filter=Closed", "cases.read") },
        new("cases.solved", Roll.Sum, Grain.Day, "cases", BuiltInRoles.DutyOfficer) { Behind = new("/cases?filter=Closed", "cases.read") },
        new("cases.rated", Roll.Sum, Grain.Day, "cases", BuiltInRoles.DutyOfficer) { Behind = new("/cases?filter=Closed", "cases.read") },
        new("cases.satisfied", Roll.Sum, Grain.Day, "cases", BuiltInRoles.DutyOfficer) { Behind = new("/cases?filter=Closed", "cases.read") },
        new("cases.overdue", Roll.Sum, Grain.Day, "times", BuiltInRoles.DutyOfficer) { Behind = new("/cases?filter=overdue", "cases.read") },
        new("cases.minutes", Roll.Histogram, Grain.Day, "minutes", BuiltInRoles.StreetLeader) { Behind = new("/cases?filter=Closed", "cases.read") },
        new("cases.closed-alone", Roll.Sum, Grain.Day, "cases", BuiltInRoles.StreetLeader) { OnOverview = true, Must = 0, Behind = new("/cases?filter=Closed", "cases.read") },
        new("cases.response-rate", Roll.Ratio, Grain.Day, "share", BuiltInRoles.StreetLeader) { OnOverview = true, Ratio = ("cases.in-time", "cases.closed"), Behind = new("/cases?filter=Closed", "cases.read") },
        new("cases.solved-rate", Roll.Ratio, Grain.Day, "share", BuiltInRoles.StreetLeader) { OnOverview = true, Ratio = ("cases.solved", "cases.closed"), Behind = new("/cases?filter=Closed", "cases.read") },
        new("cases.satisfied-rate", Roll.Ratio, Grain.Day, "share", BuiltInRoles.StreetLeader) { OnOverview = true, Ratio = ("cases.satisfied", "cases.rated"), Behind = new("/cases?filter=Closed", "cases.read") },
    ];

    public IReadOnlyList<Type> Events { get; } = [typeof(CaseReported), typeof(CaseMoved), typeof(CaseOverdue)];

    public IEnumerable<Fact> FactsOf(IReadOnlyList<IEvent> history)
    {
        if (history.OfType<CaseReported>().FirstOrDefault() is not { } reported) yield break;
        var (place, type) = (reported.PlacePath, reported.Type);
        yield return new("cases.reported", place, reported.At, type);
        foreach (var late in history.OfType<CaseOverdue>()) yield return new("cases.overdue", place, late.At, late.Clock);
        var moves = history.OfType<CaseMoved>().ToList();
        // A case that was reopened is judged by its last close only: it counts once.
        var end = moves.FindLastIndex(m => m.To == CaseState.Closed && m.From != CaseState.Closed);
        if (end < 0 || moves.Skip(end + 1).Any(m => m.Act == "reopen")) yield break;
        var close = moves[end];
        yield return new("cases.closed", place, close.At, type);
        yield return new("cases.minutes", place, close.At, type, (long)Math.Ceiling(Math.Max(0, (close.At - reported.At).TotalMinutes)));
        if (!history.OfType<CaseOverdue>().Any(o => o.Clock == Domain.Clocks.Handle && o.At <= close.At)) yield return new("cases.in-time", place, close.At, type);
        var rated = moves.Skip(end + 1).LastOrDefault(m => m is { Act: "rate", Stars: not null });
        if (rated?.Solved ?? !moves.Take(end).Any(m => m.Act is "rework" or "reopen")) yield return new("cases.solved", place, close.At, type);
        if (rated is not null)
        {
            yield return new("cases.rated", place, close.At, type);
            if (rated.Stars >= SatisfiedFrom) yield return new("cases.satisfied", place, close.At, type);
        }
        if (moves.Take(end).LastOrDefault(m => m.Act == "feed-back") is { ByAccount: { } hand } && hand == close.ByAccount) yield return new("cases.closed-alone", place, close.At, type);
    }
}
