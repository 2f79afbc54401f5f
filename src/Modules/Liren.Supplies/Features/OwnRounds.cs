using Liren.Contracts.Identity;
using Liren.Contracts.People;
using Liren.Contracts.Supplies;
using Liren.Draws;
using Liren.Sdk;
using Liren.Sdk.Security;
using Liren.Supplies.Data;
using Liren.Supplies.Domain;
using Liren.Supplies.Rush;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;

namespace Liren.Supplies.Features;

/// <summary>An entry as its own people see it.</summary>
/// <param name="State">How it stands.</param>
/// <param name="Receipt">Tag, 32 hex digits.</param>
/// <param name="Seat">In which order it came.</param>
/// <param name="Ahead">How many wait before it; null unless it waits.</param>
/// <param name="PointName">Where to collect.</param>
/// <param name="Slot">When to come; null while no share is kept.</param>
/// <param name="MovedAt">When it last moved.</param>
/// <param name="MayChange">Whether the slot may still be changed.</param>
/// <param name="Chance">A chance in a hundred to get a share as things stand; null unless it will be drawn.</param>
internal sealed record OwnEntry(EntryState State, string Receipt, int Seat, int? Ahead, string PointName, DateTimeOffset? Slot, DateTimeOffset MovedAt, bool MayChange, int? Chance);

/// <summary>A slot one may change to.</summary>
/// <param name="Begins">When it begins; also its name.</param>
/// <param name="Free">How many more can come then.</param>
internal sealed record FreeSlot(DateTimeOffset Begins, int Free);

/// <summary>A round as a resident sees it.</summary>
/// <param name="Row">The round.</param>
/// <param name="Unit">Who is one.</param>
/// <param name="UnitOfItem">Counted in.</param>
/// <param name="Left">Shares left.</param>
/// <param name="Entered">Entries so far.</param>
/// <param name="Token">Enters with one small request; null when there is nothing to enter.</param>
/// <param name="Own">The entry; null when there is none.</param>
/// <param name="Reason">Why it was called off.</param>
/// <param name="Beacon">Which public number decides.</param>
/// <param name="WindowEndsAt">Until then all ask at the same time.</param>
/// <param name="Root">Commitment to the list, once closed.</param>
/// <param name="Tickets">Tickets in a lottery: more than one for draws lost before.</param>
/// <param name="Class">The class with reserved shares it belongs to; null when none.</param>
/// <param name="ClassShares">Shares reserved for it.</param>
internal sealed record OwnRound(RoundRow Row, EntitledUnit Unit, string UnitOfItem, int Left, int Entered, string? Token, OwnEntry? Own, string? Reason, string Beacon, DateTimeOffset WindowEndsAt, string? Root, int Tickets, string? Class, int ClassShares);

/// <summary>Rounds for whoever asks: what they or their household may have, or have.</summary>
[Needs("supplies.own")]
internal sealed class OwnRounds(SuppliesDb db, RoundFinder finder, RoundViews views, RoundBook book, RoundSlots slots, EntryTokens tokens, IPersonAccounts accounts, TimeProvider clock) : IFeature
{
    private static readonly TimeSpan Shown = TimeSpan.FromDays(30);

