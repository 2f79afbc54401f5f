using Liren.Contracts.Incidents;
using Liren.Sdk;

namespace Liren.Incidents.Domain;

/// <summary>What happens to an incident.</summary>
internal sealed partial class Incident
{
    /// <summary>A signal of the same key joins. Only what changes the picture is written into the timeline.</summary>
    public void Join(Observation o, DateTimeOffset now)
    {
        var before = LastValue;
        var peak = PeakValue;
        Count(o);
        if (o.Value is not { } value) { Note(Guid.CreateVersion7(), Act.Comment, new Doer(null, o.Source), now, "incidents.why.joined", null, o.Source); return; }
        var raised = GatheringPlan.LevelOf(Type, value);
        if (!ByPlan && State != IncidentState.Verifying && raised > Level) Grade(raised, By.Machine, Doer.Machine, "incidents.why.level-count", null, now, value);
        else if (value > peak) Note(Guid.CreateVersion7(), Act.Comment, Doer.Machine, now, "incidents.why.rises", null, o.Source, value);
        else if (!ByPlan && GatheringPlan.Measures(Type) && before >= GatheringPlan.Threshold && value < GatheringPlan.Threshold) Note(Guid.CreateVersion7(), Act.Comment, Doer.Machine, now, "incidents.why.falls", null, o.Source, value, GatheringPlan.Threshold);
    }

    private void Count(Observation o)
    {
        o.IncidentId = Id;
        Signals++;
        if (o.Value is not { } value) return;
        (LastValue, LastValueAt) = (value, o.At);
        PeakValue = Math.Max(PeakValue ?? value, value);
    }

    /// <summary>Photos of whoever reported it.</summary>
    public void Attach(IReadOnlyList<Photo> photos) => Photos.AddRange(photos);

    /// <summary>Somebody is asked; whoever was asked before is not any more.</summary>
    public Offer Ask(Guid account, string name, Rung rung, double? distance, By by, Doer who, string? note, DateTimeOffset now, TimeSpan? within = null, string? key = null)
    {
        Withdraw(now);
        var offer = new Offer { IncidentId = Id, AccountId = account, Name = name, Rung = rung, Round = Round, At = now, Until = now + (within ?? GatheringPlan.AcceptWithin), Distance = distance, Key = key };
        Offers.Add(offer);
        (AssigneeId, AssigneeName, Deadline) = (null, null, offer.Until);
        var why = $"incidents.why.ask-{(distance is null ? "near" : "metres")}";
        Move(rung == Rung.Chosen ? Act.Reassign : Act.Offer, by, who, now, null, why, note, null, name, $"@incidents.rung.{rung}", Math.Round(distance ?? 0));
        return offer;
    }

    private void Withdraw(DateTimeOffset now)
    {
        foreach (var open in Offers.Where(o => o.Result == OfferResult.Asked)) (open.Result, open.AnsweredAt) = (OfferResult.Withdrawn, now);
    }

    /// <summary>Nobody is left to ask: the incident waits in the open, and whoever runs incidents is told.</summary>
    public void NobodyLeft(DateTimeOffset now)
    {
        Deadline = null;
        WasLate = true;
        Note(Guid.CreateVersion7(), Act.Comment, Doer.Machine, now, "incidents.why.nobody", null);
        var raised = GatheringPlan.Raised(Level);
        if (!ByPlan && raised > Level) Grade(raised, By.Machine, Doer.Machine, "incidents.why.level-nobody", null, now);
    }

    /// <summary>A new turn of the ladder: those asked before may be asked again.</summary>
    public void NextTurn() => Round++;

    /// <summary>The person asked takes it.</summary>
    public void Accept(Doer who, By by, Guid? step, DateTimeOffset now)
    {
        Check(Act.Accept, by);
        var offer = CurrentOffer!;
        Rule.State(now <= offer.Until, "incidents.offer-over");
        Answer(offer, OfferResult.Accepted, null, now);
        (AssigneeId, AssigneeName, AcceptedAt, ArrivedAt, Deadline) = (who.Id, who.Name, now, null, now + GatheringPlan.HandleWithin);
        Move(Act.Accept, by, who, now, step, "incidents.why.accepted", null, null, (int)(now - offer.At).TotalSeconds);
    }

    /// <summary>The person asked cannot; the next is asked at once.</summary>
    public void Decline(Doer who, By by, string? reason, Guid? step, DateTimeOffset now)
    {
        Check(Act.Decline, by);
        var said = Reason(reason);
        Answer(CurrentOffer!, OfferResult.Declined, said, now);
        Deadline = null;
        Move(Act.Decline, by, who, now, step, "incidents.why.declined", said, null);
    }

    /// <summary>The person asked has not answered in time.</summary>
    public void Expire(DateTimeOffset now)
    {
        var offer = CurrentOffer!;
        Answer(offer, OfferResult.Expired, null, now);
        (Deadline, WasLate) = (null, true);
        Move(Act.Expire, By.Machine, Doer.Machine, now, null, "incidents.why.expired", null, null, offer.Name, (int)(offer.Until - offer.At).TotalSeconds);
    }

