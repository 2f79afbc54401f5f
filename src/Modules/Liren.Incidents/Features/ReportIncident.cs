using Liren.Incidents.Data;
using Liren.Incidents.Domain;
using Liren.Sdk;
using Liren.Sdk.Files;
using Liren.Sdk.Security;
using Liren.Sdk.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;

namespace Liren.Incidents.Features;

/// <summary>A person reports what they see (上报), in words and with photos; answered with the incident's number.</summary>
[Needs("incidents.report")]
internal sealed class ReportIncident(IncidentsDb db, SignalCheck check, Judge judge, PhotoStore store, TimeProvider clock) : IFeature
{
    public sealed record Request(string? Type, string? Place, string? Text);

    /// <param name="IncidentId">The incident.</param>
    /// <param name="Code">Its number, to read out.</param>
    /// <param name="Joined">True when there was one already for this type and place.</param>
    public sealed record Response(Guid IncidentId, string Code, bool Joined);

    public static void Map(IEndpointRouteBuilder api) => api.MapPost("/", async (HttpContext http, ReportIncident feature, CancellationToken stop) =>
    {
        var form = await Uploads.ReadAsync(http, stop);
        var answer = await feature.RunAsync(new(form["type"], form["place"], form["text"]), form.Photos, form.Key, stop);
        return Results.Created($"/api/incidents/{answer.IncidentId}", answer);
    }).TakesForm("type", "place", "text");

    public async Task<Response> RunAsync(Request request, IReadOnlyList<byte[]> photos, NewId id, CancellationToken stop)
    {
        await check.RequireAsync(request.Type, request.Place, stop);
        Actor.Current.Require("incidents.report", request.Place!);
        Rule.Require(request.Text?.Trim().Length is >= 2 and <= 500, "incidents.text", "text");
        var me = new Doer(Actor.Current.Id, Actor.Current.Name);
        var kept = await Evidence.KeepAsync(store, photos, Act.Comment, me, clock.GetUtcNow(), stop);
        for (var left = 4; ; left--)
        {
            if (await db.Observations.AsNoTracking().SingleOrDefaultAsync(o => o.Id == id.Value, stop) is { IncidentId: { } first })
                return new(first, await db.Incidents.Where(i => i.Id == first).Select(i => i.Code).SingleAsync(stop), true);
            var now = clock.GetUtcNow();
            var signal = Observation.Receive(id.Value, request.Type!, request.Place!, null, Actor.Current.Name.Length > 60 ? Actor.Current.Name[..60] : Actor.Current.Name, false, now, Quality.Good, DateTimeOffset.MinValue, now);
            db.Add(signal);
            var fresh = Guid.CreateVersion7();
            var incident = (await judge.LookAsync(signal, me, request.Text!.Trim(), fresh, stop))!;
            if (incident.Id != fresh) incident.Remark(me, By.Reader, request.Text, null, now);
            incident.Attach(kept);
            try
            {
                await db.SaveChangesAsync(stop);
                return new(incident.Id, incident.Code, incident.Id != fresh);
            }
            // Two reports of the same thing at once: the second joins the first.
            catch (RuleBrokenException changed) when (changed.Status == 412 && left > 1) { db.ChangeTracker.Clear(); }
            catch (DbUpdateException) when (left > 1) { db.ChangeTracker.Clear(); }
        }
    }
}
