namespace Liren.Alerts;

/// <summary>How a message is meant to be handled.</summary>
public enum AlertStatus
{
    /// <summary>To be acted on.</summary>
    Actual,
    /// <summary>演练: only for those named in the exercise.</summary>
    Exercise,
    /// <summary>Between systems.</summary>
    System,
    /// <summary>To be ignored by people.</summary>
    Test,
    /// <summary>Not to be acted on as it is.</summary>
    Draft,
}

/// <summary>What a message does to earlier ones.</summary>
public enum AlertKind
{
    /// <summary>The first about a subject.</summary>
    Alert,
    /// <summary>Replaces those it refers to.</summary>
    Update,
    /// <summary>Takes back those it refers to.</summary>
    Cancel,
    /// <summary>Says that those it refers to were received.</summary>
    Ack,
    /// <summary>Says that those it refers to were refused.</summary>
    Error,
}

/// <summary>Who may know.</summary>
public enum AlertScope
{
    /// <summary>Everybody.</summary>
    Public,
    /// <summary>Those named by the restriction.</summary>
    Restricted,
    /// <summary>Those addressed.</summary>
    Private,
}

/// <summary>What it is about.</summary>
public enum AlertCategory
{
    /// <summary>Ground.</summary>
    Geo,
    /// <summary>Weather.</summary>
    Met,
    /// <summary>General safety.</summary>
    Safety,
    /// <summary>Police, military, private security.</summary>
    Security,
    /// <summary>Rescue.</summary>
    Rescue,
    /// <summary>Fire.</summary>
    Fire,
    /// <summary>Medicine and public health.</summary>
    Health,
    /// <summary>Environment.</summary>
    Env,
    /// <summary>Transport.</summary>
    Transport,
    /// <summary>Utilities and other infrastructure.</summary>
    Infra,
    /// <summary>Chemical, biological, radiological, nuclear, explosive.</summary>
    CBRNE,
    /// <summary>Anything else.</summary>
    Other,
}

/// <summary>What people are advised to do.</summary>
public enum AlertResponse
{
    /// <summary>Take shelter.</summary>
    Shelter,
    /// <summary>Leave.</summary>
    Evacuate,
    /// <summary>Get ready.</summary>
    Prepare,
    /// <summary>Do what was planned.</summary>
    Execute,
    /// <summary>Keep away.</summary>
    Avoid,
    /// <summary>Listen for more.</summary>
    Monitor,
    /// <summary>Judge for yourself.</summary>
    Assess,
    /// <summary>It is over.</summary>
    AllClear,
    /// <summary>Nothing.</summary>
    None,
}

/// <summary>How soon.</summary>
public enum AlertUrgency
{
    /// <summary>Now.</summary>
    Immediate,
    /// <summary>Within the hour.</summary>
    Expected,
    /// <summary>In the near future.</summary>
    Future,
    /// <summary>No longer.</summary>
    Past,
    /// <summary>Not known.</summary>
    Unknown,
}

/// <summary>How grave.</summary>
public enum AlertSeverity
{
    /// <summary>Extraordinary threat to life or property.</summary>
    Extreme,
    /// <summary>Significant threat.</summary>
    Severe,
    /// <summary>Possible threat.</summary>
    Moderate,
    /// <summary>Little threat.</summary>
    Minor,
    /// <summary>Not known.</summary>
    Unknown,
}

/// <summary>How sure.</summary>
public enum AlertCertainty
{
    /// <summary>It has happened or is happening.</summary>
    Observed,
    /// <summary>More than half.</summary>
    Likely,
    /// <summary>Less than half.</summary>
    Possible,
    /// <summary>Hardly.</summary>
    Unlikely,
    /// <summary>Not known.</summary>
    Unknown,
}

/// <summary>A message of the Common Alerting Protocol 1.2 (OASIS, 2010; 通用警报协议). Text is kept as it was written.</summary>
/// <param name="Identifier">Unique for its sender; no space, comma, less-than or ampersand.</param>
/// <param name="Sender">Who issued it, unique in the world; the same rule.</param>
/// <param name="Sent">When it was issued, with the sender's offset, to the second.</param>
/// <param name="Status">How it is meant.</param>
/// <param name="Kind">The msgType.</param>
/// <param name="Scope">Who may know.</param>
public sealed record Alert(string Identifier, string Sender, DateTimeOffset Sent, AlertStatus Status, AlertKind Kind, AlertScope Scope)
{
    /// <summary>The operator or device it came from.</summary>
    public string? Source { get; init; }
    /// <summary>Whom a restricted message may reach.</summary>
    public string? Restriction { get; init; }
    /// <summary>Whom a private message is for.</summary>
    public IReadOnlyList<string> Addresses { get; init; } = [];
    /// <summary>Codes for special handling.</summary>
    public IReadOnlyList<string> Codes { get; init; } = [];
    /// <summary>Words about the message itself: why it is cancelled, which exercise.</summary>
    public string? Note { get; init; }
    /// <summary>Earlier messages it is about.</summary>
    public IReadOnlyList<AlertReference> References { get; init; } = [];
    /// <summary>Names of incidents it belongs to.</summary>
    public IReadOnlyList<string> Incidents { get; init; } = [];
    /// <summary>What it says, once for each language or phase.</summary>
    public IReadOnlyList<AlertInfo> Infos { get; init; } = [];
    /// <summary>True when it carried an XML signature. It is not checked here and not written again: who changes a signed text breaks it.</summary>
    public bool Signed { get; init; }

