using System.Net;
using System.Net.Sockets;

namespace Liren.Shared;

/// <summary>Ports nobody listens on.</summary>
internal static class Ports
{
    /// <summary>One that was free a moment ago, on the loopback address.</summary>
    public static int Free()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
