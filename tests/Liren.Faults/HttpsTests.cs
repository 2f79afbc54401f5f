using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Xml.Linq;
using Liren.Shared;

namespace Liren.Faults;

/// <summary>Https on a local network by <c>cert make</c> and <c>up --https</c>, as a phone meets it that trusts this installation's authority and no other.</summary>
public sealed class HttpsTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_phone_that_trusts_the_authority_reaches_the_server_by_its_names_and_no_other()
    {
        using var data = new DataFolder();
        var made = await LirenProcess.JsonAsync(data.Path, "cert", "make", "--host", "liren.lan", "--host", "127.0.0.1", "--host", "10.1.2.3");
        made.GetProperty("server").GetProperty("names").EnumerateArray().Select(n => n.GetString()).ShouldBe(["liren.lan", "localhost", "127.0.0.1", "10.1.2.3"], ignoreOrder: true);
        made.GetProperty("authority").GetProperty("made").GetBoolean().ShouldBeTrue();
        await using var server = await LirenProcess.UpWithHttpsAsync(data.Path);

        // The way of a phone: the authority by plain http, its fingerprint compared with the terminal's.
        using var plain = server.Client();
        using var file = await plain.GetAsync("ca/liren-ca.crt", Stop);
        file.Content.Headers.ContentType.ShouldBe(new MediaTypeHeaderValue("application/x-x509-ca-cert"));
        using var authority = X509CertificateLoader.LoadCertificate(await file.Content.ReadAsByteArrayAsync(Stop));
        authority.HasPrivateKey.ShouldBeFalse();
        var fingerprint = string.Join(':', Convert.ToHexString(SHA256.HashData(authority.RawData)).Chunk(2).Select(p => new string(p)));
        made.GetProperty("authority").GetProperty("fingerprint").GetString().ShouldBe(fingerprint);
        server.Said.ShouldContain(line => line.Contains(fingerprint, StringComparison.Ordinal));
        var page = await plain.GetStringAsync("ca", Stop);
        page.Replace("<wbr>", "", StringComparison.Ordinal).ShouldContain(fingerprint);
        WebUtility.HtmlDecode(page).ShouldContain("信任");

        foreach (var name in new[] { "liren.lan", "localhost", "127.0.0.1", "10.1.2.3" })
        {
            using var phone = Phone(server, authority);
            (await phone.GetStringAsync($"https://{name}:{server.HttpsPort}/readyz", Stop)).ShouldBe("ready");
        }
        foreach (var other in new[] { "other.lan", "10.1.2.4" })
        {
            using var phone = Phone(server, authority);
            (await Should.ThrowAsync<HttpRequestException>(() => phone.GetAsync($"https://{other}:{server.HttpsPort}/readyz", Stop))).InnerException.ShouldBeOfType<AuthenticationException>();
        }
        // Without the authority nothing is trusted.
        using var stranger = Phone(server, null);
        await Should.ThrowAsync<HttpRequestException>(() => stranger.GetAsync($"https://liren.lan:{server.HttpsPort}/readyz", Stop));

        // The profile for iPhones holds the same certificate.
        using var profile = await plain.GetAsync("ca/liren-ca.mobileconfig", Stop);
        profile.Content.Headers.ContentType!.MediaType.ShouldBe("application/x-apple-aspen-config");
        var written = XDocument.Parse(await profile.Content.ReadAsStringAsync(Stop));
        Convert.FromBase64String(written.Descendants("data").Single().Value).ShouldBe(authority.RawData);
    }

    [Fact]
    public async Task A_certificate_made_while_the_server_runs_is_used_at_once_and_the_authority_stays()
    {
        using var data = new DataFolder();
        var first = await LirenProcess.JsonAsync(data.Path, "cert", "make", "--host", "one.lan");
        await using var server = await LirenProcess.UpWithHttpsAsync(data.Path);
        using var plain = server.Client();
        using var authority = X509CertificateLoader.LoadCertificate(await plain.GetByteArrayAsync("ca/liren-ca.crt", Stop));
        var second = await LirenProcess.JsonAsync(data.Path, "cert", "make", "--host", "two.lan", "--days", "90");
        second.GetProperty("authority").GetProperty("fingerprint").GetString().ShouldBe(first.GetProperty("authority").GetProperty("fingerprint").GetString());
        using var phone = Phone(server, authority);
        (await phone.GetStringAsync($"https://two.lan:{server.HttpsPort}/readyz", Stop)).ShouldBe("ready");
        using var late = Phone(server, authority);
        await Should.ThrowAsync<HttpRequestException>(() => late.GetAsync($"https://one.lan:{server.HttpsPort}/readyz", Stop));
    }

    [Fact]
    public async Task A_certificate_that_ends_soon_is_renewed_when_the_server_starts()
    {
        using var data = new DataFolder();
        var soon = await LirenProcess.JsonAsync(data.Path, "cert", "make", "--host", "liren.lan", "--days", "20");
        var doctor = await LirenProcess.JsonAsync(data.Path, "doctor");
        var finding = doctor.GetProperty("findings").EnumerateArray().Single(f => f.GetProperty("name").GetString() == "certificate");
        finding.GetProperty("level").GetString().ShouldBe("Warn");
        finding.GetProperty("found").GetString()!.ShouldContain("liren.lan");
        // Also without https: the next start may have it.
        await using (var server = await LirenProcess.UpAsync(data.Path)) server.Said.ShouldContain(line => line.Contains("renewed", StringComparison.Ordinal));
        var shown = await LirenProcess.JsonAsync(data.Path, "cert", "show");
        shown.GetProperty("server").GetProperty("fingerprint").GetString().ShouldNotBe(soon.GetProperty("server").GetProperty("fingerprint").GetString());
        shown.GetProperty("server").GetProperty("names").EnumerateArray().Select(n => n.GetString()).ShouldBe(["liren.lan", "localhost"]);
        shown.GetProperty("authority").GetProperty("fingerprint").GetString().ShouldBe(soon.GetProperty("authority").GetProperty("fingerprint").GetString());
    }

    [Fact]
    public async Task On_the_network_http_is_a_door_to_the_authority_and_everything_else_is_https()
    {
        var lan = LanAddress();
        Assert.SkipWhen(lan is null, "this machine has no network");
        using var data = new DataFolder();
        await LirenProcess.JsonAsync(data.Path, "cert", "make");
        await using var server = await LirenProcess.UpWithHttpsAsync(data.Path);
        using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = new Uri($"http://{lan}:{server.Port}/") };
        (await http.GetAsync("ca", Stop)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await http.GetAsync("ca/liren-ca.crt", Stop)).StatusCode.ShouldBe(HttpStatusCode.OK);
        var sent = await http.GetAsync("gate/?x=1", Stop);
        sent.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        sent.Headers.Location!.ToString().ShouldBe($"https://{lan}:{server.HttpsPort}/gate/?x=1");
        (await http.PostAsync("sign-in", new StringContent("password"), Stop)).StatusCode.ShouldBe(HttpStatusCode.UpgradeRequired);
        // The machine itself is served as ever.
        using var own = server.Client();
        (await own.GetAsync("gate/", Stop)).StatusCode.ShouldBe(HttpStatusCode.OK);
        server.Said.ShouldContain(line => line.Contains($"https://{lan}:{server.HttpsPort}/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Without_a_certificate_there_is_no_https_and_no_authority_to_trust()
    {
        using var data = new DataFolder();
        var (code, _, errors) = await LirenProcess.RunAsync(data.Path, ["up", "--port", "0", "--https", "0", "--no-demo"]);
        code.ShouldBe(1);
        errors.ShouldContain("./liren cert make");
        (await LirenProcess.RunAsync(data.Path, ["cert", "show"])).Errors.ShouldContain("./liren cert make");
        await using var server = await LirenProcess.UpAsync(data.Path);
        using var http = server.Client();
        var page = await http.GetAsync("ca", Stop);
        page.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await page.Content.ReadAsStringAsync(Stop)).ShouldContain("./liren cert make");
        (await http.GetAsync("ca/liren-ca.crt", Stop)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("--host", "https://liren.lan")]
    [InlineData("--host", "liren.lan:5443")]
    [InlineData("--host", "0.0.0.0")]
    [InlineData("--host", "192.168.1")]
    [InlineData("--days", "398")]
    [InlineData("--days", "0")]
    public async Task Misuse_names_the_field(string option, string value)
    {
        using var data = new DataFolder();
        var (code, output, errors) = await LirenProcess.RunAsync(data.Path, ["cert", "make", option, value]);
        code.ShouldBe(2);
        output.ShouldBeEmpty();
        errors.ShouldContain($"{option} {value}");
        Directory.Exists(Path.Combine(data.Path, "keys")).ShouldBeFalse();
    }

    [Fact]
    public async Task A_name_the_authority_was_not_made_for_needs_a_new_one_and_keys_are_for_the_owner_only()
    {
        using var data = new DataFolder();
        await LirenProcess.JsonAsync(data.Path, "cert", "make", "--host", "gate.example.org");
        var (code, output, errors) = await LirenProcess.RunAsync(data.Path, ["cert", "make", "--host", "bank.example.com"]);
        code.ShouldBe(1);
        errors.ShouldContain("--host bank.example.com");
        errors.ShouldContain("--new-ca");
        output.ShouldBeEmpty();
        var again = await LirenProcess.JsonAsync(data.Path, "cert", "make", "--host", "bank.example.com", "--new-ca");
        again.GetProperty("authority").GetProperty("made").GetBoolean().ShouldBeTrue();
        foreach (var file in Directory.GetFiles(Path.Combine(data.Path, "keys")))
        {
            if (!OperatingSystem.IsWindows()) File.GetUnixFileMode(file).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
    }

    private static X509ChainPolicy Trusting(X509Certificate2? authority)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck, DisableCertificateDownloads = true };
        if (authority is not null) policy.CustomTrustStore.Add(authority);
        return policy;
    }

    /// <summary>Every name leads to this machine; trust is by the chain alone.</summary>
    private static HttpClient Phone(LirenProcess server, X509Certificate2? authority) => new(new SocketsHttpHandler
    {
        SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = Trusting(authority) },
        ConnectCallback = async (_, stop) =>
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync(IPAddress.Loopback, server.HttpsPort, stop);
            return new NetworkStream(socket, ownsSocket: true);
        },
    });

    private static IPAddress? LanAddress() => System.Net.NetworkInformation.NetworkInterface.GetAllNetworkInterfaces()
        .Where(n => n.OperationalStatus == System.Net.NetworkInformation.OperationalStatus.Up && n.NetworkInterfaceType != System.Net.NetworkInformation.NetworkInterfaceType.Loopback)
        .SelectMany(n => n.GetIPProperties().UnicastAddresses).Select(a => a.Address).FirstOrDefault(a => a.AddressFamily == AddressFamily.InterNetwork);
}
