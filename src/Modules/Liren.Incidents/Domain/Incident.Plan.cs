using Liren.Contracts.Incidents;
using Liren.Contracts.Organisation;

namespace Liren.Incidents.Domain;

/// <summary>The plan an incident runs under.</summary>
/// <param name="Id">Name of the plan.</param>
/// <param name="Version">Its version.</param>
/// <param name="Title">Its Chinese title.</param>
/// <param name="IncidentId">What the plan engine calls the incident.</param>
internal sealed record UnderPlan(string Id, int Version, string Title, Guid IncidentId);

/// <summary>What a plan (预案) does to an incident: the plan engine decides, the incident follows and keeps the timeline.</summary>
internal sealed partial class Incident
{
    /// <summary>Id of the plan; null when the general rules hold.</summary>
    public string? PlanId { get; private set; }
    public int? PlanVersion { get; private set; }
    /// <summary>What the plan engine calls it.</summary>
    public Guid? PlanIncidentId { get; private set; }

    /// <summary>True when a plan decides whom to ask, how grave it is and when it is over.</summary>
    public bool ByPlan => PlanIncidentId is not null;

    /// <summary>Opens an incident that a plan began.</summary>
    public static Incident OpenByPlan(UnderPlan plan, string type, string place, string placeName, Responsibility who, DateTimeOffset now)
    {
        var made = new Incident
        {
            Id = plan.IncidentId, Code = CodeOf(plan.IncidentId, now), Type = type, PlacePath = place, PlaceName = placeName, Level = Level.IV, OpenedAt = now, OpenKey = Observation.KeyOf(type, place), Since = now,
        };
        made.OwnedBy(who);
        made.Raise(new IncidentOpened(made.Id, type, place, made.Level.ToString(), now));
        made.Follow(plan, now);
        made.Note(Guid.CreateVersion7(), Act.Comment, Doer.Machine, now, who.Owner is null ? "incidents.why.no-owner" : "incidents.why.owner", null, who.Owner?.Name ?? "", who.MatrixVersion);
        return made;
    }

    /// <summary>A plan begins at a place where somebody had reported the same before: from now on the plan decides.</summary>
    public void Follow(UnderPlan plan, DateTimeOffset now)
    {
        (PlanId, PlanVersion, PlanIncidentId) = (plan.Id, plan.Version, plan.IncidentId);
        Note(Guid.CreateVersion7(), Act.Comment, Doer.Machine, now, "incidents.why.plan", null, plan.Title, plan.Version);
    }

    /// <summary>Something the plan did or found, for the timeline.</summary>
    public void Tell(DateTimeOffset now, string why, params object[] args) => Note(Guid.CreateVersion7(), Act.Comment, Doer.Machine, now, why, null, args);

    /// <summary>The offer of an effect of the plan engine; null when it was not made here.</summary>
    public Offer? OfferOf(string key) => Offers.Find(o => o.Key == key);

    /// <summary>The sensor says otherwise than "handled": back to work.</summary>
    public void ContradictByPlan(DateTimeOffset now)
    {
        Check(Act.Contradict, By.Machine);
        BackToWork(now);
        Move(Act.Contradict, By.Machine, Doer.Machine, now, null, "incidents.why.contradicted-plan", null, null);
    }

    /// <summary>The checks of the plan are met.</summary>
    public void CloseByPlan(Func<string> certificate, DateTimeOffset now) => Finish(certificate, "incidents.why.closed-plan", now);

    /// <summary>What the plan watches for is back: the same incident, open again at its last level.</summary>
    public void ReopenByPlan(DateTimeOffset now)
    {
        Check(Act.Reopen, By.Machine);
        BeginAgain();
        Move(Act.Reopen, By.Machine, Doer.Machine, now, null, "incidents.why.reopened-plan", null, null);
    }
}
