using Liren.Contracts;
using Liren.Contracts.Incidents;
using Liren.Contracts.Insight;
using Liren.Sdk.Security;

namespace Liren.Incidents.Features;

/// <summary>What incidents come to (事件指标): opened, closed, how long each stage took, reopened, without owner, closed by who handled it. All from their history alone.</summary>
internal sealed class IncidentMeasures : ISubjectMeasures
{
    public string Name => "incidents.journal";

    public IReadOnlyList<MeasureDef> Measures { get; } =
    [
        new("incidents.opened", Roll.Sum, Grain.Hour, "cases", BuiltInRoles.DutyOfficer) { OnOverview = true, Behind = new("/incidents", "incidents.read") },
        new("incidents.closed", Roll.Sum, Grain.Hour, "cases", BuiltInRoles.DutyOfficer) { Behind = new("/incidents?filter=Closed", "incidents.read") },
        new("incidents.rejected", Roll.Sum, Grain.Day, "cases", BuiltInRoles.DutyOfficer) { Behind = new("/incidents?filter=Rejected", "incidents.read") },
        new("incidents.minutes", Roll.Histogram, Grain.Day, "minutes", BuiltInRoles.DutyOfficer),
        new("incidents.sense-to-close", Roll.Histogram, Grain.Day, "minutes", BuiltInRoles.StreetLeader) { OnOverview = true, Behind = new("/incidents?filter=Closed", "incidents.read") },
        new("incidents.reopened", Roll.Sum, Grain.Day, "cases", BuiltInRoles.DutyOfficer) { Behind = new("/incidents", "incidents.read") },
        new("incidents.no-owner", Roll.Sum, Grain.Day, "cases", BuiltInRoles.StreetLeader) { OnOverview = true, Must = 0, Behind = new("/incidents?filter=Open", "incidents.read") },
        new("incidents.closed-alone", Roll.Sum, Grain.Day, "cases", BuiltInRoles.StreetLeader) { OnOverview = true, Must = 0, Behind = new("/incidents?filter=Closed", "incidents.read") },
    ];

    public IReadOnlyList<Type> Events { get; } = [typeof(IncidentOpened), typeof(IncidentMoved)];

    public IEnumerable<Fact> FactsOf(IReadOnlyList<IEvent> history)
    {
        if (history.OfType<IncidentOpened>().FirstOrDefault() is not { } opened) yield break;
        var (place, type, since, owned) = (opened.PlacePath, opened.Type, opened.At, false);
        // Who handled it and who confirmed it since it was last open.
        HashSet<Guid> hands = [], eyes = [];
        yield return new("incidents.opened", place, opened.At, type);
        foreach (var moved in history.OfType<IncidentMoved>())
        {
            owned |= moved.Act is "offer" or "reassign" or "reject";
            if (moved is { Act: "handle", ByAccount: { } hand }) hands.Add(hand);
            if (moved is { Act: "confirm", ByAccount: { } eye }) eyes.Add(eye);
            if (moved.To != moved.From)
            {
                // The stage that ends with this step; minutes begun count as whole ones.
                yield return new("incidents.minutes", place, moved.At, StageOf(moved.From), Minutes(moved.At - since));
                since = moved.At;
            }
            if (moved is { Act: "close" })
            {
                yield return new("incidents.closed", place, moved.At, type);
                yield return new("incidents.sense-to-close", place, moved.At, type, Minutes(moved.At - opened.At));
                if (eyes.Except(hands).Any() == false) yield return new("incidents.closed-alone", place, moved.At, type);
            }
            if (moved.Act == "reopen")
            {
                yield return new("incidents.reopened", place, moved.At, type);
                hands.Clear();
                eyes.Clear();
            }
            if (moved is { To: IncidentState.Rejected, From: not IncidentState.Rejected }) yield return new("incidents.rejected", place, moved.At, type);
        }
        // Taken back as soon as somebody is asked.
        if (!owned) yield return new("incidents.no-owner", place, opened.At, type);
    }

    private static long Minutes(TimeSpan span) => (long)Math.Ceiling(Math.Max(0, span.TotalMinutes));

    private static string StageOf(IncidentState from) => from switch
    {
        IncidentState.Open => "offer",
        IncidentState.Dispatched => "accept",
        IncidentState.Accepted => "arrive",
        IncidentState.OnScene => "handle",
        IncidentState.Verifying => "verify",
        _ => "closed",
    };
}
