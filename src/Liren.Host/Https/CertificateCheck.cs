using System.Runtime.CompilerServices;
using Liren.Sdk.Operations;

namespace Liren.Host.Https;

/// <summary>How long the certificates of <c>./liren cert</c> still hold, and whether they name this machine's addresses.</summary>
internal sealed class CertificateCheck(LocalAuthority certificates, TimeProvider clock) : ICheck
{
    private static readonly TimeSpan AuthorityEndsSoon = TimeSpan.FromDays(60);

    public string Name => "certificate";
    public bool NeedsDatabase => false;

    public async IAsyncEnumerable<Finding> LookAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        await Task.CompletedTask;
        using var authority = certificates.Authority();
        using var server = certificates.Server();
        if (authority is null || server is null) { yield return Finding.Ok(Name, "none; ./liren cert make brings https to the local network"); yield break; }
        var now = clock.GetUtcNow().UtcDateTime;
        var found = $"until {server.NotAfter:yyyy-MM-dd} for {string.Join(", ", LocalAuthority.NamesOf(server))}; authority until {authority.NotAfter:yyyy-MM-dd}";
        var missing = HostNames.LanAddresses().Select(a => a.ToString()).Except(LocalAuthority.NamesOf(server)).ToList();
        if (authority.NotAfter.ToUniversalTime() < now + AuthorityEndsSoon)
            yield return Finding.Warn(Name, found, "./liren cert make --new-ca, then let every phone trust the new authority at /ca.");
        else if (server.NotAfter.ToUniversalTime() < now)
            yield return Finding.Fail(Name, found, "It has ended: phones refuse the server. Start the server again (it renews it), or ./liren cert make.");
        else if (server.NotAfter.ToUniversalTime() < now + LocalAuthority.RenewBefore)
            yield return Finding.Warn(Name, found, "The next start, or a running server within a day, renews it; ./liren cert make does it now.");
        else if (missing.Count > 0)
            yield return Finding.Warn(Name, $"{found}; not for {string.Join(", ", missing)}", "Phones that use that address refuse the server: ./liren cert make, with --host for every name and address they use.");
        else yield return Finding.Ok(Name, found);
    }
}
