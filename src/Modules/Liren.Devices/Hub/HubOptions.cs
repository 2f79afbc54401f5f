using Microsoft.Extensions.Configuration;

namespace Liren.Devices.Hub;

/// <summary>Settings of the hub, below <c>Devices</c> in the configuration.</summary>
/// <param name="Tenant">Name of this installation in topics.</param>
/// <param name="Port">Port for MQTT without TLS, on the loopback address only; null: does not listen.</param>
/// <param name="TlsPort">Port for MQTT over TLS on every address; null: does not listen.</param>
/// <param name="Certificate">PEM file with certificate and key for TLS.</param>
/// <param name="AllowsSimulated">The tenant is a demo or drill: rows of simulators are taken.</param>
internal sealed record HubOptions(string Tenant, int? Port, int? TlsPort, string? Certificate, bool AllowsSimulated)
{
    public static HubOptions From(IConfiguration configuration)
    {
        var kind = configuration["Devices:TenantKind"] ?? "production";
        if (kind is not ("production" or "demo" or "drill")) throw new FormatException($"Devices:TenantKind is {kind}; it can be production, demo or drill");
        var options = new HubOptions(configuration["Devices:Tenant"] ?? "liren", Number("Devices:Mqtt:Port"), Number("Devices:Mqtt:TlsPort"), configuration["Devices:Mqtt:Certificate"], kind != "production");
        if (options.TlsPort is not null && options.Certificate is null) throw new FormatException("Devices:Mqtt:TlsPort needs Devices:Mqtt:Certificate, a PEM file with certificate and key");
        return options;

        int? Number(string key) => configuration[key] is not { Length: > 0 } text ? null
            : int.TryParse(text, out var port) && port is > 0 and < 65_536 ? port : throw new FormatException($"{key} is {text}; it must be a port, 1-65535");
    }
}
