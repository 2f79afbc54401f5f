using Liren.Contracts.Organisation;
using Liren.Insight.Data;
using Liren.Insight.Domain;
using Liren.Sdk;
using Liren.Sdk.Security;
using Liren.Sdk.Text;
using Liren.Sdk.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace Liren.Insight.Features;

/// <summary>Lets others look at a board and copy it (共享工作台), or no longer. They see what it is made of and the figures of their own places.</summary>
[Needs("insight.boards")]
internal sealed class ShareBoard(InsightDb db, BoardBook boards, Audiences audiences, TimeProvider clock) : IFeature
{
    /// <param name="With">everybody, role: and the code of a role, or unit: and the id of an organisation unit.</param>
    public sealed record Request(string? With);

    /// <param name="Version">For the next change.</param>
    public sealed record Response(int Version);

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPut("/boards/{board}/share", (string board, Request request, IfMatch match, ShareBoard feature, CancellationToken stop) => feature.RunAsync(board, request, match, stop));
        api.MapDelete("/boards/{board}/share", (string board, IfMatch match, ShareBoard feature, CancellationToken stop) => feature.StopAsync(board, match, stop));
    }

    public async Task<Response> RunAsync(string board, Request asked, IfMatch match, CancellationToken stop)
    {
        var own = await boards.OwnAsync(board, stop);
        match.Check(own);
        var with = Audience.Parse(asked.With);
        Rule.Require(with is not null && await audiences.KnowsAsync(with, stop), "insight.board-audience", "with", asked.With ?? "");
        own.Share(with!, clock.GetUtcNow());
        await db.SaveChangesAsync(stop);
        return new(own.Version);
    }

    public async Task<Response> StopAsync(string board, IfMatch match, CancellationToken stop)
    {
        var own = await boards.OwnAsync(board, stop);
        match.Check(own);
        own.StopSharing(clock.GetUtcNow());
        await db.SaveChangesAsync(stop);
        return new(own.Version);
    }
}

/// <summary>Whom boards may be shared with: everybody, the roles that see figures, the organisation units.</summary>
internal sealed class Audiences(ModuleList modules, IOrganisationDirectory organisations)
{
    /// <summary>Codes of the roles.</summary>
    public IReadOnlyList<string> Roles => [.. modules.All.SelectMany(m => m.Permissions).Single(p => p.Code == "insight.read").Roles, BuiltInRoles.Administrator];

    /// <summary>Organisation units in use.</summary>
    public Task<IReadOnlyList<OrgCard>> UnitsAsync(CancellationToken stop) => organisations.AllAsync(stop);

    /// <summary>Whether there is such an audience.</summary>
    public async Task<bool> KnowsAsync(Audience with, CancellationToken stop) => with switch
    {
        { Role: { } role } => Roles.Contains(role),
        { Unit: { } unit } => (await UnitsAsync(stop)).Any(u => u.Id == unit),
        _ => true,
    };
}

/// <summary>Whom boards may be shared with (可共享给), with names.</summary>
[Needs("insight.boards")]
internal sealed class ListAudiences(Audiences audiences, Texts texts) : IFeature
{
    /// <param name="With">As sharing takes it.</param>
    /// <param name="Name">In the reader's language.</param>
    /// <param name="Unit">An organisation unit; otherwise a role or everybody.</param>
    public sealed record Row(string With, string Name, bool Unit);

    public static void Map(IEndpointRouteBuilder api) => api.MapGet("/boards/audiences", (ListAudiences feature, CancellationToken stop) => feature.RunAsync(stop));

    public async Task<IReadOnlyList<Row>> RunAsync(CancellationToken stop) =>
    [
        new(Audience.Everybody.ToString(), texts["insight.board-everybody"], false),
        .. audiences.Roles.Select(r => new Row(new Audience(r, null).ToString(), texts[$"role.{r}"], false)),
        .. (await audiences.UnitsAsync(stop)).Select(u => new Row(new Audience(null, u.Id).ToString(), u.Name, true)),
    ];
}