    private static void Answer(Offer offer, OfferResult result, string? reason, DateTimeOffset now) => (offer.Result, offer.Reason, offer.AnsweredAt) = (result, reason, now);

    /// <summary>The assignee is there: shown by position, by the code of the place, or said with a reason.</summary>
    /// <param name="metres">Distance to the place, when position and place are known.</param>
    /// <param name="byCode">The code of the place was read.</param>
    public void Arrive(Doer who, By by, double? metres, bool byCode, string? reason, Guid? step, DateTimeOffset now)
    {
        Check(Act.Arrive, by);
        var near = metres <= GatheringPlan.NearEnough;
        var said = string.IsNullOrWhiteSpace(reason) ? null : Reason(reason);
        if (!near && !byCode)
        {
            Rule.Require(metres is null || said is not null, "incidents.too-far", "reason", Math.Round(metres ?? 0), GatheringPlan.NearEnough);
            Rule.Require(said is not null, "incidents.arrive-how", "reason");
        }
        ArrivedAt = now;
        Move(Act.Arrive, by, who, now, step, byCode ? "incidents.why.arrived-code" : near ? "incidents.why.arrived-near" : metres is null ? "incidents.why.arrived-said" : "incidents.why.arrived-far", said, null, Math.Round(metres ?? 0));
    }

    /// <summary>Handled, with a note and at least one photo; now it has to be verified.</summary>
    public void Handle(Doer who, By by, string? note, IReadOnlyList<Photo> photos, Guid? step, DateTimeOffset now)
    {
        Check(Act.Handle, by);
        Rule.Require(!string.IsNullOrWhiteSpace(note), "incidents.note-missing", "note");
        Rule.Require(note!.Trim().Length <= 500, "incidents.note-long", "note");
        Rule.Require(photos.Count > 0, "incidents.photo-missing", "photos");
        Photos.AddRange(photos);
        (HandledAt, ValueWhenHandled, Deadline) = (now, LastValue, now + GatheringPlan.VerifyWithin);
        Handlings++;
        Move(Act.Handle, by, who, now, step, "incidents.why.handled", note.Trim(), string.Join(' ', photos.Select(p => p.Sha)), photos.Count);
    }

    /// <summary>The assignee gives it back, to be asked of somebody else.</summary>
    public void HandOver(Doer who, By by, string? reason, Guid? step, DateTimeOffset now)
    {
        Check(Act.HandOver, by);
        var said = Reason(reason);
        (AssigneeId, AssigneeName, Deadline) = (null, null, null);
        Move(Act.HandOver, by, who, now, step, "incidents.why.handed-over", said, null);
    }

    /// <summary>A second person has seen that it is over.</summary>
    public void Confirm(Doer who, By by, string? note, IReadOnlyList<Photo> photos, Guid? step, DateTimeOffset now, double? distance = null)
    {
        Check(Act.Confirm, by);
        Photos.AddRange(photos);
        var said = string.IsNullOrWhiteSpace(note) ? null : note.Trim();
        Rule.Require(said is not { Length: > 500 }, "incidents.note-long", "note");
        Confirmations.Add(new Confirmation { IncidentId = Id, Handling = Handlings, AccountId = who.Id!.Value, Name = who.Name!, At = now, Agrees = true, Note = said, Distance = distance });
        Move(Act.Confirm, by, who, now, step, "incidents.why.confirmed", said, photos.Count == 0 ? null : string.Join(' ', photos.Select(p => p.Sha)));
    }

    /// <summary>A second person says it is not over: back to work.</summary>
    public void Refuse(Doer who, By by, string? reason, Guid? step, DateTimeOffset now)
    {
        Check(Act.Refuse, by);
        var said = Reason(reason);
        Confirmations.Add(new Confirmation { IncidentId = Id, Handling = Handlings, AccountId = who.Id!.Value, Name = who.Name!, At = now, Agrees = false, Note = said });
        BackToWork(now);
        Move(Act.Refuse, by, who, now, step, "incidents.why.refused", said, null);
    }

    /// <summary>The sensor says it is not over: back to work by itself.</summary>
    public void Contradict(Observation o, DateTimeOffset now)
    {
        Check(Act.Contradict, By.Machine);
        BackToWork(now);
        Move(Act.Contradict, By.Machine, Doer.Machine, now, null, "incidents.why.contradicted", null, null, o.Source, o.Value!, GatheringPlan.Threshold);
    }

    private void BackToWork(DateTimeOffset now)
    {
        Rework++;
        (HandledAt, Deadline) = (null, now + GatheringPlan.HandleWithin);
    }

