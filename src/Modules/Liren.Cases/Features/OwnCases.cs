using Liren.Cases.Data;
using Liren.Cases.Domain;
using Liren.Contracts.Cases;
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

/// <summary>A report as its reporter sees it.</summary>
/// <param name="Step">Step of the seven it stands in; 8 when all are done, 0 when it went no further.</param>
internal sealed record OwnCase(Guid Id, string Code, string TypeName, string PlaceName, CaseState State, int Step, string Description, string? Unit, DateTimeOffset ReportedAt, DateTimeOffset ChangedAt, DateTimeOffset? Deadline, bool? Solved, int? Stars);

/// <summary>A resident reports something (随手拍) near their home.</summary>
[Needs("cases.own")]
internal sealed class ReportOwn(Intake intake, CasesDb db, TypeBook types, IPlaceDirectory places, TimeProvider clock) : IFeature
{
    /// <summary>More a day is no report any more.</summary>
    public const int MostADay = 20;

    public sealed record Request(string? Type, string? Place, string? Text, double? Longitude = null, double? Latitude = null, string? Phone = null);

    public sealed record Choices(IReadOnlyList<CaseChoices.Choice> Types, IReadOnlyList<CaseChoices.Choice> Places);

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost("/mine", async (HttpContext http, ReportOwn feature, CancellationToken stop) =>
        {
            var form = await Uploads.ReadAsync(http, stop);
            var made = await feature.RunAsync(new(form["type"], form["place"], form["text"], form.Number("longitude"), form.Number("latitude"), form["phone"]), form.Photos, form.Key, stop);
            return Results.Created($"/api/cases/mine/{made.Id}", made);
        }).TakesForm("type", "place", "text", "longitude", "latitude", "phone");
        api.MapGet("/mine/choices", (ReportOwn feature, CancellationToken stop) => feature.ChoicesAsync(stop));
    }

    /// <summary>Public types, and the public places of the compounds one belongs to.</summary>
    public async Task<Choices> ChoicesAsync(CancellationToken stop) =>
        new([.. (await types.PublicAsync(stop)).Select(t => new CaseChoices.Choice(t.Code, t.Name))], await CaseChoices.PlacesAsync(places, Around(), null, stop));

    public async Task<Moved> RunAsync(Request request, IReadOnlyList<byte[]> photos, NewId id, CancellationToken stop)
    {
        var me = Actor.Current;
        Rule.Require(me.Kind == ActorKind.Person, "cases.own-person");
        Rule.Require((await types.PublicAsync(stop)).Any(t => t.Code == request.Type), "cases.no-type", "type", request.Type ?? "");
        Rule.Require(request.Place is { Length: > 0 } place && Around().Any(a => PlacePath.IsWithin(place, a)), "cases.not-around", "place");
        var since = clock.GetUtcNow().AddDays(-1);
        if (await db.Cases.CountAsync(c => c.ReporterId == me.Id && c.ReportedAt > since && c.Id != id.Value, stop) >= MostADay) throw new RuleBrokenException("cases.too-many", null, 429, MostADay);
        return Moved.Of(await intake.TakeAsync(new(request.Type, request.Place, request.Longitude, request.Latitude, request.Text, CaseSource.Resident, new(null, request.Phone)), photos, id, stop));
    }

    /// <summary>The compounds one's own places lie in; a place above a compound stays itself.</summary>
    private static List<string> Around() => [.. Actor.Current.ScopesFor("cases.own").Select(s => CaseChoices.CompoundOf(s) ?? s).Distinct()];
}

