using Liren.Contracts.Places;
using Liren.Sdk;
using Liren.Sdk.Data;
using Liren.Sdk.Files;
using Liren.Sdk.Security;
using Liren.Sdk.Text;
using Liren.Sdk.Web;
using Liren.Supplies.Data;
using Liren.Supplies.Domain;
using Liren.Supplies.Rush;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;

namespace Liren.Supplies.Features;

/// <summary>Who is still to get a share, in order of buildings: for those who bring it to the door (配送单). Rooms, no names. Where a class is served at the door, its units only; filter "all" for everybody.</summary>
[Needs("supplies.desk")]
internal sealed class DeliveryList(SuppliesDb db, RoundFinder finder, IPlaceDirectory places) : IFeature
{
    /// <summary>A door.</summary>
    /// <param name="No">Number of the entitlement.</param>
    /// <param name="Room">Path of the room.</param>
    /// <param name="RoomName">As people call it.</param>
    /// <param name="Receipt">Digits of the receipt.</param>
    /// <param name="Pieces">Pieces to bring.</param>
    /// <param name="Point">Where the share lies.</param>
    /// <param name="Class">The class it belongs to; null when none.</param>
    /// <param name="Stage">ToDo, Again after a failed try, GridWorker after two.</param>
    /// <param name="LastTry">How the last try ended; null when there was none.</param>
    /// <param name="LastNote">What was noted then.</param>
    public sealed record Row(int No, string Room, string RoomName, string Receipt, int Pieces, string Point, string? Class, DeliveryStage Stage, DeliveryOutcome? LastTry, string? LastNote);

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/rounds/{id:guid}/deliveries", (Guid id, [AsParameters] ListQuery query, HttpContext http, Texts texts, DeliveryList feature, CancellationToken stop) => ListAnswer.AnswerAsync(http, texts, "deliveries", query, q => feature.RunAsync(id, q, stop)));

    public async Task<Page<Row>> RunAsync(Guid id, ListQuery query, CancellationToken stop)
    {
        var round = await finder.OfAsync(id, "supplies.desk", stop);
        var (atDoor, stage) = (round.Classes.Where(c => c.Deliver).Select(c => c.No).ToHashSet(), (DeliveryStage?)null);
        if (query.Filter is { Length: > 0 } filter && filter != "all")
        {
            Rule.Require(Enum.TryParse<DeliveryStage>(filter, out var one) && Enum.IsDefined(one) && one != DeliveryStage.Done, "supplies.filter", "filter", filter);
            stage = one;
        }
        var rows = await (from e in db.Entries.AsNoTracking() join l in db.Entitlements on new { e.Round, e.No } equals new { l.Round, l.No }
                          where e.Round == round.Serial && e.State == EntryState.Confirmed orderby l.Room, e.No select new { e.No, l.Room, l.Class, e.Tag, e.Point }).ToListAsync(stop);
        var tries = (await db.DeliveryTries.AsNoTracking().Where(t => t.Round == round.Serial).ToListAsync(stop)).GroupBy(t => t.No).ToDictionary(g => g.Key, g => g.MaxBy(t => t.Try)!);
        DeliveryStage StageOf(int no) => DeliveryTry.StageAfter(tries.GetValueOrDefault(no)?.Try ?? 0);
        var all = rows.Where(r => (atDoor.Count == 0 || query.Filter == "all" || atDoor.Contains(r.Class)) && (stage is null || StageOf(r.No) == stage) && (string.IsNullOrEmpty(query.Place) || PlacePath.IsWithin(r.Room, query.Place))).ToList();
        var shown = all.CutPage(query);
        var ids = round.Points.Select(p => p.PointId).ToList();
        var points = await db.Points.AsNoTracking().Where(p => ids.Contains(p.Id)).ToDictionaryAsync(p => p.Id, p => p.Name, stop);
        var found = new List<Row>(shown.Items.Count);
        foreach (var r in shown.Items)
            found.Add(new(r.No, r.Room, await places.FullNameAsync(r.Room, stop), Receipts.Spoken(r.Tag), round.PerShare, points[round.Points.Single(p => p.No == r.Point).PointId], round.Classes.Find(c => c.No == r.Class)?.Name,
                StageOf(r.No), tries.GetValueOrDefault(r.No)?.Outcome, tries.GetValueOrDefault(r.No)?.Note));
        return new(found, shown.Total, shown.PageNumber, shown.Size);
    }
}

