using System.Linq.Expressions;
using Liren.Contracts.Identity;
using Liren.Contracts.Places;
using Liren.Organisation.Data;
using Liren.Organisation.Domain;
using Liren.Sdk;
using Liren.Sdk.Data;
using Liren.Sdk.Security;
using Liren.Sdk.Text;
using Liren.Sdk.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;

namespace Liren.Organisation.Features;

/// <summary>Posts with who stands in them and who is on duty.</summary>
[Needs("organisation.read")]
internal sealed class ListPosts(OrganisationDb db, RotaReader reader, PlaceNames places, TimeProvider clock) : IFeature
{
    public sealed record Row(Guid Id, Guid OrgId, string Name, string Kind, string Org, string Place, string PlaceName, string People, string OnDuty, string State, int Version);

    private static readonly Dictionary<string, Expression<Func<Post, object?>>> Columns = new()
    {
        ["name"] = p => p.Name, ["kind"] = p => p.Kind, ["place"] = p => p.PlacePath, ["createdAt"] = p => p.CreatedAt,
    };

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/posts", ([AsParameters] ListQuery query, HttpContext http, Texts texts, ListPosts feature, CancellationToken stop) =>
            ListAnswer.AnswerAsync(http, texts, "posts", query, q => feature.RunAsync(q, stop)));

    public async Task<Page<Row>> RunAsync(ListQuery query, CancellationToken stop)
    {
        var now = clock.GetUtcNow();
        var rows = db.Posts.AsNoTracking().WhereWithin(p => p.PlacePath, Actor.Current.ScopesFor("organisation.read"));
        if (!string.IsNullOrEmpty(query.Place)) rows = rows.WhereWithin(p => p.PlacePath, [query.Place]);
        if (query.Text is { } text)
        {
            var orgsNamed = db.Units.Where(o => o.Name.Contains(text)).Select(o => o.Id);
            rows = rows.Where(p => p.Name.Contains(text) || orgsNamed.Contains(p.OrgId));
        }
        var active = db.Holdings.Where(h => h.Since <= now && (h.Until == null || h.Until > now)).Select(h => h.PostId);
        rows = query.Filter switch
        {
            "closed" => rows.Where(p => p.ClosedAt != null),
            "vacant" => rows.Where(p => p.ClosedAt == null && !active.Contains(p.Id)),
            { Length: > 0 } kind => rows.Where(p => p.ClosedAt == null && p.Kind == kind),
            _ => rows.Where(p => p.ClosedAt == null),
        };
        var page = await rows.PageAsync(query, Columns, "place", p => p, stop);
        var ids = page.Items.Select(p => p.Id).ToList();
        var orgIds = page.Items.Select(p => p.OrgId).Distinct().ToList();
        var orgs = await db.Units.AsNoTracking().Where(o => orgIds.Contains(o.Id)).ToDictionaryAsync(o => o.Id, o => o.Name, stop);
        var book = await reader.ReadAsync(ids, now, now, stop);
        var current = (await db.Holdings.AsNoTracking().Where(h => ids.Contains(h.PostId) && h.Since <= now && (h.Until == null || h.Until > now)).OrderBy(h => h.Deputy).ThenBy(h => h.Since).ToListAsync(stop)).ToLookup(h => h.PostId);
        var names = await places.OfAsync(page.Items.Select(p => p.PlacePath), stop);
        return new([.. page.Items.Select(p => new Row(p.Id, p.OrgId, p.Name, p.Kind, orgs.GetValueOrDefault(p.OrgId, ""), p.PlacePath, names[p.PlacePath],
            string.Join("、", current[p.Id].Select(h => book.People[h.Id].Name)), string.Join("、", book.Of[p.Id].At(now).Where(s => s.HoldingId is not null).Select(s => book.People[s.HoldingId!.Value].Name).Distinct()),
            p.ClosedAt is not null ? "closed" : current[p.Id].Any() ? "filled" : "vacant", p.Version))], page.Total, page.PageNumber, page.Size);
    }
}

