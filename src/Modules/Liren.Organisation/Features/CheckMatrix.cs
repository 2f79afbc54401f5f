using Liren.Contracts.Organisation;
using Liren.Contracts.Places;
using Liren.Organisation.Data;
using Liren.Organisation.Domain;
using Liren.Sdk;
using Liren.Sdk.Security;
using Liren.Sdk.Text;
using Liren.Sdk.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Liren.Organisation.Features;

/// <summary>A finding in words.</summary>
/// <param name="Kind">Kind of finding.</param>
/// <param name="Error">It stops an activation.</param>
/// <param name="Rules">Rules it is about.</param>
/// <param name="Says">What is wrong.</param>
/// <param name="Do">What to do about it.</param>
/// <param name="Place">Where it shows, if somewhere.</param>
internal sealed record FindingRow(string Kind, bool Error, IReadOnlyList<int> Rules, string Says, string Do, string? Place);

/// <summary>Runs the checker on a version or on rules from a file, and says what it found in words.</summary>
internal sealed class MatrixChecker(OrganisationDb db, MatrixReader reader, DutyRota rota, IEventTypes types, IServiceProvider services, Texts texts, TimeProvider clock)
{
    public async Task<IReadOnlyList<FindingRow>> CheckAsync(int number, IReadOnlyList<MatrixRule> rules, MatrixSettings settings, CancellationToken stop)
    {
        var now = clock.GetUtcNow();
        var book = await reader.BookAsync(number, rules, settings, stop);
        var leads = rules.Select(r => book.Org(r.Lead)?.Id).OfType<Guid>().Distinct().ToList();
        var posts = await db.Posts.AsNoTracking().Where(p => p.ClosedAt == null && leads.Contains(p.OrgId)).ToListAsync(stop);
        var onDuty = (await rota.PeopleAsync(posts, now, stop)).Select(d => d.OrgId).ToHashSet();
        var orgs = book.Orgs.Values.Select(o => o with { OnDuty = onDuty.Contains(o.Card.Id) }).ToList();
        var known = services.GetService<IPlaceDirectory>() is { } places ? (await places.FindManyAsync(rules.Select(r => r.PlacePath).Concat(settings.Scopes).Where(p => p.Length > 0).Distinct(), stop)).Keys.ToHashSet() : null;
        var inUse = (await types.AllAsync(stop)).Where(t => t.InUse).ToDictionary(t => t.Code, t => t.Name(Show.Language));
        var checkedBook = new MatrixBook(book.Version, book.Rules, book.Settings, orgs, book.Superiors, book.PlaceNames);
        return [.. Together(MatrixCheck.Run(checkedBook, inUse.Keys, known, Rota.DayOf(now))).Select(f => Say(f, checkedBook, inUse))];
    }

    /// <summary>One missing rule makes a hole for each event type: those of one place and mode are told in one sentence.</summary>
    private static IEnumerable<Finding> Together(IReadOnlyList<Finding> findings) => findings
        .Select((f, i) => (Finding: f, Group: f.Kind == FindingKind.Hole ? $"{f.Place} {f.Mode}" : $"{i}"))
        .GroupBy(x => x.Group, x => x.Finding)
        .Select(g => g.First() with { Events = [.. g.SelectMany(f => f.Events)] });

    private FindingRow Say(Finding f, MatrixBook book, Dictionary<string, string> events)
    {
        // Every hole is named; for the rest a few events show what is meant.
        var most = f.Kind == FindingKind.Hole ? int.MaxValue : 4;
        var named = f.Events.Take(most).Select(e => $"{events.GetValueOrDefault(e, e)}（{e}）").ToList();
        if (f.Events.Count > most) named.Add(texts["organisation.and-more", f.Events.Count - most]);
        // {0} rules, {1} events, {2} place, {3} mode, {4} organisations, {5} line
        object[] args =
        [
            string.Join("、", f.Rules), string.Join("、", named), f.Place is null ? "" : f.Place.Length == 0 ? texts["organisation.everywhere"] : $"{book.PlaceNames.GetValueOrDefault(f.Place, "")} {f.Place}".Trim(),
            texts["organisation.both-modes"] is var both && f.Mode is { } mode ? texts["organisation.mode." + mode] : both,
            string.Join(" → ", (f.Orgs ?? []).Select(c => book.Orgs.TryGetValue(c, out var org) ? $"{org.Card.Name}（{c}）" : c)), f.Line is { } line ? texts["organisation.line." + line] : "",
        ];
        return new(f.Kind.ToString(), f.IsError, f.Rules, texts["organisation.check." + f.Kind, args], texts["organisation.check-do." + f.Kind, args], f.Place);
    }
}

