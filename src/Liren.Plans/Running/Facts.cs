using Liren.Plans.Windows;

namespace Liren.Plans.Running;

/// <summary>What a condition sees of a place and its incident at one instant.</summary>
internal sealed class Facts(PlacePlan place, DateTimeOffset at, double coverage) : IFacts
{
    private RunningIncident? Incident => place.Incident is { IsOpen: true } open ? open : null;

    public int Level => place.Incident?.Level ?? 4;

    public Interval Window(string function, string metric, TimeSpan over, IReadOnlyList<string> from) =>
        place.Window(metric).Function(function, at.ToUnixTimeMilliseconds(), (long)over.TotalMilliseconds, coverage, from);

    public Interval Now(string metric) => place.Window(metric).Now(at.ToUnixTimeMilliseconds());

    public Truth Event(string type, Func<IReadOnlyDictionary<string, double>, Truth>? predicate)
    {
        var seen = (Incident?.Events ?? []).Concat(place.Current is { } now ? [now] : []).Where(e => e.Type == type);
        return predicate is null ? Truths.Of(seen.Any()) : seen.Select(e => predicate(e.Fields)).Aggregate(Truth.False, Truths.Or);
    }

    public Truth Report(string code) => Truths.Of(Incident?.Reports.Contains(code) == true);

    // Calls that were made and not answered are told to the engine by their receipts; before any ran, nobody can say.
    public Truth Absent(string thing, string to, TimeSpan over, int attempts) => Truth.Unknown;

    public Truth Flag(string name) => place.Incident?.Flags.Contains(name) == true ? Truth.True : name.StartsWith("subject.", StringComparison.Ordinal) ? Truth.Unknown : Truth.False;

    public Interval Measure(string name) => name == "age" && place.Incident is { } incident ? Interval.Of((at - incident.OpenedAt).TotalSeconds) : Interval.Any;

    public string? Symbol(string name) => name switch { "mode" => place.Bound.Mode, "state" => place.Incident?.State, "reason" => place.Incident?.Reason, _ => null };
}
