using Liren.Contracts.Cases;
using Liren.Sdk;

namespace Liren.Cases.Domain;

/// <summary>What is done to a case.</summary>
internal sealed partial class Case
{
    /// <summary>Longest suspension.</summary>
    public static readonly TimeSpan LongestSuspension = TimeSpan.FromDays(30);

    /// <summary>How long after closing the reporter may have it reopened, once.</summary>
    public static readonly TimeSpan ReopenWithin = TimeSpan.FromDays(7);

    /// <summary>立案: it is a case of this type.</summary>
    public void Register(string type, Doer who, By by, Guid? step, DateTimeOffset now)
    {
        Check(Act.Register, by);
        Type = type;
        Move(Act.Register, by, who, step, now);
    }

    /// <summary>不予立案.</summary>
    public void Reject(string? reason, Doer who, By by, Guid? step, DateTimeOffset now)
    {
        Check(Act.Reject, by);
        Move(Act.Reject, by, who, step, now, Reason(reason));
    }

    /// <summary>并案 into another one, which has to be alive.</summary>
    public void Merge(Case into, Doer who, By by, Guid? step, DateTimeOffset now)
    {
        Check(Act.Merge, by);
        Rule.Require(into.Id != Id && into.State is not (CaseState.Rejected or CaseState.Merged), "cases.merge-into", "into");
        DuplicateOf = into.Id;
        Move(Act.Merge, by, who, step, now, null, into.Code);
    }

    /// <summary>派遣 to a unit: its clock starts here.</summary>
    public void Assign(Guid unit, string name, string? note, Doer who, By by, Guid? step, DateTimeOffset now)
    {
        Check(Act.Assign, by);
        (UnitId, UnitName, HandlerId, HandlerName, AssignedAt, SuspendAskedBy, SuspendUntil, SuspendWhy) = (unit, name, null, null, now, null, null, null);
        StopClock();
        Move(Act.Assign, by, who, step, now, Words(note), name);
    }

    /// <summary>接收.</summary>
    public void Accept(Doer who, By by, Guid? step, DateTimeOffset now)
    {
        Check(Act.Accept, by);
        Hand(who);
        Move(Act.Accept, by, who, step, now);
    }

    /// <summary>退回: it is not the unit's; possible once in a case's life.</summary>
    public void Return(string? reason, Doer who, By by, Guid? step, DateTimeOffset now)
    {
        Check(Act.Return, by);
        Rule.State(Returns == 0, "cases.returned-already");
        var (said, unit) = (Reason(reason), UnitName!);
        Returns++;
        (UnitId, UnitName, HandlerId, HandlerName) = (null, null, null, null);
        Move(Act.Return, by, who, step, now, said, unit);
    }

    /// <summary>处理反馈, with what was done and how it looks now.</summary>
    public void FeedBack(string? note, IReadOnlyList<Photo> photos, Doer who, By by, Guid? step, DateTimeOffset now)
    {
        Check(Act.FeedBack, by);
        Rule.Require(note?.Trim().Length is >= 2 and <= 500, "cases.note", "note");
        Rule.Require(photos.Count > 0, "sdk.photo-missing", "photos");
        Hand(who);
        Photos.AddRange(photos);
        (FedBackAt, SuspendAskedBy, SuspendUntil, SuspendWhy) = (now, null, null, null);
        Move(Act.FeedBack, by, who, step, now, note!.Trim());
    }

    /// <summary>核查通过: a collector of the grid has seen it.</summary>
    public void Confirm(string? note, IReadOnlyList<Photo> photos, Doer who, By by, Guid? step, DateTimeOffset now)
    {
        Check(Act.Confirm, by);
        Photos.AddRange(photos);
        ClosedAt = now;
        Move(Act.Confirm, by, who, step, now, Words(note));
    }

    /// <summary>返工: it does not look done; the handling clock starts anew.</summary>
    public void SendBack(string? reason, IReadOnlyList<Photo> photos, Doer who, By by, Guid? step, DateTimeOffset now)
    {
        Check(Act.Rework, by);
        var said = Reason(reason);
        Photos.AddRange(photos);
        Rework++;
        Move(Act.Rework, by, who, step, now, said);
    }

    /// <summary>申请挂账 until a time.</summary>
    public void AskSuspend(string? reason, DateTimeOffset until, Doer who, By by, Guid? step, DateTimeOffset now)
    {
        Check(Act.AskSuspend, by);
        Rule.Require(until > now && until - now <= LongestSuspension, "cases.suspend-until", "until", LongestSuspension.Days);
        var said = Reason(reason);
        Hand(who);
        (SuspendAskedBy, SuspendUntil, SuspendWhy) = (who.Id, until, said);
        Move(Act.AskSuspend, by, who, step, now, said, Local(until));
    }

    /// <summary>同意挂账.</summary>
    public void Suspend(string? note, Doer who, By by, Guid? step, DateTimeOffset now)
    {
        Check(Act.Suspend, by);
        RequireAsked();
        Rule.State(SuspendUntil > now, "cases.suspend-over");
        Move(Act.Suspend, by, who, step, now, Words(note), Local(SuspendUntil!.Value));
    }

