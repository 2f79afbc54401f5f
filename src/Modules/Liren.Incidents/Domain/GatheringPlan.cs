namespace Liren.Incidents.Domain;

/// <summary>What the sensor says about a handled incident.</summary>
internal enum SensorVerdict
{
    /// <summary>No sensor watches this: two people confirm instead.</summary>
    None,
    /// <summary>Not enough calm readings yet.</summary>
    Waiting,
    /// <summary>Calm: below the threshold for long enough.</summary>
    Calm,
    /// <summary>Still at or above the threshold.</summary>
    Busy,
    /// <summary>Silent for too long: silence is no verdict, so two people confirm instead.</summary>
    Blind,
}

/// <summary>One value at a time.</summary>
internal readonly record struct Reading(DateTimeOffset At, double Value);

/// <summary>The steps of the ladder (派单阶梯): who is asked after whom.</summary>
internal enum Rung
{
    /// <summary>就近网格员.</summary>
    Nearest,
    /// <summary>本单位值班（副职）.</summary>
    Deputy,
    /// <summary>下一责任单位.</summary>
    NextOrg,
    /// <summary>社区书记.</summary>
    Secretary,
    /// <summary>街道值班员.</summary>
    DutyOfficer,
    /// <summary>值班员指定: chosen by hand.</summary>
    Chosen,
}

/// <summary>
/// Every decision of the loop in one place (预案：广场人员聚集): when a signal is an incident, how grave, how long people have, who follows,
/// and what proves that it is over. The plan engine will replace this class; nothing else decides.
/// </summary>
internal static class GatheringPlan
{
    /// <summary>The type judged by its value; every other type opens an incident at its first signal.</summary>
    public const string Type = "crowd.gathering";
    /// <summary>So many people are a gathering.</summary>
    public const double Threshold = 20;
    /// <summary>Largest value a sensor may send.</summary>
    public const double MaxValue = 100_000;
    /// <summary>How near an arrival must be, in metres.</summary>
    public const double NearEnough = 100;
    /// <summary>People who confirm when no sensor can.</summary>
    public const int PeopleWithoutSensor = 2;

    /// <summary>接单时限.</summary>
    public static readonly TimeSpan AcceptWithin = TimeSpan.FromSeconds(60);
    /// <summary>处置时限, from acceptance.</summary>
    public static readonly TimeSpan HandleWithin = TimeSpan.FromMinutes(10);
    /// <summary>核验时限: then more people are told; it never closes by itself.</summary>
    public static readonly TimeSpan VerifyWithin = TimeSpan.FromMinutes(30);
    /// <summary>It comes back within this time: the same incident opens again.</summary>
    public static readonly TimeSpan ReopenWithin = TimeSpan.FromHours(24);
    /// <summary>Nobody could be asked: try again after.</summary>
    public static readonly TimeSpan AskAgainAfter = TimeSpan.FromMinutes(5);
    /// <summary>Calm readings lie at least so far apart.</summary>
    public static readonly TimeSpan CalmFor = TimeSpan.FromSeconds(30);
    /// <summary>A sensor silent for so long is blind.</summary>
    public static readonly TimeSpan BlindAfter = TimeSpan.FromMinutes(10);
    /// <summary>A signal older than this is stored, not judged.</summary>
    public static readonly TimeSpan Late = TimeSpan.FromMinutes(2);
    /// <summary>A signal further ahead than this is refused.</summary>
    public static readonly TimeSpan Ahead = TimeSpan.FromMinutes(5);
    /// <summary>A position older than this is not one.</summary>
    public static readonly TimeSpan PositionFor = TimeSpan.FromMinutes(10);

    /// <summary>True when values of this type are judged and can prove the end.</summary>
    public static bool Measures(string type) => type == Type;

    /// <summary>True when the signal is reason for an incident.</summary>
    public static bool Triggers(Observation o) => o.Counts && (!Measures(o.Type) || o.Value is null || o.Value >= Threshold);

    /// <summary>Level by the count: twice the threshold III, five times II; I is declared by a person only.</summary>
    public static Level LevelOf(string type, double? value) =>
        !Measures(type) || value is not { } v ? Level.IV : v >= 5 * Threshold ? Level.II : v >= 2 * Threshold ? Level.III : Level.IV;

    /// <summary>One level graver, but never I.</summary>
    public static Level Raised(Level level) => level < Level.II ? level + 1 : level;

    /// <summary>
    /// The verdict of a sensor from its readings, oldest first: calm when the last readings without a break are below the threshold and the
    /// first and last of them lie far enough apart.
    /// </summary>
    public static SensorVerdict Verdict(string type, IReadOnlyList<Reading> readings, DateTimeOffset now)
    {
        if (!Measures(type) || readings.Count == 0) return SensorVerdict.None;
        var last = readings[^1];
        if (now - last.At > BlindAfter) return SensorVerdict.Blind;
        if (last.Value >= Threshold) return SensorVerdict.Busy;
        var first = last;
        for (var i = readings.Count - 1; i >= 0 && readings[i].Value < Threshold; i--) first = readings[i];
        return last.At - first.At >= CalmFor ? SensorVerdict.Calm : SensorVerdict.Waiting;
    }

    /// <summary>
    /// True when a reading contradicts "handled": it rose above what it was then, or is still a gathering half a minute later.
    /// </summary>
    public static bool Contradicts(Observation o, DateTimeOffset handledAt, double? whenHandled) =>
        o.Counts && Measures(o.Type) && o.Value >= Threshold && o.At > handledAt && (o.Value > (whenHandled ?? 0) || o.At - handledAt >= CalmFor);

    /// <summary>True when enough has been shown: the sensor and a second person, or two people where no sensor can.</summary>
    public static bool Proves(SensorVerdict sensor, int people) => sensor switch
    {
        SensorVerdict.Calm => people >= 1,
        SensorVerdict.None or SensorVerdict.Blind => people >= PeopleWithoutSensor,
        _ => false,
    };
}