    /// <summary>True when everything it says has expired.</summary>
    public bool ExpiredAt(DateTimeOffset at) => Infos.Count > 0 && Infos.All(i => i.Expires <= at);

    /// <summary>How others refer to it.</summary>
    public AlertReference Reference => new(Sender, Identifier, Sent);
}

/// <summary>Names an earlier message.</summary>
public sealed record AlertReference(string Sender, string Identifier, DateTimeOffset Sent);

/// <summary>A name and a value of somebody's own vocabulary: event codes, parameters, geocodes.</summary>
public sealed record AlertPair(string Name, string Value);

/// <summary>What a message says.</summary>
/// <param name="Categories">At least one.</param>
/// <param name="Event">Kind of event, in words.</param>
/// <param name="Urgency">How soon.</param>
/// <param name="Severity">How grave.</param>
/// <param name="Certainty">How sure.</param>
public sealed record AlertInfo(IReadOnlyList<AlertCategory> Categories, string Event, AlertUrgency Urgency, AlertSeverity Severity, AlertCertainty Certainty)
{
    /// <summary>RFC 3066 code; en-US when not said.</summary>
    public string? Language { get; init; }
    /// <summary>What to do.</summary>
    public IReadOnlyList<AlertResponse> Responses { get; init; } = [];
    /// <summary>For whom.</summary>
    public string? Audience { get; init; }
    /// <summary>Codes of the event in other vocabularies.</summary>
    public IReadOnlyList<AlertPair> EventCodes { get; init; } = [];
    /// <summary>The information holds from.</summary>
    public DateTimeOffset? Effective { get; init; }
    /// <summary>The event begins.</summary>
    public DateTimeOffset? Onset { get; init; }
    /// <summary>The information holds to.</summary>
    public DateTimeOffset? Expires { get; init; }
    /// <summary>Name of who issued it, for people.</summary>
    public string? SenderName { get; init; }
    /// <summary>One line.</summary>
    public string? Headline { get; init; }
    /// <summary>What happens.</summary>
    public string? Description { get; init; }
    /// <summary>What to do, in words.</summary>
    public string? Instruction { get; init; }
    /// <summary>Page with more.</summary>
    public string? Web { get; init; }
    /// <summary>Whom to ask.</summary>
    public string? Contact { get; init; }
    /// <summary>More, in somebody's own vocabulary.</summary>
    public IReadOnlyList<AlertPair> Parameters { get; init; } = [];
    /// <summary>Pictures and sounds.</summary>
    public IReadOnlyList<AlertResource> Resources { get; init; } = [];
    /// <summary>Where.</summary>
    public IReadOnlyList<AlertArea> Areas { get; init; } = [];
}

/// <summary>A picture or sound that belongs to a message.</summary>
public sealed record AlertResource(string Description, string MimeType, long? Size = null, string? Uri = null, string? Content = null, string? Digest = null);

/// <summary>A point, WGS-84 degrees; decimal, so that it is written as it was read.</summary>
public readonly record struct AlertPoint(decimal Latitude, decimal Longitude);

/// <summary>A circle; radius in kilometres.</summary>
public readonly record struct AlertCircle(AlertPoint Centre, decimal RadiusKm);

/// <summary>Where: in words, and by any number of shapes and codes together.</summary>
/// <param name="Description">In words.</param>
public sealed record AlertArea(string Description)
{
    /// <summary>Closed rings of at least four points, the last like the first.</summary>
    public IReadOnlyList<IReadOnlyList<AlertPoint>> Polygons { get; init; } = [];
    /// <summary>Circles.</summary>
    public IReadOnlyList<AlertCircle> Circles { get; init; } = [];
    /// <summary>Codes of the place in other vocabularies.</summary>
    public IReadOnlyList<AlertPair> Geocodes { get; init; } = [];
    /// <summary>From this height, feet above mean sea level.</summary>
    public decimal? Altitude { get; init; }
    /// <summary>To this height, feet above mean sea level.</summary>
    public decimal? Ceiling { get; init; }
}
