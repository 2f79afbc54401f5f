using System.Globalization;
using Liren.Sdk;
using Liren.Sdk.Security;
using Liren.Supplies.Data;
using Liren.Supplies.Domain;
using Liren.Supplies.Rush;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;

namespace Liren.Supplies.Features;

/// <summary>
/// A desk whose network fails (断网发放): it takes the list of its own point along, hands over by it, and tells what it handed over once it is back. Each share belongs to one point, so that
/// no other desk hands it out meanwhile.
/// </summary>
[Needs("supplies.desk")]
internal sealed class OfflineDesk(SuppliesDb db, RoundFinder finder, RoundBook book) : IFeature
{
    private const int Most = 2_000;

    /// <param name="Receipt">Ten digits.</param>
    /// <param name="Collected">Handed over already.</param>
    public sealed record Share(string Receipt, bool Collected);

    /// <param name="Code">Code of the round.</param>
    /// <param name="Title">As residents read it.</param>
    /// <param name="Point">Name of the point.</param>
    /// <param name="Pieces">Pieces of a share.</param>
    /// <param name="Unit">Counted in.</param>
    /// <param name="Shares">Shares of this point: receipts only, no names, no rooms.</param>
    public sealed record ListResponse(string Code, string Title, string Point, int Pieces, string Unit, IReadOnlyList<Share> Shares);

    /// <param name="Key">Made by the desk: sent again, it is the same hand-over.</param>
    /// <param name="Receipt">Ten digits.</param>
    /// <param name="At">When it was handed over, by the desk's clock.</param>
    public sealed record HandOver(Guid Key, string Receipt, DateTimeOffset At);

    /// <param name="Point">The desk's point, by its number within the round.</param>
    /// <param name="Done">What was handed over.</param>
    public sealed record Request(int Point, IReadOnlyList<HandOver>? Done);

    /// <param name="Key">Which.</param>
    /// <param name="Outcome">done; twice when somebody else had handed it over before: to be looked into; unknown when no share stands behind the receipt.</param>
    public sealed record Told(Guid Key, string Outcome);

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/rounds/{id:guid}/desk/offline", async (Guid id, int? point, HttpContext http, OfflineDesk feature, CancellationToken stop) =>
        {
            http.Response.Headers.CacheControl = "no-store";
            return await feature.ListAsync(id, point ?? 0, stop);
        });
        api.MapPost("/rounds/{id:guid}/desk/offline", (Guid id, Request request, OfflineDesk feature, CancellationToken stop) => feature.TellAsync(id, request, stop));
    }

    public async Task<ListResponse> ListAsync(Guid id, int point, CancellationToken stop)
    {
        var round = await finder.OfAsync(id, "supplies.desk", stop);
        var at = Rule.Found(round.Points.Find(p => p.No == point), "supplies.no-point");
        var (name, item) = (await db.Points.Where(p => p.Id == at.PointId).Select(p => p.Name).SingleAsync(stop), await db.Items.AsNoTracking().SingleAsync(i => i.Id == round.ItemId, stop));
        var shares = await db.Entries.AsNoTracking().Where(e => e.Round == round.Serial && e.Point == point && (e.State == EntryState.Confirmed || e.State == EntryState.Collected)).Select(e => new { e.Tag, e.State }).ToListAsync(stop);
        return new(round.Code, round.Title, name, round.PerShare, item.Unit, [.. shares.Select(s => new Share(Receipts.Spoken(s.Tag), s.State == EntryState.Collected)).OrderBy(s => s.Receipt, StringComparer.Ordinal)]);
    }

    public async Task<IReadOnlyList<Told>> TellAsync(Guid id, Request request, CancellationToken stop)
    {
        var round = await finder.OfAsync(id, "supplies.desk", stop);
        var done = request.Done ?? [];
        Rule.Require(done.Count <= Most, "supplies.offline-many", "done", Most);
        var byReceipt = (await db.Entries.AsNoTracking().Where(e => e.Round == round.Serial && e.Point == request.Point).Select(e => new { e.No, e.Tag }).ToListAsync(stop)).ToLookup(e => Receipts.Spoken(e.Tag), e => e.No);
        var told = new List<Told>(done.Count);
        foreach (var one in done) told.Add(new(one.Key, await TellAsync(round, request.Point, one, [.. byReceipt[one.Receipt ?? ""]], stop)));
        return told;
    }

    private async Task<string> TellAsync(Round round, int point, HandOver one, IReadOnlyList<int> numbers, CancellationToken stop)
    {
        if (numbers.Count != 1) return "unknown";
        var note = string.Create(CultureInfo.InvariantCulture, $"offline {one.At.ToUniversalTime():yyyy-MM-ddTHH:mm:ssZ} {one.Key}");
        var ask = await book.RunAsync(round.Serial, new(Act.Collect, numbers[0]) { By = Actor.Current.Name, Proof = "receipt", Note = note, Point = point });
        if (ask.Outcome == Outcome.Done) return "done";
        if (ask.Outcome != Outcome.CollectedAlready) return "unknown";
        // Told before, and the answer was lost: the same hand-over. Otherwise somebody else was faster.
        var key = one.Key.ToString();
        return await db.EntryMoves.AnyAsync(m => m.Round == round.Serial && m.No == numbers[0] && m.To == EntryState.Collected && m.Note != null && m.Note.EndsWith(key), stop) ? "done" : "twice";
    }
}