/// <summary>One's own reports (我的上报), newest first; and one of them.</summary>
[Needs("cases.own")]
internal sealed class ShowOwnCases(CasesDb db, Desk desk, TypeBook types, Words words, PhotoStore store, TimeProvider clock) : IFeature
{
    /// <param name="Steps">What was done, without names.</param>
    /// <param name="After">The unit's note on what was done.</param>
    public sealed record Detail(OwnCase Case, IReadOnlyList<PhotoView> Photos, IReadOnlyList<StepView> Steps, string? After, bool MayRate, bool MayReopen, DateTimeOffset Now);

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/mine", (ShowOwnCases feature, CancellationToken stop) => feature.ListAsync(stop));
        api.MapGet("/mine/{id:guid}", (Guid id, ShowOwnCases feature, CancellationToken stop) => feature.RunAsync(id, stop));
        api.MapGet("/mine/{id:guid}/photos/{sha}", async (Guid id, string sha, HttpContext http, ShowOwnCases feature, CancellationToken stop) =>
            PhotoStore.Answer(http, ShowCasePhoto.Find(await feature.LoadAsync(id, stop), sha, feature.Store)));
    }

    private PhotoStore Store => store;

    public async Task<IReadOnlyList<OwnCase>> ListAsync(CancellationToken stop)
    {
        var me = Actor.Current.Id;
        if (me is null) return [];
        var own = new List<OwnCase>();
        foreach (var c in await db.Cases.AsNoTracking().Where(c => c.ReporterId == me).OrderByDescending(c => c.ReportedAt).Take(100).ToListAsync(stop)) own.Add(await OfAsync(c, stop));
        return own;
    }

    public async Task<Detail> RunAsync(Guid id, CancellationToken stop)
    {
        var c = await LoadAsync(id, stop);
        var now = clock.GetUtcNow();
        var steps = await db.Steps.AsNoTracking().Where(s => s.CaseId == id).OrderBy(s => s.Seq).ToListAsync(stop);
        // What the staff write to each other stays with them; what decides about the report is told.
        var told = steps.Where(s => s.Act is not (Act.Remark or Act.Supervise or Act.AskSuspend or Act.RefuseSuspend) || s.Seq == 1);
        var acts = ShowCase.ActsOf(c, By.Reporter, now).ToList();
        return new(await OfAsync(c, stop), [.. ShowCase.PhotosOf(c, "/api/cases/mine").Where(p => p.Stage != PhotoStage.Check)],
            [.. told.Select(s => new StepView(s.At, s.Act, s.From, s.To, null, words.Why(s), s.Act is Act.Reject or Act.FeedBack or Act.Rate or Act.Reopen ? s.Note : null))],
            steps.LastOrDefault(s => s.Act == Act.FeedBack)?.Note, acts.Contains(Act.Rate), acts.Contains(Act.Reopen), now);
    }

    private async Task<Case> LoadAsync(Guid id, CancellationToken stop)
    {
        var c = await desk.LoadAsync(id, stop);
        // Anybody else's report does not exist for a resident.
        return Rule.Found(c.ReporterId is { } reporter && reporter == Actor.Current.Id ? c : null, "cases.not-found");
    }

    private async Task<OwnCase> OfAsync(Case c, CancellationToken stop) =>
        new(c.Id, c.Code, await types.NameAsync(c.Type, stop), c.PlaceName, c.State, c.State.StepOf(), c.Description, c.UnitName, c.ReportedAt, c.ChangedAt, c.Clock == Clocks.Handle ? c.Deadline : null, c.Solved, c.Stars);
}

/// <summary>The reporter says whether it is solved and how satisfied they are (满意度); what is not solved is reopened once within seven days.</summary>
[Needs("cases.own")]
internal sealed class RateOwn(Desk desk) : IFeature
{
    /// <param name="Solved">Is it solved.</param>
    /// <param name="Stars">1-5.</param>
    /// <param name="Text">Own words.</param>
    /// <param name="Again">Not solved: handle it again; needs words.</param>
    public sealed record Request(bool? Solved, int? Stars, string? Text, bool Again = false);

    public static void Map(IEndpointRouteBuilder api) => api.MapPost("/mine/{id:guid}/rate", (Guid id, Request request, NewId step, RateOwn feature, CancellationToken stop) => feature.RunAsync(id, request, step, stop));

    public async Task<Moved> RunAsync(Guid id, Request request, NewId step, CancellationToken stop)
    {
        Rule.Require(!request.Again || request.Solved == false, "cases.again-solved", "again");
        return Moved.Of(await desk.ActAsync(id, step, null, t =>
        {
            // Towards one's own report one is the reporter, whatever else one may be.
            t.Case.Rate(request.Solved, request.Stars, request.Text, t.Who, By.Reporter, t.Step, t.Now);
            if (request.Again) t.Case.Reopen(request.Text, t.Who, By.Reporter, null, t.Now);
            return Task.CompletedTask;
        }, stop));
    }
}
