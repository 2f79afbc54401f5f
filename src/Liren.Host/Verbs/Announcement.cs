using System.Net;
using Liren.Host.Https;
using Liren.Sdk;
using QRCoder;

namespace Liren.Host.Verbs;

/// <summary>What <c>up</c> tells the person at the terminal: addresses, demo accounts (once), a QR for the phone.</summary>
internal static class Announcement
{
    public static void Print(WebApplication app, IPAddress address, int port)
    {
        var any = address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any);
        var phone = !any ? Listeners.InUrl(address) : HostNames.LanAddresses() is [var first, ..] ? first.ToString() : "127.0.0.1";
        var secured = app.Services.GetService<Listeners>();
        Console.WriteLine($"""

            里仁 Liren is running. Ctrl-C stops it.
              console  控制台    http://{(any ? "127.0.0.1" : phone)}:{port}/
            """);
        if (secured is null) Console.WriteLine($"  phone    网格员端  http://{phone}:{port}/field");
        else PrintSecured(app, any, phone);
        foreach (var (user, password, name) in DemoAccounts.Take())
            Console.WriteLine($"  account  {user,-18} {password}   {name}");
        Console.WriteLine();
        PrintCode(secured is null ? $"http://{phone}:{port}/field" : $"http://{phone}:{port}{CaPages.Path}");
        if (secured is not null) Console.WriteLine($"  The code leads a phone to http://{phone}:{port}{CaPages.Path}, where it learns to trust this server: once for each phone.");
        else if (IPAddress.TryParse(phone, out var own) && IPAddress.IsLoopback(own))
            Console.WriteLine("  This address is for this machine only; start with --listen 0.0.0.0 and a phone of the same network can scan the code.");
        Console.WriteLine($"ready {port}");
    }

    private static void PrintSecured(WebApplication app, bool any, string phone)
    {
        var authority = app.Services.GetRequiredService<LocalAuthority>();
        using var server = authority.Server()!;
        using var ca = authority.Authority();
        var (port, names) = (Listeners.HttpsPortOf(app), LocalAuthority.NamesOf(server));
        // Every name a phone may use; addresses this machine has no more would lead nowhere.
        var reached = any ? names.Where(n => n != "localhost" && (!IPAddress.TryParse(n, out var ip) || HostNames.LanAddresses().Contains(ip))) : [phone];
        foreach (var name in reached) Console.WriteLine($"  https    加密网址  https://{(IPAddress.TryParse(name, out var ip) ? Listeners.InUrl(ip) : name)}:{port}/   (/gate/ 门岗, /field 网格员)");
        foreach (var address in any ? HostNames.LanAddresses().Select(a => a.ToString()).Except(names) : new[] { phone.Trim('[', ']') }.Except(names))
            Console.WriteLine($"  !        the certificate does not name {address}: phones refuse https://{address}:{port}/. ./liren cert make makes a new one.");
        if (ca is not null) Console.WriteLine($"  authority 指纹     {LocalAuthority.FingerprintOf(ca)}");
        Console.WriteLine($"https {port}");
    }

    private static void PrintCode(string text)
    {
        using var generator = new QRCodeGenerator();
        using var data = generator.CreateQrCode(text, QRCodeGenerator.ECCLevel.L);
        using var code = new AsciiQRCode(data);
        Console.WriteLine(code.GetGraphicSmall());
    }
}
