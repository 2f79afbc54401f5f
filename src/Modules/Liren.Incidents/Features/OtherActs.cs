using Liren.Contracts.Identity;
using Liren.Contracts.Incidents;
using Liren.Contracts.Places;
using Liren.Incidents.Domain;
using Liren.Sdk;
using Liren.Sdk.Security;
using Liren.Sdk.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Liren.Incidents.Features;

/// <summary>The assignee hands it over (移交), with a reason; the next person is asked.</summary>
[Needs("incidents.handle")]
internal sealed class HandOver(Desk desk, Ladder ladder) : IFeature
{
    public static void Map(IEndpointRouteBuilder api) => api.MapPost("/{id:guid}/hand-over", (Guid id, DeclineOffer.Request request, NewId step, HandOver feature, CancellationToken stop) => feature.RunAsync(id, request.Reason, step, stop));

    public async Task<Moved> RunAsync(Guid id, string? reason, NewId step, CancellationToken stop) => Moved.Of(await desk.ActAsync(id, step, "incidents.handle", _ => false,
        async t => { t.Incident.HandOver(t.Who, t.By, reason, t.Step, t.Now); await ladder.AskNextAsync(t.Incident, t.Now, stop); }, stop));
}

/// <summary>A duty officer asks a person of their choice (改派), with a reason.</summary>
[Needs("incidents.manage")]
internal sealed class Reassign(Desk desk, Ladder ladder, IAccountDirectory accounts) : IFeature
{
    public sealed record Request(Guid AccountId, string? Reason);

    public static void Map(IEndpointRouteBuilder api) => api.MapPost("/{id:guid}/reassign", (Guid id, Request request, NewId step, Reassign feature, CancellationToken stop) => feature.RunAsync(id, request, step, stop));

    public async Task<Moved> RunAsync(Guid id, Request request, NewId step, CancellationToken stop) => Moved.Of(await desk.ActAsync(id, step, "incidents.manage", _ => false, async t =>
    {
        t.Incident.Check(Act.Reassign, t.By);
        Rule.Require(request.Reason?.Trim().Length is >= 2 and <= 200, "incidents.reason", "reason");
        var whom = (await accounts.WithPermissionAsync("incidents.handle", t.Incident.PlacePath, stop)).FirstOrDefault(a => a.Id == request.AccountId);
        Rule.Require(whom is not null, "incidents.cannot-handle", "accountId");
        await ladder.AskAsync(t.Incident, new(whom!.Id, whom.DisplayName, Guid.Empty, "", Rung.Chosen, null, 0), t.By, t.Who, request.Reason!.Trim(), t.Now, stop);
    }, stop));
}

/// <summary>Says that it is no incident (申请作废), with a reason.</summary>
[Needs("incidents.handle")]
internal sealed class SayNotSo(Desk desk, IAccountDirectory accounts, Data.IncidentsDb db) : IFeature
{
    public static void Map(IEndpointRouteBuilder api) => api.MapPost("/{id:guid}/not-so", (Guid id, DeclineOffer.Request request, NewId step, SayNotSo feature, CancellationToken stop) => feature.RunAsync(id, request.Reason, step, stop));

    public async Task<Moved> RunAsync(Guid id, string? reason, NewId step, CancellationToken stop) => Moved.Of(await desk.ActAsync(id, step, "incidents.handle", t => t.Incident.NotSoBy == t.Who.Id, async t =>
    {
        t.Incident.SayNotSo(t.Who, t.By, reason, t.Step, t.Now);
        var others = (await accounts.WithPermissionAsync("incidents.verify", t.Incident.PlacePath, stop)).Where(a => a.Id != t.Who.Id && !t.Incident.HadAHand(a.Id));
        db.Tell(others.Select(a => a.Id), "incidents.bell.not-so", $"/incidents/{t.Incident.Id}", t.Now, t.Incident.PlaceName, t.Incident.Code);
    }, stop));
}

/// <summary>A second person agrees that it is none (同意作废), or says that it is one (驳回).</summary>
[Needs("incidents.verify")]
internal sealed class DecideNotSo(Desk desk) : IFeature
{
    public sealed record Request(bool Agrees, string? Reason);

    public static void Map(IEndpointRouteBuilder api) => api.MapPost("/{id:guid}/decide", (Guid id, Request request, NewId step, DecideNotSo feature, CancellationToken stop) => feature.RunAsync(id, request, step, stop));

    public async Task<Moved> RunAsync(Guid id, Request request, NewId step, CancellationToken stop) => Moved.Of(await desk.ActAsync(id, step, "incidents.verify",
        t => request.Agrees && t.Incident.State == IncidentState.Rejected,
        t =>
        {
            VerifyIncident.SecondPerson(t);
            t.Incident.DecideNotSo(t.Who, t.By, request.Agrees, request.Reason, t.Step, t.Now);
            return Task.CompletedTask;
        }, stop));
}

/// <summary>A duty officer sets the level (调整级别), with a reason.</summary>
[Needs("incidents.manage")]
internal sealed class SetLevel(Desk desk) : IFeature
{
    public sealed record Request(string? Level, string? Reason);

    public static void Map(IEndpointRouteBuilder api) => api.MapPost("/{id:guid}/level", (Guid id, Request request, NewId step, SetLevel feature, CancellationToken stop) => feature.RunAsync(id, request, step, stop));

    public async Task<Moved> RunAsync(Guid id, Request request, NewId step, CancellationToken stop)
    {
        Rule.Require(Enum.TryParse<Level>(request.Level, out var level) && Enum.GetName(level) == request.Level, "incidents.level", "level");
        return Moved.Of(await desk.ActAsync(id, step, "incidents.manage", t => t.Incident.Level == level && step.Repeatable, t =>
        {
            t.Incident.Grade(level, t.By & By.Manager, t.Who, "incidents.why.level-hand", request.Reason, t.Now);
            return Task.CompletedTask;
        }, stop));
    }
}

/// <summary>A duty officer opens a closed incident again (重开), with a reason.</summary>
[Needs("incidents.manage")]
internal sealed class ReopenIncident(Desk desk, Ladder ladder) : IFeature
{
    public static void Map(IEndpointRouteBuilder api) => api.MapPost("/{id:guid}/reopen", (Guid id, DeclineOffer.Request request, NewId step, ReopenIncident feature, CancellationToken stop) => feature.RunAsync(id, request.Reason, step, stop));

    public async Task<Moved> RunAsync(Guid id, string? reason, NewId step, CancellationToken stop) => Moved.Of(await desk.ActAsync(id, step, "incidents.manage", _ => false,
        async t => { t.Incident.Reopen(t.By, t.Who, null, reason, t.Step, t.Now); await ladder.AskNextAsync(t.Incident, t.Now, stop); }, stop));
}

/// <summary>A remark (备注).</summary>
[Needs("incidents.read")]
internal sealed class CommentIncident(Desk desk) : IFeature
{
    public sealed record Request(string? Text);

    public static void Map(IEndpointRouteBuilder api) => api.MapPost("/{id:guid}/comment", (Guid id, Request request, NewId step, CommentIncident feature, CancellationToken stop) => feature.RunAsync(id, request.Text, step, stop));

    public async Task<Moved> RunAsync(Guid id, string? text, NewId step, CancellationToken stop) => Moved.Of(await desk.ActAsync(id, step, "incidents.read", _ => false,
        t => { t.Incident.Remark(t.Who, t.By, text, t.Step, t.Now); return Task.CompletedTask; }, stop));
}
