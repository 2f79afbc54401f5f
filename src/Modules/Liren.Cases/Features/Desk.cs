using System.Text.Json;
using Liren.Cases.Data;
using Liren.Cases.Domain;
using Liren.Contracts.Cases;
using Liren.Contracts.Identity;
using Liren.Contracts.Organisation;
using Liren.Sdk;
using Liren.Sdk.Data;
using Liren.Sdk.Security;
using Liren.Sdk.Text;
using Liren.Sdk.Web;
using Microsoft.EntityFrameworkCore;

namespace Liren.Cases.Features;

/// <summary>The answer of every act: where the case stands now.</summary>
internal sealed record Moved(Guid Id, string Code, CaseState State, DateTimeOffset? Deadline, int Version)
{
    public static Moved Of(Case c) => new(c.Id, c.Code, c.State, c.Deadline, c.Version);
}

/// <summary>
/// Where people's acts meet a case: loads it, checks the permission at its place, sees in which capacity the person acts, does it once, sets the
/// clock that belongs to the new state, and saves all in one commit. Two at once: the second reads again and is judged by what is so now.
/// </summary>
internal sealed class Desk(CasesDb db, TypeBook types, IWorkTime work, IAccountDirectory accounts, IDutyRota rota, TimeProvider clock)
{
    private const int Tries = 6;

    /// <summary>One act of the person who is signed in.</summary>
    public sealed record Turn(Case Case, By By, Doer Who, Guid Step, DateTimeOffset Now);

    /// <summary>Does it; a repeated request whose act was done already finds it so.</summary>
    /// <param name="permission">Needed at the place; null for the reporter's own acts.</param>
    public Task<Case> ActAsync(Guid id, NewId step, string? permission, Func<Turn, Task> act, CancellationToken stop)
    {
        Case? found = null;
        return db.AgainAsync(Tries, async () =>
        {
            found = null;
            found = await LoadAsync(id, stop);
            var (me, by) = (Actor.Current, ByOf(found, Actor.Current));
            if (permission is not null) me.Require(permission, found.PlacePath);
            else if (!by.HasFlag(By.Reporter)) throw new RuleBrokenException("cases.not-found", null, 404);
            if (step.Repeatable && await db.Steps.AnyAsync(s => s.Id == step.Value, stop)) return found;
            var now = clock.GetUtcNow();
            await act(new(found, by, new(me.Id, me.Name), step.Value, now));
            await SetClockAsync(found, now, stop);
            await TellAsync(found, now, stop);
            await db.SaveChangesAsync(stop);
            return found;
        }, async () => found is { } read && await db.Cases.Where(c => c.Id == id).Select(c => c.Version).SingleOrDefaultAsync(stop) != read.Version);
    }

    /// <summary>The case with its photos.</summary>
    public async Task<Case> LoadAsync(Guid id, CancellationToken stop) => Rule.Found(await db.Cases.Include(c => c.Photos).SingleOrDefaultAsync(c => c.Id == id, stop), "cases.not-found");

    /// <summary>Capacities of somebody towards a case. Programs and devices never count as a person.</summary>
    public static By ByOf(Case c, Actor actor)
    {
        var by = By.None;
        if (actor.May("cases.read", c.PlacePath)) by |= By.Reader;
        if (actor.Kind != ActorKind.Person || actor.Id is not { } me) return by;
        if (c.ReporterId == me) by |= By.Reporter;
        if (actor.May("cases.manage", c.PlacePath)) by |= By.Centre;
        if (c.UnitId is { } unit && actor.May("cases.handle", c.PlacePath) && (actor.OrgId == unit || actor.Grants.Any(g => g.OrgId == unit && g.Has("cases.handle")))) by |= By.Unit;
        if (c.HadAHand(me)) return by;
        if (actor.May("cases.collect", c.PlacePath)) by |= By.Collector;
        if (actor.May("cases.approve", c.PlacePath) && c.SuspendAskedBy != me) by |= By.Approver;
        return by;
    }

    /// <summary>Starts, pauses or ends the clock as the state asks for, with its timer.</summary>
    public async Task SetClockAsync(Case c, DateTimeOffset now, CancellationToken stop)
    {
        var wanted = Clocks.Of(c.State);
        if (wanted == c.Clock) return;
        if (wanted == Clocks.Suspended)
        {
            var limit = TimeLimit.Parse(c.ClockLimit);
            c.PauseHandling(limit is { } running && c.ClockStart is { } start ? await work.LeftAsync(running, c.PlacePath, start, now, stop) : default);
        }
        else
        {
            c.StopClock();
            if (wanted is not null && (wanted == Clocks.Handle && c.TakeHandleLeft() is { } rest ? rest : await LimitAsync(c, wanted, now, stop)) is { } limit)
                c.StartClock(wanted, limit, now, await work.DueAsync(limit, c.PlacePath, now, stop));
        }
        await ArmAsync(c, stop);
    }

