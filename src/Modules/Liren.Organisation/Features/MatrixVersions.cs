using System.Linq.Expressions;
using Liren.Organisation.Data;
using Liren.Organisation.Domain;
using Liren.Sdk;
using Liren.Sdk.Security;
using Liren.Sdk.Text;
using Liren.Sdk.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;

namespace Liren.Organisation.Features;

/// <summary>Versions of the matrix, newest first.</summary>
[Needs("organisation.read")]
internal sealed class ListMatrixVersions(OrganisationDb db) : IFeature
{
    public sealed record Row(Guid Id, int Number, string State, string Note, int Rules, string CreatedBy, DateTimeOffset CreatedAt, string? ActivatedBy, DateTimeOffset? ActivatedAt, DateTimeOffset? RetiredAt, int Version);

    private static readonly Dictionary<string, Expression<Func<MatrixVersion, object?>>> Columns = new()
    {
        ["number"] = v => v.Number, ["createdAt"] = v => v.CreatedAt, ["activatedAt"] = v => v.ActivatedAt,
    };

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/matrix", ([AsParameters] ListQuery query, HttpContext http, Texts texts, ListMatrixVersions feature, CancellationToken stop) =>
            ListAnswer.AnswerAsync(http, texts, "matrix-versions", query, q => feature.RunAsync(q, stop)));

    public async Task<Page<Row>> RunAsync(ListQuery query, CancellationToken stop)
    {
        var rows = db.Versions.AsNoTracking();
        if (query.Text is { } text) rows = rows.Where(v => v.Note.Contains(text) || v.CreatedBy.Contains(text) || v.ActivatedBy!.Contains(text));
        if (Enum.TryParse<MatrixState>(query.Filter, out var state)) rows = rows.Where(v => v.State == state);
        var page = await rows.PageAsync(query, Columns, "-number", v => v, stop);
        var ids = page.Items.Select(v => v.Id).ToList();
        var rules = await db.Rules.Where(r => ids.Contains(r.VersionId)).GroupBy(r => r.VersionId).Select(g => new { g.Key, Count = g.Count() }).ToDictionaryAsync(g => g.Key, g => g.Count, stop);
        return new([.. page.Items.Select(v => new Row(v.Id, v.Number, v.State.ToString(), v.Note, rules.GetValueOrDefault(v.Id), v.CreatedBy, v.CreatedAt, v.ActivatedBy, v.ActivatedAt, v.RetiredAt, v.Version))], page.Total, page.PageNumber, page.Size);
    }
}

/// <summary>One version: what holds for all rules, and what is different from another version.</summary>
[Needs("organisation.read")]
internal sealed class ShowMatrix(OrganisationDb db) : IFeature
{
    public sealed record RuleRow(int Number, string Event, string Place, string Mode, string Lead, IReadOnlyList<string> Support, int Rank, IReadOnlyList<string> Fallback, string? Basis, DateOnly? Expires);
    public sealed record Changed(string What, RuleRow Now, RuleRow? Before);
    public sealed record Response(Guid Id, int Number, string State, string Note, IReadOnlyList<string> Scopes, IReadOnlyList<string> Fallback, int SignInIV, int SignInIII, int SignInII, int SignInI, DateOnly? ValidUntil,
        int? BasedOn, string CreatedBy, DateTimeOffset CreatedAt, DateTimeOffset? CheckedAt, string? ActivatedBy, DateTimeOffset? ActivatedAt, IReadOnlyList<RuleRow> Rules, int? ComparedWith, IReadOnlyList<Changed> Changes, int Version)
    {
        public MatrixSettings Settings => new(Scopes, Fallback, SignInIV, SignInIII, SignInII, SignInI, ValidUntil);
        public bool IsOpen => State is nameof(MatrixState.Draft) or nameof(MatrixState.Checked);
    }

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/matrix/{id:guid}", (Guid id, ShowMatrix feature, CancellationToken stop) => feature.RunAsync(id, stop));

