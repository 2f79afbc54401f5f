using System.Text.Encodings.Web;
using System.Text.Json;
using Liren.Contracts.Incidents;
using Liren.Contracts.Organisation;
using Liren.Sdk;

namespace Liren.Incidents.Domain;

/// <summary>Who does something: account and name, or the machine.</summary>
internal sealed record Doer(Guid? Id, string? Name)
{
    /// <summary>Rules and timers.</summary>
    public static readonly Doer Machine = new(null, null);
}

/// <summary>
/// An incident (事件): something at a place that has one owner and ends verified. Its state changes only through
/// <see cref="Move"/>, which looks into <see cref="Transitions"/>.
/// </summary>
internal sealed partial class Incident : Entity
{
    private static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Number people read out: "0213-K7QW".</summary>
    public required string Code { get; init; }
    /// <summary>Event type.</summary>
    public required string Type { get; init; }
    public required string PlacePath { get; init; }
    /// <summary>Names of the place then, for search.</summary>
    public required string PlaceName { get; init; }
    public Level Level { get; private set; }
    public IncidentState State { get; private set; }
    /// <summary>Type and place while open, else null: at most one open incident a key (unique).</summary>
    public string? OpenKey { get; private set; }
    /// <summary>Who reported it in words, if a person did.</summary>
    public string? Description { get; init; }
    public Guid? ReportedBy { get; init; }

    public Guid? OwnerOrgId { get; private set; }
    public string? OwnerName { get; private set; }
    /// <summary>The matrix's reasons, a JSON array.</summary>
    public string Because { get; private set; } = "[]";
    /// <summary>Organisations that follow, JSON array of ids in order.</summary>
    public string Fallback { get; private set; } = "[]";
    /// <summary>Names of those who help and those who follow.</summary>
    public string Support { get; private set; } = "";
    public string Followers { get; private set; } = "";
    public int MatrixVersion { get; private set; }

    public Guid? AssigneeId { get; private set; }
    public string? AssigneeName { get; private set; }

    public DateTimeOffset OpenedAt { get; init; }
    /// <summary>Since when it is in this state.</summary>
    public DateTimeOffset Since { get; private set; }
    public DateTimeOffset? AcceptedAt { get; private set; }
    public DateTimeOffset? ArrivedAt { get; private set; }
    public DateTimeOffset? HandledAt { get; private set; }
    public DateTimeOffset? EndedAt { get; private set; }
    /// <summary>When the present step should be done; null when no clock runs.</summary>
    public DateTimeOffset? Deadline { get; private set; }
    /// <summary>True once a deadline of this incident was missed.</summary>
    public bool WasLate { get; private set; }

    public int Signals { get; private set; }
    public double? LastValue { get; private set; }
    public DateTimeOffset? LastValueAt { get; private set; }
    public double? PeakValue { get; private set; }
    public double? ValueWhenHandled { get; private set; }

    /// <summary>Openings: 1, and one more each time it comes back.</summary>
    public int Round { get; private set; } = 1;
    /// <summary>Handlings: one more each time it is handled.</summary>
    public int Handlings { get; private set; }
    /// <summary>返工: handled, but it was not so.</summary>
    public int Rework { get; private set; }
    public int StepCount { get; private set; }

    /// <summary>Who says it is no incident, while a second person has not decided.</summary>
    public Guid? NotSoBy { get; private set; }
    public string? NotSoName { get; private set; }
    public string? NotSoWhy { get; private set; }
    /// <summary>SHA-256 of the closing certificate.</summary>
    public string? Certificate { get; private set; }

    public List<Offer> Offers { get; } = [];
    public List<Confirmation> Confirmations { get; } = [];
    public List<Photo> Photos { get; } = [];
    /// <summary>Only what is new in this unit of work, unless loaded for showing.</summary>
    public List<Step> Steps { get; } = [];

    /// <summary>The offer somebody may answer now.</summary>
    public Offer? CurrentOffer => State == IncidentState.Dispatched ? Offers.Where(o => o.Result == OfferResult.Asked).MaxBy(o => o.At) : null;

    /// <summary>Everybody who had a hand in it; none of them verifies.</summary>
    public bool HadAHand(Guid account) => AssigneeId == account || Offers.Any(o => o.AccountId == account && o.Result == OfferResult.Accepted);

    /// <summary>People who have confirmed this handling.</summary>
    public int Agreeing => Confirmations.Where(c => c.Handling == Handlings && c.Agrees && !HadAHand(c.AccountId)).Select(c => c.AccountId).Distinct().Count();

