using Liren.Contracts.Identity;
using Liren.Sdk.Security;
using Liren.Sdk.Ui;

namespace Liren.Identity.Features;

/// <summary>Accounts in the global search.</summary>
internal sealed class SearchAccounts(IAccountDirectory accounts) : ISearchSource
{
    public async Task<IReadOnlyList<SearchHit>> SearchAsync(string text, int take, CancellationToken cancellation) =>
        !Actor.Current.May("identity.accounts", "") ? []
            : [.. (await accounts.SearchAsync(text, take, cancellation)).Select(a => new SearchHit("search.account", a.DisplayName, a.UserName, $"/identity/accounts/{a.Id}"))];
}