    /// <param name="Begins">When the slot asked for begins.</param>
    public sealed record SlotRequest(DateTimeOffset Begins);

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/own", (OwnRounds feature, CancellationToken stop) => feature.RunAsync(stop));
        api.MapPost("/own/{id:guid}/cancel", (Guid id, OwnRounds feature, CancellationToken stop) => feature.CancelAsync(id, stop));
        api.MapGet("/own/{id:guid}/slots", (Guid id, OwnRounds feature, CancellationToken stop) => feature.SlotsAsync(id, stop));
        api.MapPost("/own/{id:guid}/slot", (Guid id, SlotRequest request, OwnRounds feature, CancellationToken stop) => feature.ChangeSlotAsync(id, request, stop));
    }

    public async Task<IReadOnlyList<OwnRound>> RunAsync(CancellationToken stop) => await OfAsync(await PersonAsync(stop), stop);

    /// <summary>One of them.</summary>
    public async Task<OwnRound> OneAsync(Guid id, CancellationToken stop) => Rule.Found((await RunAsync(stop)).FirstOrDefault(r => r.Row.Id == id), "supplies.no-round");

    /// <summary>Enters from a page without script; the same request as the small one.</summary>
    public async Task EnterAsync(Guid id, Guid key, CancellationToken stop)
    {
        var round = await finder.PublicAsync(id, stop);
        var ask = await book.RunAsync(round.Serial, new(Act.Enter, await finder.NoOfAsync(round, await PersonAsync(stop), stop)) { Key = key });
        if (ask.Outcome is not (Outcome.Done or Outcome.Same)) throw EnterRound.Refusal(ask.Outcome);
    }

    /// <summary>Does without: an entry before the list is closed, a share as long as it has not been collected.</summary>
    public async Task CancelAsync(Guid id, CancellationToken stop)
    {
        var round = await finder.PublicAsync(id, stop);
        var ask = await book.RunAsync(round.Serial, new(Act.Cancel, await finder.NoOfAsync(round, await PersonAsync(stop), stop)));
        if (ask.Outcome is not (Outcome.Done or Outcome.Same)) throw EnterRound.Refusal(ask.Outcome);
    }

    /// <summary>Slots one may change to: at the own point, still to come, not full.</summary>
    public async Task<IReadOnlyList<FreeSlot>> SlotsAsync(Guid id, CancellationToken stop)
    {
        var round = await finder.PublicAsync(id, stop);
        return await slots.FreeAsync(round, await finder.NoOfAsync(round, await PersonAsync(stop), stop), stop);
    }

    /// <summary>To another slot, once.</summary>
    public async Task ChangeSlotAsync(Guid id, SlotRequest request, CancellationToken stop)
    {
        var round = await finder.PublicAsync(id, stop);
        await slots.ChangeAsync(round, await finder.NoOfAsync(round, await PersonAsync(stop), stop), request.Begins, once: true, stop);
    }

    /// <summary>Rounds of a resident, the newest first.</summary>
    public async Task<IReadOnlyList<OwnRound>> OfAsync(Guid person, CancellationToken stop)
    {
        var (units, since) = (await finder.UnitsOfAsync(person, stop), clock.GetUtcNow() - Shown);
        var unitIds = units.Values.ToList();
        var listed = await db.Entitlements.AsNoTracking().Where(e => unitIds.Contains(e.UnitId)).ToListAsync(stop);
        var serials = listed.Select(e => e.Round).ToHashSet();
        var shown = await db.RoundsWithRules.AsNoTracking().Where(r => serials.Contains(r.Serial) && r.PublishedAt != null && r.PickupUntil >= since).OrderByDescending(r => r.OpensAt).ThenByDescending(r => r.Serial).ToListAsync(stop);
        // A room's unit may be listed for others of the room: what counts is the unit this round goes by.
        var mine = shown.SelectMany(r => listed.Where(e => e.Round == r.Serial && e.UnitId == units[r.Unit])).ToDictionary(e => e.Round);
        var rounds = shown.Where(r => mine.ContainsKey(r.Serial)).ToList();
        return await ViewsAsync(rounds, mine, stop);
    }

    /// <summary>Rounds as one unit sees them.</summary>
    /// <param name="rounds">Published, with their points.</param>
    /// <param name="mine">The unit's entitlement in each, by serial.</param>
    /// <param name="stop">Stops.</param>
    public async Task<IReadOnlyList<OwnRound>> ViewsAsync(IReadOnlyList<Round> rounds, IReadOnlyDictionary<int, Entitlement> mine, CancellationToken stop)
    {
        var rows = await views.RowsAsync(rounds, stop);
        var ids = rounds.SelectMany(r => r.Points).Select(p => p.PointId).ToHashSet();
        var points = await db.Points.AsNoTracking().Where(p => ids.Contains(p.Id)).ToDictionaryAsync(p => p.Id, stop);
        var items = rounds.Select(r => r.ItemId).ToHashSet();
        var unitOf = await db.Items.AsNoTracking().Where(i => items.Contains(i.Id)).ToDictionaryAsync(i => i.Id, i => i.Unit, stop);
        var found = new List<OwnRound>();
        foreach (var (round, row) in rounds.Zip(rows))
        {
            var counts = await book.CountsAsync(round.Serial);
            var unit = mine[round.Serial];
            var entry = await EntryAsync(round, unit, counts, points, stop);
            var ofClass = round.Classes.Find(c => c.No == unit.Class && c.Shares > 0);
            var enters = row.Phase is RoundPhase.Coming or RoundPhase.Window or RoundPhase.Open && entry is null or { State: EntryState.Cancelled };
            found.Add(new(row, round.Unit, unitOf[round.ItemId], counts.Left, counts.Entered - counts.Cancelled, enters ? tokens.Make(round.Serial, unit.No) : null, entry, round.Reason, round.BeaconRule, round.WindowEndsAt, round.Root, unit.TicketsIn(round), ofClass?.Name, ofClass?.Shares ?? 0));
        }
        return found;
    }

    private async Task<OwnEntry?> EntryAsync(Round round, Entitlement unit, RoundCounts counts, Dictionary<Guid, PickupPoint> points, CancellationToken stop)
    {
        if (await db.Entries.AsNoTracking().SingleOrDefaultAsync(e => e.Round == round.Serial && e.No == unit.No, stop) is not { } e) return null;
        var point = points[round.Points.Single(p => p.No == e.Point).PointId];
        int? ahead = e.State == EntryState.Waiting ? await db.Entries.CountAsync(o => o.Round == round.Serial && o.State == EntryState.Waiting && o.Seat < e.Seat, stop) : null;
        // As things stand, were everybody to hold one ticket: said as a guide, no promise.
        int? chance = e.State == EntryState.Requested && counts.Requested > 0 ? (int)Math.Min(100, 100L * round.Shares * unit.TicketsIn(round) / counts.Requested) : null;
        return new(e.State, Hex.Of(e.Tag), e.Seat, ahead, point.Name, e.Turn > 0 ? Slots.Of(e.Turn, round.PickupFrom, point.Desks, point.OpensMinute, point.ClosesMinute) : null, DateTimeOffset.FromUnixTimeMilliseconds(e.MovedAt),
            e is { State: EntryState.Confirmed, Changes: 0 } && clock.GetUtcNow() < round.PickupUntil, chance);
    }

    private async Task<Guid> PersonAsync(CancellationToken stop)
    {
        var person = Actor.Current is { Kind: ActorKind.Person, Id: { } account } ? await accounts.PersonOfAsync(account, stop) : null;
        Rule.State(person is not null, "supplies.not-linked");
        return person!.Value;
    }
}

