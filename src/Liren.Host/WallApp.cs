using Microsoft.Extensions.FileProviders;

namespace Liren.Host;

/// <summary>The wall (大屏) at <c>/wall</c>: files only, for everybody; what it shows is decided by the calls behind it. Every address below it that is no file is the one page.</summary>
internal static class WallApp
{
    private const string Policy = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; font-src 'self'; frame-ancestors 'none'; form-action 'none'; base-uri 'none'; img-src 'self' data:";

    /// <summary>Serves it; before sign-in, which its files do not need.</summary>
    public static void Use(WebApplication app)
    {
        var files = new PhysicalFileProvider(Path.Combine(AppContext.BaseDirectory, "wwwroot", "wall"));
        // Map tiles are asked for only where the installation names some; only their origin may be.
        var tiles = app.Configuration["Wall:TileUrl"] is { Length: > 0 } set && Uri.TryCreate(set.Split('{')[0], UriKind.Absolute, out var at) ? $" {at.GetLeftPart(UriPartial.Authority)}" : "";
        app.Map("/wall", wall =>
        {
            wall.Use((http, next) =>
            {
                // Routing has run already and may have found some other page for the address: files have nothing to do with it.
                http.SetEndpoint(null);
                if (!http.Request.Path.StartsWithSegments("/assets")) http.Request.Path = "/index.html";
                return next(http);
            });
            wall.UseStaticFiles(new StaticFileOptions
            {
                FileProvider = files,
                OnPrepareResponse = ready =>
                {
                    var headers = ready.Context.Response.Headers;
                    // Names of assets change with their content; the page must be asked for anew, or a wall would stay on an old version.
                    headers.CacheControl = ready.Context.Request.Path.StartsWithSegments("/assets") ? "public, max-age=31536000, immutable" : "no-cache";
                    headers.ContentSecurityPolicy = Policy + tiles;
                },
            });
            wall.Run(http =>
            {
                http.Response.StatusCode = StatusCodes.Status404NotFound;
                return Task.CompletedTask;
            });
        });
    }
}
