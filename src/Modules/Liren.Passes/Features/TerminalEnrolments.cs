using Liren.Contracts.Passes;
using Liren.Contracts.People;
using Liren.Passes.Data;
using Liren.Passes.Domain;
using Liren.Sdk;
using Liren.Sdk.Events;
using Liren.Sdk.Security;
using Liren.Sdk.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;

namespace Liren.Passes.Features;

/// <summary>Who may use a card or their face at a terminal (终端登记): enrolled at the person's wish, a face only with recorded consent.</summary>
[Needs("passes.issue")]
[PersonalData]
internal sealed class EnrolAtTerminal(PassesDb db, IAccessLog log, TimeProvider clock) : IFeature
{
    /// <param name="Kind">card or face.</param>
    /// <param name="Person">A registered person with a pass that works.</param>
    /// <param name="Pass">Instead of a person: the pass itself.</param>
    /// <param name="Subject">The terminal's number for the card or person; a face may leave it out and gets one.</param>
    /// <param name="Consent">By whom and how the consent to use the face was given.</param>
    public sealed record Request(LookKind Kind, Guid? Person = null, Guid? Pass = null, string? Subject = null, FaceConsent? Consent = null);

    /// <summary>One enrolment as shown.</summary>
    public sealed record Row(Guid Id, LookKind Kind, string Subject, string? Name, string? Unit, DateTimeOffset EnrolledAt, Guid? ConsentId, string? ConsentBy, string? ConsentMeans, string? ConsentReference, DateTimeOffset? WithdrawnAt);

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/terminals/{id:guid}/enrolments", (Guid id, EnrolAtTerminal feature, CancellationToken stop) => feature.ListAsync(id, stop));
        api.MapPost("/terminals/{id:guid}/enrolments", async (Guid id, Request request, NewId next, EnrolAtTerminal feature, CancellationToken stop) => TypedResults.Created((string?)null, await feature.RunAsync(id, request, next, stop)));
    }

    public async Task<Row> RunAsync(Guid terminalId, Request request, NewId id, CancellationToken stop)
    {
        var terminal = await ManageTerminals.FindAsync(db, terminalId, "passes.issue", stop);
        if (await db.Enrolments.AsNoTracking().SingleOrDefaultAsync(e => e.Id == id.Value, stop) is { } before) return (await RowsAsync([before], stop))[0];
        Rule.Require(request.Person is null != request.Pass is null, "passes.enrol-who", "person");
        var now = clock.GetUtcNow();
        var pass = await WorkingPassAsync(terminal, request, now, stop);
        if (pass is not null) Actor.Current.Require("passes.issue", pass.PlacePath);
        var enrolment = TerminalEnrolment.Enrol(id.Value, terminal, pass, request.Kind, request.Subject, request.Consent, Actor.Current.Name, now);
        Rule.State(!await db.Enrolments.AnyAsync(e => e.TerminalId == terminal.Id && e.Kind == enrolment.Kind && e.Subject == enrolment.Subject && e.WithdrawnAt == null, stop), "passes.enrol-taken");
        db.Add(enrolment);
        await db.SaveChangesAsync(stop);
        return (await RowsAsync([enrolment], stop))[0];
    }

    /// <summary>Everybody enrolled at a terminal, also those who withdrew.</summary>
    public async Task<IReadOnlyList<Row>> ListAsync(Guid terminalId, CancellationToken stop)
    {
        var terminal = await ManageTerminals.FindAsync(db, terminalId, "passes.issue", stop);
        return await RowsAsync(await db.Enrolments.AsNoTracking().Where(e => e.TerminalId == terminal.Id).OrderBy(e => e.WithdrawnAt != null).ThenByDescending(e => e.ChangeSeq).Take(2_000).ToListAsync(stop), stop);
    }

    // A face or card stands for a pass that works today; a suspended person is not enrolled by another pass of theirs.
    private async Task<Pass?> WorkingPassAsync(Terminal terminal, Request request, DateTimeOffset now, CancellationToken stop)
    {
        var passes = request.Person is { } person ? db.Passes.AsNoTracking().Where(p => p.PersonId == person && p.CompoundPath == terminal.CompoundPath) : db.Passes.AsNoTracking().Where(p => p.Id == request.Pass);
        var good = await passes.Where(p => p.Until >= now && (p.State == PassState.Active || p.State == PassState.Suspended)).ToListAsync(stop);
        return good.Any(p => p.State == PassState.Suspended) ? null : good.Where(p => p.From <= now).MaxBy(p => p.Until);
    }

    private async Task<IReadOnlyList<Row>> RowsAsync(IReadOnlyList<TerminalEnrolment> enrolments, CancellationToken stop)
    {
        var (persons, passes) = (enrolments.Select(e => e.PersonId).OfType<Guid>().Distinct().ToList(), enrolments.Select(e => e.PassId).OfType<Guid>().Distinct().ToList());
        var named = await db.Passes.AsNoTracking().Where(p => passes.Contains(p.Id) || (p.PersonId != null && persons.Contains(p.PersonId.Value))).OrderBy(p => p.IssuedAt).Select(p => new { p.Id, p.PersonId, p.Name, p.Unit }).ToListAsync(stop);
        await log.RecordAsync([.. persons.Select(p => new AccessEntry(p, Purpose.Required, "name,unit,terminal", "masked"))], stop);
        return [.. enrolments.Select(e =>
        {
            var who = named.LastOrDefault(p => e.PersonId is { } person ? p.PersonId == person : p.Id == e.PassId);
            return new Row(e.Id, e.Kind, e.Subject, who?.Name, who?.Unit, e.EnrolledAt, e.ConsentId, e.ConsentBy, e.ConsentMeans, e.ConsentReference, e.WithdrawnAt);
        })];
    }
}

