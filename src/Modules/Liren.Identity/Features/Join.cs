using Liren.Identity.Data;
using Liren.Identity.Domain;
using Liren.Sdk;
using Liren.Sdk.Security;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace Liren.Identity.Features;

/// <summary>A resident opens an account with the code from the office (居民开通账号). Run by its page only, under the limit against guessing.</summary>
internal sealed class Join(IdentityDb db, IPasswordHasher<Account> hasher, TimeProvider clock)
{
    /// <summary>The masked name behind a code; null when there is none that is open.</summary>
    public async Task<string?> WhoseAsync(string code, CancellationToken stop) => (await FindAsync(code, stop))?.Name;

    /// <summary>Opens account and session.</summary>
    public async Task RunAsync(HttpContext http, string code, string userName, string password, CancellationToken stop)
    {
        var invitation = await FindAsync(code, stop);
        Rule.Require(invitation is not null, "identity.no-invitation", "code");
        var now = clock.GetUtcNow();
        var name = userName.Trim().ToLowerInvariant();
        Secrets.CheckPassword(password, name.Length > 0 ? name : " ");
        Rule.Require(!await db.Accounts.AnyAsync(a => a.UserName == name, stop), "identity.user-name-taken", "userName", name);
        // One account a resident: who lost the old one opens another, and the old one is nobody's own any more.
        foreach (var old in await db.Accounts.Where(a => a.PersonId == invitation!.PersonId).ToListAsync(stop)) old.LinkPerson(null, now);
        var account = Account.Add(Guid.CreateVersion7(now), name, invitation!.Name, null, null, now);
        account.SetPassword(hasher.HashPassword(account, password), mustChange: false, now);
        account.LinkPerson(invitation.PersonId, now);
        account.SignInWorked("invitation", now);
        invitation.Use(now);
        db.Add(account);
        db.Add(new RoleGrant { AccountId = account.Id, Role = BuiltInRoles.Resident, PlacePath = invitation.PlacePath, Since = now, GrantedBy = invitation.InvitedBy });
        await db.SaveChangesAsync(stop);
        await SignIn.OpenAsync(http, account);
    }

    private async Task<Invitation?> FindAsync(string code, CancellationToken stop)
    {
        if (code.Length is 0 or > 30) return null;
        var hash = Invitation.HashOf(code);
        return await db.Invitations.SingleOrDefaultAsync(i => i.CodeHash == hash, stop) is { } found && found.IsOpen(clock.GetUtcNow()) ? found : null;
    }
}
