using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Liren.Host.Https;
using Liren.Sdk.Cli;
using Liren.Sdk.Data;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Liren.Tests.Https;

/// <summary>Certificates over the years: what a server that is never restarted shows, and what happens at the authority's end.</summary>
public sealed class CertificateTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("liren-cert-").FullName;
    private readonly FakeTimeProvider clock = new(new DateTimeOffset(2020, 2, 13, 14, 0, 0, TimeSpan.FromHours(8)));
    private readonly LocalAuthority authority;

    public CertificateTests() => authority = new(new DataLocation(folder, null), clock);

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void A_server_that_runs_for_years_always_shows_a_certificate_that_holds()
    {
        authority.Make(["liren.lan", "192.168.1.20"], LocalAuthority.MostDays).ShouldBeTrue();
        var served = new ServedCertificate(authority, clock, NullLogger<ServedCertificate>.Instance);
        var seen = new HashSet<string>();
        for (var day = 0; day < 4 * 365; day += 3)
        {
            var shown = served.Current()!;
            (shown.NotAfter.ToUniversalTime() - clock.GetUtcNow().UtcDateTime).ShouldBeGreaterThan(TimeSpan.FromDays(26));
            (shown.NotAfter - shown.NotBefore).ShouldBeLessThanOrEqualTo(TimeSpan.FromDays(397));
            LocalAuthority.NamesOf(shown).ShouldBe(["liren.lan", "192.168.1.20"]);
            seen.Add(shown.Thumbprint);
            clock.Advance(TimeSpan.FromDays(3));
        }
        seen.Count.ShouldBeInRange(4, 5);
    }

    [Fact]
    public void No_certificate_outlives_the_authority_and_only_a_person_makes_a_new_one()
    {
        authority.Make(["liren.lan"], 397);
        clock.Advance(TimeSpan.FromDays(5 * 365 - 100));
        authority.Make(["liren.lan"], 397).ShouldBeFalse();
        using var last = authority.Server();
        using var ca = authority.Authority();
        last!.NotAfter.ShouldBe(ca!.NotAfter);
        clock.Advance(TimeSpan.FromDays(90));
        authority.Renew().ShouldBeFalse();
        clock.Advance(TimeSpan.FromDays(20));
        Should.Throw<CliFailureException>(() => authority.Make(["liren.lan"], 397)).Message.ShouldContain("--new-ca");
        authority.Make(["liren.lan"], 397, anew: true).ShouldBeTrue();
    }

    [Theory]
    [InlineData("192.168.7.7", true)]
    [InlineData("gate.lan", true)]
    [InlineData("given.example.org", true)]
    [InlineData("pay.example.net", false)]
    [InlineData("8.8.8.8", false)]
    public void Whoever_steals_the_authority_can_pretend_to_be_nobody_else(string host, bool believed)
    {
        authority.Make(["liren.lan", "given.example.org"], 397);
        var pem = File.ReadAllText(Path.Combine(folder, "keys", "tls-ca.pem"));
        using var stolen = X509Certificate2.CreateFromPem(pem, pem);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=stolen", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        if (IPAddress.TryParse(host, out var ip)) names.AddIpAddress(ip);
        else names.AddDnsName(host);
        request.CertificateExtensions.Add(names.Build());
        using var leaf = request.Create(stolen, stolen.NotBefore, stolen.NotBefore.AddDays(30), RandomNumberGenerator.GetBytes(8));
        using var chain = new X509Chain { ChainPolicy = { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck, VerificationTime = clock.GetUtcNow().UtcDateTime } };
        chain.ChainPolicy.CustomTrustStore.Add(stolen);
        chain.Build(leaf).ShouldBe(believed);
    }

    [Theory]
    [InlineData("LIREN.lan", "liren.lan")]
    [InlineData("192.168.1.20", "192.168.1.20")]
    [InlineData("fd00::1", "fd00::1")]
    [InlineData("10.1", null)]
    [InlineData("::", null)]
    [InlineData("", null)]
    [InlineData("*.lan", null)]
    [InlineData("a b", null)]
    [InlineData("256.1.1.1", null)]
    public void A_host_is_a_name_or_an_address(string text, string? read) => HostNames.Read(text).ShouldBe(read);

    [Fact]
    public void A_name_in_Chinese_is_written_as_certificates_write_it() => HostNames.Read("里仁.lan").ShouldNotBeNull().ShouldStartWith("xn--");
}
