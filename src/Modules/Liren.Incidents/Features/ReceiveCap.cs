using Liren.Alerts;
using Liren.Contracts.Organisation;
using Liren.Contracts.Places;
using Liren.Incidents.Data;
using Liren.Incidents.Domain;
using Liren.Sdk;
using Liren.Sdk.Security;
using Liren.Sdk.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Liren.Sdk.Text;

namespace Liren.Incidents.Features;

/// <summary>
/// Takes a message of the Common Alerting Protocol as an observation (接收预警). It never acts: the plan judges the observation like any other. A sender
/// that is not registered is quarantined; what has expired, is a test or takes something back makes no observation.
/// </summary>
[Needs("incidents.report")]
internal sealed class ReceiveCap(IncidentsDb db, CapOptions options, CapLog log, Ladder ladder, IEventTypes types, IPlaceDirectory places, TimeProvider clock) : IFeature
{
    private const int MostPlaces = 20, LongestSource = 60;

    /// <param name="Id">The observation's id.</param>
    /// <param name="Place">Where.</param>
    /// <param name="Repeated">True when it had been received before.</param>
    public sealed record Seen(Guid Id, string Place, bool Repeated);

    /// <param name="Identifier">The message's.</param>
    /// <param name="Outcome">What became of it.</param>
    /// <param name="Observations">One for each place it names.</param>
    /// <param name="Incidents">Incidents that stand on a message taken back: people have been told, nothing was closed.</param>
    public sealed record Response(string Identifier, CapOutcome Outcome, IReadOnlyList<Seen> Observations, IReadOnlyList<Guid> Incidents);

    public static void Map(IEndpointRouteBuilder api) => api.MapPost("/cap", async (HttpRequest request, ReceiveCap feature, CancellationToken stop) =>
    {
        var answer = await feature.RunAsync(await ReadAsync(request, stop), stop);
        return answer.Outcome == CapOutcome.Taken ? Results.Accepted(null, answer) : Results.Ok(answer);
    }).Produces<Response>().Accepts<string>("application/cap+xml", "application/xml", "text/xml").WithMetadata(new RequestSizeLimitAttribute(AlertReader.MostBytes + 1));

    public async Task<Response> RunAsync(ReadOnlyMemory<byte> message, CancellationToken stop)
    {
        var alert = Parse(message);
        var info = alert.Infos.Count > 0 ? alert.Infos[0] : null;
        var what = info?.Event ?? "";
        Response Answer(CapOutcome outcome, IReadOnlyList<Seen>? seen = null, IReadOnlyList<Guid>? incidents = null)
        {
            log.Add(alert.Sender, alert.Identifier, what, outcome);
            return new(alert.Identifier, outcome, seen ?? [], incidents ?? []);
        }
        RuleBrokenException Refuse(CapOutcome outcome, string code, string field, int status, params object[] args)
        {
            log.Add(alert.Sender, alert.Identifier, what, outcome);
            return new(code, field, status, args);
        }

        if (alert.Sender == options.Sender) return Answer(CapOutcome.Ignored);
        if (!options.Senders.Contains(alert.Sender)) throw Refuse(CapOutcome.UnknownSender, "incidents.cap-sender", "sender", 403, alert.Sender);
        if (alert.Status is not (AlertStatus.Actual or AlertStatus.Exercise) || alert.Kind is AlertKind.Ack or AlertKind.Error || info is null && alert.Kind != AlertKind.Cancel) return Answer(CapOutcome.Ignored);
        if (alert.Kind == AlertKind.Cancel) return Answer(CapOutcome.Cancelled, incidents: await TellOfCancelAsync(alert, stop));
        var now = clock.GetUtcNow();
        if (alert.ExpiredAt(now)) return Answer(CapOutcome.Expired);
        if (await TypeAsync(info!, stop) is not { } type) throw Refuse(CapOutcome.UnknownEvent, "incidents.cap-event", "event", 422, what);
        var found = await PlacesAsync(alert, stop);
        if (found.Count == 0) throw Refuse(CapOutcome.UnknownPlace, "incidents.cap-place", "geocode", 422);
        foreach (var place in found) Actor.Current.Require("incidents.report", place);
        var seen = await StoreAsync(alert, info!, type, found, now, stop);
        return Answer(seen.All(s => s.Repeated) ? CapOutcome.Repeated : CapOutcome.Taken, seen);
    }

