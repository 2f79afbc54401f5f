using Liren.Incidents.Data;
using Liren.Incidents.Domain;
using Liren.Sdk;
using Liren.Sdk.Data;
using Liren.Sdk.Security;
using Liren.Sdk.Web;
using Microsoft.EntityFrameworkCore;

namespace Liren.Incidents.Features;

/// <summary>
/// Where people's acts meet an incident: loads it, checks the permission at its place, sees in which capacity the person acts, does it once, and
/// saves it with its clocks. Two at once: the second reads again and is judged by what is so now.
/// </summary>
internal sealed class Desk(IncidentsDb db, Judge judge, TimeProvider clock)
{
    private const int Tries = 6;

    /// <summary>One act of the person who is signed in.</summary>
    /// <param name="Incident">Which.</param>
    /// <param name="By">In which capacities.</param>
    /// <param name="Who">Who.</param>
    /// <param name="Step">Id of its timeline line.</param>
    /// <param name="Now">When.</param>
    public sealed record Turn(Incident Incident, By By, Doer Who, Guid Step, DateTimeOffset Now);

    /// <summary>
    /// Does it. <paramref name="done"/> says whether it has been done already (a double tap, a repeated request whose answer was lost): then nothing happens.
    /// </summary>
    public Task<Incident> ActAsync(Guid id, NewId step, string permission, Func<Turn, bool> done, Func<Turn, Task> act, CancellationToken stop)
    {
        Incident? incident = null;
        return db.AgainAsync(Tries, async () =>
        {
            incident = null;
            incident = await LoadAsync(id, stop);
            var me = Actor.Current;
            me.Require(permission, incident.PlacePath);
            var turn = new Turn(incident, ByOf(incident, me), new Doer(me.Id, me.Name), step.Value, clock.GetUtcNow());
            if (step.Repeatable && await db.Steps.AnyAsync(s => s.Id == step.Value, stop)) return incident;
            if (done(turn)) return incident;
            await act(turn);
            await judge.ResetClockAsync(incident, stop);
            await db.SaveChangesAsync(stop);
            return incident;
        }, async () => incident is { } read && await db.Incidents.Where(i => i.Id == id).Select(i => i.Version).SingleOrDefaultAsync(stop) != read.Version);
    }

    /// <summary>The incident with what its rules need.</summary>
    public async Task<Incident> LoadAsync(Guid id, CancellationToken stop) => Rule.Found(
        await db.Whole.SingleOrDefaultAsync(i => i.Id == id, stop), "incidents.not-found");

    /// <summary>Capacities of somebody towards an incident. Programs and devices never count as a person.</summary>
    public static By ByOf(Incident incident, Actor actor)
    {
        var by = By.None;
        if (actor.May("incidents.read", incident.PlacePath)) by |= By.Reader;
        if (actor.Kind != ActorKind.Person || actor.Id is not { } me) return by;
        if (actor.May("incidents.handle", incident.PlacePath))
        {
            by |= By.Handler;
            if (incident.CurrentOffer?.AccountId == me) by |= By.Asked;
            if (incident.AssigneeId == me) by |= By.Assignee;
        }
        if (actor.May("incidents.manage", incident.PlacePath)) by |= By.Manager;
        if (actor.May("incidents.verify", incident.PlacePath) && !incident.HadAHand(me)) by |= By.SecondPerson;
        return by;
    }
}
