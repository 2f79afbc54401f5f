using System.Security.Cryptography.X509Certificates;

namespace Liren.Host.Https;

/// <summary>
/// The certificate the running server shows: read again when <c>./liren cert make</c> has written another, and renewed once a day when it ends soon, so that a
/// server that runs for a year needs no restart.
/// </summary>
internal sealed class ServedCertificate(LocalAuthority authority, TimeProvider clock, ILogger<ServedCertificate> log)
{
    private readonly Lock one = new();
    private X509Certificate2? current;
    private DateTime? written;
    private DateTimeOffset looked;

    /// <summary>The certificate for the next connection; null only when its file was taken away.</summary>
    public X509Certificate2? Current()
    {
        lock (one)
        {
            var now = clock.GetUtcNow();
            if (now - looked >= TimeSpan.FromDays(1))
            {
                looked = now;
                Renew();
            }
            if (authority.ServerWrittenAt is { } at && at != written)
            {
                // Connections may still use the one before: it is left to the collector.
                current = authority.Server();
                written = at;
            }
            return current;
        }
    }

    // A connection must not fail because tomorrow's certificate could not be written today.
    private void Renew()
    {
        try
        {
            if (authority.Renew()) log.LogInformation("The server certificate was renewed");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            log.LogError(e, "The server certificate could not be renewed; trying again tomorrow");
        }
    }
}
