using Liren.Sdk;
using Liren.Sdk.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Liren.Bench.Peer;

/// <summary>A plug-in with the least an endpoint can do: the ceiling that reads are measured against, in the same process and behind the same middleware.</summary>
public sealed class PeerModule : Module
{
    /// <inheritdoc/>
    public override string Name => "peer";
}

[OpenToAll("it answers nothing but a constant, and only benchmarks load it")]
internal sealed class AnswerNothing : IFeature
{
    private sealed record Answer(bool Ok);

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/empty", () => TypedResults.Ok(new Answer(true)));
        // For what is sent: the same request, taken and answered, with nothing in between.
        api.MapPost("/empty", () => TypedResults.Ok(new Answer(true)));
    }
}