/// <summary>One post: who stands and stood in it.</summary>
[Needs("organisation.read")]
internal sealed class ShowPost(OrganisationDb db, RotaReader reader, PlaceNames places, TimeProvider clock) : IFeature
{
    public sealed record HoldingRow(Guid Id, Guid? AccountId, string Name, bool Deputy, DateTimeOffset Since, DateTimeOffset? Until, bool Active);
    public sealed record Response(Guid Id, Guid OrgId, string OrgName, string Kind, string Name, string Place, string PlaceName, bool AlwaysManned, IReadOnlyList<string> Against, DateTimeOffset? ClosedAt, IReadOnlyList<HoldingRow> Holdings, int Version);

    public static void Map(IEndpointRouteBuilder api) => api.MapGet("/posts/{id:guid}", (Guid id, ShowPost feature, CancellationToken stop) => feature.RunAsync(id, stop));

    public async Task<Response> RunAsync(Guid id, CancellationToken stop)
    {
        var p = Rule.Found(await db.Posts.AsNoTracking().SingleOrDefaultAsync(x => x.Id == id, stop), "organisation.no-post");
        Actor.Current.Require("organisation.read", p.PlacePath);
        var now = clock.GetUtcNow();
        var book = await reader.ReadAsync([id], now, now, stop);
        var org = await db.Units.AsNoTracking().SingleAsync(o => o.Id == p.OrgId, stop);
        var holdings = await db.Holdings.AsNoTracking().Where(h => h.PostId == id).ToListAsync(stop);
        return new(p.Id, p.OrgId, org.Name, p.Kind, p.Name, p.PlacePath, await places.OfAsync(p.PlacePath, stop), p.AlwaysManned, p.AgainstKinds, p.ClosedAt,
            [.. holdings.OrderByDescending(h => h.IsActive(now)).ThenBy(h => h.Deputy).ThenByDescending(h => h.Since).Select(h => new HoldingRow(h.Id, h.AccountId, book.People[h.Id].Name, h.Deputy, h.Since, h.Until, h.IsActive(now)))], p.Version);
    }
}

/// <summary>What somebody writes about a post.</summary>
/// <param name="OrgId">Organisation it belongs to; cannot be changed.</param>
/// <param name="Kind">Kind; cannot be changed.</param>
/// <param name="Name">Name.</param>
/// <param name="Place">Place it serves.</param>
/// <param name="AlwaysManned">Somebody must be there at every hour.</param>
/// <param name="Against">Kinds of posts whoever stands here may not stand in as well; null leaves it.</param>
internal sealed record PostForm(Guid OrgId, string Kind, string Name, string Place, bool AlwaysManned = false, IReadOnlyList<string>? Against = null);

/// <summary>Adds a post to an organisation.</summary>
[Needs("organisation.edit")]
internal sealed class AddPost(OrganisationDb db, PlaceNames places, TimeProvider clock) : IFeature
{
    public sealed record Response(Guid Id);

    public static void Map(IEndpointRouteBuilder api) => api.MapPost("/posts", async (PostForm request, NewId id, AddPost feature, CancellationToken stop) =>
    {
        var made = await feature.RunAsync(request, id, stop);
        return TypedResults.Created($"/api/organisation/posts/{made.Id}", made);
    });

    public async Task<Response> RunAsync(PostForm request, NewId id, CancellationToken stop)
    {
        Actor.Current.Require("organisation.edit", request.Place ?? "");
        if (await db.Posts.AnyAsync(p => p.Id == id.Value, stop)) return new(id.Value);
        var org = Rule.Found(await db.Units.AsNoTracking().SingleOrDefaultAsync(o => o.Id == request.OrgId, stop), "organisation.no-unit");
        Actor.Current.Require("organisation.edit", org.PlacePath);
        await places.RequireAsync(request.Place ?? "", "place", stop);
        var post = Post.Add(id.Value, org, request.Kind ?? "", request.Name ?? "", request.Place ?? "", request.AlwaysManned, request.Against, clock.GetUtcNow());
        db.Add(post);
        await db.SaveChangesAsync(stop);
        return new(post.Id);
    }
}

