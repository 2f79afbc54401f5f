using Liren.Contracts.Incidents;
using Liren.Sdk;

namespace Liren.Incidents.Domain;

/// <summary>How far a reading can be trusted.</summary>
[Flags]
internal enum Quality
{
    /// <summary>As it should be.</summary>
    Good = 0,
    /// <summary>At least so many: the sensor sees a part.</summary>
    LowerBound = 1,
    /// <summary>Came too late or out of order: stored, not judged.</summary>
    Late = 2,
    /// <summary>The sender's clock is ahead.</summary>
    ClockDoubt = 4,
    /// <summary>The sender doubts it: stored, not judged.</summary>
    Suspect = 8,
    /// <summary>From a drill or the demo.</summary>
    Simulated = 16,
}

/// <summary>
/// A signal (读数、信号): what somebody or something says is so at a place. Durable before anything judges it; the sender's id makes it once only.
/// </summary>
internal sealed class Observation : Entity
{
    /// <summary>Event type: "crowd.gathering".</summary>
    public required string Type { get; init; }
    /// <summary>Where.</summary>
    public required string PlacePath { get; init; }
    /// <summary>Measured value, if any.</summary>
    public double? Value { get; init; }
    /// <summary>Name of the sensor or person.</summary>
    public required string Source { get; init; }
    /// <summary>True when a device or program sent it, false for a person.</summary>
    public bool FromMachine { get; init; }
    /// <summary>When it was so, by the sender's clock; never later than the arrival.</summary>
    public DateTimeOffset At { get; init; }
    /// <summary>When it came.</summary>
    public DateTimeOffset ArrivedAt { get; init; }
    /// <summary>How far to trust it.</summary>
    public Quality Quality { get; init; }
    /// <summary>The incident it opened or joined.</summary>
    public Guid? IncidentId { get; set; }

    /// <summary>True when rules may act on it.</summary>
    public bool Counts => (Quality & (Quality.Late | Quality.Suspect)) == 0;

    /// <summary>What identifies the situation: at most one open incident per key.</summary>
    public string Key => KeyOf(Type, PlacePath);

    /// <summary>The key of a type at a place.</summary>
    public static string KeyOf(string type, string place) => $"{type}@{place}";

    /// <summary>A received signal; refuses what cannot be.</summary>
    public static Observation Receive(Guid id, string type, string place, double? value, string source, bool fromMachine, DateTimeOffset at, Quality quality, DateTimeOffset newest, DateTimeOffset now)
    {
        CheckValue(value);
        Rule.Require(source.Length is > 0 and <= 60, "incidents.source", "source");
        Rule.Require(at <= now + GatheringPlan.Ahead, "incidents.at-future", "at");
        Rule.Require(at >= now.AddYears(-1), "incidents.at-old", "at");
        if (at > now) (at, quality) = (now, quality | Quality.ClockDoubt);
        if (at < now - GatheringPlan.Late || at < newest) quality |= Quality.Late;
        var made = new Observation
        {
            Id = id, Type = type, PlacePath = place, Value = value, Source = source, FromMachine = fromMachine, At = at, ArrivedAt = now, Quality = quality,
        };
        made.Raise(new ObservationReceived(id, type, place, value, made.Counts, now));
        return made;
    }

    private static void CheckValue(double? value)
    {
        if (value is not { } v) return;
        Rule.Require(double.IsFinite(v), "incidents.value-number", "value");
        Rule.Require(v >= 0, "incidents.value-negative", "value", v);
        Rule.Require(v <= GatheringPlan.MaxValue, "incidents.value-range", "value", v, GatheringPlan.MaxValue);
    }
}
