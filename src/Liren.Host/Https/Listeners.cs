using System.Net;
using System.Net.Sockets;

namespace Liren.Host.Https;

/// <summary>
/// Where the server listens when it has https: http for this machine, https for the network. On the network http is only a door: it hands out
/// <see cref="CaPages"/> to phones that trust nothing yet, and sends everything else to https; a password never travels in the clear.
/// </summary>
/// <param name="Http">Address and port of http.</param>
/// <param name="Https">Address and port of https.</param>
/// <param name="DoorOnly">True: http serves its pages to this machine only.</param>
internal sealed record Listeners(IPEndPoint Http, IPEndPoint Https, bool DoorOnly)
{
    /// <summary>Where https really listens; a port of 0 became a free one.</summary>
    public static int HttpsPortOf(WebApplication app) => app.Urls.Select(u => new Uri(u)).Single(u => u.Scheme == Uri.UriSchemeHttps).Port;

    /// <summary>"192.168.1.20", "[fe80::1]".</summary>
    public static string InUrl(IPAddress address) => address.AddressFamily == AddressFamily.InterNetworkV6 ? $"[{address}]" : address.ToString();

    /// <summary>Tells Kestrel.</summary>
    public void Apply(WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton(this);
        builder.Services.AddSingleton<ServedCertificate>();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(Http);
            var served = kestrel.ApplicationServices.GetRequiredService<ServedCertificate>();
            kestrel.Listen(Https, listen => listen.UseHttps(https => https.ServerCertificateSelector = (_, _) => served.Current()));
        });
    }

    /// <summary>Keeps http of the network to the door, when this server has https.</summary>
    public static void UseDoor(WebApplication app)
    {
        if (app.Services.GetService<Listeners>() is not { DoorOnly: true }) return;
        var port = new Lazy<int>(() => HttpsPortOf(app));
        app.Use((http, next) =>
        {
            if (http.Request.IsHttps || (http.Connection.RemoteIpAddress is { } from && IPAddress.IsLoopback(from)) || IsOpen(http.Request.Path)) return next(http);
            var to = new UriBuilder(Uri.UriSchemeHttps, http.Request.Host.Host, port.Value).Uri;
            // 307 keeps the method, but a body sent in the clear once would be sent so again: only pages are sent on.
            if (HttpMethods.IsGet(http.Request.Method) || HttpMethods.IsHead(http.Request.Method)) http.Response.Redirect($"{to.GetLeftPart(UriPartial.Authority)}{http.Request.Path}{http.Request.QueryString}");
            else http.Response.StatusCode = StatusCodes.Status426UpgradeRequired;
            return Task.CompletedTask;
        });
    }

    // The page's own style and script, and the language switch.
    private static bool IsOpen(PathString path) => path.StartsWithSegments(CaPages.Path) || path.StartsWithSegments("/_content/Liren.Sdk") || path.StartsWithSegments("/language");
}
