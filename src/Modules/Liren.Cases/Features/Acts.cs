using Liren.Cases.Data;
using Liren.Cases.Domain;
using Liren.Contracts.Organisation;
using Liren.Sdk;
using Liren.Sdk.Files;
using Liren.Sdk.Security;
using Liren.Sdk.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;

namespace Liren.Cases.Features;

/// <summary>A reason or a note.</summary>
internal sealed record Said(string? Text);

/// <summary>What the centre does (网格中心): register, reject, merge, assign, reopen, evaluate.</summary>
[Needs("cases.manage")]
internal sealed class CentreActs(Desk desk, TypeBook types, IOrganisationDirectory orgs, IConfiguration settings) : IFeature
{
    private const string Permission = "cases.manage";

    /// <param name="Type">Corrected type; empty keeps the reported one.</param>
    public sealed record RegisterRequest(string? Type);
    public sealed record MergeRequest(Guid Into);
    public sealed record AssignRequest(Guid UnitId, string? Note);

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost("/{id:guid}/register", (Guid id, RegisterRequest request, NewId step, CentreActs feature, CancellationToken stop) => feature.RegisterAsync(id, request.Type, step, stop));
        api.MapPost("/{id:guid}/reject", (Guid id, Said said, NewId step, CentreActs feature, CancellationToken stop) => feature.RejectAsync(id, said.Text, step, stop));
        api.MapPost("/{id:guid}/merge", (Guid id, MergeRequest request, NewId step, CentreActs feature, CancellationToken stop) => feature.MergeAsync(id, request.Into, step, stop));
        api.MapPost("/{id:guid}/assign", (Guid id, AssignRequest request, NewId step, CentreActs feature, CancellationToken stop) => feature.AssignAsync(id, request.UnitId, request.Note, step, stop));
        api.MapPost("/{id:guid}/reopen", (Guid id, Said said, NewId step, CentreActs feature, CancellationToken stop) => feature.ReopenAsync(id, said.Text, step, stop));
        api.MapPost("/{id:guid}/evaluate", (Guid id, Said said, NewId step, CentreActs feature, CancellationToken stop) => feature.EvaluateAsync(id, said.Text, step, stop));
    }

    public Task<Moved> RegisterAsync(Guid id, string? type, NewId step, CancellationToken stop) => RunAsync(id, step, async t =>
    {
        t.Case.Check(Act.Register, t.By);
        t.Case.Register(string.IsNullOrEmpty(type) ? t.Case.Type : (await types.RequireAsync(type, stop)).Code, t.Who, t.By, t.Step, t.Now);
    }, stop);

    public Task<Moved> RejectAsync(Guid id, string? reason, NewId step, CancellationToken stop) => RunAsync(id, step, t => { t.Case.Reject(reason, t.Who, t.By, t.Step, t.Now); return Task.CompletedTask; }, stop);

    public Task<Moved> MergeAsync(Guid id, Guid into, NewId step, CancellationToken stop) => RunAsync(id, step, async t =>
    {
        t.Case.Check(Act.Merge, t.By);
        var other = await desk.LoadAsync(into, stop);
        Actor.Current.Require(Permission, other.PlacePath);
        t.Case.Merge(other, t.Who, t.By, t.Step, t.Now);
    }, stop);

    public Task<Moved> AssignAsync(Guid id, Guid unit, string? note, NewId step, CancellationToken stop) => RunAsync(id, step, async t =>
    {
        t.Case.Check(Act.Assign, t.By);
        var org = (await orgs.AllAsync(stop)).FirstOrDefault(o => o.Id == unit);
        Rule.Require(org is not null, "cases.no-unit", "unitId");
        t.Case.Assign(org!.Id, org.Name, note, t.Who, t.By, t.Step, t.Now);
    }, stop);

    public Task<Moved> ReopenAsync(Guid id, string? reason, NewId step, CancellationToken stop) => RunAsync(id, step, t => { t.Case.Reopen(reason, t.Who, t.By, t.Step, t.Now); return Task.CompletedTask; }, stop);

    public Task<Moved> EvaluateAsync(Guid id, string? note, NewId step, CancellationToken stop) => RunAsync(id, step, t =>
    {
        var weights = settings.GetSection("Cases:Weights").Get<Weights>() ?? new();
        t.Case.Evaluate(weights, note, t.Who, t.By, t.Step, t.Now);
        return Task.CompletedTask;
    }, stop);

    private async Task<Moved> RunAsync(Guid id, NewId step, Func<Desk.Turn, Task> act, CancellationToken stop) => Moved.Of(await desk.ActAsync(id, step, Permission, act, stop));
}

