using System.Linq.Expressions;
using System.Text.Json;
using Liren.Contracts.Places;
using Liren.Draws;
using Liren.Sdk;
using Liren.Sdk.Data;
using Liren.Sdk.Security;
using Liren.Sdk.Text;
using Liren.Sdk.Web;
using Liren.Supplies.Data;
using Liren.Supplies.Domain;
using Liren.Supplies.Rush;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;

namespace Liren.Supplies.Features;

/// <summary>Where a round stands for everybody, with the clock in it.</summary>
internal enum RoundPhase { Draft, Coming, Window, Open, Over, Closed, Drawn, Settled, Cancelled }

/// <summary>A round in a list.</summary>
internal sealed record RoundRow(Guid Id, string Code, string Title, string Place, string PlaceName, string Item, RoundMode Mode, RoundPhase Phase, int Shares, int PerShare, DateTimeOffset OpensAt, DateTimeOffset ClosesAt, DateTimeOffset PickupFrom, DateTimeOffset PickupUntil);

/// <summary>A pickup point of a round.</summary>
internal sealed record RoundPointView(int No, Guid PointId, string Name, int Shares, int Left);

/// <summary>A custodian as everybody may see them.</summary>
internal sealed record CustodianView(string Name, string Commit, bool Revealed);

/// <summary>One round, whole.</summary>
internal sealed record RoundView(RoundRow Row, int Version, EntitledUnit Unit, string UnitOfItem, int WindowSeconds, int WaitMost, int HeldForDesk, int CoolDownDays, int? MinAge, string BeaconRule, IReadOnlyList<CustodianView> Custodians,
    int Entitled, string? ListHash, int Entries, string? Root, string? Beacon, string? Seed, string? Reason, DateTimeOffset? PublishedAt, IReadOnlyList<RoundPointView> Points, RoundCounts? Counts, string WindowPromise, FairnessView Fairness);

/// <summary>Who may have a share, and what rounds before have to do with it.</summary>
internal sealed record FairnessView(CarryOver CarryOver, int CarryDays, int QuotaPieces, int QuotaDays, int NoShowLimit, IReadOnlyList<string> Tags, IReadOnlyList<RoundClassView> Classes)
{
    public static FairnessView Of(Round r) => new(r.CarryOver, r.CarryDays, r.QuotaPieces, r.QuotaDays, r.NoShowLimit, TagText.Read(r.Tags), [.. r.Classes.OrderBy(c => c.No).Select(c => new RoundClassView(c.No, c.Name, c.Shares, c.MinAge, c.TagCodes, c.Deliver))]);
}

/// <summary>A class with reserved shares.</summary>
internal sealed record RoundClassView(int No, string Name, int Shares, int? MinAge, IReadOnlyList<string> Tags, bool Deliver);

/// <summary>Puts rounds into words.</summary>
internal sealed class RoundViews(SuppliesDb db, RoundBook book, IPlaceDirectory places, TimeProvider clock)
{
    public static RoundPhase PhaseOf(Round r, DateTimeOffset now) => r.State switch
    {
        RoundState.Draft => RoundPhase.Draft,
        RoundState.Published when now < r.OpensAt => RoundPhase.Coming,
        RoundState.Published when now < r.WindowEndsAt => RoundPhase.Window,
        RoundState.Published when now < r.ClosesAt => RoundPhase.Open,
        RoundState.Published => RoundPhase.Over,
        RoundState.Closed => RoundPhase.Closed,
        RoundState.Drawn => RoundPhase.Drawn,
        RoundState.Settled => RoundPhase.Settled,
        _ => RoundPhase.Cancelled,
    };

    public async Task<IReadOnlyList<RoundRow>> RowsAsync(IReadOnlyList<Round> rounds, CancellationToken stop)
    {
        var ids = rounds.Select(r => r.ItemId).ToHashSet();
        var items = await db.Items.AsNoTracking().Where(i => ids.Contains(i.Id)).ToDictionaryAsync(i => i.Id, stop);
        var names = await places.FindManyAsync(rounds.Select(r => r.PlacePath).Distinct(), stop);
        var now = clock.GetUtcNow();
        return [.. rounds.Select(r => new RoundRow(r.Id, r.Code, r.Title, r.PlacePath, names.TryGetValue(r.PlacePath, out var card) ? card.Name : r.PlacePath, items[r.ItemId].Name, r.Mode, PhaseOf(r, now), r.Shares, r.PerShare, r.OpensAt, r.ClosesAt, r.PickupFrom, r.PickupUntil))];
    }