/// <summary>A try to bring a share to the door: delivered with a photo of the parcel, or failed and tried once more; after the second it is for the grid worker (配送、再送、转网格员).</summary>
[Needs("supplies.desk")]
internal sealed class Deliver(SuppliesDb db, RoundFinder finder, RoundBook book, PhotoStore store, TimeProvider clock) : IFeature
{
    /// <param name="Try">Which try it was.</param>
    /// <param name="Stage">Where it stands now.</param>
    public sealed record Response(int Try, DeliveryStage Stage);

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost("/rounds/{id:guid}/deliveries/{no:int}", async (Guid id, int no, HttpContext http, Deliver feature, CancellationToken stop) =>
        {
            var form = await Uploads.ReadAsync(http, stop);
            return await feature.RunAsync(id, no, form["outcome"], form["note"], form.Photos, form.Key, stop);
        }).TakesForm("outcome", "note").WithMetadata(new RequestSizeLimitAttribute(Uploads.MaxRequest));
        api.MapGet("/rounds/{id:guid}/deliveries/{no:int}/tries", (Guid id, int no, Deliver feature, CancellationToken stop) => feature.TriesAsync(id, no, stop));
        api.MapGet("/rounds/{id:guid}/deliveries/photos/{sha}", async (Guid id, string sha, HttpContext http, Deliver feature, CancellationToken stop) => PhotoStore.Answer(http, await feature.PhotoAsync(id, sha, stop)));
    }

    public async Task<Response> RunAsync(Guid id, int no, string? outcome, string? note, IReadOnlyList<byte[]> photos, NewId key, CancellationToken stop)
    {
        var round = await finder.OfAsync(id, "supplies.desk", stop);
        Rule.Require(Enum.TryParse<DeliveryOutcome>(outcome, true, out var how) && Enum.IsDefined(how), "supplies.delivery-outcome", "outcome");
        if (key.Repeatable && await db.DeliveryTries.AsNoTracking().SingleOrDefaultAsync(t => t.Id == key.Value, stop) is { } known)
        {
            // The photo was kept before a crash, the share not yet handed over.
            if (known.Outcome == DeliveryOutcome.Delivered) await CollectAsync(round, no);
            return Of(known);
        }
        var entry = Rule.Found(await db.Entries.AsNoTracking().SingleOrDefaultAsync(e => e.Round == round.Serial && e.No == no, stop), "supplies.no-share");
        Rule.State(entry.State == EntryState.Confirmed, entry.State == EntryState.Collected ? "supplies.collected" : "supplies.no-share");
        var before = await db.DeliveryTries.CountAsync(t => t.Round == round.Serial && t.No == no, stop);
        Rule.State(before < DeliveryTry.Most || how == DeliveryOutcome.Delivered, "supplies.delivery-over", DeliveryTry.Most);
        var kept = await Uploads.StoreAsync(store, photos, stop);
        var noted = DeliveryTry.Of(key.Value, round.Serial, no, before + 1, how, kept.Count > 0 ? (kept[0].Sha, kept[0].Image.ContentType) : null, note, Actor.Current.Name, clock.GetUtcNow());
        db.Add(noted);
        await db.SaveChangesAsync(stop);
        if (how == DeliveryOutcome.Delivered) await CollectAsync(round, no);
        return Of(noted);
    }

    /// <summary>What was tried at a door.</summary>
    public async Task<IReadOnlyList<TryView>> TriesAsync(Guid id, int no, CancellationToken stop)
    {
        var round = await finder.OfAsync(id, "supplies.desk", stop);
        return [.. (await db.DeliveryTries.AsNoTracking().Where(t => t.Round == round.Serial && t.No == no).OrderBy(t => t.Try).ToListAsync(stop)).Select(t => new TryView(t.Try, t.Outcome, t.At, t.By, t.Note, t.PhotoSha is { } sha ? $"/api/supplies/rounds/{id}/deliveries/photos/{sha}" : null))];
    }

    /// <summary>A try as it is shown.</summary>
    public sealed record TryView(int Try, DeliveryOutcome Outcome, DateTimeOffset At, string By, string? Note, string? Photo);

    /// <summary>A photo of this round's deliveries.</summary>
    public async Task<(string Path, string ContentType)> PhotoAsync(Guid id, string sha, CancellationToken stop)
    {
        var round = await finder.OfAsync(id, "supplies.desk", stop);
        var noted = Rule.Found(await db.DeliveryTries.AsNoTracking().FirstOrDefaultAsync(t => t.Round == round.Serial && t.PhotoSha == sha, stop), "supplies.no-photo");
        return (Rule.Found(store.Find(sha), "supplies.no-photo"), noted.PhotoType!);
    }

    private async Task CollectAsync(Round round, int no)
    {
        var ask = await book.RunAsync(round.Serial, new(Act.Collect, no) { By = Actor.Current.Name, Proof = "delivery" });
        if (ask.Outcome is not (Outcome.Done or Outcome.CollectedAlready)) throw EnterRound.Refusal(ask.Outcome);
    }

    private static Response Of(DeliveryTry t) => new(t.Try, t.Outcome == DeliveryOutcome.Delivered ? DeliveryStage.Done : DeliveryTry.StageAfter(t.Try));
}