    /// <summary>Closes when everything has been shown; true when it did.</summary>
    public bool CloseWhenProved(SensorVerdict sensor, Func<string> certificate, DateTimeOffset now)
    {
        if (State != IncidentState.Verifying || !GatheringPlan.Proves(sensor, Agreeing)) return false;
        Finish(certificate, sensor == SensorVerdict.Calm ? "incidents.why.closed-sensor" : "incidents.why.closed-people", now);
        return true;
    }

    private void Finish(Func<string> certificate, string why, DateTimeOffset now)
    {
        Check(Act.Close, By.Machine);
        (EndedAt, Deadline, OpenKey) = (now, null, null);
        Certificate = certificate();
        Move(Act.Close, By.Machine, Doer.Machine, now, null, why, null, Certificate, Agreeing);
    }

    /// <summary>It came back: the same incident, open again at its last level.</summary>
    public void Reopen(By by, Doer who, Observation? cause, string? reason, Guid? step, DateTimeOffset now)
    {
        Check(Act.Reopen, by);
        var said = cause is null ? Reason(reason) : null;
        BeginAgain();
        if (cause is not null) Count(cause);
        Move(Act.Reopen, by, who, now, step, cause is null ? "incidents.why.reopened-by-hand" : cause.Value is null ? "incidents.why.reopened" : "incidents.why.reopened-count", said, null, cause?.Source ?? "", cause?.Value ?? 0);
    }

    private void BeginAgain()
    {
        (OpenKey, EndedAt, AssigneeId, AssigneeName, HandledAt, Deadline) = (Observation.KeyOf(Type, PlacePath), null, null, null, null, null);
        Round++;
    }

    /// <summary>Somebody says it is no incident; a second person decides.</summary>
    public void SayNotSo(Doer who, By by, string? reason, Guid? step, DateTimeOffset now)
    {
        Check(Act.NotSo, by);
        Rule.State(NotSoBy is null, "incidents.not-so-pending");
        (NotSoBy, NotSoName, NotSoWhy) = (who.Id, who.Name, Reason(reason));
        Move(Act.NotSo, by, who, now, step, "incidents.why.not-so", NotSoWhy, null);
    }

    /// <summary>A second person agrees that it is none, or says that it is one.</summary>
    public void DecideNotSo(Doer who, By by, bool agrees, string? reason, Guid? step, DateTimeOffset now)
    {
        var act = agrees ? Act.Reject : Act.Uphold;
        Check(act, by);
        Rule.State(NotSoBy is not null, "incidents.not-so-none");
        if (NotSoBy == who.Id) throw new RuleBrokenException("incidents.second-person", null, 403);
        var said = agrees && string.IsNullOrWhiteSpace(reason) ? null : Reason(reason);
        if (agrees)
        {
            Withdraw(now);
            (EndedAt, Deadline, OpenKey) = (now, null, null);
        }
        else (NotSoBy, NotSoName, NotSoWhy) = (null, null, null);
        Move(act, by, who, now, step, agrees ? "incidents.why.rejected" : "incidents.why.upheld", said, null, NotSoName ?? "");
    }

    /// <summary>A duty officer sets the level, with a reason; the only way to level I.</summary>
    public void Grade(Level level, By by, Doer who, string why, string? reason, DateTimeOffset now, params object[] args)
    {
        Check(Act.Escalate, by);
        Rule.Require(level != Level, "incidents.same-level", "level");
        var said = by == By.Machine ? null : Reason(reason);
        Level = level;
        Move(Act.Escalate, by, who, now, null, why, said, null, [level.ToString(), .. args]);
    }

    /// <summary>The time to handle or verify is over: said, never decided.</summary>
    public bool Overdue(string clock, DateTimeOffset now)
    {
        if (clock == "handle" ? State is not (IncidentState.Accepted or IncidentState.OnScene) : State != IncidentState.Verifying) return false;
        if (Deadline is not { } due || due > now) return false;
        WasLate = true;
        Note(Guid.CreateVersion7(), Act.Comment, Doer.Machine, now, $"incidents.why.overdue-{clock}", null);
        if (!ByPlan && clock == "handle" && GatheringPlan.Raised(Level) is var raised && raised > Level) Grade(raised, By.Machine, Doer.Machine, "incidents.why.level-late", null, now);
        return true;
    }

    /// <summary>A remark for everybody who works on it.</summary>
    public void Remark(Doer who, By by, string? text, Guid? step, DateTimeOffset now)
    {
        Rule.Require(!string.IsNullOrWhiteSpace(text), "incidents.note-missing", "text");
        Rule.Require(text!.Trim().Length <= 500, "incidents.note-long", "text");
        Move(Act.Comment, by, who, now, step, "incidents.why.remark", text.Trim(), null);
    }

    /// <summary>A reason in words, 2 to 200 characters.</summary>
    private static string Reason(string? reason)
    {
        Rule.Require(reason?.Trim().Length >= 2, "incidents.reason", "reason");
        Rule.Require(reason!.Trim().Length <= 200, "incidents.reason-long", "reason");
        return reason.Trim();
    }
}