/// <summary>What the unit does (处置单位): accept, return once, feed back, ask for suspension, go on.</summary>
[Needs("cases.handle")]
internal sealed class UnitActs(Desk desk, PhotoStore store, TimeProvider clock) : IFeature
{
    private const string Permission = "cases.handle";

    /// <param name="Text">Why it cannot be handled now.</param>
    /// <param name="Until">When it can; at most 30 days from now.</param>
    public sealed record SuspendRequest(string? Text, DateTimeOffset Until);

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost("/{id:guid}/accept", (Guid id, NewId step, UnitActs feature, CancellationToken stop) => feature.AcceptAsync(id, step, stop));
        api.MapPost("/{id:guid}/return", (Guid id, Said said, NewId step, UnitActs feature, CancellationToken stop) => feature.ReturnAsync(id, said.Text, step, stop));
        api.MapPost("/{id:guid}/feed-back", async (Guid id, HttpContext http, UnitActs feature, CancellationToken stop) =>
        {
            var form = await Uploads.ReadAsync(http, stop);
            return await feature.FeedBackAsync(id, form["note"], form.Photos, form.Key, stop);
        }).TakesForm("note");
        api.MapPost("/{id:guid}/ask-suspend", (Guid id, SuspendRequest request, NewId step, UnitActs feature, CancellationToken stop) => feature.AskSuspendAsync(id, request, step, stop));
        api.MapPost("/{id:guid}/resume", (Guid id, NewId step, UnitActs feature, CancellationToken stop) => feature.ResumeAsync(id, step, stop));
    }

    public Task<Moved> AcceptAsync(Guid id, NewId step, CancellationToken stop) => RunAsync(id, step, t => t.Case.Accept(t.Who, t.By, t.Step, t.Now), stop);

    public Task<Moved> ReturnAsync(Guid id, string? reason, NewId step, CancellationToken stop) => RunAsync(id, step, t => t.Case.Return(reason, t.Who, t.By, t.Step, t.Now), stop);

    public async Task<Moved> FeedBackAsync(Guid id, string? note, IReadOnlyList<byte[]> photos, NewId step, CancellationToken stop)
    {
        // Only photos of somebody who may feed back are stored at all.
        var before = await desk.LoadAsync(id, stop);
        var kept = Desk.ByOf(before, Actor.Current).HasFlag(By.Unit) ? await Uploads.StoreAsync(store, photos, stop) : [];
        var taken = clock.GetUtcNow();
        return await RunAsync(id, step, t => t.Case.FeedBack(note, [.. Intake.PhotosOf(kept, PhotoStage.After, t.Who.Id, taken)], t.Who, t.By, t.Step, t.Now), stop);
    }

    public Task<Moved> AskSuspendAsync(Guid id, SuspendRequest request, NewId step, CancellationToken stop) => RunAsync(id, step, t => t.Case.AskSuspend(request.Text, request.Until, t.Who, t.By, t.Step, t.Now), stop);

    public Task<Moved> ResumeAsync(Guid id, NewId step, CancellationToken stop) => RunAsync(id, step, t => t.Case.Resume(t.Who, t.By, t.Step, t.Now), stop);

    private async Task<Moved> RunAsync(Guid id, NewId step, Action<Desk.Turn> act, CancellationToken stop) =>
        Moved.Of(await desk.ActAsync(id, step, Permission, t => { act(t); return Task.CompletedTask; }, stop));
}