/// <summary>Ends an enrolment (撤回同意、注销卡): at once for looks, and for the terminal with its next list.</summary>
[Needs("passes.issue")]
internal sealed class WithdrawEnrolment(PassesDb db, TimeProvider clock) : IFeature
{
    public static void Map(IEndpointRouteBuilder api) => api.MapPost("/terminals/enrolments/{id:guid}/withdraw", (Guid id, WithdrawEnrolment feature, CancellationToken stop) => feature.RunAsync(id, stop));

    public async Task RunAsync(Guid id, CancellationToken stop)
    {
        var enrolment = Rule.Found(await db.Enrolments.SingleOrDefaultAsync(e => e.Id == id, stop), "passes.no-enrolment");
        var terminal = await ManageTerminals.FindAsync(db, enrolment.TerminalId, "passes.issue", stop);
        enrolment.Withdraw(terminal, clock.GetUtcNow());
        await db.SaveChangesAsync(stop);
    }
}

/// <summary>Keeps terminals' lists true: a pass that moves is told again, an erased person leaves.</summary>
internal sealed class KeepEnrolments(PassesDb db, TimeProvider clock) : IHandle<PassMoved>, IHandle<PassesIssued>, IHandle<PersonErased>
{
    public async Task HandleAsync(PassMoved moved, CancellationToken cancellation)
    {
        var person = await db.Passes.Where(p => p.Id == moved.PassId).Select(p => p.PersonId).SingleOrDefaultAsync(cancellation);
        await ChangeAsync(db.Enrolments.Where(e => e.CompoundPath == moved.Compound && e.WithdrawnAt == null && (e.PassId == moved.PassId || (person != null && e.PersonId == person))), (e, t) => e.Touch(t), cancellation);
    }

    // A batch may have renewed anybody's.
    public Task HandleAsync(PassesIssued issued, CancellationToken cancellation) =>
        ChangeAsync(db.Enrolments.Where(e => e.CompoundPath == issued.Compound && e.WithdrawnAt == null), (e, t) => e.Touch(t), cancellation);

    public Task HandleAsync(PersonErased erased, CancellationToken cancellation) =>
        ChangeAsync(db.Enrolments.Where(e => e.PersonId == erased.PersonId), (e, t) => e.Forget(t, clock.GetUtcNow()), cancellation);

    private async Task ChangeAsync(IQueryable<TerminalEnrolment> which, Action<TerminalEnrolment, Terminal> change, CancellationToken cancellation)
    {
        var enrolments = await which.ToListAsync(cancellation);
        if (enrolments.Count == 0) return;
        var ids = enrolments.Select(e => e.TerminalId).Distinct().ToList();
        var terminals = await db.Terminals.Where(t => ids.Contains(t.Id)).ToDictionaryAsync(t => t.Id, cancellation);
        foreach (var enrolment in enrolments) change(enrolment, terminals[enrolment.TerminalId]);
    }
}
