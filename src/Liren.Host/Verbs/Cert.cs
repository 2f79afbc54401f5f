using System.CommandLine;
using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Liren.Host.Https;
using Liren.Sdk.Cli;

namespace Liren.Host.Verbs;

/// <summary><c>cert</c>: https on a local network, by an authority of the installation's own.</summary>
internal static class Cert
{
    public static Command Create(CliHost host) => new("cert", "Https on a local network: a certificate authority of your own") { Make(host), Show(host) };

    private static Command Make(CliHost host)
    {
        var hosts = new Option<string[]>("--host") { Description = "Name or address by which phones reach this machine; may be given several times. Left out: localhost, the machine's name, its addresses", AllowMultipleArgumentsPerToken = true };
        var days = new Option<int>("--days") { Description = "How long the server certificate holds, 1-397; it is renewed by itself", DefaultValueFactory = _ => LocalAuthority.MostDays };
        var anew = new Option<bool>("--new-ca") { Description = "Make a new authority too; every phone must trust it again" };
        var json = CliHost.JsonOption();
        var command = new Command("make", "Make the authority (once) and a server certificate") { hosts, days, anew, json };
        command.Validators.Add(r =>
        {
            foreach (var bad in (r.GetValue(hosts) ?? []).Where(h => HostNames.Read(h) is null))
                r.AddError($"--host {bad} is neither a name nor an address: give it alone, without https:// and port, such as liren.lan or 192.168.1.20.");
        });
        // A word that is no number is told by the parser itself.
        days.Validators.Add(r => { if (r.Tokens is [{ Value: var text }] && int.TryParse(text, CultureInfo.InvariantCulture, out var n) && n is (< 1 or > LocalAuthority.MostDays)) r.AddError($"--days {n} is not between 1 and {LocalAuthority.MostDays}: phones refuse certificates that hold longer."); });
        return host.Runs(command, (parse, services, _) =>
        {
            var authority = services.GetRequiredService<LocalAuthority>();
            var named = parse.GetValue(hosts) is { Length: > 0 } given ? [.. given.Select(h => HostNames.Read(h)!).Append("localhost").Distinct()] : HostNames.Default();
            var made = authority.Make(named, parse.GetValue(days), parse.GetValue(anew));
            Print(authority, parse.GetValue(json), made);
            return Task.FromResult(0);
        }, migrate: false);
    }

    private static Command Show(CliHost host)
    {
        var json = CliHost.JsonOption();
        return host.Runs(new Command("show", "Names, expiry and fingerprints") { json }, (parse, services, _) =>
        {
            Print(services.GetRequiredService<LocalAuthority>(), parse.GetValue(json), made: null);
            return Task.FromResult(0);
        }, migrate: false);
    }

    private static void Print(LocalAuthority authority, bool json, bool? made)
    {
        using var ca = authority.Authority();
        using var server = authority.Server();
        if (ca is null || server is null) throw new CliFailureException("There is no certificate yet. Make one with: ./liren cert make");
        if (json)
        {
            CliHost.PrintJson(new
            {
                authority = new { name = ca.GetNameInfo(X509NameType.SimpleName, forIssuer: false), fingerprint = LocalAuthority.FingerprintOf(ca), until = new DateTimeOffset(ca.NotAfter).ToUniversalTime(), made },
                server = new
                {
                    names = LocalAuthority.NamesOf(server), fingerprint = LocalAuthority.FingerprintOf(server), until = new DateTimeOffset(server.NotAfter).ToUniversalTime(),
                    publicKeySha256 = Convert.ToBase64String(SHA256.HashData(server.PublicKey.ExportSubjectPublicKeyInfo())),
                },
            });
            return;
        }
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"""
            authority    {ca.GetNameInfo(X509NameType.SimpleName, forIssuer: false)}, until {ca.NotAfter:yyyy-MM-dd}
              SHA-256    {LocalAuthority.FingerprintOf(ca)}
            server       until {server.NotAfter:yyyy-MM-dd}
              names      {string.Join(", ", LocalAuthority.NamesOf(server))}
              SHA-256    {LocalAuthority.FingerprintOf(server)}
            """));
        if (made is not null) Console.WriteLine(made.Value
            ? "Start with ./liren up --https, and let each phone trust the authority: it opens /ca, compares the fingerprint above, and follows the steps."
            : "Phones that trust the authority need nothing; a running server uses the new certificate at once.");
    }
}
