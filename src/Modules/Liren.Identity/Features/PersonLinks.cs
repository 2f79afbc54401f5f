using Liren.Contracts.Identity;
using Liren.Identity.Data;
using Liren.Identity.Domain;
using Liren.Sdk;
using Microsoft.EntityFrameworkCore;

namespace Liren.Identity.Features;

/// <summary>Which account belongs to which resident, and who read their data.</summary>
internal sealed class PersonLinks(IdentityDb db, TimeProvider clock) : IPersonAccounts, IAccessHistory
{
    public async Task<AccountCard?> OfPersonAsync(Guid personId, CancellationToken cancellation = default) =>
        await db.Accounts.AsNoTracking().Where(a => a.PersonId == personId).Select(a => new AccountCard(a.Id, a.UserName, a.DisplayName, a.OrgId, a.DisabledAt != null)).FirstOrDefaultAsync(cancellation);

    public async Task LinkAsync(Guid accountId, Guid personId, CancellationToken cancellation = default)
    {
        var account = Rule.Found(await db.Accounts.FindAsync([accountId], cancellation), "identity.no-account");
        foreach (var other in await db.Accounts.Where(a => a.PersonId == personId && a.Id != accountId).ToListAsync(cancellation)) other.LinkPerson(null, clock.GetUtcNow());
        account.LinkPerson(personId, clock.GetUtcNow());
        await db.SaveChangesAsync(cancellation);
    }

    public async Task<Guid?> PersonOfAsync(Guid accountId, CancellationToken cancellation = default) =>
        await db.Accounts.AsNoTracking().Where(a => a.Id == accountId).Select(a => a.PersonId).SingleOrDefaultAsync(cancellation);

    public async Task<(string Code, DateTimeOffset Until)> InviteAsync(Guid personId, string place, string name, CancellationToken cancellation = default)
    {
        var now = clock.GetUtcNow();
        foreach (var old in await db.Invitations.Where(i => i.PersonId == personId && i.UsedAt == null).ToListAsync(cancellation)) db.Remove(old);
        var (invitation, code) = Invitation.Make(personId, place, name, Sdk.Security.Actor.Current.Name, now);
        db.Add(invitation);
        await db.SaveChangesAsync(cancellation);
        return (code, invitation.Until);
    }

    public async Task UnlinkAsync(Guid personId, CancellationToken cancellation = default)
    {
        foreach (var account in await db.Accounts.Where(a => a.PersonId == personId).ToListAsync(cancellation)) account.LinkPerson(null, clock.GetUtcNow());
        await db.SaveChangesAsync(cancellation);
    }

    public async Task<IReadOnlyList<AccessLine>> OfAsync(Guid subject, int take, CancellationToken cancellation = default) =>
        await db.AccessLog.AsNoTracking().Where(l => l.Subject == subject).OrderByDescending(l => l.Seq).Take(take)
            .Select(l => new AccessLine(l.At, l.Actor, l.Purpose, l.Fields, l.Disclosure, l.Allowed)).ToListAsync(cancellation);
}