    private static Alert Parse(ReadOnlyMemory<byte> message)
    {
        var reading = AlertReader.Read(message);
        if (reading.Alert is { } alert) return alert;
        var first = reading.Faults[0];
        var said = first.Message(Show.Language);
        throw new RuleBrokenException("incidents.cap-faulty", first.Path.Length == 0 ? "alert" : first.Path, first.Code == "too-large" ? 413 : 422, first.Line, first.Path, said, reading.Faults.Count);
    }

    // What it says is so now, until it expires: the time of an observation is that of its arrival. The ids come from the message, so it counts once.
    private async Task<List<Seen>> StoreAsync(Alert alert, AlertInfo info, string type, IReadOnlyList<string> found, DateTimeOffset now, CancellationToken stop)
    {
        var quality = alert.Status == AlertStatus.Exercise ? Quality.Simulated | Quality.Suspect : info.Certainty is AlertCertainty.Unlikely or AlertCertainty.Unknown ? Quality.Suspect : Quality.Good;
        var ids = found.Select((_, n) => IdOf(alert.Reference, n)).ToList();
        var known = (await db.Observations.AsNoTracking().Where(o => ids.Contains(o.Id)).Select(o => o.Id).ToListAsync(stop)).ToHashSet();
        for (var n = 0; n < found.Count; n++)
            if (!known.Contains(ids[n])) db.Add(Observation.Receive(ids[n], type, found[n], null, alert.Sender.Length > LongestSource ? alert.Sender[..LongestSource] : alert.Sender, true, now, quality, DateTimeOffset.MinValue, now));
        try { await db.SaveChangesAsync(stop); }
        // The same message twice at once: the other one was stored.
        catch (DbUpdateException) { db.ChangeTracker.Clear(); known = [.. ids]; }
        return [.. found.Select((place, n) => new Seen(ids[n], place, known.Contains(ids[n])))];
    }

    private async Task<IReadOnlyList<Guid>> TellOfCancelAsync(Alert alert, CancellationToken stop)
    {
        // Only its own messages can a sender take back.
        var ids = alert.References.Where(r => r.Sender == alert.Sender).SelectMany(r => Enumerable.Range(0, MostPlaces).Select(n => IdOf(r, n))).ToList();
        var incidents = await db.Incidents.Include(i => i.Offers).Where(i => i.OpenKey != null && db.Observations.Any(o => ids.Contains(o.Id) && o.IncidentId == i.Id)).ToListAsync(stop);
        foreach (var incident in incidents) await ladder.TellManagersAsync(incident, "incidents.bell.cap-cancelled", clock.GetUtcNow(), stop);
        await db.SaveChangesAsync(stop);
        return [.. incidents.Select(i => i.Id)];
    }

    private static Guid IdOf(AlertReference message, int place) => NewId.Made($"cap\n{message.Sender}\n{message.Identifier}\n{message.Sent.ToUnixTimeSeconds()}\n{place}");

    /// <summary>Our own code when it carries one, else what the installation calls it, else a type of that name.</summary>
    private async Task<string?> TypeAsync(AlertInfo info, CancellationToken stop)
    {
        var named = info.EventCodes.FirstOrDefault(c => c.Name == CapPlaces.Ours)?.Value ?? options.Events.GetValueOrDefault(info.Event.Trim()) ?? info.Event.Trim();
        return await types.FindAsync(named, stop) is { InUse: true } type ? type.Code : null;
    }

    private async Task<IReadOnlyList<string>> PlacesAsync(Alert alert, CancellationToken stop)
    {
        var paths = alert.Infos.SelectMany(i => i.Areas).SelectMany(a => a.Geocodes).Select(CapPlaces.PathOf).OfType<string>().Distinct().Take(MostPlaces).ToList();
        var known = await places.FindManyAsync(paths, stop);
        return [.. paths.Where(known.ContainsKey)];
    }

    // Read here and not bound: whoever may not send is told so before the body is looked at.
    private static async Task<ReadOnlyMemory<byte>> ReadAsync(HttpRequest request, CancellationToken stop)
    {
        using var body = new MemoryStream();
        var buffer = new byte[16_384];
        int read;
        while (body.Length <= AlertReader.MostBytes && (read = await request.Body.ReadAsync(buffer, stop)) > 0) body.Write(buffer, 0, read);
        return body.ToArray();
    }
}
