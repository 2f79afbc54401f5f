using Liren.Contracts.Passes;
using Liren.Contracts.People;
using Liren.Draws;
using Liren.Sdk;
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

/// <summary>Somebody at the desk: masked, with how their unit stands in the round.</summary>
internal sealed record DeskPerson(Guid PersonId, string Name, string? IdTail, string? Unit, bool Entitled, EntryState? State, string? Receipt, int? Point, string? PointName, int Turn, DateTimeOffset? Slot, DateTimeOffset? MovedAt, int? No = null, bool Signed = false);

/// <summary>The pickup desk (领取台): finds people by name, room, telephone, document or receipt, enters them, hands over.</summary>
[Needs("supplies.desk"), PersonalData]
internal sealed class Desk(SuppliesDb db, RoundFinder finder, RoundBook book, RoundSlots slots, IPassHolders holders, IPassCodes passes, IResidentUnits residents) : IFeature
{
    /// <param name="PersonId">Who asks.</param>
    /// <param name="Key">Sent again, it gets the same answer.</param>
    /// <param name="Channel">Desk or List.</param>
    public sealed record EnterRequest(Guid PersonId, Guid Key, EntryChannel Channel = EntryChannel.Desk);

    /// <param name="PersonId">Who collects, or for whom.</param>
    /// <param name="Receipt">Or the receipt: 32 hex digits, or the ten that are read out.</param>
    /// <param name="Proof">pass, card, receipt, list or proxy: what was seen.</param>
    /// <param name="Proxy">Who came instead (代领人), when it was not one of the household.</param>
    /// <param name="Point">The desk's point, by its number within the round; null when any.</param>
    /// <param name="Pass">Or the scanned code of a pass (通行证): living code of a phone, or card.</param>
    /// <param name="DocumentSeen">With a card: the document beside it was seen.</param>
    public sealed record HandOverRequest(Guid? PersonId, string? Receipt, string? Proof, string? Proxy = null, int? Point = null, string? Pass = null, bool DocumentSeen = false);

    /// <param name="Begins">When the slot asked for begins.</param>
    public sealed record SlotRequest(Guid PersonId, DateTimeOffset Begins);

    /// <param name="Outcome">requested, confirmed, waiting ...</param>
    /// <param name="Receipt">Ten digits for the slip.</param>
    /// <param name="Tag">The whole tag for its code.</param>
    public sealed record Slip(string Outcome, string Receipt, string Tag, int Seat, int Turn);

    /// <param name="At">When it was handed over.</param>
    /// <param name="Again">True when it had been before: nothing is handed over now.</param>
    /// <param name="Pieces">Pieces to hand over.</param>
    /// <param name="No">Number of the entitlement: for the signature.</param>
    /// <param name="Name">Whose pass it was, masked; null without a pass.</param>
    public sealed record Handed(DateTimeOffset At, bool Again, int Pieces, int No, string? Name = null);

