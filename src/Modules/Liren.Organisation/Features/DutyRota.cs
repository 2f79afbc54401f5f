using Liren.Contracts.Organisation;
using Liren.Contracts.Places;
using Liren.Organisation.Data;
using Liren.Organisation.Domain;
using Liren.Sdk.Data;
using Microsoft.EntityFrameworkCore;

namespace Liren.Organisation.Features;

/// <summary>Who is on duty, as other modules ask it.</summary>
internal sealed class DutyRota(OrganisationDb db, RotaReader reader) : IDutyRota
{
    public async Task<IReadOnlyList<DutyPerson>> OnDutyAsync(string postKind, string place, DateTimeOffset at, CancellationToken cancellation = default)
    {
        var above = PlacePath.SelfAndAncestors(place).ToList();
        var open = db.Posts.AsNoTracking().Where(p => p.Kind == postKind && p.ClosedAt == null);
        var posts = await open.Where(p => above.Contains(p.PlacePath)).ToListAsync(cancellation);
        posts.AddRange(await open.WhereWithin(p => p.PlacePath, [place]).ToListAsync(cancellation));
        return await PeopleAsync([.. posts.DistinctBy(p => p.Id)], at, cancellation);
    }

    public async Task<IReadOnlyList<DutyPerson>> OnDutyOfAsync(Guid orgId, DateTimeOffset at, CancellationToken cancellation = default) =>
        await PeopleAsync(await db.Posts.AsNoTracking().Where(p => p.OrgId == orgId && p.ClosedAt == null).ToListAsync(cancellation), at, cancellation);

    /// <summary>Nearest posts first: those that serve the smaller place.</summary>
    public async Task<IReadOnlyList<DutyPerson>> PeopleAsync(IReadOnlyCollection<Post> posts, DateTimeOffset at, CancellationToken stop)
    {
        var book = await reader.ReadAsync([.. posts.Select(p => p.Id)], at, at, stop);
        var found = new List<(Post Post, Person Person)>();
        foreach (var post in posts.OrderByDescending(p => PlacePath.Depth(p.PlacePath)).ThenBy(p => p.Name, StringComparer.Ordinal).ThenBy(p => p.Id))
            foreach (var slot in book.Of[post.Id].At(at))
                if (slot.HoldingId is { } who && !found.Exists(f => f.Person.HoldingId == who)) found.Add((post, book.People[who]));
        var accounts = found.Select(f => f.Person.AccountId).OfType<Guid>().Distinct().ToList();
        var positions = await db.Positions.AsNoTracking().Where(p => accounts.Contains(p.AccountId)).ToDictionaryAsync(p => p.AccountId, stop);
        return [.. found.Select(f =>
        {
            var where = f.Person.AccountId is { } id ? positions.GetValueOrDefault(id) : null;
            return new DutyPerson(f.Person.AccountId, f.Person.Name, f.Post.Id, f.Post.Name, f.Post.Kind, f.Post.OrgId, f.Post.PlacePath, where?.Longitude, where?.Latitude, where?.At);
        })];
    }
}
