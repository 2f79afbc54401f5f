using System.Text.Encodings.Web;
using System.Text.Json;
using Liren.Contracts.Cases;
using Liren.Contracts.Organisation;
using Liren.Sdk;

namespace Liren.Cases.Domain;

/// <summary>
/// A grid case (网格案卷): something to be put right at a place, from collecting to evaluation. Its state changes only through <see cref="Move"/>, which looks
/// into <see cref="Transitions"/>; its acts are in Case.Acts.cs.
/// </summary>
internal sealed partial class Case : Entity
{
    private static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Number people read out: "G200213-K7QW9".</summary>
    public required string Code { get; init; }
    /// <summary>Event type; the centre may correct it when registering.</summary>
    public required string Type { get; set; }
    public required string PlacePath { get; init; }
    /// <summary>Names of the place then, for search.</summary>
    public required string PlaceName { get; init; }
    /// <summary>WGS-84 degrees of the spot, when known.</summary>
    public double? Longitude { get; init; }
    public double? Latitude { get; init; }
    public required string Description { get; init; }
    public CaseSource Source { get; init; }
    public CaseState State { get; private set; }

    /// <summary>Account that reported it.</summary>
    public Guid? ReporterId { get; private set; }
    /// <summary>The resident behind it, for the access log.</summary>
    public Guid? ReporterPerson { get; private set; }
    /// <summary>Name and telephone of who reported it, encrypted.</summary>
    public byte[]? Contact { get; private set; }

    public Guid? UnitId { get; private set; }
    public string? UnitName { get; private set; }
    public Guid? HandlerId { get; private set; }
    public string? HandlerName { get; private set; }
    /// <summary>Accounts that had a hand in the handling, separated by blanks: none of them verifies or approves.</summary>
    public string Hands { get; private set; } = "";

    public DateTimeOffset ReportedAt { get; init; }
    /// <summary>Since when it is in this state.</summary>
    public DateTimeOffset Since { get; private set; }
    public DateTimeOffset? AssignedAt { get; private set; }
    public DateTimeOffset? FedBackAt { get; private set; }
    public DateTimeOffset? ClosedAt { get; private set; }
    public DateTimeOffset ChangedAt { get; private set; }

    /// <summary>The clock that runs (<see cref="Clocks"/>); null when none does or it has to start anew.</summary>
    public string? Clock { get; private set; }
    /// <summary>Its limit, e.g. "4wh".</summary>
    public string? ClockLimit { get; private set; }
    public DateTimeOffset? ClockStart { get; private set; }
    public DateTimeOffset? Deadline { get; private set; }
    /// <summary>What was left of the handling limit when it was suspended.</summary>
    public string? HandleLeft { get; private set; }
    /// <summary>A limit ran out and its step was not done.</summary>
    public bool WasLate { get; private set; }
    /// <summary>The handling limit ran out.</summary>
    public bool HandledLate { get; private set; }

    public int Returns { get; private set; }
    public int Rework { get; private set; }
    public int Reopened { get; private set; }
    public int StepCount { get; private set; }

    public Guid? SuspendAskedBy { get; private set; }
    public DateTimeOffset? SuspendUntil { get; private set; }
    public string? SuspendWhy { get; private set; }

    /// <summary>The case it was merged into.</summary>
    public Guid? DuplicateOf { get; private set; }

    /// <summary>1-5.</summary>
    public int? Stars { get; private set; }
    public bool? Solved { get; private set; }
    public string? RatingWords { get; private set; }
    /// <summary>0-100.</summary>
    public int? Score { get; private set; }

    public List<Photo> Photos { get; } = [];
    /// <summary>Only what is new in this unit of work, unless loaded for showing.</summary>
    public List<Step> Steps { get; } = [];

    /// <summary>Somebody who handled it.</summary>
    public bool HadAHand(Guid account) => Hands.Contains(account.ToString("N"), StringComparison.Ordinal);

    /// <summary>A case as it is reported.</summary>
    public static Case Report(Guid id, string type, bool ofPublicType, string place, string placeName, double? longitude, double? latitude, string description, CaseSource source, Doer reporter, Guid? person, byte[]? contact, DateTimeOffset now)
    {
        Rule.Require(description.Trim().Length is >= 2 and <= 500, "cases.text", "text");
        Rule.Require((longitude is null) == (latitude is null) && longitude is null or >= -180 and <= 180 && latitude is null or >= -90 and <= 90, "cases.position", "latitude");
        var made = new Case
        {
            Id = id, Code = CodeOf(id, now), Type = type, PlacePath = place, PlaceName = placeName, Longitude = longitude, Latitude = latitude, Description = description.Trim(), Source = source,
            ReporterId = reporter.Id, ReporterPerson = person, Contact = contact, ReportedAt = now, Since = now, ChangedAt = now,
        };
        made.Raise(new CaseReported(id, type, place, source, ofPublicType, now));
        made.Note(Guid.CreateVersion7(), Act.Remark, source == CaseSource.Resident ? new(reporter.Id, null) : reporter, now, $"cases.why.reported-{source}", null, CaseState.Collected);
        return made;
    }