/// <summary>What the collector of the grid does (采集员核查): find it done, or not. Never somebody who handled it.</summary>
[Needs("cases.collect")]
internal sealed class CollectorActs(Desk desk, PhotoStore store, TimeProvider clock) : IFeature
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost("/{id:guid}/confirm", async (Guid id, HttpContext http, CollectorActs feature, CancellationToken stop) =>
        {
            var form = await Uploads.ReadAsync(http, stop);
            return await feature.ConfirmAsync(id, form["note"], form.Photos, form.Key, stop);
        }).TakesForm("note");
        api.MapPost("/{id:guid}/rework", async (Guid id, HttpContext http, CollectorActs feature, CancellationToken stop) =>
        {
            var form = await Uploads.ReadAsync(http, stop);
            return await feature.ReworkAsync(id, form["reason"], form.Photos, form.Key, stop);
        }).TakesForm("reason");
    }

    public Task<Moved> ConfirmAsync(Guid id, string? note, IReadOnlyList<byte[]> photos, NewId step, CancellationToken stop) =>
        RunAsync(id, photos, step, (t, kept) => t.Case.Confirm(note, kept, t.Who, t.By, t.Step, t.Now), stop);

    public Task<Moved> ReworkAsync(Guid id, string? reason, IReadOnlyList<byte[]> photos, NewId step, CancellationToken stop) =>
        RunAsync(id, photos, step, (t, kept) => t.Case.SendBack(reason, kept, t.Who, t.By, t.Step, t.Now), stop);

    private async Task<Moved> RunAsync(Guid id, IReadOnlyList<byte[]> photos, NewId step, Action<Desk.Turn, IReadOnlyList<Photo>> act, CancellationToken stop)
    {
        var before = await desk.LoadAsync(id, stop);
        var kept = Desk.ByOf(before, Actor.Current).HasFlag(By.Collector) ? await Uploads.StoreAsync(store, photos, stop) : [];
        var taken = clock.GetUtcNow();
        return Moved.Of(await desk.ActAsync(id, step, "cases.collect", t => { act(t, [.. Intake.PhotosOf(kept, PhotoStage.Check, t.Who.Id, taken)]); return Task.CompletedTask; }, stop));
    }
}

/// <summary>What an approver does (审批): decide on suspension. Neither who handled it nor who asked.</summary>
[Needs("cases.approve")]
internal sealed class ApproverActs(Desk desk) : IFeature
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost("/{id:guid}/suspend", (Guid id, Said said, NewId step, ApproverActs feature, CancellationToken stop) => feature.SuspendAsync(id, said.Text, step, stop));
        api.MapPost("/{id:guid}/refuse-suspend", (Guid id, Said said, NewId step, ApproverActs feature, CancellationToken stop) => feature.RefuseAsync(id, said.Text, step, stop));
    }

    public Task<Moved> SuspendAsync(Guid id, string? note, NewId step, CancellationToken stop) => RunAsync(id, step, t => t.Case.Suspend(note, t.Who, t.By, t.Step, t.Now), stop);
    public Task<Moved> RefuseAsync(Guid id, string? reason, NewId step, CancellationToken stop) => RunAsync(id, step, t => t.Case.RefuseSuspend(reason, t.Who, t.By, t.Step, t.Now), stop);

    private async Task<Moved> RunAsync(Guid id, NewId step, Action<Desk.Turn> act, CancellationToken stop) =>
        Moved.Of(await desk.ActAsync(id, step, "cases.approve", t => { act(t); return Task.CompletedTask; }, stop));
}

/// <summary>A remark (备注) by whoever works on it, or a word of supervision (督办) by the centre or an approver.</summary>
[Needs("cases.read")]
internal sealed class RemarkOnCase(Desk desk) : IFeature
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost("/{id:guid}/remark", (Guid id, Said said, NewId step, RemarkOnCase feature, CancellationToken stop) => feature.RunAsync(id, said.Text, step, stop));
        api.MapPost("/{id:guid}/supervise", (Guid id, Said said, NewId step, RemarkOnCase feature, CancellationToken stop) => feature.SuperviseAsync(id, said.Text, step, stop));
    }

    public async Task<Moved> SuperviseAsync(Guid id, string? words, NewId step, CancellationToken stop) =>
        Moved.Of(await desk.ActAsync(id, step, "cases.read", t => { t.Case.Supervise(words, t.Who, t.By, t.Step, t.Now); return Task.CompletedTask; }, stop));

    public async Task<Moved> RunAsync(Guid id, string? words, NewId step, CancellationToken stop) =>
        Moved.Of(await desk.ActAsync(id, step, "cases.read", t => { t.Case.Remark(words, t.Who, t.By, t.Step, t.Now); return Task.CompletedTask; }, stop));
}
