using Liren.Contracts.Incidents;
using Liren.Contracts.Modes;
using Liren.Contracts.Organisation;
using Liren.Contracts.Places;
using Liren.Incidents.Data;
using Liren.Incidents.Domain;
using Liren.Plans;
using Liren.Plans.Model;
using Liren.Plans.Running;
using Liren.Plans.Text;
using Liren.Sdk;
using Liren.Sdk.Data;
using Liren.Sdk.Events;
using Liren.Sdk.Security;
using Liren.Sdk.Text;
using Liren.Sdk.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;

namespace Liren.Incidents.Features;

/// <summary>Where a plan is in force.</summary>
internal sealed record PlanPlaceView(string Place, string PlaceName, int Version, bool Emergency, IReadOnlyDictionary<string, string> Values, DateTimeOffset Since, string ByName);

/// <summary>A version of a plan, with the places where it is in force.</summary>
internal sealed record PlanView(Guid Id, string PlanId, int Version, string TitleZh, string TitleEn, string EventType, PlanLife Life, string WrittenByName, DateTimeOffset WrittenAt, string? ApprovedByName, DateTimeOffset? ApprovedAt,
    IReadOnlyList<PlanPlaceView> Places, string? Text);

/// <summary>Finding of the checker: where and what, in the reader's language.</summary>
internal sealed record FindingView(int Line, int Column, string Severity, string Code, string Message);

/// <summary>Plans of this installation (预案).</summary>
[Needs("incidents.read")]
internal sealed class ShowPlans(IncidentsDb db, IPlaceDirectory places) : IFeature
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/plans", (ShowPlans feature, CancellationToken stop) => feature.ListAsync(stop));
        api.MapGet("/plans/{id:guid}", (Guid id, ShowPlans feature, CancellationToken stop) => feature.OneAsync(id, stop));
    }

    /// <summary>All versions, by name, the newest first.</summary>
    public async Task<IReadOnlyList<PlanView>> ListAsync(CancellationToken stop)
    {
        var inForce = await PlacesAsync(null, stop);
        return [.. (await db.PlanTexts.AsNoTracking().OrderBy(p => p.PlanId).ThenByDescending(p => p.PlanVersion).ToListAsync(stop)).Select(p => ViewOf(p, inForce, false))];
    }

    /// <summary>One version with its text.</summary>
    public async Task<PlanView> OneAsync(Guid id, CancellationToken stop)
    {
        var plan = Rule.Found(await db.PlanTexts.AsNoTracking().SingleOrDefaultAsync(p => p.Id == id, stop), "incidents.no-plan");
        return ViewOf(plan, await PlacesAsync(plan.PlanId, stop), true);
    }

    private async Task<ILookup<(string, int), PlanPlaceView>> PlacesAsync(string? plan, CancellationToken stop)
    {
        var rows = await db.PlanPlaces.AsNoTracking().Where(p => plan == null || p.PlanId == plan).WhereWithin(p => p.PlacePath, Actor.Current.ScopesFor("incidents.read")).OrderBy(p => p.PlacePath).ToListAsync(stop);
        var cards = await places.FindManyAsync(rows.Select(r => r.PlacePath), stop);
        return rows.ToLookup(r => (r.PlanId, r.PlanVersion), r => new PlanPlaceView(r.PlacePath, cards.GetValueOrDefault(r.PlacePath)?.Name ?? r.PlacePath, r.PlanVersion, r.Emergency, r.Set, r.Since, r.ByName));
    }

    private static PlanView ViewOf(PlanText p, ILookup<(string, int), PlanPlaceView> inForce, bool withText) =>
        new(p.Id, p.PlanId, p.PlanVersion, p.TitleZh, p.TitleEn, p.EventType, p.Life, p.WrittenByName, p.WrittenAt, p.ApprovedByName, p.ApprovedAt, [.. inForce[(p.PlanId, p.PlanVersion)]], withText ? p.Text : null);
}