    /// <summary>
    /// The one door to a new state: refuses what the table does not know (409, with what is possible) and who may not (403), writes the record and raises the event.
    /// </summary>
    private void Move(Act act, By by, Doer who, Guid? step, DateTimeOffset now, string? note = null, params object[] args)
    {
        var to = Check(act, by).To;
        var from = State;
        if (to != State) Since = now;
        (State, ChangedAt) = (to, now);
        Note(step ?? Guid.CreateVersion7(), act, by == By.Reporter ? new(who.Id, null) : who, now, $"cases.why.{ActName(act)}", note, from, args);
        Raise(new CaseMoved(Id, PlacePath, ActName(act), from, State, who.Id, now) { Solved = act == Act.Rate ? Solved : null, Stars = act == Act.Rate ? Stars : null });
    }

    /// <summary>The step of the table, or the refusal.</summary>
    public Transition Check(Act act, By by)
    {
        if (Transitions.Find(State, act) is not { } step)
            throw new RuleBrokenException("cases.not-now", null, 409, $"@cases.state.{State}", $"@cases.act.{act}", "@" + string.Join(' ', Transitions.From(State, by).Select(a => $"cases.act.{a}")));
        if ((step.By & by) == 0) throw new RuleBrokenException("cases.not-yours", null, 403, $"@cases.act.{act}");
        return step;
    }

    private void Note(Guid id, Act act, Doer who, DateTimeOffset now, string why, string? note, CaseState from, params object[] args) => Steps.Add(new Step
    {
        Id = id, CaseId = Id, Seq = ++StepCount, At = now, Act = act, From = from, To = State, AccountId = who.Id, Name = who.Name, Why = why, Args = JsonSerializer.Serialize(args, Json), Note = note,
    });

    // ---- clocks: the limit is looked up and counted by who knows the tables, the case keeps it

    /// <summary>A clock begins.</summary>
    public void StartClock(string clock, TimeLimit limit, DateTimeOffset start, DateTimeOffset due) => (Clock, ClockLimit, ClockStart, Deadline) = (clock, limit.ToString(), start, due);

    /// <summary>No clock runs, or the one that runs has to begin anew.</summary>
    public void StopClock() => (Clock, ClockLimit, ClockStart, Deadline) = (null, null, null, null);

    /// <summary>The handling clock stands while the case is suspended.</summary>
    public void PauseHandling(TimeLimit left) => (HandleLeft, Clock, ClockLimit, ClockStart, Deadline) = (left.ToString(), Clocks.Suspended, null, null, SuspendUntil);

    /// <summary>The handling limit that goes on after a suspension; null when it starts whole.</summary>
    public TimeLimit? TakeHandleLeft()
    {
        var left = TimeLimit.Parse(HandleLeft);
        HandleLeft = null;
        return left;
    }

    /// <summary>The calendar changed: the same limit ends at another time.</summary>
    public void Recount(DateTimeOffset due, string why, DateTimeOffset now)
    {
        var before = Deadline;
        (Deadline, ChangedAt) = (due, now);
        Note(Guid.CreateVersion7(), Act.Remark, Doer.Machine, now, "cases.why.recounted", why, State, $"@cases.clock.{Clock}", Local(before!.Value), Local(due));
    }

    /// <summary>The running limit is over.</summary>
    public void BecomeLate(DateTimeOffset now)
    {
        WasLate = true;
        HandledLate |= Clock == Clocks.Handle;
        Note(Guid.CreateVersion7(), Act.Remark, Doer.Machine, now, "cases.why.late", null, State, $"@cases.clock.{Clock}", ClockLimit ?? "");
        Raise(new CaseOverdue(Id, PlacePath, Clock!, now));
    }

    /// <summary>Who reported it was erased from the register.</summary>
    public void ForgetReporter() => (ReporterId, ReporterPerson, Contact, RatingWords) = (null, null, null, null);

    private static string Local(DateTimeOffset at) => at.ToOffset(TimeSpan.FromHours(8)).ToString("MM-dd HH:mm", System.Globalization.CultureInfo.InvariantCulture);

    private static string ActName(Act act) => JsonNamingPolicy.KebabCaseLower.ConvertName(act.ToString());

    /// <summary>Day in Shanghai, and five characters that are hard to mistake.</summary>
    private static string CodeOf(Guid id, DateTimeOffset now)
    {
        const string letters = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
        return $"G{now.ToOffset(TimeSpan.FromHours(8)):yyMMdd}-{new string([.. id.ToByteArray()[11..16].Select(b => letters[b % 32])])}";
    }
}
