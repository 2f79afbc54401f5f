using System.Text.RegularExpressions;
using Liren.Contracts.People;
using Liren.Contracts.Places;
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
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;

namespace Liren.Supplies.Features;

/// <summary>
/// A building steward's paper list, typed into a sheet (名单报名): one line for each request, room and where needed name. Good lines are entered, bad ones named with their reason; the same
/// file twice gives the same answers.
/// </summary>
[Needs("supplies.desk"), PersonalData]
internal sealed partial class EnterList(SuppliesDb db, RoundFinder finder, RoundBook book, IPassHolders holders, IPlaceDirectory places, Texts texts) : IFeature
{
    /// <summary>Largest file.</summary>
    public const int MostBytes = 1024 * 1024;
    private const int MostLines = 5_000;

    /// <param name="Line">Number in the file, the head line being 1.</param>
    /// <param name="Room">As written.</param>
    /// <param name="Name">As written.</param>
    /// <param name="Outcome">requested, confirmed, waiting; null when it was refused.</param>
    /// <param name="Receipt">Ten digits for the slip; also when the unit had entered before.</param>
    /// <param name="Code">Why it was refused.</param>
    /// <param name="Reason">The same as a sentence.</param>
    public sealed record Row(int Line, string Room, string Name, string? Outcome, string? Receipt, string? Code, string? Reason);

    /// <param name="Read">Lines with something in them.</param>
    /// <param name="Entered">Entered, by this file or by the same one before.</param>
    /// <param name="Refused">Lines that were not taken.</param>
    /// <param name="Rows">Line by line.</param>
    public sealed record Response(int Read, int Entered, int Refused, IReadOnlyList<Row> Rows);

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/rounds/{id:guid}/desk/list", async (Guid id, HttpRequest request, EnterList feature, CancellationToken stop) =>
        {
            using var file = new MemoryStream();
            await request.Body.CopyToAsync(file, stop);
            return await feature.RunAsync(id, file.ToArray(), stop);
        }).Accepts<IFormFile>("text/csv").WithMetadata(new RequestSizeLimitAttribute(MostBytes));

    public async Task<Response> RunAsync(Guid id, byte[] file, CancellationToken stop)
    {
        var round = await finder.OfAsync(id, "supplies.desk", stop);
        Rule.State(round.PublishedAt is not null, "supplies.not-published");
        var lines = Read(file);
        var (rooms, rows) = (await RoomsAsync(round, stop), new List<Row>(lines.Count));
        foreach (var (number, room, name) in lines)
        {
            try
            {
                var no = await NoAsync(round, rooms, room, name, stop);
                var ask = await book.RunAsync(round.Serial, new(Act.Enter, no) { Key = NewId.Made($"supplies:list\n{round.Id}\n{no}"), Channel = EntryChannel.List, By = Actor.Current.Name });
                var receipt = ask.Seen is { } seen ? Receipts.Spoken(seen.Tag) : null;
                if (ask.Outcome is Outcome.Done or Outcome.Same) rows.Add(new(number, room, name, EnterRound.Of(ask.Seen!).Outcome, receipt, null, null));
                else rows.Add(Refused(number, room, name, EnterRound.Refusal(ask.Outcome), receipt));
            }
            catch (RuleBrokenException rule) when (rule.Status < 500) { rows.Add(Refused(number, room, name, rule, null)); }
        }
        return new(rows.Count, rows.Count(r => r.Code is null), rows.Count(r => r.Code is not null), rows);
    }

    private Row Refused(int line, string room, string name, RuleBrokenException rule, string? receipt) => new(line, room, name, null, receipt, rule.Code, texts.Say(rule));

    private static List<(int Line, string Room, string Name)> Read(byte[] file)
    {
        var lines = ChineseText.Decode(file).Split('\n').Select(l => l.TrimEnd('\r').Split([',', '\t', '，', ';']).Select(c => c.Trim().Trim('"')).ToArray()).ToList();
        var head = lines.Count > 0 ? lines[0] : [];
        int Column(params string[] names) => Array.FindIndex(head, h => names.Contains(h, StringComparer.OrdinalIgnoreCase));
        var (room, building, unit, name) = (Column("房号", "室号", "住址", "地址", "房间", "room"), Column("楼号", "楼栋", "building"), Column("单元", "unit"), Column("姓名", "name"));
        Rule.Require(room >= 0, "supplies.list-columns", "file");
        Rule.Require(lines.Count <= MostLines, "supplies.list-long", "file", MostLines);
        string At(string[] cells, int column) => column >= 0 && column < cells.Length ? cells[column] : "";
        return [.. lines.Select((cells, i) => (Line: i + 1, Cells: cells)).Skip(1).Where(l => l.Cells.Any(c => c.Length > 0))
            .Select(l => (l.Line, string.Join(' ', new[] { At(l.Cells, building), At(l.Cells, unit), At(l.Cells, room) }.Where(c => c.Length > 0)), At(l.Cells, name)))];
    }

    private sealed record Listed(int No, string Room);

    // Rooms as they are written: "8号楼1单元2602", "8-1-2602", or without the unit where that says enough.
    private async Task<ILookup<string, Listed>> RoomsAsync(Round round, CancellationToken stop)
    {
        var listed = await db.Entitlements.AsNoTracking().Where(e => e.Round == round.Serial).Select(e => new Listed(e.No, e.Room)).ToListAsync(stop);
        var cards = await places.FindManyAsync(listed.SelectMany(l => PlacePath.SelfAndAncestors(l.Room)).Where(p => p.Length > 0).Distinct(), stop);
        return listed.SelectMany(l => Written(l.Room, cards).Distinct().Select(w => (Written: w, Listed: l))).ToLookup(w => w.Written, w => w.Listed);
    }

    private static IEnumerable<string> Written(string room, IReadOnlyDictionary<string, PlaceCard> cards)
    {
        string Named(PlaceKind kind) => PlacePath.SelfAndAncestors(room).Where(p => cards.TryGetValue(p, out var c) && c.Kind == kind).Select(p => Key(cards[p].Name)).FirstOrDefault() ?? "";
        var (building, unit, own) = (Named(PlaceKind.Building), Named(PlaceKind.Unit), Named(PlaceKind.Room));
        yield return string.Join('-', new[] { building, unit, own }.Where(n => n.Length > 0));
        if (building.Length > 0) yield return $"{building}-{own}";
    }

    private static string Key(string text) => string.Join('-', Parts().Matches(text.ToUpperInvariant()).Select(m => m.Value.TrimStart('0') is { Length: > 0 } digits ? digits : "0"));

    [GeneratedRegex("[0-9A-Z]+")]
    private static partial Regex Parts();

    private async Task<int> NoAsync(Round round, ILookup<string, Listed> rooms, string room, string name, CancellationToken stop)
    {
        var found = rooms[Key(room)].DistinctBy(l => l.No).ToList();
        Rule.Require(found.Count > 0, "supplies.list-no-room", "room");
        if (found.Count == 1 && round.Unit != EntitledUnit.Resident) return found[0].No;
        Rule.Require(found.Select(l => l.Room).Distinct().Count() == 1, "supplies.list-which-room", "room");
        Rule.Require(name.Length > 0, "supplies.list-name", "name");
        var persons = (await holders.SearchAsync(name, 20, Purpose.Required, stop)).Where(p => p.Room == found[0].Room).ToList();
        Rule.Require(persons.Count == 1, "supplies.list-no-person", "name");
        return await finder.NoOfAsync(round, persons[0].PersonId, stop);
    }
}
