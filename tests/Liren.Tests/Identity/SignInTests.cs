using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Liren.Contracts.Identity;
using Liren.Identity.Domain;
using Liren.Sdk.Security;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Liren.Tests.Identity;

public sealed class SignInTests(LirenApp app) : IClassFixture<LirenApp>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    // RFC 6238, appendix B, SHA-1; its 8 digits shortened to the last 6.
    [Theory]
    [InlineData(59, "287082")]
    [InlineData(1111111109, "081804")]
    [InlineData(1111111111, "050471")]
    [InlineData(1234567890, "005924")]
    [InlineData(2000000000, "279037")]
    [InlineData(20000000000, "353130")]
    public void Codes_are_those_of_the_standard(long seconds, string code) =>
        Totp.Code(Encoding.ASCII.GetBytes("12345678901234567890"), seconds / 30).ShouldBe(code);

    [Fact]
    public void A_code_works_once_and_one_step_to_either_side()
    {
        var now = app.Clock.GetUtcNow();
        var secret = Totp.NewSecret();
        var step = now.ToUnixTimeSeconds() / 30;
        foreach (var near in new[] { step - 1, step, step + 1 }) Totp.StepOf(Totp.Code(Totp.FromBase32(secret), near), secret, now).ShouldBe(near);
        var account = Account.Add(Guid.CreateVersion7(), "once", "Once", null, null, now);
        account.TakeStep(step).ShouldBeTrue();
        account.TakeStep(step).ShouldBeFalse();
        account.TakeStep(step - 1).ShouldBeFalse();
    }

    [Fact]
    public async Task Five_failures_lock_for_a_quarter_of_an_hour_and_nothing_tells_who_exists()
    {
        var password = await EnsureAsync("locked-out", BuiltInRoles.GridWorker);
        for (var i = 0; i < 5; i++) (await SignInAsync("locked-out", "wrong")).Code.ShouldBe(HttpStatusCode.OK);
        var locked = await SignInAsync("locked-out", password);
        locked.Code.ShouldBe(HttpStatusCode.OK);
        Alert((await SignInAsync("nobody-here", "wrong")).Body).ShouldBe(Alert(locked.Body));
        await app.PassAsync(TimeSpan.FromMinutes(16));
        (await SignInAsync("locked-out", password)).Code.ShouldBe(HttpStatusCode.Redirect);
    }

    [Fact]
    public async Task Nobody_resets_the_password_of_whoever_may_do_more()
    {
        (await app.As(BuiltInRoles.Administrator).PutAsJsonAsync("/api/identity/roles/help-desk", new { name = "Help desk", permissions = new[] { "identity.accounts", "identity.roles", "identity.keys" } }, Stop)).EnsureSuccessStatusCode();
        var boss = await IdAsync("boss", BuiltInRoles.Administrator);
        var peer = await IdAsync("peer", "help-desk");
        var desk = await KeyAsync("help-desk");
        (await desk.PostAsync(new Uri($"/api/identity/accounts/{peer}/reset", UriKind.Relative), null, Stop)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await desk.PostAsync(new Uri($"/api/identity/accounts/{boss}/reset", UriKind.Relative), null, Stop)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await desk.PutAsJsonAsync("/api/identity/roles/help-desk", new { name = "Help desk", permissions = new[] { "identity.accounts", "identity.journal" } }, Stop)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await desk.PostAsJsonAsync($"/api/identity/accounts/{peer}/grants", new { role = BuiltInRoles.Auditor, place = "" }, Stop)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task A_password_somebody_else_has_seen_opens_nothing()
    {
        var made = await (await app.As(BuiltInRoles.Administrator).PostAsJsonAsync("/api/identity/accounts", new { userName = "newcomer", displayName = "New", role = BuiltInRoles.Administrator, place = "" }, Stop))
            .Content.ReadFromJsonAsync<JsonElement>(Stop);
        var (code, _, http) = await SignInAsync("newcomer", made.GetProperty("password").GetString()!);
        code.ShouldBe(HttpStatusCode.Redirect);
        (await http.GetAsync(new Uri("/api/identity/accounts", UriKind.Relative), Stop)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task Disabling_ends_the_session_at_once()
    {
        var password = await EnsureAsync("leaver", BuiltInRoles.Administrator);
        var (_, _, http) = await SignInAsync("leaver", password);
        (await http.GetAsync(new Uri("/api/identity/accounts", UriKind.Relative), Stop)).StatusCode.ShouldBe(HttpStatusCode.OK);
        var id = await IdAsync("leaver", BuiltInRoles.Administrator);
        (await app.As(BuiltInRoles.Administrator).PostAsync(new Uri($"/api/identity/accounts/{id}/disable", UriKind.Relative), null, Stop)).EnsureSuccessStatusCode();
        (await http.GetAsync(new Uri("/api/identity/accounts", UriKind.Relative), Stop)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    private Task<string> EnsureAsync(string name, string role) =>
        app.InScopeAsync(async s => await s.GetRequiredService<IAccountDirectory>().EnsureAsync(new NewAccount(name, name, null, role, ""), Stop) ?? "");

    private async Task<Guid> IdAsync(string name, string role)
    {
        await EnsureAsync(name, role);
        return await app.InScopeAsync(async s => (await s.GetRequiredService<IAccountDirectory>().FindByUserNameAsync(name, Stop))!.Id);
    }

    private async Task<HttpClient> KeyAsync(string role)
    {
        var made = await (await app.As(BuiltInRoles.Administrator).PostAsJsonAsync("/api/identity/keys", new { name = role, kind = "program", role, place = "", days = 1 }, Stop)).Content.ReadFromJsonAsync<JsonElement>(Stop);
        var http = app.CreateClient();
        http.DefaultRequestHeaders.Authorization = new("Bearer", made.GetProperty("key").GetString());
        return http;
    }

    private static string Alert(string page) => Regex.Match(page, "role=\"alert\"[^>]*>(.*?)</", RegexOptions.Singleline).Groups[1].Value.Trim();

    private async Task<(HttpStatusCode Code, string Body, HttpClient Http)> SignInAsync(string name, string password)
    {
        var http = app.CreateClient(new WebApplicationFactoryClientOptions { AllowAutoRedirect = false });
        var token = Regex.Match(await http.GetStringAsync("/sign-in", Stop), "name=\"__RequestVerificationToken\"[^>]*value=\"([^\"]+)\"").Groups[1].Value;
        using var form = new FormUrlEncodedContent(new Dictionary<string, string> { ["__RequestVerificationToken"] = token, ["userName"] = name, ["password"] = password });
        var answer = await http.PostAsync(new Uri("/sign-in", UriKind.Relative), form, Stop);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync(Stop), http);
    }
}
