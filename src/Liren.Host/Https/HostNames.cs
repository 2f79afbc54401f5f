using System.Globalization;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace Liren.Host.Https;

/// <summary>Names and addresses this machine is reached by.</summary>
internal static class HostNames
{
    /// <summary>What a certificate names without being told: localhost, the machine's name (also as mDNS says it), its addresses on the local networks.</summary>
    public static IReadOnlyList<string> Default()
    {
        var machine = Environment.MachineName.ToLowerInvariant();
        var named = Read(machine) is { } name ? new[] { name, name.Contains('.', StringComparison.Ordinal) ? name : $"{name}.local" } : [];
        return [.. new[] { "localhost", "127.0.0.1" }.Concat(named).Concat(LanAddresses().Select(a => a.ToString())).Distinct()];
    }

    /// <summary>The machine's IPv4 addresses that others can reach; those of real networks first.</summary>
    public static IReadOnlyList<IPAddress> LanAddresses() => [.. NetworkInterface.GetAllNetworkInterfaces()
        .Where(n => n.OperationalStatus == OperationalStatus.Up && n.NetworkInterfaceType != NetworkInterfaceType.Loopback)
        .OrderByDescending(n => n.GetIPProperties().GatewayAddresses.Count > 0)
        .SelectMany(n => n.GetIPProperties().UnicastAddresses).Select(a => a.Address)
        // 169.254.x.x: nobody gave this interface an address.
        .Where(a => a.AddressFamily == AddressFamily.InterNetwork && a.GetAddressBytes() is not [169, 254, ..])];

    /// <summary>The name or address in the form a certificate has it; null when it is neither (a URL, a port, an empty word).</summary>
    public static string? Read(string text)
    {
        if (IPAddress.TryParse(text, out var address))
            return address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any) || address.ScopeId() != 0 || (address.AddressFamily == AddressFamily.InterNetwork && text.Count(c => c == '.') != 3) ? null : address.ToString();
        string ascii;
        try { ascii = new IdnMapping { UseStd3AsciiRules = true }.GetAscii(text.TrimEnd('.')).ToLowerInvariant(); }
        catch (ArgumentException) { return null; }
        // A name of digits and dots alone is a mistyped address.
        return ascii.Length <= 253 && ascii.Any(char.IsAsciiLetter) ? ascii : null;
    }

    private static long ScopeId(this IPAddress address) => address.AddressFamily == AddressFamily.InterNetworkV6 ? address.ScopeId : 0;
}