/// <summary>Checks a version: ties, holes, circles and all the rest, each with what to do. A draft without errors counts as checked.</summary>
[Needs("organisation.read")]
internal sealed class CheckMatrix(OrganisationDb db, MatrixChecker checker, TimeProvider clock) : IFeature
{
    public sealed record Response(int Errors, int Warnings, IReadOnlyList<FindingRow> Findings);

    public static void Map(IEndpointRouteBuilder api) => api.MapPost("/matrix/{id:guid}/check", (Guid id, CheckMatrix feature, CancellationToken stop) => feature.RunAsync(id, stop));

    public async Task<Response> RunAsync(Guid id, CancellationToken stop)
    {
        var version = Rule.Found(await db.Versions.SingleOrDefaultAsync(v => v.Id == id, stop), "organisation.no-matrix");
        var findings = await checker.CheckAsync(version.Number, await db.Rules.AsNoTracking().Where(r => r.VersionId == id).OrderBy(r => r.Number).ToListAsync(stop), version.Settings, stop);
        var errors = findings.Count(f => f.Error);
        if (errors == 0 && version.State == MatrixState.Draft && Actor.Current.May("organisation.matrix"))
        {
            version.Passed(clock.GetUtcNow());
            await db.SaveChangesAsync(stop);
        }
        return new(errors, findings.Count - errors, findings);
    }
}

/// <summary>
/// Puts a draft in force: checked once more, the version before is retired in the same transaction. By a person with a name, who may change the
/// matrix wherever this version differs from the one in force.
/// </summary>
[Needs("organisation.matrix")]
internal sealed class ActivateMatrix(OrganisationDb db, MatrixChecker checker, ActiveMatrix active, TimeProvider clock) : IFeature
{
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/matrix/{id:guid}/activate", (Guid id, IfMatch match, ActivateMatrix feature, CancellationToken stop) => feature.RunAsync(id, match, stop));

    public async Task RunAsync(Guid id, IfMatch match, CancellationToken stop)
    {
        Rule.State(Actor.Current.Kind is ActorKind.Person or ActorKind.Operator, "organisation.matrix-by-person");
        var version = Rule.Found(await db.Versions.SingleOrDefaultAsync(v => v.Id == id, stop), "organisation.no-matrix");
        match.Check(version);
        version.RequireOpen();
        var rules = await db.Rules.AsNoTracking().Where(r => r.VersionId == id).OrderBy(r => r.Number).ToListAsync(stop);
        var present = await db.Versions.SingleOrDefaultAsync(v => v.State == MatrixState.Active, stop);
        var before = present is null ? [] : await db.Rules.AsNoTracking().Where(r => r.VersionId == present.Id).ToListAsync(stop);
        MatrixAuthority.RequireDifference(present?.Settings ?? MatrixSettings.Default, before, version.Settings, rules);
        // What was checked yesterday may name an organisation closed today.
        var errors = (await checker.CheckAsync(version.Number, rules, version.Settings, stop)).Where(f => f.Error).ToList();
        Rule.State(errors.Count == 0, "organisation.matrix-has-errors", errors.Count, errors.Count > 0 ? errors[0].Says : "");
        var now = clock.GetUtcNow();
        if (version.State == MatrixState.Draft) version.Passed(now);
        version.Activate(Actor.Current.Name, Actor.Current.Id, now);
        await using var transaction = await db.Database.BeginTransactionAsync(stop);
        if (present is not null)
        {
            present.Retire(now);
            db.Entry(version).State = EntityState.Detached;
            await db.SaveChangesAsync(stop);
            db.Update(version);
        }
        try { await db.SaveChangesAsync(stop); }
        catch (DbUpdateException) { throw new RuleBrokenException("sdk.changed-meanwhile", null, 412); }
        await transaction.CommitAsync(stop);
        active.Forget();
    }
}