/// <summary>Changes a post.</summary>
[Needs("organisation.edit")]
internal sealed class EditPost(OrganisationDb db, PlaceNames places, TimeProvider clock) : IFeature
{
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPut("/posts/{id:guid}", (Guid id, PostForm request, IfMatch match, EditPost feature, CancellationToken stop) => feature.RunAsync(id, request, match, stop));

    public async Task RunAsync(Guid id, PostForm request, IfMatch match, CancellationToken stop)
    {
        var post = Rule.Found(await db.Posts.SingleOrDefaultAsync(p => p.Id == id, stop), "organisation.no-post");
        Actor.Current.Require("organisation.edit", post.PlacePath);
        Actor.Current.Require("organisation.edit", request.Place ?? "");
        match.Check(post);
        if (request.Place != post.PlacePath) await places.RequireAsync(request.Place ?? "", "place", stop);
        post.Edit(request.Name ?? "", request.Place ?? "", request.AlwaysManned, request.Against, clock.GetUtcNow());
        await db.SaveChangesAsync(stop);
    }
}

/// <summary>Closes a post: everybody leaves it, its shifts end.</summary>
[Needs("organisation.edit")]
internal sealed class ClosePost(OrganisationDb db, TimeProvider clock) : IFeature
{
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/posts/{id:guid}/close", (Guid id, IfMatch match, ClosePost feature, CancellationToken stop) => feature.RunAsync(id, match, stop));

    public async Task RunAsync(Guid id, IfMatch match, CancellationToken stop)
    {
        var post = Rule.Found(await db.Posts.SingleOrDefaultAsync(p => p.Id == id, stop), "organisation.no-post");
        Actor.Current.Require("organisation.edit", post.PlacePath);
        match.Check(post);
        await CloseAsync(db, post, clock.GetUtcNow(), stop);
        await db.SaveChangesAsync(stop);
    }

    public static async Task CloseAsync(OrganisationDb db, Post post, DateTimeOffset now, CancellationToken stop)
    {
        foreach (var holding in await db.Holdings.Where(h => h.PostId == post.Id && (h.Until == null || h.Until > now)).ToListAsync(stop)) holding.Leave(now);
        var today = Rota.DayOf(now);
        foreach (var shift in await db.Shifts.Where(s => s.PostId == post.Id && (s.Until == null || s.Until >= today)).ToListAsync(stop)) shift.End(today.AddDays(-1), now);
        post.Close(now);
    }
}

/// <summary>Puts somebody into a post; conflicts of interest are refused here, not found out later.</summary>
[Needs("organisation.edit")]
internal sealed class FillPost(OrganisationDb db, IAccountDirectory accounts, TimeProvider clock) : IFeature
{
    /// <param name="AccountId">Account of the person; or</param>
    /// <param name="PersonName">the name of somebody without one.</param>
    /// <param name="Deputy">Steps in when others cannot.</param>
    /// <param name="Since">From; now when left out.</param>
    /// <param name="Until">Until; open when left out.</param>
    public sealed record Request(Guid? AccountId, string? PersonName = null, bool Deputy = false, DateTimeOffset? Since = null, DateTimeOffset? Until = null);
    public sealed record Response(Guid Id);

    public static void Map(IEndpointRouteBuilder api) => api.MapPost("/posts/{id:guid}/holdings", async (Guid id, Request request, NewId holding, FillPost feature, CancellationToken stop) =>
        TypedResults.Created($"/api/organisation/posts/{id}", await feature.RunAsync(id, request, holding, stop)));

