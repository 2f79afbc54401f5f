using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Liren.Sdk;
using Liren.Sdk.Security;
using Liren.Sdk.Text;
using Liren.Sdk.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Liren.Tests.Spine;

/// <summary>What callers get when something is not right.</summary>
public sealed class AnswerTests(LirenApp app) : IClassFixture<LirenApp>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private async Task<(HttpStatusCode Status, JsonElement Body)> PostKeyAsync(string json)
    {
        using var content = new StringContent(json, Encoding.UTF8, "application/json");
        using var answer = await app.As(BuiltInRoles.Administrator).PostAsync("/api/identity/keys", content, Stop);
        return (answer.StatusCode, await answer.Content.ReadFromJsonAsync<JsonElement>(Stop));
    }

    [Fact]
    public async Task A_value_of_the_wrong_type_is_answered_with_its_field_and_a_sentence()
    {
        var (status, body) = await PostKeyAsync("""{"name":"x","kind":"program","role":"integration","place":"","days":"many"}""");
        status.ShouldBe(HttpStatusCode.BadRequest);
        body.GetProperty("code").GetString().ShouldBe("sdk.bad-value");
        body.GetProperty("field").GetString().ShouldBe("days");
        body.GetProperty("title").GetString().ShouldNotBeNullOrWhiteSpace();
    }

    [Theory]
    [InlineData("{")]
    [InlineData("")]
    [InlineData("nonsense")]
    public async Task A_body_that_is_no_json_is_answered_with_a_sentence(string json)
    {
        var (status, body) = await PostKeyAsync(json);
        status.ShouldBe(HttpStatusCode.BadRequest);
        body.GetProperty("title").GetString().ShouldNotBeNullOrWhiteSpace();
    }

    [Fact]
    public async Task A_bug_is_answered_with_a_number_to_quote_and_nothing_of_the_program()
    {
        var http = new DefaultHttpContext { RequestServices = app.Services };
        http.Response.Body = new MemoryStream();
        var handler = new RuleBrokenHandler(app.Services.GetRequiredService<IProblemDetailsService>(), app.Services.GetRequiredService<Texts>(), NullLogger<RuleBrokenHandler>.Instance);
        (await handler.TryHandleAsync(http, new InvalidOperationException("secret at Liren.Host.Program"), Stop)).ShouldBeTrue();
        http.Response.StatusCode.ShouldBe(500);
        var body = Encoding.UTF8.GetString(((MemoryStream)http.Response.Body).ToArray());
        body.ShouldContain("traceId");
        body.ShouldNotContain("secret");
        body.ShouldNotContain("Program");
    }

    [Fact]
    public async Task Health_and_readiness_are_told_apart()
    {
        (await app.CreateClient().GetStringAsync("/healthz", Stop)).ShouldBe("ok");
        (await app.CreateClient().GetStringAsync("/readyz", Stop)).ShouldBe("ready");
    }

    [Fact]
    public async Task No_feature_that_needs_a_permission_answers_somebody_unknown()
    {
        var open = new List<string>();
        var walked = 0;
        foreach (var endpoint in app.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>().Where(e => e.Metadata.GetMetadata<NeedsAttribute>() is not null))
        {
            var path = string.Join('/', endpoint.RoutePattern.PathSegments.Select(s => string.Concat(s.Parts.Select(p => p is Microsoft.AspNetCore.Routing.Patterns.RoutePatternParameterPart parameter
                ? Example(parameter)
                : ((dynamic)p).Content.ToString()))));
            foreach (var method in endpoint.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods)
            {
                using var request = new HttpRequestMessage(new(method), "/" + path + "?purpose=community.service");
                if (method is "POST" or "PUT" or "PATCH") request.Content = new StringContent("{}", Encoding.UTF8, "application/json");
                using var answer = await app.CreateClient().SendAsync(request, Stop);
                walked++;
                // Binding comes before the filter: a body that does not fit may be refused first. Nothing else may come out.
                if (answer.StatusCode is not (HttpStatusCode.Unauthorized or HttpStatusCode.BadRequest or HttpStatusCode.UnsupportedMediaType)) open.Add($"{method} /{path}: {(int)answer.StatusCode}");
            }
        }
        walked.ShouldBeGreaterThan(5);
        open.ShouldBeEmpty();
    }

    // A value that the route accepts: {id:guid}, {act:regex(^(disable|enable)$)}, {day:int}.
    private static string Example(Microsoft.AspNetCore.Routing.Patterns.RoutePatternParameterPart parameter)
    {
        var policies = parameter.ParameterPolicies.Select(p => p.Content ?? "").ToList();
        if (policies.Contains("guid")) return Guid.CreateVersion7().ToString();
        return policies.FirstOrDefault(p => p.StartsWith("regex(", StringComparison.Ordinal)) is { } regex ? System.Text.RegularExpressions.Regex.Match(regex["regex".Length..], "[a-z-]+").Value : "1";
    }
}
