using Liren.Contracts.Incidents;
using Liren.Contracts.Organisation;
using Liren.Contracts.Places;
using Liren.Incidents.Domain;
using Liren.Plans.Language;
using Liren.Sdk;
using Liren.Sdk.Files;
using Liren.Sdk.Security;
using Liren.Sdk.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Liren.Incidents.Features;

/// <summary>The person asked takes it (接单).</summary>
[Needs("incidents.handle")]
internal sealed class AcceptOffer(Desk desk) : IFeature
{
    public static void Map(IEndpointRouteBuilder api) => api.MapPost("/{id:guid}/accept", (Guid id, NewId step, AcceptOffer feature, CancellationToken stop) => feature.RunAsync(id, step, stop));

    public async Task<Moved> RunAsync(Guid id, NewId step, CancellationToken stop) => Moved.Of(await desk.ActAsync(id, step, "incidents.handle",
        t => t.Incident is { State: IncidentState.Accepted or IncidentState.OnScene } i && i.AssigneeId == t.Who.Id,
        t => { t.Incident.Accept(t.Who, t.By, t.Step, t.Now); return Task.CompletedTask; }, stop));
}

/// <summary>The person asked cannot (拒单), with a reason; the next is asked at once.</summary>
[Needs("incidents.handle")]
internal sealed class DeclineOffer(Desk desk, Ladder ladder) : IFeature
{
    public sealed record Request(string? Reason);

    public static void Map(IEndpointRouteBuilder api) => api.MapPost("/{id:guid}/decline", (Guid id, Request request, NewId step, DeclineOffer feature, CancellationToken stop) => feature.RunAsync(id, request, step, stop));

    public async Task<Moved> RunAsync(Guid id, Request request, NewId step, CancellationToken stop) => Moved.Of(await desk.ActAsync(id, step, "incidents.handle",
        t => t.Incident.CurrentOffer?.AccountId != t.Who.Id && t.Incident.Offers.Where(o => o.AccountId == t.Who.Id).MaxBy(o => o.At) is { Result: OfferResult.Declined },
        async t => { t.Incident.Decline(t.Who, t.By, request.Reason, t.Step, t.Now); await ladder.AskNextAsync(t.Incident, t.Now, stop); }, stop));
}

/// <summary>The assignee is there (到场): position, the code of the place, or a reason why neither.</summary>
[Needs("incidents.handle")]
internal sealed class ReportArrival(Desk desk, IPlaceDirectory places, PlaceCode codes, IStaffPositions positions) : IFeature
{
    /// <param name="Longitude">WGS-84 degrees.</param>
    /// <param name="Latitude">WGS-84 degrees.</param>
    /// <param name="Code">Code on the sign of the place.</param>
    /// <param name="Reason">Why there is neither.</param>
    public sealed record Request(double? Longitude = null, double? Latitude = null, string? Code = null, string? Reason = null);

    public static void Map(IEndpointRouteBuilder api) => api.MapPost("/{id:guid}/arrive", (Guid id, Request request, NewId step, ReportArrival feature, CancellationToken stop) => feature.RunAsync(id, request, step, stop));

    public async Task<Moved> RunAsync(Guid id, Request request, NewId step, CancellationToken stop)
    {
        Rule.Require(request.Longitude is null or (>= -180 and <= 180), "incidents.longitude", "longitude");
        Rule.Require(request.Latitude is null or (>= -90 and <= 90), "incidents.latitude", "latitude");
        var moved = await desk.ActAsync(id, step, "incidents.handle",
            t => t.Incident.State == IncidentState.OnScene && t.Incident.AssigneeId == t.Who.Id,
            async t =>
            {
                var here = await places.FindAsync(t.Incident.PlacePath, stop);
                var byCode = !string.IsNullOrWhiteSpace(request.Code);
                Rule.Require(!byCode || codes.Fits(request.Code!, t.Incident.PlacePath), "incidents.code-wrong", "code");
                t.Incident.Arrive(t.Who, t.By, Earth.Metres(request.Longitude, request.Latitude, here?.Longitude, here?.Latitude), byCode, request.Reason, t.Step, t.Now);
            }, stop);
        // Where staff are is kept by the organisation; it helps to ask the nearest next time.
        if (request is { Longitude: { } x, Latitude: { } y } && Actor.Current.Id is { } me) await positions.ReportAsync(me, x, y, stop);
        return Moved.Of(moved);
    }
}

/// <summary>Handled (处置完成): a note and at least one photo.</summary>
[Needs("incidents.handle")]
internal sealed class HandleIncident(Desk desk, Judge judge, Ladder ladder, PhotoStore store, TimeProvider clock, Contracts.Identity.IAccountDirectory accounts, Data.IncidentsDb db) : IFeature
{
    public static void Map(IEndpointRouteBuilder api) => api.MapPost("/{id:guid}/handle", async (Guid id, HttpContext http, HandleIncident feature, CancellationToken stop) =>
    {
        var form = await Uploads.ReadAsync(http, stop);
        return await feature.RunAsync(id, form["note"], form.Photos, form.Key, stop);
    }).TakesForm("note");

