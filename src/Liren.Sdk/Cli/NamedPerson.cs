using Liren.Contracts.Identity;
using Liren.Sdk.Security;
using Microsoft.Extensions.DependencyInjection;

namespace Liren.Sdk.Cli;

/// <summary>What the law or a rule wants a person's name under is done on the command line in the name of one (<c>--by</c>).</summary>
public static class NamedPerson
{
    /// <summary>Acts with a person's name: the account must hold the permission there itself; null: anywhere.</summary>
    /// <exception cref="RuleBrokenException">422, field "by": no such account, or it may not.</exception>
    public static async Task<T> AsPersonAsync<T>(this IServiceProvider services, string userName, string permission, string? place, Func<Task<T>> run, CancellationToken stop)
    {
        var accounts = services.GetRequiredService<IAccountDirectory>();
        var account = await accounts.FindByUserNameAsync(userName, stop);
        Rule.Require(account is { Disabled: false }, "sdk.no-account", "by", userName);
        Rule.Require((await accounts.WithPermissionAsync(permission, place, stop)).Any(a => a.Id == account!.Id), "sdk.account-may-not", "by", userName, permission);
        using var _ = Actor.Use(Actor.Operator with { Id = account!.Id, Name = account.DisplayName });
        return await run();
    }
}