    /// <summary>Opens an incident whose owner the matrix has named.</summary>
    public static Incident Open(Guid id, string type, string place, string placeName, Level level, Responsibility who, Doer reporter, string? description, Observation cause, DateTimeOffset now)
    {
        var made = new Incident
        {
            Id = id, Code = CodeOf(id, now), Type = type, PlacePath = place, PlaceName = placeName, Level = level, Description = description, ReportedBy = reporter.Id, OpenedAt = now,
            OpenKey = Observation.KeyOf(type, place), Since = now,
        };
        made.OwnedBy(who);
        made.Raise(new IncidentOpened(id, type, place, level.ToString(), now));
        made.Count(cause);
        if (GatheringPlan.Measures(type) && cause.Value is { } value) made.Note(Guid.CreateVersion7(), Act.Comment, reporter, now, "incidents.why.threshold", null, cause.Source, value, GatheringPlan.Threshold);
        else made.Note(Guid.CreateVersion7(), Act.Comment, reporter, now, "incidents.why.reported", description, cause.Source);
        made.Note(Guid.CreateVersion7(), Act.Comment, Doer.Machine, now, who.Owner is null ? "incidents.why.no-owner" : "incidents.why.owner", null, who.Owner?.Name ?? "", who.MatrixVersion);
        return made;
    }

    private void OwnedBy(Responsibility who)
    {
        (OwnerOrgId, OwnerName, MatrixVersion) = (who.Owner?.Id, who.Owner?.Name, who.MatrixVersion);
        Because = JsonSerializer.Serialize(who.Because, Json);
        Fallback = JsonSerializer.Serialize(who.Fallback.Select(o => o.Id), Json);
        Support = string.Join('、', who.Support.Select(o => o.Name));
        Followers = string.Join(" → ", who.Fallback.Select(o => o.Name));
    }

    /// <summary>The matrix's reasons.</summary>
    public IReadOnlyList<string> Reasons => JsonSerializer.Deserialize<List<string>>(Because)!;

    /// <summary>Organisations that follow, in order.</summary>
    public IReadOnlyList<Guid> FallbackOrgs => JsonSerializer.Deserialize<List<Guid>>(Fallback)!;

    /// <summary>
    /// The one door to a new state: refuses what the table does not know (409, with what is possible) and who may not (403), writes the timeline and raises the event.
    /// </summary>
    private void Move(Act act, By by, Doer who, DateTimeOffset now, Guid? stepId, string why, string? note, string? evidence, params object[] args)
    {
        var step = Check(act, by);
        var from = State;
        if (step.To != State) Since = now;
        State = step.To;
        Note(stepId ?? Guid.CreateVersion7(), act, who, now, why, note, args, from);
        Raise(new IncidentMoved(Id, PlacePath, ActName(act), from, State, who.Id, now) { Evidence = evidence });
    }

    /// <summary>The step of the table, or the refusal.</summary>
    public Transition Check(Act act, By by)
    {
        if (Transitions.Find(State, act) is not { } step) throw new RuleBrokenException("incidents.not-now", null, 409, $"@incidents.state.{State}", $"@incidents.act.{act}", "@" + string.Join(' ', Transitions.From(State, by).Select(a => $"incidents.act.{a}")));
        if ((step.By & by) == 0) throw new RuleBrokenException("incidents.not-yours", null, 403, $"@incidents.act.{act}");
        return step;
    }

    private void Note(Guid id, Act act, Doer who, DateTimeOffset now, string why, string? note, params object[] args) => Note(id, act, who, now, why, note, args, State);

    private void Note(Guid id, Act act, Doer who, DateTimeOffset now, string why, string? note, object[] args, IncidentState from) => Steps.Add(new Step
    {
        Id = id, IncidentId = Id, Seq = ++StepCount, At = now, Act = act, From = from, To = State, AccountId = who.Id, Name = who.Name, Why = why, Args = JsonSerializer.Serialize(args, Json), Note = note,
    });

    private static string ActName(Act act) => JsonNamingPolicy.KebabCaseLower.ConvertName(act.ToString());

    /// <summary>Month and day in Shanghai, and four characters that are hard to mistake.</summary>
    private static string CodeOf(Guid id, DateTimeOffset now)
    {
        const string letters = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
        var bytes = id.ToByteArray();
        return $"{now.ToOffset(TimeSpan.FromHours(8)):MMdd}-{new string([.. bytes[12..16].Select(b => letters[b % 32])])}";
    }
}
