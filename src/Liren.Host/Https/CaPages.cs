using System.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Liren.Host.Https;

/// <summary>
/// <c>/ca</c>: where a phone gets the installation's certificate authority. Open to everybody and on plain http, because whoever needs it has no trusted
/// connection yet; the fingerprint is compared by eye.
/// </summary>
internal static class CaPages
{
    /// <summary>Its address.</summary>
    public const string Path = "/ca";

    /// <summary>Maps page and files.</summary>
    public static void Map(IEndpointRouteBuilder site)
    {
        site.MapGet(Path, (LocalAuthority authority) =>
        {
            using var certificate = authority.Authority();
            return new RazorComponentResult<CaPage>(new Dictionary<string, object?>
            {
                [nameof(CaPage.Fingerprint)] = certificate is null ? null : LocalAuthority.FingerprintOf(certificate),
                [nameof(CaPage.Name)] = certificate?.GetNameInfo(X509NameType.SimpleName, forIssuer: false),
                [nameof(CaPage.Until)] = certificate is null ? null : new DateTimeOffset(certificate.NotAfter),
            }) { StatusCode = certificate is null ? StatusCodes.Status404NotFound : StatusCodes.Status200OK };
        }).ExcludeFromDescription();
        site.MapGet(Path + "/liren-ca.crt", Results<FileContentHttpResult, NotFound> (LocalAuthority authority) =>
        {
            using var certificate = authority.Authority();
            return certificate is null ? TypedResults.NotFound() : TypedResults.File(certificate.RawData, "application/x-x509-ca-cert", "liren-ca.crt");
        }).ExcludeFromDescription();
        site.MapGet(Path + "/liren-ca.mobileconfig", Results<FileContentHttpResult, NotFound> (LocalAuthority authority) =>
        {
            using var certificate = authority.Authority();
            return certificate is null ? TypedResults.NotFound()
                : TypedResults.File(System.Text.Encoding.UTF8.GetBytes(Profile(certificate)), "application/x-apple-aspen-config", "liren-ca.mobileconfig");
        }).ExcludeFromDescription();
    }

    /// <summary>A configuration profile of iOS with the authority and nothing else; the same authority makes the same profile, so installing twice replaces.</summary>
    private static string Profile(X509Certificate2 certificate)
    {
        var hash = SHA256.HashData(certificate.RawDataMemory.Span);
        var (profile, payload) = (new Guid(hash.AsSpan(0, 16), bigEndian: true), new Guid(hash.AsSpan(16, 16), bigEndian: true));
        var name = SecurityElement.Escape(certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: false));
        return $"""
            <?xml version="1.0" encoding="UTF-8"?>
            <!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
            <plist version="1.0">
            <dict>
              <key>PayloadType</key><string>Configuration</string>
              <key>PayloadVersion</key><integer>1</integer>
              <key>PayloadIdentifier</key><string>liren.ca.{profile}</string>
              <key>PayloadUUID</key><string>{profile}</string>
              <key>PayloadDisplayName</key><string>里仁 {name}</string>
              <key>PayloadContent</key>
              <array>
                <dict>
                  <key>PayloadType</key><string>com.apple.security.root</string>
                  <key>PayloadVersion</key><integer>1</integer>
                  <key>PayloadIdentifier</key><string>liren.ca.{profile}.root</string>
                  <key>PayloadUUID</key><string>{payload}</string>
                  <key>PayloadDisplayName</key><string>{name}</string>
                  <key>PayloadCertificateFileName</key><string>liren-ca.crt</string>
                  <key>PayloadContent</key><data>{Convert.ToBase64String(certificate.RawData)}</data>
                </dict>
              </array>
            </dict>
            </plist>
            """;
    }
}