    /// <summary>不同意挂账.</summary>
    public void RefuseSuspend(string? reason, Doer who, By by, Guid? step, DateTimeOffset now)
    {
        Check(Act.RefuseSuspend, by);
        RequireAsked();
        var said = Reason(reason);
        (SuspendAskedBy, SuspendUntil, SuspendWhy) = (null, null, null);
        Move(Act.RefuseSuspend, by, who, step, now, said);
    }

    private void RequireAsked() => Rule.State(SuspendAskedBy is not null, "cases.suspend-not-asked");

    /// <summary>恢复处理: what was left of the limit runs on.</summary>
    public void Resume(Doer who, By by, Guid? step, DateTimeOffset now)
    {
        Check(Act.Resume, by);
        (SuspendAskedBy, SuspendUntil, SuspendWhy) = (null, null, null);
        Move(Act.Resume, by, who, step, now);
    }

    /// <summary>重开: it came back or was not solved; it is assigned again.</summary>
    public void Reopen(string? reason, Doer who, By by, Guid? step, DateTimeOffset now)
    {
        Check(Act.Reopen, by);
        if ((by & By.Centre) == 0) Rule.State(CanBeReopenedByReporter(now), "cases.reopen-over", ReopenWithin.Days);
        var said = Reason(reason);
        Reopened++;
        (UnitId, UnitName, HandlerId, HandlerName, ClosedAt, FedBackAt, Score) = (null, null, null, null, null, null, null);
        Move(Act.Reopen, by, who, step, now, said);
    }

    /// <summary>Within seven days of closing, once.</summary>
    public bool CanBeReopenedByReporter(DateTimeOffset now) => State == CaseState.Closed && Reopened == 0 && now - ClosedAt <= ReopenWithin;

    /// <summary>居民评价; a second one replaces the first.</summary>
    public void Rate(bool? solved, int? stars, string? words, Doer who, By by, Guid? step, DateTimeOffset now)
    {
        Check(Act.Rate, by);
        Rule.Require(solved is not null, "cases.rate-solved", "solved");
        Rule.Require(stars is >= 1 and <= 5, "cases.rate-stars", "stars");
        (Solved, Stars, RatingWords) = (solved, stars, Words(words));
        Move(Act.Rate, by, who, step, now, RatingWords, $"@cases.solved.{(solved!.Value ? "yes" : "no")}", stars!.Value);
    }

    /// <summary>综合评价.</summary>
    public void Evaluate(Weights weights, string? note, Doer who, By by, Guid? step, DateTimeOffset now)
    {
        Check(Act.Evaluate, by);
        Score = weights.ScoreOf(!HandledLate, Solved ?? (Rework == 0 && Reopened == 0), Stars);
        Move(Act.Evaluate, by, who, step, now, Words(note), Score.Value);
    }

    /// <summary>督办: whoever has it is told in writing.</summary>
    public void Supervise(string? words, Doer who, By by, Guid? step, DateTimeOffset now)
    {
        Check(Act.Supervise, by);
        Move(Act.Supervise, by, who, step, now, Reason(words));
    }

    /// <summary>备注.</summary>
    public void Remark(string? words, Doer who, By by, Guid? step, DateTimeOffset now)
    {
        Check(Act.Remark, by);
        Move(Act.Remark, by, who, step, now, Reason(words));
    }

    private void Hand(Doer who)
    {
        (HandlerId, HandlerName) = (who.Id, who.Name);
        if (who.Id is { } id && !HadAHand(id)) Hands = $"{Hands} {id:N}".TrimStart();
    }

    private static string Reason(string? said)
    {
        Rule.Require(said?.Trim().Length is >= 2 and <= 200, "cases.reason", "reason");
        return said!.Trim();
    }

    private static string? Words(string? said)
    {
        Rule.Require(said is null or { Length: <= 500 }, "cases.note-long", "note");
        return string.IsNullOrWhiteSpace(said) ? null : said.Trim();
    }
}

/// <summary>Weights of the evaluation (评价权重): response in time, solved, satisfied. What nobody said is left out of the sum.</summary>
/// <param name="Response">Weight of being handled in time.</param>
/// <param name="Solved">Weight of being solved.</param>
/// <param name="Satisfied">Weight of the stars.</param>
internal sealed record Weights(int Response = 30, int Solved = 40, int Satisfied = 30)
{
    /// <summary>0-100.</summary>
    public int ScoreOf(bool inTime, bool solved, int? stars)
    {
        var all = Response + Solved + (stars is null ? 0 : Satisfied);
        var got = (inTime ? Response : 0) + (solved ? Solved : 0) + (stars is { } s ? Satisfied * (s - 1) / 4.0 : 0);
        return (int)Math.Round(100 * got / all, MidpointRounding.AwayFromZero);
    }
}