/// <summary>Reads a plan and says what is wrong with it (试检); nothing is stored.</summary>
[Needs("incidents.read")]
internal sealed class CheckPlan : IFeature
{
    public sealed record Request(string? Text);

    public static void Map(IEndpointRouteBuilder api) => api.MapPost("/plans:check", (Request request, CheckPlan feature) => feature.Run(request.Text));

    public IReadOnlyList<FindingView> Run(string? text)
    {
        Rule.Require(!string.IsNullOrWhiteSpace(text), "incidents.plan-text", "text");
        Rule.Require(text!.Length <= WritePlan.MostLetters, "incidents.plan-long", "text", WritePlan.MostLetters);
        return Of(new PlanCompiler(Vocabulary.Standard).Check(text));
    }

    public static IReadOnlyList<FindingView> Of(Compiled compiled) =>
        [.. compiled.Findings.Select(f => new FindingView(f.At.Line, f.At.Column, f.Severity == Severity.Error ? "error" : "warning", f.Code, f.Message(Show.Language)))];
}

/// <summary>Writes a version of a plan (拟定). A draft may be written again; what is approved never changes.</summary>
[Needs("incidents.plans")]
internal sealed class WritePlan(IncidentsDb db, TimeProvider clock) : IFeature
{
    public const int MostLetters = 256 * 1024;

    public static void Map(IEndpointRouteBuilder api) => api.MapPost("/plans", async (CheckPlan.Request request, WritePlan feature, CancellationToken stop) => await feature.RunAsync(request.Text, stop));

    public async Task<Guid> RunAsync(string? text, CancellationToken stop)
    {
        Rule.Require(!string.IsNullOrWhiteSpace(text), "incidents.plan-text", "text");
        Rule.Require(text!.Length <= MostLetters, "incidents.plan-long", "text", MostLetters);
        var compiled = new PlanCompiler(Vocabulary.Standard).Check(text);
        if (compiled.Plan is not { } plan)
        {
            var first = CheckPlan.Of(compiled).First(f => f.Severity == "error");
            throw new RuleBrokenException("incidents.plan-wrong", "text", 422, first.Line, first.Message);
        }
        var made = await db.PlanTexts.SingleOrDefaultAsync(p => p.PlanId == plan.Id && p.PlanVersion == plan.Version, stop);
        if (made is null) db.Add(made = new PlanText { PlanId = plan.Id, PlanVersion = plan.Version, TitleZh = "", TitleEn = "", EventType = "", Text = "", WrittenByName = "" });
        else if (made.Text == text) return made.Id;
        Rule.State(made.Life == PlanLife.Draft, "incidents.plan-signed", plan.Id, plan.Version);
        (made.TitleZh, made.TitleEn, made.EventType, made.Text) = (plan.TitleZh, plan.TitleEn, plan.EventType, text);
        (made.WrittenBy, made.WrittenByName, made.WrittenAt) = (Actor.Current.Id, Actor.Current.Name, clock.GetUtcNow());
        await db.SaveChangesAsync(stop);
        return made.Id;
    }
}

