using Liren.Contracts.Identity;
using Liren.Organisation.Data;
using Liren.Organisation.Domain;
using Microsoft.EntityFrameworkCore;

namespace Liren.Organisation.Features;

/// <summary>Who stands in a post, with a name.</summary>
internal sealed record Person(Guid HoldingId, Guid PostId, Guid? AccountId, string Name, bool Deputy);

/// <summary>The rotas of some posts.</summary>
/// <param name="Of">Rota by post; every post asked for has one.</param>
/// <param name="People">Everybody who stands or stood in the posts, by holding.</param>
internal sealed record RotaBook(IReadOnlyDictionary<Guid, Rota> Of, IReadOnlyDictionary<Guid, Person> People);

/// <summary>Reads what a rota is computed from.</summary>
internal sealed class RotaReader(OrganisationDb db, IAccountDirectory accounts)
{
    /// <summary>Rotas that answer for the time between the two instants.</summary>
    public async Task<RotaBook> ReadAsync(IReadOnlyCollection<Guid> posts, DateTimeOffset from, DateTimeOffset to, CancellationToken stop)
    {
        if (posts.Count == 0) return new(new Dictionary<Guid, Rota>(), new Dictionary<Guid, Person>());
        var (first, last) = (Rota.DayOf(from).AddDays(-1), Rota.DayOf(to));
        var shifts = (await db.Shifts.AsNoTracking().Where(s => posts.Contains(s.PostId) && s.From <= last && (s.Until == null || s.Until >= first)).ToListAsync(stop)).ToLookup(s => s.PostId);
        var changes = (await db.ShiftChanges.AsNoTracking().Where(c => posts.Contains(c.PostId) && ((c.Date >= first && c.Date <= last) || (c.OtherDate >= first && c.OtherDate <= last))).ToListAsync(stop)).ToLookup(c => c.PostId);
        var holdings = await db.Holdings.AsNoTracking().Where(h => posts.Contains(h.PostId)).ToListAsync(stop);
        var calendar = await db.Calendar.AsNoTracking().Where(d => d.PlacePath == "" && d.Date >= first && d.Date <= last).ToDictionaryAsync(d => d.Date, d => d.Kind, stop);
        var cards = await accounts.FindManyAsync(holdings.Select(h => h.AccountId).OfType<Guid>(), stop);
        var people = holdings.ToDictionary(h => h.Id, h => new Person(h.Id, h.PostId, h.AccountId, h.AccountId is { } id ? cards.GetValueOrDefault(id)?.DisplayName ?? "?" : h.PersonName ?? "?", h.Deputy));
        // Whoever cannot sign in any more cannot be asked: the shift counts as empty.
        var able = holdings.Where(h => h.AccountId is not { } id || cards.GetValueOrDefault(id) is { Disabled: false }).ToLookup(h => h.PostId);
        return new(posts.Distinct().ToDictionary(p => p, p => new Rota([.. shifts[p]], [.. changes[p]], [.. able[p]], calendar)), people);
    }
}