    private static readonly string[] Proofs = ["pass", "card", "receipt", "list", "proxy"];

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/rounds/{id:guid}/desk", (Guid id, string? q, Desk feature, CancellationToken stop) => feature.FindAsync(id, q, stop));
        api.MapPost("/rounds/{id:guid}/desk/enter", (Guid id, EnterRequest request, Desk feature, CancellationToken stop) => feature.EnterAsync(id, request, stop));
        api.MapGet("/rounds/{id:guid}/desk/slots", (Guid id, Guid? person, Desk feature, CancellationToken stop) => feature.SlotsAsync(id, person ?? Guid.Empty, stop));
        api.MapPost("/rounds/{id:guid}/desk/slot", (Guid id, SlotRequest request, Desk feature, CancellationToken stop) => feature.ChangeSlotAsync(id, request, stop));
        api.MapPost("/rounds/{id:guid}/desk/hand-over", (Guid id, HandOverRequest request, Desk feature, CancellationToken stop) => feature.HandOverAsync(id, request, stop));
    }

    public async Task<IReadOnlyList<DeskPerson>> FindAsync(Guid id, string? q, CancellationToken stop)
    {
        var round = await finder.OfAsync(id, "supplies.desk", stop);
        Rule.Require(q?.Trim() is { Length: > 0 and <= 60 }, "supplies.desk-search", "q");
        var found = await holders.SearchAsync(q!.Trim(), 10, Purpose.Required, stop);
        var rows = new List<DeskPerson>(found.Count);
        foreach (var person in found) rows.Add(await OfAsync(round, person, stop));
        return rows;
    }

    public async Task<Slip> EnterAsync(Guid id, EnterRequest request, CancellationToken stop)
    {
        var round = await finder.OfAsync(id, "supplies.desk", stop);
        Rule.Require(request.Channel is EntryChannel.Desk or EntryChannel.List, "supplies.channel", "channel");
        Rule.Require(request.Key != Guid.Empty, "supplies.key", "key");
        Rule.State(round.PublishedAt is not null, "supplies.not-published");
        var person = Rule.Found(await holders.FindAsync(request.PersonId, Purpose.Required, stop), "supplies.no-person");
        var ask = await book.RunAsync(round.Serial, new(Act.Enter, await finder.NoOfAsync(round, person.PersonId, stop)) { Key = request.Key, Channel = request.Channel, By = Actor.Current.Name });
        if (ask.Outcome is not (Outcome.Done or Outcome.Same)) throw EnterRound.Refusal(ask.Outcome);
        var seen = ask.Seen!;
        return new(EnterRound.Of(seen).Outcome, Receipts.Spoken(seen.Tag), Hex.Of(seen.Tag), seen.Seat, seen.Turn);
    }

    /// <summary>Slots somebody could change to.</summary>
    public async Task<IReadOnlyList<FreeSlot>> SlotsAsync(Guid id, Guid person, CancellationToken stop)
    {
        var round = await finder.OfAsync(id, "supplies.desk", stop);
        return await slots.FreeAsync(round, await finder.NoOfAsync(round, (await PersonAsync(person, stop)).PersonId, stop), stop);
    }

    /// <summary>Another slot for somebody who asks at the desk or by telephone; as often as it must.</summary>
    public async Task ChangeSlotAsync(Guid id, SlotRequest request, CancellationToken stop)
    {
        var round = await finder.OfAsync(id, "supplies.desk", stop);
        await slots.ChangeAsync(round, await finder.NoOfAsync(round, (await PersonAsync(request.PersonId, stop)).PersonId, stop), request.Begins, once: false, stop);
    }

    public async Task<Handed> HandOverAsync(Guid id, HandOverRequest request, CancellationToken stop)
    {
        var round = await finder.OfAsync(id, "supplies.desk", stop);
        var holder = request.Pass is { Length: > 0 } pass ? await OfPassAsync(pass, request.DocumentSeen, stop) : null;
        var proof = holder is null ? request.Proof : "pass";
        Rule.Require(Proofs.Contains(proof), "supplies.proof", "proof");
        Rule.Require(proof != "proxy" || request.Proxy?.Trim() is { Length: > 0 and <= 40 }, "supplies.proxy", "proxy");
        var no = holder is not null ? await finder.NoOfAsync(round, holder.PersonId, stop)
            : request.PersonId is { } person ? await finder.NoOfAsync(round, (await PersonAsync(person, stop)).PersonId, stop) : await NoOfReceiptAsync(round, request.Receipt, stop);
        var ask = await book.RunAsync(round.Serial, new(Act.Collect, no) { By = Actor.Current.Name, Proof = proof, Note = request.Proxy?.Trim(), Point = request.Point ?? -1 });
        if (ask.Outcome is not (Outcome.Done or Outcome.CollectedAlready)) throw EnterRound.Refusal(ask.Outcome);
        return new(DateTimeOffset.FromUnixTimeMilliseconds(ask.Seen!.MovedAt), ask.Outcome == Outcome.CollectedAlready, round.PerShare, no, holder?.Name);
    }

    // A card is only as good as the document beside it; a living code stands for itself.
    private async Task<PassHolder> OfPassAsync(string code, bool documentSeen, CancellationToken stop)
    {
        Rule.Require(code.Length <= 2000, "supplies.pass", "pass");
        var seen = await passes.ReadAsync(code, stop);
        if (!seen.Holds) throw new RuleBrokenException("supplies.pass-refused." + seen.Reason, "pass", 409);
        Rule.State(seen.PersonId is not null, "supplies.pass-nobody");
        Rule.Require(seen.IdTail is null || documentSeen, "supplies.pass-document", "documentSeen", seen.IdTail ?? "");
        return await PersonAsync(seen.PersonId!.Value, stop);
    }

    private async Task<PassHolder> PersonAsync(Guid id, CancellationToken stop) => Rule.Found(await holders.FindAsync(id, Purpose.Required, stop), "supplies.no-person");

    // The digits that are read out are looked for among those who hold a share; two alike are told apart by the whole tag.
    private async Task<int> NoOfReceiptAsync(Round round, string? receipt, CancellationToken stop)
    {
        var text = receipt?.Trim().Replace(" ", "", StringComparison.Ordinal).ToLowerInvariant() ?? "";
        Rule.Require(Hex.Read(text, TagList.TagSize) is not null || text.Length == 10 && text.All(char.IsAsciiDigit), "supplies.receipt", "receipt");
        if (Hex.Read(text, TagList.TagSize) is { } tag)
            return (Rule.Found(await db.Entries.AsNoTracking().SingleOrDefaultAsync(e => e.Round == round.Serial && e.Tag == tag, stop), "supplies.not-on-list")).No;
        var holding = await db.Entries.AsNoTracking().Where(e => e.Round == round.Serial && (e.State == EntryState.Confirmed || e.State == EntryState.Collected)).Select(e => new { e.No, e.Tag }).ToListAsync(stop);
        var found = holding.Where(e => Receipts.Spoken(e.Tag) == text).ToList();
        if (found.Count != 1) throw new RuleBrokenException("supplies.not-on-list", "receipt", 404);
        return found[0].No;
    }

    private async Task<DeskPerson> OfAsync(Round round, PassHolder person, CancellationToken stop)
    {
        var home = await residents.OfAsync(person.PersonId, stop);
        var unit = home is null ? Guid.Empty : RoundFinder.UnitOf(round.Unit, home);
        var listed = await db.Entitlements.AsNoTracking().SingleOrDefaultAsync(e => e.Round == round.Serial && e.UnitId == unit, stop);
        var entry = listed is null ? null : await db.Entries.AsNoTracking().SingleOrDefaultAsync(e => e.Round == round.Serial && e.No == listed.No, stop);
        if (entry is null) return new(person.PersonId, person.Name, person.IdTail, person.Unit, listed is not null, null, null, null, null, 0, null, null);
        var pointId = round.Points.Single(p => p.No == entry.Point).PointId;
        var point = await db.Points.AsNoTracking().SingleAsync(p => p.Id == pointId, stop);
        return new(person.PersonId, person.Name, person.IdTail, person.Unit, true, entry.State, Receipts.Spoken(entry.Tag), entry.Point, point.Name, entry.Turn,
            entry.Turn > 0 ? Slots.Of(entry.Turn, round.PickupFrom, point.Desks, point.OpensMinute, point.ClosesMinute) : null, DateTimeOffset.FromUnixTimeMilliseconds(entry.MovedAt),
            entry.No, entry.State == EntryState.Collected && await db.Signatures.AnyAsync(s => s.Round == round.Serial && s.No == entry.No, stop));
    }
}

