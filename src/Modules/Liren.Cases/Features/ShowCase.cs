using Liren.Cases.Data;
using Liren.Cases.Domain;
using Liren.Contracts.Cases;
using Liren.Contracts.Identity;
using Liren.Contracts.Organisation;
using Liren.Contracts.Places;
using Liren.Sdk;
using Liren.Sdk.Files;
using Liren.Sdk.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;

namespace Liren.Cases.Features;

internal sealed record StepView(DateTimeOffset At, Act Act, CaseState From, CaseState To, string? Who, string Why, string? Note);
internal sealed record PhotoView(string Sha, string Href, PhotoStage Stage, DateTimeOffset At, bool Stripped);

/// <summary>One case, whole: where it stands of the seven steps, its clock, evidence, record, what may be the same, and what the reader may do now.</summary>
[Needs("cases.read")]
internal sealed class ShowCase(CasesDb db, Desk desk, Intake intake, TypeBook types, Words words, IResponsibilityMatrix matrix, TimeProvider clock) : IFeature
{
    /// <param name="HasContact">Somebody can be called; who, is shown for a purpose only.</param>
    /// <param name="Suggested">The unit the responsibility matrix names, while one has to be chosen.</param>
    /// <param name="Because">Why that one.</param>
    public sealed record Response(CaseRow Row, string Description, double? Longitude, double? Latitude, bool HasContact, string? ClockLimit, DateTimeOffset? ClockStart, Guid? UnitId, bool AskedSuspension, DateTimeOffset? SuspendUntil, string? SuspendWhy,
        Guid? DuplicateOf, string? DuplicateCode, int Returns, string? RatingWords, IReadOnlyList<PhotoView> Photos, IReadOnlyList<StepView> Steps, IReadOnlyList<Intake.Similar> Similar, OrgCard? Suggested, IReadOnlyList<string> Because, IReadOnlyList<Act> Acts, DateTimeOffset Now)
    {
        /// <summary>True when the reader may do it now.</summary>
        public bool May(Act act) => Acts.Contains(act);
    }

    public static void Map(IEndpointRouteBuilder api) => api.MapGet("/{id:guid}", (Guid id, ShowCase feature, CancellationToken stop) => feature.RunAsync(id, stop));

    public async Task<Response> RunAsync(Guid id, CancellationToken stop)
    {
        var c = await desk.LoadAsync(id, stop);
        Actor.Current.Require("cases.read", c.PlacePath);
        var now = clock.GetUtcNow();
        var acts = ActsOf(c, Desk.ByOf(c, Actor.Current) & ~By.Reporter, now).ToList();
        var steps = await db.Steps.AsNoTracking().Where(s => s.CaseId == id).OrderBy(s => s.Seq).ToListAsync(stop);
        var centre = Desk.ByOf(c, Actor.Current).HasFlag(By.Centre);
        var who = acts.Contains(Act.Assign) || acts.Contains(Act.Register) ? await matrix.WhoAsync(c.Type, c.PlacePath, Mode.Peace, stop) : null;
        var into = c.DuplicateOf is { } other ? await db.Cases.Where(o => o.Id == other).Select(o => o.Code).SingleOrDefaultAsync(stop) : null;
        return new(CaseRow.Of(c, await types.NameAsync(c.Type, stop)), c.Description, c.Longitude, c.Latitude, c.Contact is not null || c.ReporterId is not null, c.ClockLimit, c.ClockStart, c.UnitId, c.SuspendAskedBy is not null, c.SuspendUntil, c.SuspendWhy, c.DuplicateOf, into,
            c.Returns, c.RatingWords, PhotosOf(c, "/api/cases"), [.. steps.Select(s => new StepView(s.At, s.Act, s.From, s.To, s.Name, words.Why(s), s.Note))], centre && c.State.IsOpen() ? await intake.SimilarAsync(c, stop) : [],
            who?.Owner, who?.Because ?? [], acts, now);
    }

    internal static List<PhotoView> PhotosOf(Case c, string under) => [.. c.Photos.OrderBy(p => p.At).ThenBy(p => p.Id).Select(p => new PhotoView(p.Sha, $"{under}/{c.Id}/photos/{p.Sha}", p.Stage, p.At, p.Stripped))];

    /// <summary>What this person may do now; what would only be refused is not offered.</summary>
    internal static IEnumerable<Act> ActsOf(Case c, By by, DateTimeOffset now)
    {
        foreach (var act in Transitions.From(c.State, by))
        {
            if (act == Act.Return && c.Returns > 0) continue;
            if (act == Act.AskSuspend && c.SuspendUntil is not null) continue;
            if (act is Act.Suspend or Act.RefuseSuspend && c.SuspendAskedBy is null) continue;
            if (act == Act.Reopen && !by.HasFlag(By.Centre) && !c.CanBeReopenedByReporter(now)) continue;
            yield return act;
        }
    }
}

/// <summary>A photo of the case, for whoever may read it.</summary>
[Needs("cases.read")]
internal sealed class ShowCasePhoto(Desk desk, PhotoStore store) : IFeature
{
    public static void Map(IEndpointRouteBuilder api) => api.MapGet("/{id:guid}/photos/{sha}", async (Guid id, string sha, HttpContext http, ShowCasePhoto feature, CancellationToken stop) =>
        PhotoStore.Answer(http, await feature.RunAsync(id, sha, stop)));

