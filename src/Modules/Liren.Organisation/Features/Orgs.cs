using Liren.Contracts.Places;
using Liren.Organisation.Data;
using Liren.Organisation.Domain;
using Liren.Sdk;
using Liren.Sdk.Security;
using Liren.Sdk.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;

namespace Liren.Organisation.Features;

/// <summary>One organisation: its superiors and those below in each line, its posts and who stands in them now.</summary>
[Needs("organisation.read")]
internal sealed class ShowOrg(OrganisationDb db, RotaReader reader, PlaceNames places, TimeProvider clock) : IFeature
{
    public sealed record Link(string Line, Guid OrgId, string Name, string? Basis);
    public sealed record PostRow(Guid Id, string Kind, string Name, string Place, IReadOnlyList<string> People, IReadOnlyList<string> OnDuty);
    public sealed record Response(Guid Id, string Code, string Name, string Kind, string Place, string PlaceName, string? DutyPhone, string? Address, DateTimeOffset CreatedAt, DateTimeOffset? ClosedAt, string? ClosedReason,
        IReadOnlyList<Link> Superiors, IReadOnlyList<Link> Below, IReadOnlyList<PostRow> Posts, IReadOnlyList<int> Leads, int Version);

    public static void Map(IEndpointRouteBuilder api) => api.MapGet("/units/{id:guid}", (Guid id, ShowOrg feature, CancellationToken stop) => feature.RunAsync(id, stop));

    public async Task<Response> RunAsync(Guid id, CancellationToken stop)
    {
        var o = Rule.Found(await db.Units.AsNoTracking().SingleOrDefaultAsync(x => x.Id == id, stop), "organisation.no-unit");
        Actor.Current.Require("organisation.read", o.PlacePath);
        var now = clock.GetUtcNow();
        var links = await db.Superiors.AsNoTracking().Where(s => s.OrgId == id || s.SuperiorId == id).ToListAsync(stop);
        var others = links.Select(s => s.OrgId == id ? s.SuperiorId : s.OrgId).ToList();
        var names = await db.Units.AsNoTracking().Where(u => others.Contains(u.Id) && u.ClosedAt == null).ToDictionaryAsync(u => u.Id, u => u.Name, stop);
        IReadOnlyList<Link> Links(Func<Superior, bool> which, Func<Superior, Guid> other) =>
            [.. links.Where(which).Where(s => names.ContainsKey(other(s))).Select(s => new Link(s.Line.ToString(), other(s), names[other(s)], s.Basis)).OrderBy(l => l.Line, StringComparer.Ordinal).ThenBy(l => l.Name, StringComparer.Ordinal)];
        var posts = await db.Posts.AsNoTracking().Where(p => p.OrgId == id && p.ClosedAt == null).OrderBy(p => p.Name).ToListAsync(stop);
        var book = await reader.ReadAsync([.. posts.Select(p => p.Id)], now, now, stop);
        var current = await db.Holdings.AsNoTracking().Where(h => posts.Select(p => p.Id).Contains(h.PostId) && h.Since <= now && (h.Until == null || h.Until > now)).Select(h => h.Id).ToListAsync(stop);
        var active = await db.Versions.Where(v => v.State == MatrixState.Active).Select(v => v.Id).SingleOrDefaultAsync(stop);
        var leads = await db.Rules.Where(r => r.VersionId == active && r.Lead == o.Code).OrderBy(r => r.Number).Select(r => r.Number).ToListAsync(stop);
        return new(o.Id, o.Code, o.Name, o.Kind.ToString(), o.PlacePath, await places.OfAsync(o.PlacePath, stop), o.DutyPhone, o.Address, o.CreatedAt, o.ClosedAt, o.ClosedReason,
            Links(s => s.OrgId == id, s => s.SuperiorId), Links(s => s.SuperiorId == id, s => s.OrgId),
            [.. posts.Select(p => new PostRow(p.Id, p.Kind, p.Name, p.PlacePath, [.. current.Where(h => book.People[h].PostId == p.Id).Select(h => book.People[h].Name)],
                [.. book.Of[p.Id].At(now).Where(s => s.HoldingId is not null).Select(s => book.People[s.HoldingId!.Value].Name).Distinct()]))], leads, o.Version);
    }
}