/// <summary>Personal links (个人链接) for whoever sends messages: each enters one unit, without signing in. Each unit's log tells who fetched its link and why.</summary>
[Needs("supplies.rounds"), PersonalData]
internal sealed class Invitations(SuppliesDb db, RoundFinder finder, EntryTokens tokens, IAccessLog log) : IFeature
{
    private const int LinesAtOnce = 1_000;

    /// <param name="No">Number on the list.</param>
    /// <param name="Room">Where the message goes.</param>
    /// <param name="Unit">Person or household.</param>
    /// <param name="Token">For <c>/api/supplies/enter</c>, or the page <c>/rounds/enter?t=TOKEN</c>.</param>
    public sealed record Row(int No, string Room, Guid Unit, string Token);

    public static void Map(IEndpointRouteBuilder api) => api.MapGet("/rounds/{id:guid}/invitations", (Guid id, Invitations feature, CancellationToken stop) => feature.RunAsync(id, stop));

    public async Task<IReadOnlyList<Row>> RunAsync(Guid id, CancellationToken stop)
    {
        var round = await finder.OfAsync(id, "supplies.rounds", stop);
        Rule.State(round.PublishedAt is not null, "supplies.not-published");
        var list = await db.Entitlements.AsNoTracking().Where(e => e.Round == round.Serial).OrderBy(e => e.No).ToListAsync(stop);
        foreach (var some in list.Chunk(LinesAtOnce)) await log.RecordAsync([.. some.Select(e => new AccessEntry(e.UnitId, Purpose.Required, "room,link", "export"))], stop);
        return [.. list.Select(e => new Row(e.No, e.Room, e.UnitId, tokens.Make(round.Serial, e.No)))];
    }
}