/// <summary>Signs a version (批准): another person than who wrote it.</summary>
[Needs("incidents.plans-approve")]
internal sealed class ApprovePlan(IncidentsDb db, TimeProvider clock) : IFeature
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost("/plans/{id:guid}/approve", (Guid id, ApprovePlan feature, CancellationToken stop) => feature.RunAsync(id, stop));
        api.MapPost("/plans/{id:guid}/retire", (Guid id, ApprovePlan feature, CancellationToken stop) => feature.RetireAsync(id, stop));
    }

    public async Task RunAsync(Guid id, CancellationToken stop)
    {
        var plan = Rule.Found(await db.PlanTexts.SingleOrDefaultAsync(p => p.Id == id, stop), "incidents.no-plan");
        if (plan.Life == PlanLife.Approved) return;
        Rule.State(plan.Life == PlanLife.Draft, "incidents.plan-retired");
        // A key of a program has an id too, and is nobody.
        if (Actor.Current is not { Kind: ActorKind.Person or ActorKind.Operator, Id: { } me } || plan.WrittenBy == me) throw new RuleBrokenException("incidents.second-person", null, 403);
        (plan.Life, plan.ApprovedBy, plan.ApprovedByName, plan.ApprovedAt) = (PlanLife.Approved, Actor.Current.Id, Actor.Current.Name, clock.GetUtcNow());
        await db.SaveChangesAsync(stop);
    }

    /// <summary>Not put into force any more (停用); refused while it is in force somewhere.</summary>
    public async Task RetireAsync(Guid id, CancellationToken stop)
    {
        var plan = Rule.Found(await db.PlanTexts.SingleOrDefaultAsync(p => p.Id == id, stop), "incidents.no-plan");
        Rule.State(!await db.PlanPlaces.AnyAsync(p => p.PlanId == plan.PlanId && p.PlanVersion == plan.PlanVersion, stop), "incidents.plan-in-force");
        plan.Life = PlanLife.Retired;
        await db.SaveChangesAsync(stop);
    }
}

/// <summary>Puts an approved version into force at places (启用), takes a plan out of force there (停止).</summary>
[Needs("incidents.plans-approve")]
internal sealed class PutPlanInForce(IncidentsDb db, IPlaceDirectory places, IModes modes, TimeProvider clock) : IFeature
{
    private const int MostPlaces = 1_000;

