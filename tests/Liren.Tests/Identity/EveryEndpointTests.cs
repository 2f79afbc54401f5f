using System.Net;
using System.Net.Http.Json;
using System.Text.RegularExpressions;
using Liren.Sdk;
using Liren.Sdk.Security;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Liren.Tests.Identity;

/// <summary>Deny by default, walked: every feature's endpoint, with everybody who must not reach it.</summary>
public sealed class EveryEndpointTests(LirenApp app) : IClassFixture<LirenApp>
{
    [Fact]
    public async Task Nobody_without_the_permission_reaches_an_endpoint()
    {
        var permissions = app.Services.GetRequiredService<ModuleList>().All.SelectMany(m => m.Permissions).ToDictionary(p => p.Code, p => p.Roles);
        var wrong = new List<string>();
        foreach (var endpoint in Endpoints().Where(e => e.Metadata.GetMetadata<NeedsAttribute>() is not null))
        {
            var needs = endpoint.Metadata.GetMetadata<NeedsAttribute>()!.Permission;
            permissions.ShouldContainKey(needs);
            var anonymous = await CallAsync(app.CreateClient(), endpoint);
            if (anonymous != HttpStatusCode.Unauthorized) wrong.Add($"{Name(endpoint)}: anonymous got {anonymous}");
            foreach (var role in BuiltInRoles.All.Where(r => r != BuiltInRoles.Administrator && !permissions[needs].Contains(r)))
            {
                var answer = await CallAsync(app.As(role, purpose: Purposes.Audit), endpoint);
                if (answer != HttpStatusCode.Forbidden) wrong.Add($"{Name(endpoint)}: {role} got {answer}");
            }
        }
        wrong.ShouldBeEmpty();
    }

    [Fact]
    public async Task Personal_data_is_not_read_without_a_purpose()
    {
        var personal = Endpoints().Where(e => e.Metadata.GetMetadata<PersonalDataAttribute>() is not null).ToList();
        personal.ShouldNotBeEmpty();
        var wrong = new List<string>();
        foreach (var endpoint in personal)
            if (await CallAsync(app.As(BuiltInRoles.Administrator), endpoint) is var answer and not HttpStatusCode.BadRequest) wrong.Add($"{Name(endpoint)}: {answer}");
        wrong.ShouldBeEmpty();
    }

    private IEnumerable<RouteEndpoint> Endpoints() =>
        app.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>().Where(e => e.Metadata.GetMetadata<FeatureMetadata>() is not null);

    private static string Method(RouteEndpoint endpoint) => endpoint.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods[0];

    private static string Name(RouteEndpoint endpoint) => $"{Method(endpoint)} {endpoint.RoutePattern.RawText}";

    /// <summary>A body of a kind the endpoint takes: routing refuses any other before a permission is looked at.</summary>
    private static HttpContent Body(RouteEndpoint endpoint) => endpoint.Metadata.GetMetadata<IAcceptsMetadata>()?.ContentTypes is [var type, ..] && type != "application/json"
        ? type == "multipart/form-data" ? new MultipartFormDataContent { { new StringContent(""), "nothing" } } : new StringContent("", System.Text.Encoding.UTF8, type)
        : JsonContent.Create(new { });

    private static async Task<HttpStatusCode> CallAsync(HttpClient http, RouteEndpoint endpoint)
    {
        var path = endpoint.RoutePattern.RawText!.Replace("{act:regex(^(disable|enable|unlock|reset|remove-second-factor)$)}", "unlock", StringComparison.Ordinal);
        path = Regex.Replace(path, @"\{[^}]*:guid\}", "0197a000-0000-7000-8000-000000000000");
        path = Regex.Replace(path, @"\{[^}]*:(int|long)\}", "1");
        path = Regex.Replace(path, @"\{[^}]*\}", "31");
        using var request = new HttpRequestMessage(new HttpMethod(Method(endpoint)), new Uri(path, UriKind.RelativeOrAbsolute));
        if (request.Method != HttpMethod.Get && request.Method != HttpMethod.Delete) request.Content = Body(endpoint);
        request.Headers.TryAddWithoutValidation("If-Match", "\"1\"");
        request.Headers.TryAddWithoutValidation("Idempotency-Key", "walk-every-endpoint");
        using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        return answer.StatusCode;
    }
}