/// <summary>The round of a personal link (个人链接), for whoever holds it: nobody has to sign in.</summary>
[OpenToAll("the signed token in the link says which unit of which round; it shows no personal data")]
internal sealed class InvitedRound(SuppliesDb db, OwnRounds own, EntryTokens tokens) : IFeature
{
    public static void Map(IEndpointRouteBuilder api) => api.MapGet("/invited", (string? token, InvitedRound feature, CancellationToken stop) => feature.RunAsync(token, stop));

    public async Task<OwnRound> RunAsync(string? token, CancellationToken stop)
    {
        if (!tokens.Read(System.Text.Encoding.ASCII.GetBytes(token ?? ""), out var serial, out var no)) throw new RuleBrokenException("supplies.token", "token", 403);
        var round = Rule.Found(await db.RoundsWithRules.AsNoTracking().SingleOrDefaultAsync(r => r.Serial == serial && r.PublishedAt != null, stop), "supplies.no-round");
        var unit = await db.Entitlements.AsNoTracking().SingleAsync(e => e.Round == serial && e.No == no, stop);
        return (await own.ViewsAsync([round], new Dictionary<int, Entitlement> { [serial] = unit }, stop))[0];
    }
}

/// <summary>Requests by telephone keys: the same writer, the same rule, counted under their own channel.</summary>
internal sealed class KeypadRequests(SuppliesDb db, OwnRounds own, RoundFinder finder, RoundBook book) : IKeypadRequests
{
    public async Task<IReadOnlyList<KeypadRound>> OpenForAsync(Guid person, CancellationToken cancellation = default) =>
        [.. (await own.OfAsync(person, cancellation)).Where(r => r.Row.Phase is RoundPhase.Window or RoundPhase.Open).Select(r => new KeypadRound(r.Row.Id, r.Row.Title, r.Own is { State: not EntryState.Cancelled }))];

    public async Task<KeypadAnswer> RequestAsync(Guid person, Guid round, Guid key, CancellationToken cancellation = default)
    {
        if (await db.Rounds.AsNoTracking().SingleOrDefaultAsync(r => r.Id == round && r.PublishedAt != null, cancellation) is not { } found) return new("not-open", null);
        int no;
        try { no = await finder.NoOfAsync(found, person, cancellation); }
        catch (RuleBrokenException) { return new("not-entitled", null); }
        var ask = await book.RunAsync(found.Serial, new(Act.Enter, no) { Key = key, Channel = EntryChannel.Keypad });
        var word = ask.Outcome switch
        {
            Outcome.Done or Outcome.Same => ask.Seen!.State switch { EntryState.Waiting => "waiting", EntryState.Requested => "requested", _ => "confirmed" },
            Outcome.Already => "already",
            Outcome.NotOpen => "not-open",
            Outcome.Closed => "closed",
            Outcome.SoldOut or Outcome.HeldBack => "sold-out",
            _ => "not-entitled",
        };
        return new(word, ask.Seen is { } seen ? Receipts.Spoken(seen.Tag) : null);
    }
}

/// <summary>Receipts for people (回执号).</summary>
internal static class Receipts
{
    /// <summary>The ten digits of a tag in hex, in groups.</summary>
    public static string Shown(string hex) => Spoken(Convert.FromHexString(hex)) is var d ? $"{d[..3]} {d[3..6]} {d[6..]}" : "";

    /// <summary>Ten digits of a tag, to be read out and written down; a desk finds the entry by them.</summary>
    public static string Spoken(ReadOnlySpan<byte> tag) => (System.Buffers.Binary.BinaryPrimitives.ReadUInt64BigEndian(tag) % 10_000_000_000).ToString("D10", System.Globalization.CultureInfo.InvariantCulture);
}
