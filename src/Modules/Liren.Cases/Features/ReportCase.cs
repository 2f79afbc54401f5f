using System.Text.Json;
using Liren.Cases.Data;
using Liren.Cases.Domain;
using Liren.Contracts.Cases;
using Liren.Contracts.Identity;
using Liren.Contracts.Places;
using Liren.Sdk;
using Liren.Sdk.Files;
using Liren.Sdk.Security;
using Liren.Sdk.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;

namespace Liren.Cases.Features;

/// <summary>Who can be called about a report; kept encrypted, shown only with a purpose.</summary>
internal sealed record Contact(string? Name, string? Phone, string? Email = null);

/// <summary>Takes reports in, from whatever side: checks, photos, clock, in one commit.</summary>
internal sealed class Intake(CasesDb db, Desk desk, TypeBook types, IPlaceDirectory places, IPersonAccounts persons, PhotoStore store, Protector protector, TimeProvider clock)
{
    /// <summary>Metres and hours within which the same type may be the same thing.</summary>
    public const double Near = 50;
    public static readonly TimeSpan Lately = TimeSpan.FromHours(24);

    /// <summary>What comes in.</summary>
    public sealed record Report(string? Type, string? Place, double? Longitude, double? Latitude, string? Text, CaseSource Source, Contact? Contact);

    /// <summary>A case that may be the same thing.</summary>
    public sealed record Similar(Guid Id, string Code, CaseState State, string PlaceName, DateTimeOffset ReportedAt, double? Metres, string Description);

    public async Task<Case> TakeAsync(Report report, IReadOnlyList<byte[]> photos, NewId id, CancellationToken stop)
    {
        if (await db.Cases.AsNoTracking().SingleOrDefaultAsync(c => c.Id == id.Value, stop) is { } first) return first;
        var type = await types.RequireAsync(report.Type, stop);
        var place = report.Place is { Length: > 0 } path && PlacePath.IsValid(path) ? await places.FindAsync(path, stop) : null;
        Rule.Require(place is not null, "cases.no-place", "place", report.Place ?? "");
        Rule.Require(report.Contact?.Phone is null or { Length: <= 20 } && report.Contact?.Name is null or { Length: <= 40 } && report.Contact?.Email is null or { Length: <= 80 }, "cases.contact", "phone");
        var (now, me) = (clock.GetUtcNow(), Actor.Current);
        var kept = await Uploads.StoreAsync(store, photos, stop);
        var person = report.Source == CaseSource.Resident && me.Id is { } account ? await persons.PersonOfAsync(account, stop) : null;
        var made = Case.Report(id.Value, type.Code, type.Public, place!.Path, await places.FullNameAsync(place.Path, stop), report.Longitude ?? place.Longitude, report.Latitude ?? place.Latitude, report.Text ?? "", report.Source,
            new(me.Id, me.Name), person, Seal(id.Value, report.Contact), now);
        made.Photos.AddRange(PhotosOf(kept, PhotoStage.Before, me.Id, now));
        await desk.SetClockAsync(made, now, stop);
        db.Add(made);
        try { await db.SaveChangesAsync(stop); }
        // Sent twice at once: the first is the one.
        catch (DbUpdateException) when (id.Repeatable)
        {
            db.ChangeTracker.Clear();
            return await db.Cases.AsNoTracking().SingleOrDefaultAsync(c => c.Id == id.Value, stop) ?? throw new RuleBrokenException("sdk.changed-meanwhile", null, 412);
        }
        return made;
    }

    public static IEnumerable<Photo> PhotosOf(IEnumerable<KeptPhoto> kept, PhotoStage stage, Guid? who, DateTimeOffset now) =>
        kept.Select(k => new Photo { Sha = k.Sha, ContentType = k.Image.ContentType, Size = k.Image.Bytes.Length, Stage = stage, AccountId = who, At = now, Stripped = k.Image.Stripped });

