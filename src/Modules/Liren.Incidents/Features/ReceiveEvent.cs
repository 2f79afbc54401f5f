using System.Text.Json;
using Liren.Contracts.Organisation;
using Liren.Contracts.Places;
using Liren.Incidents.Data;
using Liren.Incidents.Domain;
using Liren.Sdk;
using Liren.Sdk.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;

namespace Liren.Incidents.Features;

/// <summary>Takes a signal of a sensor, a program or a person (感知). Durable when answered; the sender's id makes it once only.</summary>
[Needs("incidents.report")]
internal sealed class ReceiveEvent(IncidentsDb db, SignalCheck check, TimeProvider clock) : IFeature
{
    /// <param name="Id">Chosen by the sender (a UUID); the same id again is the same signal.</param>
    /// <param name="Type">Event type, e.g. crowd.gathering.</param>
    /// <param name="Place">Path of the place.</param>
    /// <param name="At">When it was so.</param>
    /// <param name="Source">Name of the sensor.</param>
    /// <param name="Value">Measured value, e.g. the number of people.</param>
    /// <param name="Quality">good, lower-bound, suspect or simulated.</param>
    public sealed record Request(Guid Id, string Type, string Place, DateTimeOffset At, string Source, JsonElement? Value = null, string? Quality = null);

    /// <param name="Id">The signal's id.</param>
    /// <param name="Stored">Always true: it is on disk.</param>
    /// <param name="Judged">False when it is stored only: late, out of order, or suspect.</param>
    /// <param name="Quality">What is known about its quality.</param>
    /// <param name="Repeated">True when it had been received before.</param>
    public sealed record Response(Guid Id, bool Stored, bool Judged, string Quality, bool Repeated);

    public static void Map(IEndpointRouteBuilder api) => api.MapPost("/events", async (Request request, ReceiveEvent feature, CancellationToken stop) =>
    {
        var answer = await feature.RunAsync(request, stop);
        return answer.Repeated ? Results.Ok(answer) : Results.Accepted(null, answer);
    });

    public async Task<Response> RunAsync(Request request, CancellationToken stop)
    {
        Rule.Require(request.Id != Guid.Empty, "incidents.id", "id");
        await check.RequireAsync(request.Type, request.Place, stop);
        Actor.Current.Require("incidents.report", request.Place);
        if (await RepeatedAsync(request, stop) is { } before) return before;
        var newest = await db.Observations.Where(o => o.Type == request.Type && o.PlacePath == request.Place && o.Source == request.Source && (o.Quality & (Domain.Quality.Late | Domain.Quality.Suspect)) == 0)
            .MaxAsync(o => (DateTimeOffset?)o.At, stop) ?? DateTimeOffset.MinValue;
        var machine = Actor.Current.Kind != ActorKind.Person;
        var signal = Observation.Receive(request.Id, request.Type, request.Place, Number(request.Value), request.Source, machine, request.At, QualityOf(request.Quality), newest, clock.GetUtcNow());
        db.Add(signal);
        try { await db.SaveChangesAsync(stop); }
        catch (DbUpdateException)
        {
            // The same signal twice at once: the other one was stored.
            db.ChangeTracker.Clear();
            if (await RepeatedAsync(request, stop) is { } other) return other;
            throw;
        }
        return new(signal.Id, true, signal.Counts, signal.Quality.ToString(), false);
    }

    private async Task<Response?> RepeatedAsync(Request request, CancellationToken stop)
    {
        if (await db.Observations.AsNoTracking().SingleOrDefaultAsync(o => o.Id == request.Id, stop) is not { } before) return null;
        Rule.State(before.Type == request.Type && before.PlacePath == request.Place && before.Source == request.Source, "incidents.id-taken");
        return new(before.Id, true, before.Counts, before.Quality.ToString(), true);
    }

    /// <summary>A JSON number; NaN and words are refused with the field's name instead of "bad JSON".</summary>
    private static double? Number(JsonElement? value)
    {
        if (value is not { } v || v.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined) return null;
        Rule.Require(v.ValueKind == JsonValueKind.Number, "incidents.value-number", "value");
        return v.TryGetDouble(out var number) ? number : throw new RuleBrokenException("incidents.value-number", "value");
    }

    private static Quality QualityOf(string? quality) => quality switch
    {
        null or "" or "good" => Domain.Quality.Good,
        "lower-bound" => Domain.Quality.LowerBound,
        "suspect" => Domain.Quality.Suspect,
        "simulated" => Domain.Quality.Simulated,
        _ => throw new RuleBrokenException("incidents.quality", "quality", 422, quality),
    };
}

/// <summary>Type and place of a signal must exist; the refusal names what comes near.</summary>
internal sealed class SignalCheck(IEventTypes types, IPlaceDirectory places)
{
    public async Task RequireAsync(string? type, string? place, CancellationToken stop)
    {
        Rule.Require(!string.IsNullOrWhiteSpace(type), "incidents.type-missing", "type");
        Rule.Require(!string.IsNullOrWhiteSpace(place), "incidents.place-missing", "place");
        if (await types.FindAsync(type!, stop) is not { InUse: true })
        {
            var all = (await types.AllAsync(stop)).Where(t => t.InUse).Select(t => t.Code).ToList();
            throw new RuleBrokenException("incidents.type-unknown", "type", 422, type!, string.Join(", ", Near(type!, all).Take(5)));
        }
        if (!PlacePath.IsValid(place!) || await places.FindAsync(place!, stop) is null)
        {
            var parent = PlacePath.SelfAndAncestors(PlacePath.Parent(place!)).First(p => p.Length == 0 || PlacePath.IsValid(p));
            // Only what the asker may see anyway is suggested.
            var children = parent.Length > 0 && Actor.Current.May("incidents.report", parent) ? (await places.ChildrenAsync(parent, stop)).Select(c => c.Path).ToList() : [];
            throw new RuleBrokenException("incidents.place-unknown", "place", 422, place!, children.Count == 0 ? "–" : string.Join(", ", Near(place!, children).Take(5)));
        }
    }

    /// <summary>Those that share most of their beginning or letters with what was written.</summary>
    private static IEnumerable<string> Near(string written, IEnumerable<string> known) => known.OrderByDescending(k => k.Zip(written).TakeWhile(p => p.First == p.Second).Count()).ThenBy(k => Distance(k, written));

    private static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var (corner, left) = (row[0], row[0] = i);
            for (var j = 1; j <= b.Length; j++)
            {
                var above = row[j];
                left = row[j] = Math.Min(Math.Min(above, left) + 1, corner + (a[i - 1] == b[j - 1] ? 0 : 1));
                corner = above;
            }
        }
        return row[b.Length];
    }
}
