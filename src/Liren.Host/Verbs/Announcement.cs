using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using Liren.Sdk;
using QRCoder;

namespace Liren.Host.Verbs;

/// <summary>What <c>up</c> tells the person at the terminal: addresses, demo accounts (once), a QR for the phone.</summary>
internal static class Announcement
{
    public static void Print(WebApplication app, IPAddress address)
    {
        var port = new Uri(app.Urls.First()).Port;
        var phone = address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any) ? LanAddress() ?? "127.0.0.1" : address.ToString();
        Console.WriteLine($"""

            里仁 Liren is running. Ctrl-C stops it.
              console  控制台    http://{(address.Equals(IPAddress.Any) ? "127.0.0.1" : phone)}:{port}/
              phone    网格员端  http://{phone}:{port}/field
            """);
        foreach (var (user, password, name) in DemoAccounts.Take())
            Console.WriteLine($"  account  {user,-18} {password}   {name}");
        Console.WriteLine();
        using var generator = new QRCodeGenerator();
        using var data = generator.CreateQrCode($"http://{phone}:{port}/field", QRCodeGenerator.ECCLevel.L);
        using var code = new AsciiQRCode(data);
        Console.WriteLine(code.GetGraphicSmall());
        if (IPAddress.TryParse(phone, out var own) && IPAddress.IsLoopback(own))
            Console.WriteLine("  This address is for this machine only; start with --listen 0.0.0.0 and a phone of the same network can scan the code.");
        Console.WriteLine($"ready {port}");
    }

    private static string? LanAddress() => NetworkInterface.GetAllNetworkInterfaces()
        .Where(n => n.OperationalStatus == OperationalStatus.Up && n.NetworkInterfaceType != NetworkInterfaceType.Loopback)
        .SelectMany(n => n.GetIPProperties().UnicastAddresses)
        .FirstOrDefault(a => a.Address.AddressFamily == AddressFamily.InterNetwork)?.Address.ToString();
}