    /// <summary>Cases that may be the same: same type, reported within 24 hours before or after, within 50 m, or at the same place when a spot is unknown. Nearest first.</summary>
    public async Task<IReadOnlyList<Similar>> SimilarAsync(Case to, CancellationToken stop)
    {
        var (from, until) = (to.ReportedAt - Lately, to.ReportedAt + Lately);
        var rows = await db.Cases.AsNoTracking().Where(c => c.Type == to.Type && c.Id != to.Id && c.ReportedAt >= from && c.ReportedAt <= until && c.State != CaseState.Rejected && c.State != CaseState.Merged).ToListAsync(stop);
        return [.. rows.Where(c => Actor.Current.May("cases.read", c.PlacePath))
            .Select(c => new Similar(c.Id, c.Code, c.State, c.PlaceName, c.ReportedAt, Earth.Metres(c.Longitude, c.Latitude, to.Longitude, to.Latitude), c.Description))
            .Where(s => s.Metres is { } metres ? metres <= Near : rows.First(r => r.Id == s.Id).PlacePath == to.PlacePath).OrderBy(s => s.Metres ?? 0).ThenBy(s => s.ReportedAt).Take(10)];
    }

    private byte[]? Seal(Guid id, Contact? contact) => contact is null or { Name: null, Phone: null, Email: null } ? null : protector.Encrypt(JsonSerializer.Serialize(contact, JsonSerializerOptions.Web), ContextOf(id));

    /// <summary>Opens a contact again.</summary>
    public Contact? Open(Case of) => of.Contact is { } sealedBytes ? JsonSerializer.Deserialize<Contact>(protector.Decrypt(sealedBytes, ContextOf(of.Id)), JsonSerializerOptions.Web) : null;

    private static string ContextOf(Guid id) => $"cases:contact:{id:N}";
}

/// <summary>Staff or a program reports something (采集、登记); answered with its number and with cases that may be the same.</summary>
[Needs("cases.report")]
internal sealed class ReportCase(Intake intake) : IFeature
{
    public sealed record Request(string? Type, string? Place, string? Text, double? Longitude = null, double? Latitude = null, string? ContactName = null, string? ContactPhone = null);

    /// <param name="Similar">Offered, not merged: the centre decides.</param>
    public sealed record Response(Guid Id, string Code, CaseState State, DateTimeOffset? Deadline, IReadOnlyList<Intake.Similar> Similar);

    public static void Map(IEndpointRouteBuilder api) => api.MapPost("/", async (HttpContext http, ReportCase feature, CancellationToken stop) =>
    {
        var form = await Uploads.ReadAsync(http, stop);
        var answer = await feature.RunAsync(new(form["type"], form["place"], form["text"], form.Number("longitude"), form.Number("latitude"), form["contactName"], form["contactPhone"]), form.Photos, form.Key, stop);
        return Results.Created($"/api/cases/{answer.Id}", answer);
    }).TakesForm("type", "place", "text", "longitude", "latitude", "contactName", "contactPhone");

    public async Task<Response> RunAsync(Request request, IReadOnlyList<byte[]> photos, NewId id, CancellationToken stop)
    {
        Rule.Require(PlacePath.IsValid(request.Place ?? ""), "cases.no-place", "place", request.Place ?? "");
        var me = Actor.Current;
        me.Require("cases.report", request.Place!);
        var source = me.Kind != ActorKind.Person ? CaseSource.Program : me.May("cases.collect", request.Place!) && !me.May("cases.manage", request.Place!) ? CaseSource.Collector : CaseSource.Desk;
        var made = await intake.TakeAsync(new(request.Type, request.Place, request.Longitude, request.Latitude, request.Text, source, new(request.ContactName, request.ContactPhone)), photos, id, stop);
        return new(made.Id, made.Code, made.State, made.Deadline, await intake.SimilarAsync(made, stop));
    }
}
