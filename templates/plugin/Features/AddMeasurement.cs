using Acme.Noise.Data;
using Acme.Noise.Domain;
using Liren.Sdk;
using Liren.Sdk.Security;
using Liren.Sdk.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;

namespace Acme.Noise.Features;

/// <summary>Adds a measurement; the same Idempotency-Key adds it once.</summary>
[Needs("noise.measure")]
internal sealed class AddMeasurement(NoiseDb db, TimeProvider clock) : IFeature
{
    public sealed record Request(string Place, int Decibels);
    public sealed record Response(Guid Id);

    public static void Map(IEndpointRouteBuilder api) => api.MapPost("/measurements", async (Request request, NewId id, AddMeasurement feature, CancellationToken stop) =>
    {
        var made = await feature.RunAsync(request, id, stop);
        return TypedResults.Created($"/api/noise/measurements/{made.Id}", made);
    });

    public async Task<Response> RunAsync(Request request, NewId id, CancellationToken stop)
    {
        Actor.Current.Require("noise.measure", request.Place);
        var measurement = Measurement.Of(id.Value, request.Place, request.Decibels, clock.GetUtcNow());
        if (id.Repeatable && await db.Measurements.AnyAsync(m => m.Id == id.Value, stop)) return new(id.Value);
        db.Add(measurement);
        await db.SaveChangesAsync(stop);
        return new(measurement.Id);
    }
}
