using Liren.Identity.Features;
using Liren.Sdk.Ui;
using Liren.Sdk;
using Liren.Sdk.Security;
using Liren.Sdk.Text;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Liren.Identity.Pages;

/// <summary>Sign-in, sign-out, own password, second factor: plain pages without a circuit, usable without script.</summary>
internal static class SignInPages
{
    /// <summary>Name of the rate limit against guessing; the host defines it.</summary>
    private const string Limit = "sign-in";

    public static void Map(IEndpointRouteBuilder site)
    {
        site.MapGet("/sign-in", (string? returnUrl) => Page<SignInPage>(new { ReturnUrl = Local(returnUrl) })).ExcludeFromDescription();
        site.MapPost("/sign-in", SignInAsync).ExcludeFromDescription().RequireRateLimiting(Limit);
        site.MapGet("/join", JoinFormAsync).ExcludeFromDescription().RequireRateLimiting(Limit);
        site.MapPost("/join", JoinAsync).ExcludeFromDescription().RequireRateLimiting(Limit);
        site.MapPost("/sign-out", async (HttpContext http, [FromForm] string? stay) => { await http.SignOutAsync(); return TypedResults.LocalRedirect("/sign-in"); }).ExcludeFromDescription();
        site.MapGet("/me/password", IResult () => Me() is null ? PlainPages.ToSignIn("/me/password") : Page<PasswordPage>(new { })).ExcludeFromDescription();
        site.MapPost("/me/password", PasswordAsync).ExcludeFromDescription().RequireRateLimiting(Limit);
        site.MapGet("/me/security", IResult () => Me() is null ? PlainPages.ToSignIn("/me/security") : Page<SecurityPage>(new { Secret = Domain.Totp.NewSecret() })).ExcludeFromDescription();
        site.MapPost("/me/security", EnrolAsync).ExcludeFromDescription().RequireRateLimiting(Limit);
    }

    private static async Task<IResult> SignInAsync(HttpContext http, [FromForm] string? userName, [FromForm] string? password, [FromForm] string? code, [FromForm] string? returnUrl, SignIn signIn, CancellationToken stop)
    {
        var outcome = await signIn.RunAsync(http, userName ?? "", password ?? "", code, stop);
        var to = Local(returnUrl);
        return outcome switch
        {
            SignIn.Outcome.Welcome => TypedResults.LocalRedirect(to),
            SignIn.Outcome.ChangePassword => TypedResults.LocalRedirect("/me/password"),
            // The password travels back into the page of the person who just typed it, for the second step only.
            SignIn.Outcome.NeedCode => Page<SignInPage>(new { ReturnUrl = to, UserName = userName, Password = password, NeedCode = true }),
            _ => Page<SignInPage>(new { ReturnUrl = to, UserName = userName, Problem = "identity.wrong" }),
        };
    }

    private static async Task<IResult> JoinFormAsync(string? code, Join join, CancellationToken stop) =>
        Page<JoinPage>(new { Code = code ?? "", Whose = await join.WhoseAsync(code ?? "", stop) });

    private static async Task<IResult> JoinAsync(HttpContext http, [FromForm] string? code, [FromForm] string? userName, [FromForm] string? password, [FromForm] string? again, Join join, Texts texts, CancellationToken stop)
    {
        try
        {
            Rule.Require(password == again, "identity.password-differs", "again");
            await join.RunAsync(http, code ?? "", userName ?? "", password ?? "", stop);
            return TypedResults.LocalRedirect("/my");
        }
        catch (RuleBrokenException rule)
        {
            http.Response.StatusCode = rule.Status;
            return Page<JoinPage>(new { Code = code ?? "", Whose = await join.WhoseAsync(code ?? "", stop), UserName = userName, Problem = texts.Say(rule) });
        }
    }

    private static async Task<IResult> PasswordAsync(HttpContext http, [FromForm] string? old, [FromForm] string? password, [FromForm] string? again, SignIn signIn, Texts texts, CancellationToken stop)
    {
        if (Me() is not { } me) return PlainPages.ToSignIn("/me/password");
        try
        {
            Rule.Require(password == again, "identity.password-differs", "again");
            await signIn.ChangePasswordAsync(http, me, old ?? "", password ?? "", stop);
            return TypedResults.LocalRedirect("/");
        }
        catch (RuleBrokenException rule)
        {
            return Page<PasswordPage>(new { Problem = texts[rule.Code, [.. rule.Args]] });
        }
    }

    private static async Task<IResult> EnrolAsync(HttpContext http, [FromForm] string? secret, [FromForm] string? code, SignIn signIn, Texts texts, CancellationToken stop)
    {
        if (Me() is not { } me) return PlainPages.ToSignIn("/me/security");
        Rule.Require(secret is { Length: 32 } && secret.All(c => c is >= 'A' and <= 'Z' or >= '2' and <= '7'), "identity.code-wrong", "secret");
        try
        {
            return Page<SecurityPage>(new { Secret = secret, Codes = await signIn.EnrolAsync(http, me, secret!, code ?? "", stop) });
        }
        catch (RuleBrokenException rule)
        {
            return Page<SecurityPage>(new { Secret = secret, Problem = texts[rule.Code, [.. rule.Args]] });
        }
    }

    private static Guid? Me() => Actor.Current is { Kind: ActorKind.Person, Id: { } id } ? id : null;

    private static RazorComponentResult<T> Page<T>(object parameters) where T : Microsoft.AspNetCore.Components.IComponent => new(parameters);

    /// <summary>Only addresses of this site.</summary>
    private static string Local(string? address) =>
        address is { Length: > 0 } && address[0] == '/' && !address.StartsWith("//", StringComparison.Ordinal) && !address.StartsWith("/\\", StringComparison.Ordinal) ? address : "/";
}