    /// <summary>The timer of the running clock.</summary>
    public async Task ArmAsync(Case c, CancellationToken stop)
    {
        if (c.Deadline is { } due) await db.ScheduleAsync(TimerOf(c.Id), due, new CaseClockRanOut(c.Id, c.PlacePath, c.Clock!, due), stop);
        else await db.CancelTimerAsync(TimerOf(c.Id), stop);
    }

    private static string TimerOf(Guid id) => $"cases.clock:{id:N}";

    private async Task<TimeLimit?> LimitAsync(Case c, string which, DateTimeOffset now, CancellationToken stop) =>
        (await types.LimitsAsync(stop)).Find(which, c.Type, c.PlacePath, Show.Day(now))?.Limit;

    /// <summary>Tells whoever has to do the next step; nobody who has just acted.</summary>
    private async Task TellAsync(Case c, DateTimeOffset now, CancellationToken stop)
    {
        if (c.Steps.Count == 0) return;
        var last = c.Steps[^1];
        var (whom, key, href) = (last.Act, c.State) switch
        {
            (Act.Assign, _) => (await UnitAsync(c, now, stop), "cases.bell.assigned", $"/field/cases/{c.Id}"),
            (Act.Rework, _) => (await UnitAsync(c, now, stop), "cases.bell.rework", $"/field/cases/{c.Id}"),
            (Act.Supervise, CaseState.Assigned or CaseState.Handling) => (await UnitAsync(c, now, stop), "cases.bell.supervised", $"/field/cases/{c.Id}"),
            (Act.FeedBack, _) => (await CollectorsAsync(c, now, stop), "cases.bell.verify", $"/field/cases/{c.Id}"),
            (Act.Return or Act.Reopen, _) => (await CentreAsync(c, stop), "cases.bell.again", $"/cases/{c.Id}"),
            (Act.AskSuspend, _) => (await WithAsync("cases.approve", c, stop), "cases.bell.suspend", $"/cases/{c.Id}"),
            _ => ([], "", ""),
        };
        if (key.Length > 0) db.Tell(whom.Where(a => a != last.AccountId), key, href, now, c.PlaceName, c.Code);
    }

    /// <summary>People of the unit who can handle it here, and those on duty.</summary>
    public async Task<IReadOnlyList<Guid>> UnitAsync(Case c, DateTimeOffset now, CancellationToken stop)
    {
        if (c.UnitId is not { } unit) return [];
        var able = (await accounts.WithPermissionAsync("cases.handle", c.PlacePath, stop)).Where(a => a.OrgId == unit).Select(a => a.Id);
        return [.. able.Concat((await rota.OnDutyOfAsync(unit, now, stop)).Select(p => p.AccountId).OfType<Guid>()).Distinct()];
    }

    /// <summary>The collector who reported it, else those of the grid on duty; never a handler.</summary>
    private async Task<IReadOnlyList<Guid>> CollectorsAsync(Case c, DateTimeOffset now, CancellationToken stop)
    {
        var able = (await accounts.WithPermissionAsync("cases.collect", c.PlacePath, stop)).Select(a => a.Id).Where(a => !c.HadAHand(a)).ToList();
        if (c.ReporterId is { } own && able.Contains(own)) return [own];
        var duty = (await rota.OnDutyAsync("grid-worker", c.PlacePath, now, stop)).Select(p => p.AccountId).OfType<Guid>().Where(able.Contains).ToList();
        return duty.Count > 0 ? duty : able;
    }

    /// <summary>Whoever runs cases here.</summary>
    public Task<IReadOnlyList<Guid>> CentreAsync(Case c, CancellationToken stop) => WithAsync("cases.manage", c, stop);

    private async Task<IReadOnlyList<Guid>> WithAsync(string permission, Case c, CancellationToken stop) => [.. (await accounts.WithPermissionAsync(permission, c.PlacePath, stop)).Select(a => a.Id).Where(a => !c.HadAHand(a))];
}

/// <summary>Sentences of the record in the reader's language.</summary>
internal sealed class Words(Texts texts)
{
    public string Why(Step step) => texts[step.Why, [.. JsonSerializer.Deserialize<JsonElement[]>(step.Args)!.Select(Argument)]];

    private object? Argument(JsonElement argument) => argument.ValueKind switch
    {
        JsonValueKind.String => texts.Named(argument.GetString()),
        JsonValueKind.Number => argument.GetDouble(),
        _ => argument.ToString(),
    };
}
