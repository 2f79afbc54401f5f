using System.Net;
using System.Text.RegularExpressions;
using Liren.Contracts.Identity;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Liren.Tests.Identity;

public sealed class SimultaneousSignInTests(LirenApp app) : IClassFixture<LirenApp>
{
    [Fact]
    public async Task One_account_may_sign_in_on_several_devices_at_the_same_moment()
    {
        var stop = TestContext.Current.CancellationToken;
        var password = await app.InScopeAsync(s => s.GetRequiredService<IAccountDirectory>().EnsureAsync(new NewAccount("twins", "Twins", null, "grid-worker", "31"), stop));
        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(async _ =>
        {
            using var http = app.CreateClient(new WebApplicationFactoryClientOptions { AllowAutoRedirect = false });
            var form = await http.GetStringAsync("/sign-in", stop);
            var token = Regex.Match(form, "name=\"__RequestVerificationToken\"[^>]*value=\"([^\"]+)\"").Groups[1].Value;
            using var filled = new FormUrlEncodedContent(new Dictionary<string, string> { ["__RequestVerificationToken"] = token, ["userName"] = "twins", ["password"] = password! });
            return (await http.PostAsync(new Uri("/sign-in", UriKind.Relative), filled, stop)).StatusCode;
        }));
        answers.ShouldAllBe(code => code == HttpStatusCode.Redirect);
    }
}