/// <summary>What somebody writes about an organisation.</summary>
internal sealed record OrgForm(string Code, string Name, string Kind, string Place, string? DutyPhone = null, string? Address = null)
{
    public OrgKind KindOf() => Enum.TryParse<OrgKind>(Kind, ignoreCase: true, out var kind) && Enum.IsDefined(kind) ? kind : throw new RuleBrokenException("organisation.kind", "kind");
}

/// <summary>Adds an organisation.</summary>
[Needs("organisation.edit")]
internal sealed class AddOrg(OrganisationDb db, PlaceNames places, ActiveMatrix active, TimeProvider clock) : IFeature
{
    public sealed record Response(Guid Id);

    public static void Map(IEndpointRouteBuilder api) => api.MapPost("/units", async (OrgForm request, NewId id, AddOrg feature, CancellationToken stop) =>
    {
        var made = await feature.RunAsync(request, id, stop);
        return TypedResults.Created($"/api/organisation/units/{made.Id}", made);
    });

    public async Task<Response> RunAsync(OrgForm request, NewId id, CancellationToken stop)
    {
        Actor.Current.Require("organisation.edit", request.Place ?? "");
        if (await db.Units.AnyAsync(o => o.Id == id.Value, stop)) return new(id.Value);
        await places.RequireAsync(request.Place ?? "", "place", stop);
        var org = OrgUnit.Add(id.Value, request.Code ?? "", request.Name ?? "", request.KindOf(), request.Place ?? "", request.DutyPhone, request.Address, clock.GetUtcNow());
        Rule.Require(!await db.Units.AnyAsync(o => o.Code == org.Code, stop), "organisation.code-taken", "code", org.Code);
        db.Add(org);
        await db.SaveChangesAsync(stop);
        active.Forget();
        return new(org.Id);
    }
}

/// <summary>Changes an organisation; its code stays.</summary>
[Needs("organisation.edit")]
internal sealed class EditOrg(OrganisationDb db, PlaceNames places, ActiveMatrix active, TimeProvider clock) : IFeature
{
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPut("/units/{id:guid}", (Guid id, OrgForm request, IfMatch match, EditOrg feature, CancellationToken stop) => feature.RunAsync(id, request, match, stop));

    public async Task RunAsync(Guid id, OrgForm request, IfMatch match, CancellationToken stop)
    {
        var org = Rule.Found(await db.Units.SingleOrDefaultAsync(o => o.Id == id, stop), "organisation.no-unit");
        Actor.Current.Require("organisation.edit", org.PlacePath);
        Actor.Current.Require("organisation.edit", request.Place ?? "");
        match.Check(org);
        if (request.Place != org.PlacePath) await places.RequireAsync(request.Place ?? "", "place", stop);
        var kind = request.KindOf();
        if (kind != org.Kind)
        {
            // Links were allowed for the old kind only.
            var linked = await db.Superiors.AnyAsync(s => s.OrgId == id || s.SuperiorId == id, stop);
            Rule.State(!linked, "organisation.kind-linked");
        }
        org.Edit(request.Name ?? "", kind, request.Place ?? "", request.DutyPhone, request.Address, clock.GetUtcNow());
        await db.SaveChangesAsync(stop);
        active.Forget();
    }
}

/// <summary>Closes an organisation: nobody stands below it any more, its posts are closed, nobody is on duty there. What was stays in history.</summary>
[Needs("organisation.edit")]
internal sealed class CloseOrg(OrganisationDb db, ActiveMatrix active, TimeProvider clock) : IFeature
{
    public sealed record Request(string Reason);

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/units/{id:guid}/close", (Guid id, Request request, IfMatch match, CloseOrg feature, CancellationToken stop) => feature.RunAsync(id, request, match, stop));