    /// <summary>A draft is compared with the active version, an older one with the one before it.</summary>
    public async Task<Response> RunAsync(Guid id, CancellationToken stop)
    {
        var v = Rule.Found(await db.Versions.AsNoTracking().SingleOrDefaultAsync(x => x.Id == id, stop), "organisation.no-matrix");
        var rules = await RulesAsync(v.Id, stop);
        var other = v.State is MatrixState.Draft or MatrixState.Checked
            ? await db.Versions.AsNoTracking().SingleOrDefaultAsync(x => x.State == MatrixState.Active, stop)
            : await db.Versions.AsNoTracking().Where(x => x.Number < v.Number && x.ActivatedAt != null).OrderByDescending(x => x.Number).FirstOrDefaultAsync(stop);
        var changes = other is null ? [] : Compare(rules, await RulesAsync(other.Id, stop));
        return new(v.Id, v.Number, v.State.ToString(), v.Note, v.ScopePaths, v.FallbackSteps, v.SignInIV, v.SignInIII, v.SignInII, v.SignInI, v.ValidUntil,
            v.BasedOn, v.CreatedBy, v.CreatedAt, v.CheckedAt, v.ActivatedBy, v.ActivatedAt, [.. rules.Select(Row)], other?.Number, changes, v.Version);
    }

    public static RuleRow Row(MatrixRule r) => new(r.Number, r.Event, r.PlacePath, r.Mode.ToString(), r.Lead, r.SupportCodes, r.Rank, r.FallbackCodes, r.Basis, r.Expires);

    /// <summary>Added, changed and removed rules, by number.</summary>
    public static IReadOnlyList<Changed> Compare(IReadOnlyList<MatrixRule> now, IReadOnlyList<MatrixRule> before)
    {
        var old = before.ToDictionary(r => r.Number);
        var changes = now.Where(r => !old.TryGetValue(r.Number, out var was) || !was.SameAs(r))
            .Select(r => old.TryGetValue(r.Number, out var was) ? new Changed("changed", Row(r), Row(was)) : new Changed("added", Row(r), null));
        var kept = now.Select(r => r.Number).ToHashSet();
        return [.. changes.Concat(before.Where(r => !kept.Contains(r.Number)).Select(r => new Changed("removed", Row(r), null))).OrderBy(c => c.Now.Number)];
    }

    private Task<List<MatrixRule>> RulesAsync(Guid version, CancellationToken stop) => db.Rules.AsNoTracking().Where(r => r.VersionId == version).OrderBy(r => r.Number).ToListAsync(stop);
}

/// <summary>Makes a draft: a copy of the active version, or of the one given; empty when there is none.</summary>
[Needs("organisation.matrix")]
internal sealed class DraftMatrix(OrganisationDb db, TimeProvider clock) : IFeature
{
    public sealed record Request(string Note, Guid? From = null);
    public sealed record Response(Guid Id, int Number);

    public static void Map(IEndpointRouteBuilder api) => api.MapPost("/matrix", async (Request request, NewId id, DraftMatrix feature, CancellationToken stop) =>
    {
        var made = await feature.RunAsync(request, id, stop);
        return TypedResults.Created($"/api/organisation/matrix/{made.Id}", made);
    });

    public async Task<Response> RunAsync(Request request, NewId id, CancellationToken stop)
    {
        if (await db.Versions.AsNoTracking().SingleOrDefaultAsync(v => v.Id == id.Value, stop) is { } there) return new(there.Id, there.Number);
        var from = request.From is { } given
            ? Rule.Found(await db.Versions.AsNoTracking().SingleOrDefaultAsync(v => v.Id == given, stop), "organisation.no-matrix")
            : await db.Versions.AsNoTracking().SingleOrDefaultAsync(v => v.State == MatrixState.Active, stop);
        var number = (await db.Versions.MaxAsync(v => (int?)v.Number, stop) ?? 0) + 1;
        var draft = MatrixVersion.Draft(id.Value, number, from, request.Note ?? "", Actor.Current.Name, Actor.Current.Id, clock.GetUtcNow());
        db.Add(draft);
        if (from is not null) db.AddRange((await db.Rules.AsNoTracking().Where(r => r.VersionId == from.Id).ToListAsync(stop)).Select(r => r.CopyTo(draft.Id)));
        await db.SaveChangesAsync(stop);
        return new(draft.Id, number);
    }
}

