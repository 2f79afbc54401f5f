using Liren.Contracts.Identity;
using Liren.Sdk;
using Liren.Sdk.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace Liren.People.Features;

/// <summary>
/// Says whose account it is: with it a resident sees who looked at their data. Only administrators: whoever links an account to somebody else
/// would read that person's log.
/// </summary>
[Needs("people.link")]
internal sealed class LinkAccount(PersonAccess access, IPersonAccounts accounts, IAccountDirectory directory) : IFeature
{
    /// <param name="UserName">The account; null takes the link away.</param>
    public sealed record Request(string? UserName);

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPut("/persons/{id:guid}/account", (Guid id, Request request, LinkAccount feature, CancellationToken stop) => feature.RunAsync(id, request, stop));

    public async Task RunAsync(Guid id, Request request, CancellationToken stop)
    {
        await access.FindAsync(id, "people.link", stop);
        if (string.IsNullOrWhiteSpace(request.UserName)) { await accounts.UnlinkAsync(id, stop); return; }
        var account = await directory.FindByUserNameAsync(request.UserName.Trim().ToLowerInvariant(), stop);
        Rule.Require(account is not null, "people.no-account", "userName", request.UserName);
        await accounts.LinkAsync(account!.Id, id, stop);
    }
}
