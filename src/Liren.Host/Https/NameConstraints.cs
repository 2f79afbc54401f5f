using System.Formats.Asn1;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;

namespace Liren.Host.Https;

/// <summary>
/// What an authority may sign for (RFC 5280, 4.2.1.10): the addresses and endings of local networks, and what was named when it was made. A phone
/// that trusts it trusts it for nothing else, even if its key were stolen.
/// </summary>
internal static class NameConstraints
{
    private const string Oid = "2.5.29.30";
    private static readonly Asn1Tag Permitted = new(TagClass.ContextSpecific, 0), Dns = new(TagClass.ContextSpecific, 2), Ip = new(TagClass.ContextSpecific, 7);
    private static readonly string[] LocalEndings = ["localhost", "local", "lan", "internal", "home.arpa"];
    private static readonly string[] LocalNetworks = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "127.0.0.0/8", "fc00::/7", "fe80::/10", "::1/128"];

    /// <summary>The extension for an authority of local networks and these names besides.</summary>
    public static X509Extension For(IEnumerable<string> hosts)
    {
        var given = hosts.ToList();
        var names = LocalEndings.Concat(given.Where(h => !IPAddress.TryParse(h, out _) && !LocalEndings.Any(e => Within(h, e))));
        var networks = LocalNetworks.Select(IPNetwork.Parse).ToList();
        networks.AddRange(given.Select(h => IPAddress.TryParse(h, out var ip) ? ip : null).OfType<IPAddress>().Where(ip => !networks.Any(n => n.Contains(ip)))
            .Select(ip => new IPNetwork(ip, ip.GetAddressBytes().Length * 8)).ToList());
        var asn = new AsnWriter(AsnEncodingRules.DER);
        using (asn.PushSequence())
        using (asn.PushSequence(Permitted))
        {
            foreach (var name in names)
                using (asn.PushSequence()) asn.WriteCharacterString(UniversalTagNumber.IA5String, name, Dns);
            foreach (var network in networks)
                using (asn.PushSequence()) asn.WriteOctetString([.. network.BaseAddress.GetAddressBytes(), .. MaskOf(network)], Ip);
        }
        return new X509Extension(Oid, asn.Encode(), critical: true);
    }

    /// <summary>May the authority sign for this name or address?</summary>
    public static bool Permit(X509Certificate2 authority, string host)
    {
        if (authority.Extensions[Oid] is not { } extension) return true;
        var address = IPAddress.TryParse(host, out var ip) ? ip.GetAddressBytes() : null;
        var subtrees = new AsnReader(extension.RawData, AsnEncodingRules.DER).ReadSequence().ReadSequence(Permitted);
        while (subtrees.HasData)
        {
            var subtree = subtrees.ReadSequence();
            if (subtree.PeekTag().HasSameClassAndValue(Dns))
            {
                if (address is null && Within(host, subtree.ReadCharacterString(UniversalTagNumber.IA5String, Dns))) return true;
            }
            else
            {
                var network = subtree.ReadOctetString(Ip);
                var half = network.Length / 2;
                if (address?.Length == half && address.Select((b, i) => b & network[half + i]).SequenceEqual(network.Take(half).Select(b => (int)b))) return true;
            }
        }
        return false;
    }

    private static bool Within(string host, string ending) => host == ending || host.EndsWith("." + ending, StringComparison.Ordinal);

    private static byte[] MaskOf(IPNetwork network)
    {
        var mask = new byte[network.BaseAddress.AddressFamily == AddressFamily.InterNetwork ? 4 : 16];
        for (var bit = 0; bit < network.PrefixLength; bit++) mask[bit / 8] |= (byte)(0x80 >> (bit % 8));
        return mask;
    }
}