    public async Task RunAsync(Guid id, Request request, IfMatch match, CancellationToken stop)
    {
        var org = Rule.Found(await db.Units.SingleOrDefaultAsync(o => o.Id == id, stop), "organisation.no-unit");
        Actor.Current.Require("organisation.edit", org.PlacePath);
        match.Check(org);
        var below = await (from s in db.Superiors join u in db.Units on s.OrgId equals u.Id where s.SuperiorId == id && u.ClosedAt == null select u.Name).ToListAsync(stop);
        Rule.State(below.Count == 0, "organisation.close-below", string.Join("、", below.Take(5)));
        // Closing whoever still leads would tear a hole into the matrix in force.
        var version = await db.Versions.Where(v => v.State == MatrixState.Active).Select(v => v.Id).SingleOrDefaultAsync(stop);
        var leads = await db.Rules.Where(r => r.VersionId == version && r.Lead == org.Code).OrderBy(r => r.Number).Select(r => r.Number).ToListAsync(stop);
        Rule.State(leads.Count == 0, "organisation.close-leads", string.Join("、", leads));
        var now = clock.GetUtcNow();
        foreach (var post in await db.Posts.Where(p => p.OrgId == id && p.ClosedAt == null).ToListAsync(stop)) await ClosePost.CloseAsync(db, post, now, stop);
        org.Close(request.Reason ?? "", now);
        await db.SaveChangesAsync(stop);
        active.Forget();
    }
}

/// <summary>Says who stands above an organisation in a line, or that nobody does.</summary>
[Needs("organisation.edit")]
internal sealed class SetSuperior(OrganisationDb db, ActiveMatrix active, TimeProvider clock) : IFeature
{
    /// <param name="Superior">Null takes the link away.</param>
    /// <param name="Basis">Law, document or contract.</param>
    public sealed record Request(Guid? Superior, string? Basis = null);

    public static void Map(IEndpointRouteBuilder api) => api.MapPut("/units/{id:guid}/superiors/{line}", (Guid id, string line, Request request, SetSuperior feature, CancellationToken stop) =>
    {
        Rule.Require(Enum.TryParse<AuthorityLine>(line, ignoreCase: true, out var known) && Enum.IsDefined(known), "organisation.no-line", "line", line);
        return feature.RunAsync(id, known, request, stop);
    });

    public async Task RunAsync(Guid id, AuthorityLine line, Request request, CancellationToken stop)
    {
        var org = Rule.Found(await db.Units.SingleOrDefaultAsync(o => o.Id == id, stop), "organisation.no-unit");
        Actor.Current.Require("organisation.edit", org.PlacePath);
        Rule.State(org.ClosedAt is null, "organisation.closed", org.Name);
        Rule.Require(request.Basis is null or { Length: <= 100 }, "organisation.basis", "basis");
        var now = clock.GetUtcNow();
        var links = await db.Superiors.Where(s => s.Line == line).ToListAsync(stop);
        if (links.Find(s => s.OrgId == id) is { } old) db.Remove(old);
        if (request.Superior is { } above)
        {
            var superior = Rule.Found(await db.Units.AsNoTracking().SingleOrDefaultAsync(o => o.Id == above, stop), "organisation.no-unit");
            Rule.State(superior.ClosedAt is null, "organisation.closed", superior.Name);
            Rule.Require(AuthorityLines.Allows(line, org.Kind, superior.Kind), "organisation.superior-kind", "superior", superior.Name);
            AuthorityLines.RequireNoCycle(id, above, links.Where(s => s.OrgId != id).ToDictionary(s => s.OrgId, s => s.SuperiorId));
            db.Add(new Superior { OrgId = id, Line = line, SuperiorId = above, Basis = string.IsNullOrWhiteSpace(request.Basis) ? null : request.Basis.Trim(), Since = now });
        }
        org.SuperiorChanged(now);
        // The entity itself has to be saved too: its version guards against two people changing superiors at once.
        db.Entry(org).State = EntityState.Modified;
        await db.SaveChangesAsync(stop);
        active.Forget();
    }
}
