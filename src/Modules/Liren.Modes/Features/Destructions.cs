using System.Linq.Expressions;
using Liren.Contracts.Modes;
using Liren.Contracts.Places;
using Liren.Modes.Data;
using Liren.Modes.Domain;
using Liren.Sdk;
using Liren.Sdk.Data;
using Liren.Sdk.Security;
using Liren.Sdk.Text;
using Liren.Sdk.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;

namespace Liren.Modes.Features;

/// <summary>A destruction task in a list.</summary>
internal sealed record DestructionRow(Guid Id, Guid OrderId, string OrderNo, string AreaName, string Collection, string Purpose, DateTimeOffset Due, DestructionState State, bool Overdue, long? Count, string? Method, string? Reporter, Guid? ReporterId, string? Checker, DateTimeOffset? DestroyedAt, string? Refusal, int Version)
{
    public static DestructionRow Of(DestructionTask t, string areaName, DateTimeOffset now) =>
        new(t.Id, t.OrderId, t.OrderNo, areaName, t.Collection, t.Purpose, t.Due, t.State, t.Overdue(now), t.Count, t.Method, t.ReporterName, t.ReporterId, t.CheckerName, t.DestroyedAt, t.Refusal, t.Version);
}

/// <summary>What is to be destroyed, and what has been (销毁台账). Filters: open, overdue, destroyed.</summary>
[Needs("modes.read")]
internal sealed class ListDestructions(ModesDb db, IPlaceDirectory places, TimeProvider clock) : IFeature
{
    private static readonly Dictionary<string, Expression<Func<DestructionTask, object?>>> Columns = new() { ["due"] = t => t.Due, ["orderNo"] = t => t.OrderNo, ["collection"] = t => t.Collection, ["state"] = t => t.State, ["destroyedAt"] = t => t.DestroyedAt };

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/destructions", ([AsParameters] ListQuery query, HttpContext http, Texts texts, ListDestructions feature, CancellationToken stop) => ListAnswer.AnswerAsync(http, texts, "destructions", query, q => feature.RunAsync(q, stop)));

    public async Task<Page<DestructionRow>> RunAsync(ListQuery query, CancellationToken stop)
    {
        var now = clock.GetUtcNow();
        var rows = db.Destructions.AsNoTracking().WhereWithin(t => t.AreaPath, Actor.Current.ScopesFor("modes.read"));
        if (!string.IsNullOrEmpty(query.Place)) rows = rows.WhereWithin(t => t.AreaPath, [query.Place]);
        rows = query.Filter switch
        {
            null or "" => rows,
            "open" => rows.Where(t => t.State != DestructionState.Destroyed),
            "overdue" => rows.Where(t => t.State != DestructionState.Destroyed && t.Due < now),
            "destroyed" => rows.Where(t => t.State == DestructionState.Destroyed),
            _ => throw new RuleBrokenException("modes.filter", "filter", 422, query.Filter),
        };
        if (query.Text is { } text) rows = rows.Where(t => t.OrderNo.Contains(text) || t.Collection.Contains(text) || t.Purpose.Contains(text));
        var page = await rows.PageAsync(query, Columns, "due", t => t, stop);
        var names = await places.FindManyAsync(page.Items.Select(t => t.AreaPath).Distinct(), stop);
        return new([.. page.Items.Select(t => DestructionRow.Of(t, names.TryGetValue(t.AreaPath, out var card) ? card.Name : t.AreaPath, now))], page.Total, page.PageNumber, page.Size);
    }
}

/// <summary>Two people destroy what no module destroys: one reports, the other looks and confirms, or sends it back (人工销毁).</summary>
[Needs("modes.destroy")]
internal sealed class DestroyByHand(ModesDb db, IEnumerable<IDestroysCollected> destroyers, TimeProvider clock) : IFeature
{
    /// <param name="Count">Records or sheets destroyed.</param>
    /// <param name="Method">How: shredded, deleted from which list ...</param>
    public sealed record ReportRequest(long? Count, string? Method);

    public sealed record RefuseRequest(string? Reason);

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost("/destructions/{id:guid}/report", (Guid id, ReportRequest request, IfMatch match, DestroyByHand feature, CancellationToken stop) => feature.ReportAsync(id, request, match, stop));
        api.MapPost("/destructions/{id:guid}/confirm", (Guid id, IfMatch match, DestroyByHand feature, CancellationToken stop) => feature.ConfirmAsync(id, match, stop));
        api.MapPost("/destructions/{id:guid}/refuse", (Guid id, RefuseRequest request, IfMatch match, DestroyByHand feature, CancellationToken stop) => feature.RefuseAsync(id, request, match, stop));
    }

    public Task ReportAsync(Guid id, ReportRequest request, IfMatch match, CancellationToken stop) => ActAsync(id, match, (t, by, now) =>
    {
        Rule.State(destroyers.All(d => d.Collection != t.Collection), "modes.module-destroys");
        t.Report(request.Count, request.Method, by, now);
    }, stop);

    public Task ConfirmAsync(Guid id, IfMatch match, CancellationToken stop) => ActAsync(id, match, (t, by, now) => t.Confirm(by, now), stop);

    public Task RefuseAsync(Guid id, RefuseRequest request, IfMatch match, CancellationToken stop) => ActAsync(id, match, (t, by, now) => t.Refuse(request.Reason, by, now), stop);

    private async Task ActAsync(Guid id, IfMatch match, Action<DestructionTask, Signer, DateTimeOffset> act, CancellationToken stop)
    {
        var task = Rule.Found(await db.Destructions.SingleOrDefaultAsync(t => t.Id == id, stop), "modes.no-destruction");
        Actor.Current.Require("modes.destroy", task.AreaPath);
        match.Check(task);
        act(task, Signers.Current, clock.GetUtcNow());
        await db.SaveChangesAsync(stop);
    }
}
