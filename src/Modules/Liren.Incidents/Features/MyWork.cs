using Liren.Contracts.Incidents;
using Liren.Incidents.Data;
using Liren.Incidents.Domain;
using Liren.Sdk;
using Liren.Sdk.Data;
using Liren.Sdk.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Liren.Sdk.Text;

namespace Liren.Incidents.Features;

/// <summary>What the person signed in is asked to do, and has taken on (我的任务): offers first, then by deadline.</summary>
[Needs("incidents.handle")]
internal sealed class MyTasks(IncidentsDb db, Words words, TimeProvider clock) : IFeature
{
    /// <param name="Asked">True while it waits for an answer, false when it was accepted.</param>
    public sealed record TaskView(Guid Id, string Code, string Level, string TypeName, string Place, string PlaceName, IncidentState State, bool Asked, DateTimeOffset? Deadline, double? Distance, double? LastValue, DateTimeOffset OpenedAt);
    public sealed record Response(IReadOnlyList<TaskView> Tasks, DateTimeOffset Now);

    public static void Map(IEndpointRouteBuilder api) => api.MapGet("/mine", (MyTasks feature, CancellationToken stop) => feature.RunAsync(stop));

    public async Task<Response> RunAsync(CancellationToken stop)
    {
        var (me, now) = (Actor.Current.Id, clock.GetUtcNow());
        var rows = await db.Incidents.AsNoTracking().Include(i => i.Offers).WhereWithin(i => i.PlacePath, Actor.Current.ScopesFor("incidents.handle"))
            .Where(i => i.OpenKey != null && (i.AssigneeId == me || i.Offers.Any(o => o.AccountId == me && o.Result == OfferResult.Asked))).ToListAsync(stop);
        var tasks = new List<TaskView>();
        foreach (var i in rows)
        {
            var offer = i.Offers.Where(o => o.AccountId == me).MaxBy(o => o.At);
            tasks.Add(new(i.Id, i.Code, i.Level.ToString(), await words.TypeAsync(i.Type, stop), i.PlacePath, i.PlaceName, i.State, i.CurrentOffer?.AccountId == me, i.Deadline, offer?.Distance, i.LastValue, i.OpenedAt));
        }
        return new([.. tasks.OrderByDescending(t => t.Asked).ThenBy(t => t.State == IncidentState.Verifying).ThenBy(t => t.Deadline ?? DateTimeOffset.MaxValue).ThenBy(t => t.Distance ?? double.MaxValue)], now);
    }
}

/// <summary>What waits for a second person (待核验): handled incidents, and those that somebody says are none.</summary>
[Needs("incidents.verify")]
internal sealed class MyChecks(IncidentsDb db, Words words, TimeProvider clock) : IFeature
{
    /// <param name="NotSo">True when the question is whether it is an incident at all.</param>
    public sealed record CheckView(Guid Id, string Code, string Level, string TypeName, string PlaceName, bool NotSo, string? Handler, DateTimeOffset Since, DateTimeOffset? Deadline);
    public sealed record Response(IReadOnlyList<CheckView> Checks, DateTimeOffset Now);

    public static void Map(IEndpointRouteBuilder api) => api.MapGet("/checks", (MyChecks feature, CancellationToken stop) => feature.RunAsync(stop));

    public async Task<Response> RunAsync(CancellationToken stop)
    {
        var me = Actor.Current.Id ?? Guid.Empty;
        var rows = await db.Incidents.AsNoTracking().Include(i => i.Offers).Include(i => i.Confirmations).AsSplitQuery().WhereWithin(i => i.PlacePath, Actor.Current.ScopesFor("incidents.verify"))
            .Where(i => i.OpenKey != null && (i.State == IncidentState.Verifying || i.NotSoBy != null)).OrderBy(i => i.Level).ThenBy(i => i.Since).ToListAsync(stop);
        var checks = new List<CheckView>();
        foreach (var i in rows.Where(i => !i.HadAHand(me)))
        {
            var notSo = i.State != IncidentState.Verifying;
            if (notSo ? i.NotSoBy == me : i.Confirmations.Any(c => c.AccountId == me && c.Handling == i.Handlings)) continue;
            checks.Add(new(i.Id, i.Code, i.Level.ToString(), await words.TypeAsync(i.Type, stop), i.PlaceName, notSo, notSo ? i.NotSoName : i.AssigneeName, i.Since, i.Deadline));
        }
        return new(checks, clock.GetUtcNow());
    }
}

/// <summary>What can be reported where, for pickers: types in use, and places near the person's own.</summary>
[Needs("incidents.report")]
internal sealed class ReportChoices(Contracts.Organisation.IEventTypes types, Contracts.Places.IPlaceDirectory places) : IFeature
{
    private const int Most = 300;

    public sealed record Choice(string Value, string Text);
    public sealed record Response(IReadOnlyList<Choice> Types, IReadOnlyList<Choice> Places, bool More);

    public static void Map(IEndpointRouteBuilder api) => api.MapGet("/choices", (string? q, ReportChoices feature, CancellationToken stop) => feature.RunAsync(q, stop));

    public async Task<Response> RunAsync(string? q, CancellationToken stop)
    {
        var language = Show.Language;
        var known = (await types.AllAsync(stop)).Where(t => t.InUse).Select(t => new Choice(t.Code, t.Name(language))).ToList();
        var scopes = Actor.Current.ScopesFor("incidents.report");
        var found = new List<Contracts.Places.PlaceCard>();
        if (!string.IsNullOrWhiteSpace(q)) found.AddRange(await places.SearchAsync(q.Trim(), scopes, 50, stop));
        else
            foreach (var scope in scopes.Where(s => Contracts.Places.PlacePath.Depth(s) >= 4))
                found.AddRange(await places.WithinAsync(scope, [Contracts.Places.PlaceKind.Area, Contracts.Places.PlaceKind.Building, Contracts.Places.PlaceKind.Compound], Most, stop));
        // Compounds and areas before buildings, and the name of the compound only where there are several.
        var compounds = (await places.FindManyAsync(found.Select(f => CompoundOf(f.Path)).OfType<string>().Distinct(), stop)).ToDictionary(c => c.Key, c => c.Value.Name);
        var chosen = found.DistinctBy(f => f.Path).OrderBy(f => CompoundOf(f.Path), StringComparer.Ordinal).ThenBy(f => f.Kind switch { Contracts.Places.PlaceKind.Area => 0, Contracts.Places.PlaceKind.Compound => 1, _ => 2 })
            .Select(f => new Choice(f.Path, CompoundOf(f.Path) is { } c && c != f.Path && compounds.TryGetValue(c, out var name) ? $"{name} {f.Name}" : f.Name)).ToList();
        return new(known, chosen, string.IsNullOrWhiteSpace(q) && (found.Count >= Most || found.Count == 0));
    }

    private static string? CompoundOf(string path) => Contracts.Places.PlacePath.Depth(path) >= 6 ? string.Join('.', path.Split('.').Take(6)) : null;
}
