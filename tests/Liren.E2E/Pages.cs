using Liren.Host;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Components.Endpoints;
using Microsoft.AspNetCore.Routing;

namespace Liren.E2E;

/// <summary>Every page of the program, read from its endpoints, so that a new page cannot escape the tests.</summary>
public static class Pages
{
    private static readonly string[] NotPages = ["/healthz", "/readyz", "/metrics", "/not-found", "/Error"];
    private static readonly Lazy<IReadOnlyList<RouteEndpoint>> All = new(Read);

    /// <summary>Console pages that need no parameter.</summary>
    public static TheoryData<string> Console => [.. All.Value.Where(IsConsole).Select(Address).Where(a => !a.Contains('{', StringComparison.Ordinal)).Distinct().Order()];

    /// <summary>Console pages about one thing: "/identity/accounts/{Id:guid}".</summary>
    public static IReadOnlyList<RouteEndpoint> OfOneThing { get; } = [.. All.Value.Where(IsConsole).Where(e => e.RoutePattern.Parameters.Count > 0)];

    /// <summary>Pages without a circuit: sign-in, phone pages.</summary>
    public static TheoryData<string> Plain => [.. All.Value.Where(e => !IsConsole(e)).Where(IsGet).Select(Address)
        .Where(a => !a.StartsWith("/api/", StringComparison.Ordinal) && !a.StartsWith("/_", StringComparison.Ordinal) && !a.Contains('{', StringComparison.Ordinal) && !a.Contains('.', StringComparison.Ordinal))
        .Except(NotPages).Distinct().Order()];

    private static bool IsConsole(RouteEndpoint endpoint) => endpoint.Metadata.GetMetadata<ComponentTypeMetadata>() is not null && !NotPages.Contains(Address(endpoint));

    private static bool IsGet(RouteEndpoint endpoint) => endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods.Contains("GET") == true;

    private static string Address(RouteEndpoint endpoint) => "/" + endpoint.RoutePattern.RawText!.TrimStart('/');

    private static List<RouteEndpoint> Read()
    {
        var folder = Directory.CreateTempSubdirectory("liren-pages-").FullName;
        try
        {
            IEndpointRouteBuilder app = Server.Build([$"--Data:Folder={folder}", "--applicationName=Liren.Host"]);
            return [.. app.DataSources.SelectMany(s => s.Endpoints).OfType<RouteEndpoint>()];
        }
        finally { Directory.Delete(folder, recursive: true); }
    }
}