/// <summary>Changes what holds for all rules of a draft. Touches every place the matrix covers, so it needs the permission in each.</summary>
[Needs("organisation.matrix")]
internal sealed class EditMatrix(OrganisationDb db, TimeProvider clock) : IFeature
{
    public sealed record Request(string Note, IReadOnlyList<string> Scopes, IReadOnlyList<string> Fallback, int SignInIV, int SignInIII, int SignInII, int SignInI, DateOnly? ValidUntil);

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPut("/matrix/{id:guid}", (Guid id, Request request, IfMatch match, EditMatrix feature, CancellationToken stop) => feature.RunAsync(id, request, match, stop));

    public async Task RunAsync(Guid id, Request request, IfMatch match, CancellationToken stop)
    {
        var version = Rule.Found(await db.Versions.SingleOrDefaultAsync(v => v.Id == id, stop), "organisation.no-matrix");
        match.Check(version);
        var settings = new MatrixSettings(request.Scopes ?? [], request.Fallback ?? [], request.SignInIV, request.SignInIII, request.SignInII, request.SignInI, request.ValidUntil);
        MatrixAuthority.RequireSettings(version.Settings, settings);
        version.Set(request.Note ?? "", settings, clock.GetUtcNow());
        await db.SaveChangesAsync(stop);
    }
}

/// <summary>Deletes a draft that is not wanted.</summary>
[Needs("organisation.matrix")]
internal sealed class DropMatrix(OrganisationDb db) : IFeature
{
    public static void Map(IEndpointRouteBuilder api) => api.MapDelete("/matrix/{id:guid}", (Guid id, DropMatrix feature, CancellationToken stop) => feature.RunAsync(id, stop));

    public async Task RunAsync(Guid id, CancellationToken stop)
    {
        var version = Rule.Found(await db.Versions.SingleOrDefaultAsync(v => v.Id == id, stop), "organisation.no-matrix");
        version.RequireOpen();
        // A draft belongs to whoever made it; others need the permission everywhere.
        if (version.CreatedById is null || version.CreatedById != Actor.Current.Id) Actor.Current.Require("organisation.matrix", "");
        db.RemoveRange(await db.Rules.Where(r => r.VersionId == id).ToListAsync(stop));
        db.Remove(version);
        await db.SaveChangesAsync(stop);
    }
}

/// <summary>One matrix serves many places; whoever changes it needs the permission wherever the change is felt, and nowhere else.</summary>
internal static class MatrixAuthority
{
    /// <summary>The place of a rule, before and after.</summary>
    public static void RequireRule(MatrixRule? before, MatrixRule? after)
    {
        if (before is not null) Actor.Current.Require("organisation.matrix", before.PlacePath);
        if (after is not null) Actor.Current.Require("organisation.matrix", after.PlacePath);
    }

    /// <summary>Chain and times are felt in every scope; a scope added or taken away, there.</summary>
    public static void RequireSettings(MatrixSettings before, MatrixSettings after)
    {
        var common = !before.Fallback.SequenceEqual(after.Fallback) || before.ValidUntil != after.ValidUntil
            || (before.SignInIV, before.SignInIII, before.SignInII, before.SignInI) != (after.SignInIV, after.SignInIII, after.SignInII, after.SignInI);
        var felt = common ? before.Scopes.Union(after.Scopes) : before.Scopes.Except(after.Scopes).Union(after.Scopes.Except(before.Scopes));
        foreach (var place in felt) Actor.Current.Require("organisation.matrix", place);
    }

    /// <summary>All differences of a version from the one it replaces.</summary>
    public static void RequireDifference(MatrixSettings before, IReadOnlyList<MatrixRule> rulesBefore, MatrixSettings after, IReadOnlyList<MatrixRule> rulesAfter)
    {
        RequireSettings(before, after);
        var old = rulesBefore.ToDictionary(r => r.Number);
        foreach (var rule in rulesAfter)
            if (!old.Remove(rule.Number, out var was)) RequireRule(null, rule);
            else if (!was.SameAs(rule)) RequireRule(was, rule);
        foreach (var removed in old.Values) RequireRule(removed, null);
    }
}