    public async Task<(string Path, string ContentType)> RunAsync(Guid id, string sha, CancellationToken stop)
    {
        var c = await desk.LoadAsync(id, stop);
        Actor.Current.Require("cases.read", c.PlacePath);
        return Find(c, sha, store);
    }

    internal static (string Path, string ContentType) Find(Case c, string sha, PhotoStore store)
    {
        var photo = Rule.Found(c.Photos.FirstOrDefault(p => p.Sha == sha), "cases.no-photo");
        return (Rule.Found(store.Find(photo.Sha), "cases.no-photo"), photo.ContentType);
    }
}

/// <summary>Who reported it and how to call them (上报人): personal data, for a purpose, logged.</summary>
[Needs("cases.reporter"), PersonalData]
internal sealed class ShowReporter(Desk desk, Intake intake, IAccountDirectory accounts, IAccessLog log) : IFeature
{
    public sealed record Response(string? Name, string? Phone, string? Email, CaseSource Source);

    public static void Map(IEndpointRouteBuilder api) => api.MapGet("/{id:guid}/reporter", (Guid id, ShowReporter feature, CancellationToken stop) => feature.RunAsync(id, stop));

    public async Task<Response> RunAsync(Guid id, CancellationToken stop)
    {
        var c = await desk.LoadAsync(id, stop);
        var may = Actor.Current.May("cases.reporter", c.PlacePath);
        // Whoever asks without being allowed is written down too.
        await log.RecordAsync([new(c.ReporterPerson ?? c.ReporterId ?? c.Id, Purpose.Required, "name,phone,email", "plain", may)], stop);
        Actor.Current.Require("cases.reporter", c.PlacePath);
        var account = c.ReporterId is { } reporter ? (await accounts.FindManyAsync([reporter], stop)).GetValueOrDefault(reporter)?.DisplayName : null;
        var contact = intake.Open(c);
        return new(contact?.Name ?? account, contact?.Phone, contact?.Email, c.Source);
    }
}

/// <summary>What can be reported where, for forms: types in use and places of the person's own.</summary>
[Needs("cases.report")]
internal sealed class CaseChoices(TypeBook types, IPlaceDirectory places) : IFeature
{
    public sealed record Choice(string Value, string Text);
    public sealed record Response(IReadOnlyList<Choice> Types, IReadOnlyList<Choice> Places);

    public static void Map(IEndpointRouteBuilder api) => api.MapGet("/choices", (string? q, CaseChoices feature, CancellationToken stop) => feature.RunAsync(q, stop));

    public async Task<Response> RunAsync(string? q, CancellationToken stop)
    {
        var scopes = Actor.Current.ScopesFor("cases.report");
        return new([.. (await types.InUseAsync(stop)).Select(t => new Choice(t.Code, t.Name))], await PlacesAsync(places, scopes, q, stop));
    }

    /// <summary>Compounds, areas and buildings of the scopes; found by name when there are too many to show.</summary>
    internal static async Task<IReadOnlyList<Choice>> PlacesAsync(IPlaceDirectory places, IReadOnlyCollection<string> scopes, string? q, CancellationToken stop)
    {
        var found = new List<PlaceCard>();
        if (!string.IsNullOrWhiteSpace(q)) found.AddRange(await places.SearchAsync(q.Trim(), scopes, 50, stop));
        else
            foreach (var scope in scopes.Where(s => PlacePath.Depth(s) >= 4)) found.AddRange(await places.WithinAsync(scope, [PlaceKind.Compound, PlaceKind.Area, PlaceKind.Building], 300, stop));
        var compounds = await places.FindManyAsync(found.Select(f => CompoundOf(f.Path)).OfType<string>().Distinct(), stop);
        return [.. found.DistinctBy(f => f.Path).OrderBy(f => CompoundOf(f.Path), StringComparer.Ordinal).ThenBy(f => f.Kind switch { PlaceKind.Compound => 0, PlaceKind.Area => 1, _ => 2 })
            .Select(f => new Choice(f.Path, CompoundOf(f.Path) is { } c && c != f.Path && compounds.TryGetValue(c, out var card) ? $"{card.Name} {f.Name}" : f.Name))];
    }

    /// <summary>The compound a path lies in; null above.</summary>
    internal static string? CompoundOf(string path) => PlacePath.Depth(path) >= 6 ? string.Join('.', path.Split('.').Take(6)) : null;
}

/// <summary>Units a case can be assigned to, for the form.</summary>
[Needs("cases.manage")]
internal sealed class ListUnits(IOrganisationDirectory orgs) : IFeature
{
    public static void Map(IEndpointRouteBuilder api) => api.MapGet("/units", (string? place, ListUnits feature, CancellationToken stop) => feature.RunAsync(place ?? "", stop));

    /// <summary>Active organisations on the way from the place up to the root, and those below it.</summary>
    public async Task<IReadOnlyList<OrgCard>> RunAsync(string place, CancellationToken stop) =>
        [.. (await orgs.AllAsync(stop)).Where(o => PlacePath.Overlap(place, o.PlacePath)).OrderByDescending(o => PlacePath.Depth(o.PlacePath)).ThenBy(o => o.Name, StringComparer.Ordinal)];
}