    /// <param name="Places">Paths, at most 1,000.</param>
    /// <param name="Emergency">With the parameters of emergency (战时) whatever the mode; otherwise the mode of each place decides, and goes on deciding.</param>
    /// <param name="Values">Parameters set otherwise here, inside the plan's limits.</param>
    public sealed record Request(IReadOnlyList<string>? Places, bool Emergency = false, IReadOnlyDictionary<string, string>? Values = null);

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost("/plans/{id:guid}/put-in-force", (Guid id, Request request, PutPlanInForce feature, CancellationToken stop) => feature.RunAsync(id, request, stop));
        api.MapPost("/plans/{id:guid}/take-out", (Guid id, Request request, PutPlanInForce feature, CancellationToken stop) => feature.TakeOutAsync(id, request.Places, stop));
    }

    public async Task RunAsync(Guid id, Request request, CancellationToken stop)
    {
        var stored = Rule.Found(await db.PlanTexts.SingleOrDefaultAsync(p => p.Id == id, stop), "incidents.no-plan");
        Rule.State(stored.Life == PlanLife.Approved, "incidents.plan-not-approved");
        var plan = Rule.Found(new PlanCompiler(Vocabulary.Standard).Check(stored.Text).Plan, "incidents.no-plan");
        var now = clock.GetUtcNow();
        Rule.State(plan.Approval is null || plan.Approval.Expires > DateOnly.FromDateTime(Show.Local(now).Date), "incidents.plan-expired", plan.Approval?.Expires.ToString("yyyy-MM-dd") ?? "");
        var values = request.Values ?? new Dictionary<string, string>();
        if (PlanValues.Wrong(plan, values) is { } wrong)
            throw wrong.Least is null ? new RuleBrokenException("incidents.plan-parameter", $"values.{wrong.Name}", 422, wrong.Name, string.Join(", ", plan.Parameters.Keys))
                : new RuleBrokenException("incidents.plan-value", $"values.{wrong.Name}", 422, wrong.Name, wrong.Least, wrong.Most!);
        var paths = Paths(request.Places);
        var cards = await places.FindManyAsync(paths, stop);
        var emergency = new Dictionary<string, bool>();
        foreach (var path in paths)
        {
            Actor.Current.Require("incidents.plans-approve", path);
            Rule.Require(cards.ContainsKey(path), "incidents.place-unknown", "places", path, "–");
            emergency[path] = request.Emergency || (await modes.ModeAtAsync(path, now, stop)).Mode == Mode.Emergency;
            var mode = emergency[path] ? "emergency" : "peace";
            Rule.Require(plan.Scope.Modes.Count == 0 || plan.Scope.Modes.Contains(mode), "incidents.plan-mode", "emergency", mode);
            Rule.Require(InScope(plan.Scope, cards[path]), "incidents.plan-scope", "places", cards[path].Name, plan.Scope.AreasTagged ?? string.Join(", ", plan.Scope.AreasIn));
        }
        var there = await db.PlanPlaces.Where(p => p.PlanId == plan.Id && paths.Contains(p.PlacePath)).ToDictionaryAsync(p => p.PlacePath, stop);
        foreach (var path in paths)
        {
            if (!there.TryGetValue(path, out var place)) db.Add(place = new PlanPlace { PlanId = plan.Id, PlacePath = path, ByName = "" });
            (place.PlanVersion, place.Emergency, place.Always, place.Set, place.Since, place.ByName) = (plan.Version, emergency[path], request.Emergency, values, now, Actor.Current.Name);
        }
        foreach (var same in paths.GroupBy(p => emergency[p])) db.Raise(new PlanPutInForce(stored.Id, [.. same], same.Key, values, now));
        await db.SaveChangesAsync(stop);
    }

    public async Task TakeOutAsync(Guid id, IReadOnlyList<string>? from, CancellationToken stop)
    {
        var stored = Rule.Found(await db.PlanTexts.SingleOrDefaultAsync(p => p.Id == id, stop), "incidents.no-plan");
        var paths = Paths(from);
        foreach (var path in paths) Actor.Current.Require("incidents.plans-approve", path);
        var there = await db.PlanPlaces.Where(p => p.PlanId == stored.PlanId && paths.Contains(p.PlacePath)).ToListAsync(stop);
        if (there.Count == 0) return;
        db.RemoveRange(there);
        db.Raise(new PlanTakenOut(stored.PlanId, [.. there.Select(p => p.PlacePath)], clock.GetUtcNow()));
        await db.SaveChangesAsync(stop);
    }

    /// <summary>The mode of places changed: their plans go on with the parameters of the mode that holds now.</summary>
    public async Task FollowModeAsync(string area, CancellationToken stop)
    {
        var now = clock.GetUtcNow();
        var turned = new List<PlanPlace>();
        foreach (var place in await db.PlanPlaces.Where(p => !p.Always).WhereWithin(p => p.PlacePath, [area]).ToListAsync(stop))
        {
            var emergency = (await modes.ModeAtAsync(place.PlacePath, now, stop)).Mode == Mode.Emergency;
            if (place.Emergency == emergency) continue;
            place.Emergency = emergency;
            turned.Add(place);
        }
        foreach (var same in turned.GroupBy(p => (p.PlanId, p.PlanVersion, p.Emergency, p.Values)))
        {
            var text = await db.PlanTexts.Where(t => t.PlanId == same.Key.PlanId && t.PlanVersion == same.Key.PlanVersion).Select(t => t.Id).SingleAsync(stop);
            db.Raise(new PlanPutInForce(text, [.. same.Select(p => p.PlacePath)], same.Key.Emergency, same.First().Set, now));
        }
    }

    private static List<string> Paths(IReadOnlyList<string>? written)
    {
        Rule.Require(written is { Count: > 0 }, "incidents.plan-places", "places");
        Rule.Require(written!.Count <= MostPlaces, "incidents.plan-places-many", "places", MostPlaces);
        return [.. written.Distinct()];
    }

    private static bool InScope(Scope scope, PlaceCard place) =>
        (scope.AreasTagged is not { } tag || place.AreaKind == tag) && (scope.AreasIn.Count == 0 || scope.AreasIn.Any(a => PlacePath.IsWithin(place.Path, a)));
}

/// <summary>Plans follow the mode of their places (平急转换).</summary>
internal sealed class TurnPlans(PutPlanInForce plans) : IHandle<ModeChanged>
{
    public Task HandleAsync(ModeChanged @event, CancellationToken cancellation) => plans.FollowModeAsync(@event.Area, cancellation);
}