    public async Task<RoundView> ViewAsync(Round r, CancellationToken stop)
    {
        var row = (await RowsAsync([r], stop))[0];
        var counts = r.PublishedAt is null ? null : await book.CountsAsync(r.Serial);
        var ids = r.Points.Select(p => p.PointId).ToList();
        var points = await db.Points.AsNoTracking().Where(p => ids.Contains(p.Id)).ToDictionaryAsync(p => p.Id, p => p.Name, stop);
        return new(row, r.Version, r.Unit, (await db.Items.AsNoTracking().SingleAsync(i => i.Id == r.ItemId, stop)).Unit, r.WindowSeconds, r.WaitMost, r.HeldForDesk, r.CoolDownDays, r.MinAge, r.BeaconRule,
            [.. r.Custodians.OrderBy(c => c.Name, StringComparer.Ordinal).Select(c => new CustodianView(c.Name, c.Commit, c.Secret is not null))], r.Entitled, r.ListHash, r.Entries, r.Root, r.Beacon,
            r.DrawJson is { } json ? DrawFile.Read(json).Seed : null, r.Reason, r.PublishedAt,
            [.. r.Points.OrderBy(p => p.No).Select(p => new RoundPointView(p.No, p.PointId, points.GetValueOrDefault(p.PointId, ""), p.Shares, counts?.Remaining[p.No] ?? p.Shares))], counts,
            r.WindowPromise, FairnessView.Of(r));
    }
}

/// <summary>Rounds one may see. Filters: now (coming or open), pickup, past, draft.</summary>
[Needs("supplies.read")]
internal sealed class ListRounds(SuppliesDb db, RoundViews views, TimeProvider clock) : IFeature
{
    private static readonly Dictionary<string, Expression<Func<Round, object?>>> Columns = new() { ["code"] = r => r.Serial, ["title"] = r => r.Title, ["opensAt"] = r => r.OpensAt, ["closesAt"] = r => r.ClosesAt, ["mode"] = r => r.Mode };

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/rounds", ([AsParameters] ListQuery query, HttpContext http, Texts texts, ListRounds feature, CancellationToken stop) => ListAnswer.AnswerAsync(http, texts, "rounds", query, q => feature.RunAsync(q, stop)));

    public async Task<Page<RoundRow>> RunAsync(ListQuery query, CancellationToken stop)
    {
        var now = clock.GetUtcNow();
        var rows = db.Rounds.AsNoTracking().Include(r => r.Points).AsSplitQuery().WhereWithin(r => r.PlacePath, Actor.Current.ScopesFor("supplies.read"));
        if (!string.IsNullOrEmpty(query.Place)) rows = rows.WhereWithin(r => r.PlacePath, [query.Place]);
        if (query.Text is { } text) rows = rows.Where(r => r.Title.Contains(text));
        rows = query.Filter switch
        {
            null or "" => rows,
            "now" => rows.Where(r => r.State == RoundState.Published && r.ClosesAt > now),
            "pickup" => rows.Where(r => (r.State == RoundState.Published || r.State == RoundState.Closed || r.State == RoundState.Drawn) && r.PickupFrom <= now && r.PickupUntil > now),
            "past" => rows.Where(r => r.State == RoundState.Settled || r.State == RoundState.Cancelled),
            "draft" => rows.Where(r => r.State == RoundState.Draft),
            _ => throw new RuleBrokenException("supplies.filter", "filter", 422, query.Filter),
        };
        var page = await rows.PageAsync(query, Columns, "-opensAt", r => r, stop);
        return new(await views.RowsAsync(page.Items, stop), page.Total, page.PageNumber, page.Size);
    }
}

/// <summary>One round with its numbers.</summary>
[Needs("supplies.read")]
internal sealed class ShowRound(RoundFinder finder, RoundViews views) : IFeature
{
    public static void Map(IEndpointRouteBuilder api) => api.MapGet("/rounds/{id:guid}", (Guid id, ShowRound feature, CancellationToken stop) => feature.RunAsync(id, stop));

    public async Task<RoundView> RunAsync(Guid id, CancellationToken stop) => await views.ViewAsync(await finder.OfAsync(id, "supplies.read", stop), stop);
}

