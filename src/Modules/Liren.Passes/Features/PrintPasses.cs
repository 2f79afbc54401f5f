using Liren.Codes;
using Liren.Contracts.Passes;
using Liren.Contracts.Places;
using Liren.Documents;
using Liren.Passes.Data;
using Liren.Passes.Domain;
using Liren.Passes.Sheets;
using Liren.Sdk;
using Liren.Sdk.Data;
using Liren.Sdk.Security;
using Liren.Sdk.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;

namespace Liren.Passes.Features;

/// <summary>Prints paper passes (打印纸质证): A4 sheets to cut, or one card a page. Signed anew while printing; the same card may be printed again.</summary>
[Needs("passes.issue")]
[PersonalData]
internal sealed class PrintPasses(PassesDb db, Keyring keyring, IPlaceDirectory places, IAccessLog log, Texts texts, TimeProvider clock) : IFeature
{
    private const int Chunk = 2_000;

    /// <param name="Place">Everybody's cards at this place; or</param>
    /// <param name="Ids">these passes.</param>
    /// <param name="Single">One card a page, for card printers.</param>
    public sealed record Request(string? Place = null, IReadOnlyList<Guid>? Ids = null, bool Single = false);

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost("/print", (Request request, PrintPasses feature, CancellationToken stop) => feature.FileAsync(request, stop));
        // The same as a link, for pages.
        api.MapGet("/print", (string? place, Guid[]? ids, bool? single, PrintPasses feature, CancellationToken stop) => feature.FileAsync(new(place, ids is { Length: > 0 } ? ids : null, single ?? false), stop));
    }

    private async Task<IResult> FileAsync(Request request, CancellationToken stop)
    {
        // Through a file that vanishes when it is closed: a broken print ends in an answer, not in half a document.
        var file = new FileStream(Path.GetTempFileName(), FileMode.Create, FileAccess.ReadWrite, FileShare.None, 65_536, FileOptions.DeleteOnClose);
        try
        {
            await WriteAsync(file, request.Place, request.Ids, stop, request.Single);
            file.Position = 0;
            return TypedResults.File(file, "application/pdf", "passes.pdf");
        }
        catch
        {
            await file.DisposeAsync();
            throw;
        }
    }

    /// <summary>Writes the document; returns how many cards it has.</summary>
    public async Task<int> WriteAsync(Stream output, string? place, IReadOnlyList<Guid>? ids, CancellationToken stop, bool single = false)
    {
        Rule.Require(place is not null ^ ids is { Count: > 0 }, "passes.print-what", "place");
        Rule.Require(ids is null || ids.Count <= 1_000, "passes.print-many", "ids", 1_000);
        if (place is not null) Actor.Current.Require("passes.issue", place);
        var now = clock.GetUtcNow();
        var rows = db.Passes.AsNoTracking().Where(p => p.Form == PassForm.Paper && p.State == PassState.Active && p.Until >= now);
        rows = place is not null ? rows.WhereWithin(p => p.PlacePath, [place]) : rows.Where(p => ids!.Contains(p.Id));
        using var document = new PdfDocument(output, texts["passes.sheet-title"]);
        var sheet = new PassSheet(document, single);
        var names = new Dictionary<string, string>();
        var (printed, lastPlace, lastId) = (0, "", Guid.Empty);
        while (true)
        {
            var part = await rows.Where(p => p.PlacePath.CompareTo(lastPlace) > 0 || (p.PlacePath == lastPlace && p.Id.CompareTo(lastId) > 0)).OrderBy(p => p.PlacePath).ThenBy(p => p.Id).Take(Chunk).ToListAsync(stop);
            if (part.Count == 0) break;
            (lastPlace, lastId) = (part[^1].PlacePath, part[^1].Id);
            foreach (var pass in part) Actor.Current.Require("passes.issue", pass.PlacePath);
            await log.RecordAsync([.. part.Where(p => p.PersonId is not null).Select(p => new AccessEntry(p.PersonId!.Value, Purpose.Required, "pass,idTail", "export"))], stop);
            await DrawAsync(part, sheet, names, now, stop);
            printed += part.Count;
        }
        Rule.Found(printed > 0 ? document : null, "passes.nothing-to-print");
        document.Finish();
        return printed;
    }

    private async Task DrawAsync(IReadOnlyList<Pass> part, PassSheet sheet, Dictionary<string, string> names, DateTimeOffset now, CancellationToken stop)
    {
        foreach (var compound in part.Select(p => p.CompoundPath).Distinct())
            if (!names.ContainsKey(compound)) names[compound] = (await places.FindAsync(compound, stop))?.Name ?? compound;
        var keys = new Dictionary<string, SigningKey>();
        foreach (var community in part.Select(p => p.CommunityPath).Distinct()) keys[community] = (await keyring.SignerAsync(KeyRole.Pass, community, stop)).Key;
        var titles = part.Select(p => p.Kind).Distinct().ToDictionary(k => k, k => texts["passes.card-title", texts[$"column.PassKind.{k}"]]);
        // Signatures and codes by all processors, cards in their order.
        var cards = part.AsParallel().AsOrdered().Select(p =>
        {
            var claims = p.ToClaims(now);
            var code = PassToken.Sign(claims, keys[p.CommunityPath]);
            return (Card: new CardText(titles[p.Kind], names[p.CompoundPath], claims, p.Serial, code), Modules: PassSheet.ModulesOf(code));
        });
        foreach (var (card, modules) in cards)
        {
            stop.ThrowIfCancellationRequested();
            sheet.Add(card, modules);
            modules.Dispose();
        }
    }
}