    public async Task<Response> RunAsync(Guid id, Request request, NewId holding, CancellationToken stop)
    {
        var post = Rule.Found(await db.Posts.AsNoTracking().SingleOrDefaultAsync(p => p.Id == id, stop), "organisation.no-post");
        Actor.Current.Require("organisation.edit", post.PlacePath);
        if (await db.Holdings.AnyAsync(h => h.Id == holding.Value, stop)) return new(holding.Value);
        var now = clock.GetUtcNow();
        var fresh = Holding.Fill(holding.Value, post, request.AccountId, request.PersonName, request.Deputy, request.Since ?? now, request.Until, now);
        if (request.AccountId is { } account)
        {
            var card = (await accounts.FindManyAsync([account], stop)).GetValueOrDefault(account);
            Rule.Require(card is { Disabled: false }, "organisation.no-account", "accountId");
            await RequireNoConflictAsync(post, card!, fresh, stop);
        }
        db.Add(fresh);
        await db.SaveChangesAsync(stop);
        return new(fresh.Id);
    }

    private async Task RequireNoConflictAsync(Post post, AccountCard account, Holding fresh, CancellationToken stop)
    {
        var others = await (from h in db.Holdings.AsNoTracking() join p in db.Posts.AsNoTracking() on h.PostId equals p.Id join o in db.Units.AsNoTracking() on p.OrgId equals o.Id
                            where h.AccountId == account.Id && p.ClosedAt == null select new { Holding = h, Post = p, Org = o }).ToListAsync(stop);
        others = [.. others.Where(o => !(o.Holding.Until <= fresh.Since) && !(fresh.Until <= o.Holding.Since))];
        Rule.State(others.TrueForAll(o => o.Post.Id != post.Id), "organisation.in-post-already", account.DisplayName);
        var org = await db.Units.AsNoTracking().SingleAsync(o => o.Id == post.OrgId, stop);
        foreach (var other in others)
        {
            // Who verifies must not be who handles: the post says with what it does not go together.
            var clash = post.AgainstKinds.Contains(other.Post.Kind) || other.Post.AgainstKinds.Contains(post.Kind);
            Rule.State(!clash || !PlacePath.Overlap(post.PlacePath, other.Post.PlacePath), "organisation.conflict-posts", account.DisplayName, other.Post.Name, post.Name);
            var serves = IsCommitteeAndCompany(org.Kind, other.Org.Kind) && PlacePath.Overlap(org.PlacePath, other.Org.PlacePath);
            Rule.State(!serves, "organisation.conflict-committee", account.DisplayName, other.Org.Name);
        }
        if (account.OrgId is { } employer && employer != org.Id && await db.Units.AsNoTracking().SingleOrDefaultAsync(o => o.Id == employer, stop) is { } works)
            Rule.State(!(IsCommitteeAndCompany(org.Kind, works.Kind) && PlacePath.Overlap(org.PlacePath, works.PlacePath)), "organisation.conflict-committee", account.DisplayName, works.Name);
    }

    private static bool IsCommitteeAndCompany(OrgKind a, OrgKind b) => (a, b) is (OrgKind.OwnersCommittee, OrgKind.PropertyCompany) or (OrgKind.PropertyCompany, OrgKind.OwnersCommittee);

}

/// <summary>Somebody leaves a post, now; their shifts become empty.</summary>
[Needs("organisation.edit")]
internal sealed class LeavePost(OrganisationDb db, TimeProvider clock) : IFeature
{
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapDelete("/posts/{id:guid}/holdings/{holding:guid}", (Guid id, Guid holding, LeavePost feature, CancellationToken stop) => feature.RunAsync(id, holding, stop));

    public async Task RunAsync(Guid id, Guid holding, CancellationToken stop)
    {
        var post = Rule.Found(await db.Posts.AsNoTracking().SingleOrDefaultAsync(p => p.Id == id, stop), "organisation.no-post");
        Actor.Current.Require("organisation.edit", post.PlacePath);
        Rule.Found(await db.Holdings.SingleOrDefaultAsync(h => h.Id == holding && h.PostId == id, stop), "organisation.no-holding").Leave(clock.GetUtcNow());
        await db.SaveChangesAsync(stop);
    }
}
