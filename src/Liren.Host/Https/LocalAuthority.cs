using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Liren.Sdk.Cli;
using Liren.Sdk.Data;

namespace Liren.Host.Https;

/// <summary>
/// The installation's own certificate authority (CA) and the server certificate it has signed: two files in the data folder's <c>keys</c>, readable by the
/// owner only. A phone trusts the authority once; server certificates come and go.
/// </summary>
internal sealed class LocalAuthority(DataLocation at, TimeProvider clock)
{
    /// <summary>Longer is refused by iPhones and browsers.</summary>
    public const int MostDays = 397;

    /// <summary>From this on a certificate is made anew by itself.</summary>
    public static readonly TimeSpan RenewBefore = TimeSpan.FromDays(30);

    private const int AuthorityYears = 5;

    // Phones whose clock is behind must not find a certificate of tomorrow.
    private static readonly TimeSpan Backdated = TimeSpan.FromHours(1);

    private string AuthorityFile => Path.Combine(at.Folder, "keys", "tls-ca.pem");
    private string ServerFile => Path.Combine(at.Folder, "keys", "tls-server.pem");

    /// <summary>The authority's certificate without its key; null when none was made.</summary>
    public X509Certificate2? Authority() => File.Exists(AuthorityFile) ? X509Certificate2.CreateFromPem(File.ReadAllText(AuthorityFile)) : null;

    /// <summary>The server's certificate with its key; null when none was made.</summary>
    public X509Certificate2? Server()
    {
        if (!File.Exists(ServerFile)) return null;
        var pem = File.ReadAllText(ServerFile);
        using var read = X509Certificate2.CreateFromPem(pem, pem);
        // Windows signs only with keys that came in as PKCS #12.
        return X509CertificateLoader.LoadPkcs12(read.Export(X509ContentType.Pkcs12), null);
    }

    /// <summary>When the server's certificate was last written, to notice a new one; null when there is none.</summary>
    public DateTime? ServerWrittenAt => File.Exists(ServerFile) ? File.GetLastWriteTimeUtc(ServerFile) : null;

    /// <summary>
    /// Makes a server certificate, and the authority when there is none. Fails with a sentence when the authority may not sign for one of the hosts, or has run out.
    /// </summary>
    /// <param name="hosts">Names and addresses, as <see cref="HostNames.Read"/> gives them.</param>
    /// <param name="days">How long, at most <see cref="MostDays"/> and never longer than the authority itself.</param>
    /// <param name="anew">Makes a new authority; every phone must trust it again.</param>
    /// <returns>Whether an authority was made.</returns>
    public bool Make(IReadOnlyList<string> hosts, int days, bool anew = false)
    {
        var made = anew || !File.Exists(AuthorityFile);
        if (made) Write(AuthorityFile, MakeAuthority(hosts));
        var pem = File.ReadAllText(AuthorityFile);
        using var authority = X509Certificate2.CreateFromPem(pem, pem);
        var now = clock.GetUtcNow();
        if (authority.NotAfter.ToUniversalTime() - now.UtcDateTime < TimeSpan.FromDays(2))
            throw new CliFailureException($"The certificate authority of this installation ended on {authority.NotAfter:yyyy-MM-dd}. Make a new one with: ./liren cert make --new-ca (every phone must trust it again).");
        if (hosts.FirstOrDefault(h => !NameConstraints.Permit(authority, h)) is { } foreign)
            throw new CliFailureException($"--host {foreign}: the certificate authority of this installation may not sign for it; it was made for local networks and for the names known then. Leave the name out, or make a new authority with --new-ca (every phone must trust it again).");
        Write(ServerFile, MakeServer(authority, hosts, now, days));
        return made;
    }

    /// <summary>Makes the server's certificate anew, for the same names and as long, when it ends soon. False when there was nothing to do.</summary>
    public bool Renew()
    {
        using var server = Server();
        if (server is null || server.NotAfter.ToUniversalTime() - clock.GetUtcNow().UtcDateTime >= RenewBefore) return false;
        using var authority = Authority();
        // An authority near its own end cannot give more: doctor says so, and only a person can make a new one.
        if (authority is null || server.NotAfter >= authority.NotAfter || authority.NotAfter.ToUniversalTime() - clock.GetUtcNow().UtcDateTime < TimeSpan.FromDays(2)) return false;
        Make(NamesOf(server), Math.Clamp((int)Math.Round((server.NotAfter - server.NotBefore).TotalDays), 1, MostDays));
        return true;
    }

    /// <summary>Names and addresses of a certificate.</summary>
    public static IReadOnlyList<string> NamesOf(X509Certificate2 certificate)
    {
        var names = certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().Single();
        return [.. names.EnumerateDnsNames(), .. names.EnumerateIPAddresses().Select(a => a.ToString())];
    }

    /// <summary>SHA-256 of the certificate as people compare it: pairs of hex digits.</summary>
    public static string FingerprintOf(X509Certificate2 certificate) =>
        string.Join(':', Convert.ToHexString(SHA256.HashData(certificate.RawDataMemory.Span)).Chunk(2).Select(pair => new string(pair)));

    private string MakeAuthority(IReadOnlyList<string> hosts)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var now = clock.GetUtcNow();
        var name = new X500DistinguishedNameBuilder();
        name.AddCommonName($"Liren local CA {Environment.MachineName} {now:yyyy-MM-dd}");
        name.AddOrganizationName("Liren");
        var request = new CertificateRequest(name.Build(), key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(X509BasicConstraintsExtension.CreateForCertificateAuthority(pathLengthConstraint: 0));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        request.CertificateExtensions.Add(NameConstraints.For(hosts));
        using var certificate = request.CreateSelfSigned(now - Backdated, now.AddYears(AuthorityYears));
        return Pem(certificate, key);
    }

    private static string MakeServer(X509Certificate2 authority, IReadOnlyList<string> hosts, DateTimeOffset now, int days)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var name = new X500DistinguishedNameBuilder();
        name.AddCommonName("Liren server");
        var request = new CertificateRequest(name.Build(), key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(X509BasicConstraintsExtension.CreateForEndEntity(critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1", "serverAuth")], critical: false));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(authority, includeKeyIdentifier: true, includeIssuerAndSerial: false));
        var names = new SubjectAlternativeNameBuilder();
        foreach (var host in hosts)
        {
            if (IPAddress.TryParse(host, out var address)) names.AddIpAddress(address);
            else names.AddDnsName(host);
        }
        request.CertificateExtensions.Add(names.Build());
        var serial = RandomNumberGenerator.GetBytes(16);
        serial[0] = (byte)((serial[0] & 0x7F) | 0x40);
        var from = now - Backdated;
        var until = from.AddDays(days);
        using var certificate = request.Create(authority, from < authority.NotBefore ? authority.NotBefore : from, until > authority.NotAfter ? authority.NotAfter : until, serial);
        return Pem(certificate, key);
    }

    private static string Pem(X509Certificate2 certificate, ECDsa key) => $"{certificate.ExportCertificatePem()}\n{key.ExportPkcs8PrivateKeyPem()}\n";

    // Certificate and key in one file, moved into its place: a server never meets one without the other.
    private void Write(string path, string pem)
    {
        var fresh = Path.Combine(at.Sub("keys"), $"{Path.GetFileName(path)}.{Guid.CreateVersion7():N}");
        using (var file = OwnFile.Create(fresh))
        {
            file.Write(System.Text.Encoding.ASCII.GetBytes(pem));
            file.Flush(flushToDisk: true);
        }
        File.Move(fresh, path, overwrite: true);
    }
}
