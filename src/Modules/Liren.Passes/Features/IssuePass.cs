using Liren.Codes;
using Liren.Contracts.Passes;
using Liren.Contracts.People;
using Liren.Contracts.Places;
using Liren.Passes.Data;
using Liren.Passes.Domain;
using Liren.Sdk;
using Liren.Sdk.Security;
using Liren.Sdk.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;

namespace Liren.Passes.Features;

/// <summary>Issues one pass at the office (发证).</summary>
[Needs("passes.issue")]
[PersonalData]
internal sealed class IssuePass(PassesDb db, Keyring keyring, IPassHolders holders, FourEyes eyes, IPlaceDirectory places, TimeProvider clock) : IFeature
{
    /// <param name="Kind">Whom it is for.</param>
    /// <param name="Form">Phone or Paper.</param>
    /// <param name="Person">Who holds it: for residents, families and staff.</param>
    /// <param name="Compound">Path of the compound; of a person's pass that of their room when left out.</param>
    /// <param name="Name">Masked or short name where no person is registered.</param>
    /// <param name="Plate">Number plate of a vehicle.</param>
    /// <param name="Unit">Room it belongs to, where no person is registered.</param>
    /// <param name="Days">How long; the longest of the form when left out.</param>
    /// <param name="Gates">Gates it opens, one bit each; 0: all.</param>
    /// <param name="FromMinute">Opens from this minute of the day.</param>
    /// <param name="ToMinute">Opens up to this minute of the day.</param>
    /// <param name="MostUses">How often.</param>
    public sealed record Request(PassKind Kind, PassForm Form, Guid? Person = null, string? Compound = null, string? Name = null, string? Plate = null, string? Unit = null, int? Days = null, long Gates = 0,
        int? FromMinute = null, int? ToMinute = null, int? MostUses = null);

    /// <param name="Id">The new pass.</param>
    /// <param name="Serial">Number on the card.</param>
    /// <param name="Code">Text of its QR code; null for a phone's pass, which gets one when the phone is enrolled.</param>
    /// <param name="State">Active, or Requested when another person has to agree first.</param>
    public sealed record Response(Guid Id, string Serial, string? Code, PassState State);

    public static void Map(IEndpointRouteBuilder api) => api.MapPost("/", async (Request request, NewId id, IssuePass feature, CancellationToken stop) =>
    {
        var made = await feature.RunAsync(request, id, stop);
        return TypedResults.Created($"/api/passes/{made.Id}", made);
    });

    public async Task<Response> RunAsync(Request request, NewId id, CancellationToken stop)
    {
        if (await db.Passes.SingleOrDefaultAsync(p => p.Id == id.Value, stop) is { } before)
        {
            Actor.Current.Require("passes.issue", before.PlacePath);
            return await AnswerAsync(before, stop);
        }
        Rule.Require(request.Form is PassForm.Phone or PassForm.Paper, "passes.form", "form");
        Rule.Require(request.Kind is not (PassKind.Resident or PassKind.Family) || request.Person is not null, "passes.person-missing", "person");
        var holder = request.Person is { } person ? Rule.Found(await holders.FindAsync(person, Purpose.Required, stop), "passes.no-person") : null;
        Rule.Require(holder is null || holder.Room is not null, "passes.no-home", "person");
        var compound = request.Compound ?? (holder?.Room is { } room ? (await CompoundOfAsync(places, room, stop))?.Path : null);
        Rule.Require(compound is not null, "passes.compound-missing", "compound");
        var place = Rule.Found(await places.FindAsync(compound!, stop), "passes.no-place", compound!);
        Rule.Require(place.Kind is PlaceKind.Compound or PlaceKind.Community, "passes.no-compound", "compound");
        var seenFrom = holder?.Room is { } home && PlacePath.IsWithin(home, compound!) ? home : compound!;
        Actor.Current.Require("passes.issue", seenFrom);
        var plate = request.Plate is null ? null : Plate.Read(request.Plate);
        Rule.Require(request.Plate is null || plate is not null, "passes.plate", "plate");
        var days = request.Days ?? (request.Form == PassForm.Paper ? 14 : 90);
        Rule.Require(days is >= 1 and <= 90, "passes.too-long", "days", Pass.MostDays(request.Form));
        var now = clock.GetUtcNow();
        var draft = new PassDraft(id.Value, CommunityOf(compound!), compound!, seenFrom, request.Person, holder?.Name ?? (request.Name ?? plate ?? "").Trim(), holder?.Unit ?? request.Unit, holder?.IdTail,
            request.Kind, request.Form, now, now.AddDays(days))
        {
            Gates = request.Gates, Hours = request is { FromMinute: { } from, ToMinute: { } to } ? (from, to) : null, MostUses = request.MostUses, Plate = plate,
        };
        var waiting = await eyes.NeededAsync(1, stop);
        var pass = waiting ? Pass.Request(draft, "", Actor.Current.Name, now) : Pass.Issue(draft, Actor.Current.Name, now);
        // One live card for each person and form: the one before is worth nothing as soon as the new one exists.
        if (request.Person is { } whose)
        {
            Rule.State(!await db.Passes.AnyAsync(p => p.PersonId == whose && p.CompoundPath == compound && p.State == PassState.Suspended && p.Until >= now, stop), "passes.is-suspended");
            foreach (var old in waiting ? [] : await db.Passes.Include(p => p.Changes).Where(p => p.PersonId == whose && p.Kind == request.Kind && p.Form == request.Form && p.CompoundPath == compound && p.State == PassState.Active).ToListAsync(stop))
                old.Replace("换发", Actor.Current.Name, now);
        }
        db.Add(pass);
        await db.SaveChangesAsync(stop);
        return await AnswerAsync(pass, stop);
    }