    public async Task<Moved> RunAsync(Guid id, string? note, IReadOnlyList<byte[]> photos, NewId step, CancellationToken stop)
    {
        // Before megabytes are written: may this person, and is it time?
        var before = await desk.LoadAsync(id, stop);
        Actor.Current.Require("incidents.handle", before.PlacePath);
        var me = new Doer(Actor.Current.Id, Actor.Current.Name);
        var kept = Desk.ByOf(before, Actor.Current).HasFlag(By.Assignee) ? await Evidence.KeepAsync(store, photos, Act.Handle, me, clock.GetUtcNow(), stop) : [];
        return Moved.Of(await desk.ActAsync(id, step, "incidents.handle",
            t => t.Incident.State is IncidentState.Verifying or IncidentState.Closed && t.Incident.AssigneeId == t.Who.Id && step.Repeatable && kept.Count > 0 && kept.All(k => t.Incident.Photos.Any(p => p.Sha == k.Sha)),
            async t =>
            {
                t.Incident.Handle(t.Who, t.By, note, kept, t.Step, t.Now);
                var checkers = (await accounts.WithPermissionAsync("incidents.verify", t.Incident.PlacePath, stop)).Where(a => !t.Incident.HadAHand(a.Id));
                db.Tell(checkers.Select(a => a.Id), "incidents.bell.verify", $"/field/verify/{t.Incident.Id}", t.Now, t.Incident.PlaceName, t.Incident.Code);
                await ladder.TellManagersAsync(t.Incident, "incidents.bell.handled", t.Now, stop);
                await judge.CloseWhenProvedAsync(t.Incident, stop);
            }, stop));
    }
}

/// <summary>A second person has seen that it is over (核验通过), or that it is not (核验不通过).</summary>
[Needs("incidents.verify")]
internal sealed class VerifyIncident(Desk desk, Judge judge, PhotoStore store, Data.IncidentsDb db, PlanOf plans, IPlaceDirectory places, TimeProvider clock) : IFeature
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost("/{id:guid}/confirm", async (Guid id, HttpContext http, VerifyIncident feature, CancellationToken stop) =>
        {
            var form = await Uploads.ReadAsync(http, stop);
            return await feature.ConfirmAsync(id, form["note"], form.Photos, form.Key, stop, form.Number("longitude"), form.Number("latitude"));
        }).TakesForm("note");
        api.MapPost("/{id:guid}/refuse", (Guid id, DeclineOffer.Request request, NewId step, VerifyIncident feature, CancellationToken stop) => feature.RefuseAsync(id, request.Reason, step, stop));
    }

    public async Task<Moved> ConfirmAsync(Guid id, string? note, IReadOnlyList<byte[]> photos, NewId step, CancellationToken stop, double? longitude = null, double? latitude = null)
    {
        var before = await desk.LoadAsync(id, stop);
        Actor.Current.Require("incidents.verify", before.PlacePath);
        var here = await places.FindAsync(before.PlacePath, stop);
        var metres = Earth.Metres(longitude, latitude, here?.Longitude, here?.Latitude);
        if (before.State == IncidentState.Verifying) await RequireEvidenceAsync(before, photos.Count, metres, stop);
        var me = new Doer(Actor.Current.Id, Actor.Current.Name);
        var kept = Desk.ByOf(before, Actor.Current).HasFlag(By.SecondPerson) ? await Evidence.KeepAsync(store, photos, Act.Confirm, me, clock.GetUtcNow(), stop) : [];
        return Moved.Of(await desk.ActAsync(id, step, "incidents.verify",
            t => t.Incident.State is IncidentState.Verifying or IncidentState.Closed && t.Incident.Confirmations.Any(c => c.AccountId == t.Who.Id && c.Handling == t.Incident.Handlings && c.Agrees),
            async t =>
            {
                SecondPerson(t);
                t.Incident.Confirm(t.Who, t.By, note, kept, t.Step, t.Now, metres);
                await judge.CloseWhenProvedAsync(t.Incident, stop);
            }, stop));
    }

    public async Task<Moved> RefuseAsync(Guid id, string? reason, NewId step, CancellationToken stop) => Moved.Of(await desk.ActAsync(id, step, "incidents.verify",
        t => t.Incident.State == IncidentState.OnScene && t.Incident.Confirmations.MaxBy(c => c.At) is { Agrees: false } last && last.AccountId == t.Who.Id && last.Handling == t.Incident.Handlings,
        t =>
        {
            SecondPerson(t);
            t.Incident.Refuse(t.Who, t.By, reason, t.Step, t.Now);
            db.Tell(t.Incident.AssigneeId is { } assignee ? [assignee] : [], "incidents.bell.refused", $"/field/{t.Incident.Id}", t.Now, t.Incident.PlaceName, t.Incident.Code);
            return Task.CompletedTask;
        }, stop));

    // Better now, while they stand there, than a check that counts for nothing. A place without coordinates cannot be told near or far.
    private async Task RequireEvidenceAsync(Incident incident, int photos, double? metres, CancellationToken stop)
    {
        foreach (var needed in (await plans.FindAsync(incident, stop))?.Evidence ?? [])
            if (needed == "photo") Rule.Require(photos > 0, "incidents.evidence-photo", "photos");
            else if (needed.StartsWith("geotag-within-", StringComparison.Ordinal) && Quantity.Length(needed["geotag-within-".Length..]) is { } most) Rule.Require(metres <= most, "incidents.evidence-position", "longitude", most);
    }

    /// <summary>The handler may hold the permission too, and is still not a second person.</summary>
    internal static void SecondPerson(Desk.Turn turn)
    {
        if (turn.Who.Id is { } me && turn.Incident.HadAHand(me)) throw new RuleBrokenException("incidents.second-person", null, 403);
    }
}