/// <summary>Entries of a round in the order they came, without names: what an audit needs.</summary>
[Needs("supplies.read")]
internal sealed class ListEntries(SuppliesDb db, RoundFinder finder) : IFeature
{
    private static readonly Dictionary<string, Expression<Func<Entry, object?>>> Columns = new() { ["seat"] = e => e.Seat, ["no"] = e => e.No, ["state"] = e => e.State, ["turn"] = e => e.Turn };

    /// <summary>An entry in a list.</summary>
    public sealed record Row(int Seat, int No, EntryState State, int Point, int Turn, EntryChannel Channel, string Receipt, DateTimeOffset AskedAt, DateTimeOffset MovedAt);

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/rounds/{id:guid}/entries", (Guid id, [AsParameters] ListQuery query, HttpContext http, Texts texts, ListEntries feature, CancellationToken stop) => ListAnswer.AnswerAsync(http, texts, "entries", query, q => feature.RunAsync(id, q, stop)));

    public async Task<Page<Row>> RunAsync(Guid id, ListQuery query, CancellationToken stop)
    {
        var round = await finder.OfAsync(id, "supplies.read", stop);
        var rows = db.Entries.AsNoTracking().Where(e => e.Round == round.Serial);
        if (!string.IsNullOrEmpty(query.Filter))
        {
            Rule.Require(Enum.TryParse<EntryState>(query.Filter, out var state) && Enum.IsDefined(state), "supplies.filter", "filter", query.Filter);
            rows = rows.Where(e => e.State == state);
        }
        var page = await rows.PageAsync(query, Columns, "seat", e => e, stop);
        return new([.. page.Items.Select(e => new Row(e.Seat, e.No, e.State, e.Point, e.Turn, e.Channel, Hex.Of(e.Tag), At(e.AskedAt), At(e.MovedAt)))], page.Total, page.PageNumber, page.Size);
    }

    private static DateTimeOffset At(long ms) => DateTimeOffset.FromUnixTimeMilliseconds(ms);
}

/// <summary>Whether the books of a round agree (核对): every number against the rows, so that anybody may ask at any time.</summary>
[Needs("supplies.read")]
internal sealed class AuditRound(SuppliesDb db, RoundFinder finder) : IFeature
{
    /// <param name="Entries">Rows.</param>
    /// <param name="Units">Different units among them.</param>
    /// <param name="Held">Shares kept or handed over.</param>
    /// <param name="Shares">Shares there were.</param>
    /// <param name="Oversold">Shares promised above what there was, at any point; 0 or the books are wrong.</param>
    /// <param name="Duplicates">Units with more than one row; 0 or the books are wrong.</param>
    /// <param name="Foreign">Rows of units that are not on the list; 0 or the books are wrong.</param>
    /// <param name="RootHolds">The rows are those that were committed to; null before.</param>
    /// <param name="DrawHolds">The published draw comes out the same again; null without one.</param>
    public sealed record Response(int Entries, int Units, int Held, int Shares, int Oversold, int Duplicates, int Foreign, bool? RootHolds, bool? DrawHolds);

    public static void Map(IEndpointRouteBuilder api) => api.MapGet("/rounds/{id:guid}/audit", (Guid id, AuditRound feature, CancellationToken stop) => feature.RunAsync(id, stop));

    public async Task<Response> RunAsync(Guid id, CancellationToken stop)
    {
        var round = await finder.OfAsync(id, "supplies.read", stop);
        var entries = db.Entries.AsNoTracking().Where(e => e.Round == round.Serial);
        var (rows, units) = (await entries.CountAsync(stop), await entries.Select(e => e.No).Distinct().CountAsync(stop));
        var held = await entries.Where(e => e.State == EntryState.Confirmed || e.State == EntryState.Collected).GroupBy(e => e.Point).Select(g => new { Point = g.Key, Count = g.Count() }).ToListAsync(stop);
        // The list is numbered from 0 without a gap.
        var foreign = await entries.CountAsync(e => e.No < 0 || e.No >= round.Entitled, stop);
        bool? root = null, draw = null;
        if (round.Root is not null)
            try { root = (await finder.TicketsAsync(round, stop)).List.Count == round.Tickets; }
            catch (InvalidOperationException) { root = false; }
        if (round.DrawJson is { } json) draw = Verifier.Check(DrawFile.Read(json), null, round.Root).Count == 0;
        return new(rows, units, held.Sum(h => h.Count), round.Shares, held.Sum(h => Math.Max(0, h.Count - round.Points.Single(p => p.No == h.Point).Shares)), rows - units, foreign, root, draw);
    }
}
