using Microsoft.AspNetCore.Localization;

namespace Liren.Host;

/// <summary>Small endpoints of the console's frame.</summary>
public static class Shell
{
    /// <summary>Maps them.</summary>
    public static void Map(IEndpointRouteBuilder site)
    {
        site.MapGet("/language/{language}", (string language, string? back, HttpContext http) =>
        {
            var culture = language == "en" ? "en" : "zh-CN";
            http.Response.Cookies.Append("liren-language", CookieRequestCultureProvider.MakeCookieValue(new RequestCulture(culture)),
                new CookieOptions { MaxAge = TimeSpan.FromDays(365), HttpOnly = true, SameSite = SameSiteMode.Lax, IsEssential = true });
            return TypedResults.LocalRedirect(back is { Length: > 0 } && back[0] == '/' && !back.StartsWith("//", StringComparison.Ordinal) && !back.StartsWith("/\\", StringComparison.Ordinal) ? back : "/");
        }).ExcludeFromDescription();
        // A circuit cannot clear the cookie; this address only asks, the form on it signs out.
        site.MapGet("/leave", () => new Microsoft.AspNetCore.Http.HttpResults.RazorComponentResult<Components.Leave>()).ExcludeFromDescription();
    }
}
