using Microsoft.Extensions.FileProviders;

namespace Liren.Host;

/// <summary>The apps that work without the server: the gate app at <c>/gate/</c> and the resident's pass at <c>/pass/</c>. Files only, for everybody; who may do what is decided by the calls behind them.</summary>
internal static class OfflineApps
{

    // WebAssembly is the reader of QR codes. Nothing inline, nothing from elsewhere.
    private const string Policy = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data:; connect-src 'self'; manifest-src 'self'; worker-src 'self'; media-src 'self' blob:; frame-ancestors 'none'; form-action 'none'; base-uri 'none'";

    /// <summary>Serves them; before sign-in, which their files do not need.</summary>
    public static void Use(WebApplication app)
    {
        foreach (var name in new[] { "gate", "pass" }) Use(app, name);
    }

    private static void Use(WebApplication app, string name)
    {
        var folder = Path.Combine(AppContext.BaseDirectory, "wwwroot", name);
        app.Map("/" + name, gate =>
        {
            gate.Use((http, next) =>
            {
                // Routing has run already and may have found some other page for the address: files have nothing to do with it.
                http.SetEndpoint(null);
                // "/gate" or "/pass" without its slash is outside the service worker's scope.
                if (http.Request.Path.HasValue) return next(http);
                http.Response.Redirect(http.Request.PathBase + "/" + http.Request.QueryString, permanent: true);
                return Task.CompletedTask;
            });
            var files = new PhysicalFileProvider(folder);
            gate.UseDefaultFiles(new DefaultFilesOptions { FileProvider = files });
            gate.UseStaticFiles(new StaticFileOptions { FileProvider = files, OnPrepareResponse = ready => Headers(ready.Context.Response.Headers, ready.Context.Request.Path) });
            gate.Run(http =>
            {
                http.Response.StatusCode = StatusCodes.Status404NotFound;
                return Task.CompletedTask;
            });
        });
    }

    private static void Headers(IHeaderDictionary headers, PathString path)
    {
        // Names of assets change with their content; everything else must be asked for anew, or a phone would stay on an old version.
        headers.CacheControl = path.StartsWithSegments("/assets") ? "public, max-age=31536000, immutable" : "no-cache";
        headers.ContentSecurityPolicy = Policy;
        headers["Permissions-Policy"] = "camera=(self), microphone=(), geolocation=()";
    }
}