    private async Task<Response> AnswerAsync(Pass pass, CancellationToken stop)
    {
        // The community's keys exist from its first pass on, also when that is a phone's and signed later.
        await keyring.SignerAsync(KeyRole.Pass, pass.CommunityPath, stop);
        return new(pass.Id, pass.Serial, pass.Form == PassForm.Phone || pass.State == PassState.Requested ? null : await keyring.SignAsync(pass, stop), pass.State);
    }

    /// <summary>The community a place lies in: the fifth segment of the path.</summary>
    internal static string CommunityOf(string place) => string.Join('.', place.Split('.').Take(5));

    /// <summary>The compound a room lies in; null when it lies in none.</summary>
    internal static async Task<PlaceCard?> CompoundOfAsync(IPlaceDirectory places, string room, CancellationToken stop)
    {
        var above = PlacePath.SelfAndAncestors(room).Where(p => p.Length > 0).ToList();
        var cards = await places.FindManyAsync(above, stop);
        return above.Select(p => cards.GetValueOrDefault(p)).FirstOrDefault(c => c?.Kind == PlaceKind.Compound);
    }
}

/// <summary>People to issue to, by typing.</summary>
[Needs("passes.issue")]
[PersonalData]
internal sealed class FindHolders(IPassHolders holders) : IFeature
{
    public static void Map(IEndpointRouteBuilder api) => api.MapGet("/holders", (string? q, FindHolders feature, CancellationToken stop) => feature.RunAsync(q ?? "", stop));

    public async Task<IReadOnlyList<PassHolder>> RunAsync(string text, CancellationToken stop) => text.Trim().Length == 0 ? [] : await holders.SearchAsync(text.Trim(), 12, Purpose.Required, stop);
}

/// <summary>Issues paper cards to everybody who lives at a place and has none that is good for longer than tomorrow (批量发证).</summary>
[Needs("passes.issue")]
[PersonalData]
internal sealed class IssueBatch(PassesDb db, Keyring keyring, IPassHolders holders, IPlaceDirectory places, TimeProvider clock) : IFeature
{
    private const int Chunk = 2_000;

    /// <param name="Place">Compound, building, unit or room.</param>
    /// <param name="Days">How long, 1–14.</param>
    public sealed record Request(string Place, int Days = 14);

    /// <param name="Issued">New cards.</param>
    /// <param name="Unchanged">People who have a good card, or whose card was suspended or revoked.</param>
    public sealed record Response(int Issued, int Unchanged);

    public static void Map(IEndpointRouteBuilder api) => api.MapPost("/batch", (Request request, IssueBatch feature, CancellationToken stop) => feature.RunAsync(request, stop));

    public async Task<Response> RunAsync(Request request, CancellationToken stop)
    {
        Actor.Current.Require("passes.issue", request.Place);
        Rule.Require(request.Days is >= 1 and <= 14, "passes.too-long", "days", 14);
        var compound = Rule.Found(await IssuePass.CompoundOfAsync(places, request.Place, stop), "passes.no-place", request.Place).Path;
        var community = IssuePass.CommunityOf(compound);
        await keyring.SignerAsync(KeyRole.Pass, community, stop);
        var now = clock.GetUtcNow();
        var living = await holders.LivingAtAsync(request.Place, Purpose.Required, stop);
        var soon = now.AddDays(1);
        // Nor does a batch undo what was decided about somebody: a suspension, or a revocation while the card would still be good.
        var have = (await db.Passes.Where(p => p.CompoundPath == compound && p.PersonId != null && p.Until > now && (p.State == PassState.Suspended || p.State == PassState.Revoked
                || (p.Form == PassForm.Paper && p.Kind == PassKind.Resident && p.State == PassState.Active && p.Until > soon)))
            .Select(p => p.PersonId!.Value).ToListAsync(stop)).ToHashSet();
        var missing = living.Where(h => !have.Contains(h.PersonId)).ToList();
        foreach (var part in missing.Chunk(Chunk))
        {
            db.AddRange(part.Select(h => Pass.Issue(new(Guid.CreateVersion7(), community, compound, h.Room!, h.PersonId, h.Name, h.Unit, h.IdTail, PassKind.Resident, PassForm.Paper, now, now.AddDays(request.Days)),
                Actor.Current.Name, now, announce: false, Pass.ByRegister)));
            db.Raise(new PassesIssued(compound, part.Length, now));
            await db.SaveChangesAsync(stop);
            db.ChangeTracker.Clear();
        }
        return new(missing.Count, living.Count - missing.Count);
    }
}
