using System.Security.Claims;
using System.Security.Cryptography;
using Liren.Identity.Data;
using Liren.Identity.Domain;
using Liren.Sdk;
using Liren.Sdk.Data;
using Liren.Sdk.Security;
using Liren.Sdk.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace Liren.Identity.Features;

/// <summary>Checks password and second factor and opens the session. Every failure reads the same, whether the account exists or not.</summary>
internal sealed class SignIn(IdentityDb db, IPasswordHasher<Account> hasher, Protector protector, ActorSource actors, TimeProvider clock)
{
    // Hashing for unknown names too keeps the answer's time from telling who exists.
    private static readonly string NobodysHash = new PasswordHasher<object>().HashPassword(new object(), "nobody");

    private const int Attempts = 5;

    /// <summary>What happened.</summary>
    public enum Outcome { Welcome, ChangePassword, NeedCode, Wrong }

    /// <summary>Tries; opens the session on success.</summary>
    // Two sign-ins of one account at the same moment write the same row. Both must count: the second looks again.
    public Task<Outcome> RunAsync(HttpContext http, string userName, string password, string? code, CancellationToken stop) =>
        db.AgainAsync(Attempts, () => TryAsync(http, userName, password, code, stop));

    private async Task<Outcome> TryAsync(HttpContext http, string userName, string password, string? code, CancellationToken stop)
    {
        var now = clock.GetUtcNow();
        var name = userName.Trim().ToLowerInvariant();
        var account = await db.Accounts.SingleOrDefaultAsync(a => a.UserName == name || (a.Phone != null && a.Phone == name), stop);
        var checkedHash = hasher.VerifyHashedPassword(account!, account?.PasswordHash is { Length: > 0 } hash ? hash : NobodysHash, password);
        if (account is null || account.DisabledAt is not null) return Outcome.Wrong;
        if (account.IsLocked(now)) return Outcome.Wrong;
        if (checkedHash == PasswordVerificationResult.Failed) return await FailAsync(account, "password", now, stop);
        if (account.TotpSecret is { } secret)
        {
            if (string.IsNullOrWhiteSpace(code)) return Outcome.NeedCode;
            if (!await TakeCodeAsync(account, secret, code.Trim(), now, stop)) return await FailAsync(account, "code", now, stop);
        }
        account.SignInWorked(account.TotpSecret is null ? "password" : "password+code", now);
        await db.SaveChangesAsync(stop);
        await OpenAsync(http, account);
        return account.MustChangePassword ? Outcome.ChangePassword : Outcome.Welcome;
    }

    /// <summary>Opens the session of an account.</summary>
    public static Task OpenAsync(HttpContext http, Account account) => http.SignInAsync(CookieAuthenticationDefaults.AuthenticationScheme, new ClaimsPrincipal(new ClaimsIdentity(
        [new(ClaimTypes.NameIdentifier, account.Id.ToString()), new(ClaimTypes.Name, account.DisplayName), new(ActorMiddleware.StampClaim, account.Stamp)],
        CookieAuthenticationDefaults.AuthenticationScheme)));

    private async Task<bool> TakeCodeAsync(Account account, byte[] secret, string code, DateTimeOffset now, CancellationToken stop)
    {
        if (Totp.StepOf(code, protector.Decrypt(secret, TotpContext(account.Id)), now) is { } step) return account.TakeStep(step);
        var hash = Secrets.Hash(code.ToLowerInvariant());
        var recovery = await db.RecoveryCodes.SingleOrDefaultAsync(c => c.AccountId == account.Id && c.Hash == hash && c.UsedAt == null, stop);
        if (recovery is null) return false;
        recovery.UsedAt = now;
        return true;
    }

    private async Task<Outcome> FailAsync(Account account, string method, DateTimeOffset now, CancellationToken stop)
    {
        account.SignInFailed(method, now);
        await db.SaveChangesAsync(stop);
        return Outcome.Wrong;
    }

    /// <summary>Binds an encrypted secret to its account.</summary>
    public static string TotpContext(Guid account) => $"account:{account}:totp";

    /// <summary>Changes one's own password; other sessions end, this one goes on.</summary>
    public async Task ChangePasswordAsync(HttpContext http, Guid me, string old, string fresh, CancellationToken stop)
    {
        var account = Rule.Found(await db.Accounts.FindAsync([me], stop), "identity.no-account");
        Rule.Require(hasher.VerifyHashedPassword(account, account.PasswordHash, old) != PasswordVerificationResult.Failed, "identity.password-wrong", "old");
        Secrets.CheckPassword(fresh, account.UserName);
        Rule.Require(old != fresh, "identity.password-same", "password");
        account.SetPassword(hasher.HashPassword(account, fresh), mustChange: false, clock.GetUtcNow());
        await db.SaveChangesAsync(stop);
        actors.Forget(me);
        await OpenAsync(http, account);
    }

    /// <summary>Enrols a second factor after a right code; answers eight recovery codes, shown once.</summary>
    public async Task<IReadOnlyList<string>> EnrolAsync(HttpContext http, Guid me, string secret, string code, CancellationToken stop)
    {
        var account = Rule.Found(await db.Accounts.FindAsync([me], stop), "identity.no-account");
        var now = clock.GetUtcNow();
        var step = Totp.StepOf(code.Trim(), secret, now);
        Rule.Require(step is not null, "identity.code-wrong", "code");
        account.Enrol(protector.Encrypt(secret, TotpContext(me)), now);
        account.TakeStep(step!.Value);
        db.RecoveryCodes.RemoveRange(await db.RecoveryCodes.Where(c => c.AccountId == me).ToListAsync(stop));
        var codes = Enumerable.Range(0, 8).Select(_ => RandomNumberGenerator.GetString("abcdefghijkmnpqrstuvwxyz23456789", 10)).ToList();
        db.RecoveryCodes.AddRange(codes.Select(c => new RecoveryCode { AccountId = me, Hash = Secrets.Hash(c) }));
        await db.SaveChangesAsync(stop);
        actors.Forget(me);
        await OpenAsync(http, account);
        return codes;
    }
}
