using Liren.Contracts.Organisation;
using Liren.Insight.Data;
using Liren.Insight.Domain;
using Liren.Sdk;
using Liren.Sdk.Security;
using Liren.Sdk.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;

namespace Liren.Insight.Features;

/// <summary>The boards somebody may open (工作台): one ready for each role, their own, and those shared with them.</summary>
[Needs("insight.read")]
internal sealed class ListBoards(InsightDb db, BoardBook boards, AudienceNames names) : IFeature
{
    /// <param name="Id">Name of a ready board, or the id of another.</param>
    /// <param name="Owner">Who made it; null for a ready one.</param>
    /// <param name="SharedWith">Whom it is shared with, in words; null when with nobody.</param>
    /// <param name="Start">It is what the caller begins with.</param>
    public sealed record Row(string Id, string Name, BoardKind Kind, string? Owner, string? SharedWith, int Tiles, bool Start);

    /// <param name="Start">The board to begin with; null when none was set.</param>
    /// <param name="StartGone">One was set that the caller may no longer see.</param>
    public sealed record Response(IReadOnlyList<Row> Boards, string? Start, bool StartGone);

    public static void Map(IEndpointRouteBuilder api) => api.MapGet("/boards", (ListBoards feature, CancellationToken stop) => feature.RunAsync(stop));

    public async Task<Response> RunAsync(CancellationToken stop)
    {
        var me = Actor.Current.Id;
        var start = await db.StartBoards.AsNoTracking().Where(s => s.AccountId == me).Select(s => s.Board).SingleOrDefaultAsync(stop);
        var rows = new List<Row>();
        foreach (var b in await boards.AllAsync(stop)) rows.Add(new(b.Id, b.Name, b.Kind, b.Owner, await names.OfAsync(b.SharedWith, stop), b.Tiles.Count, b.Id == start));
        return new(rows, rows.FirstOrDefault(r => r.Start)?.Id, start is not null && !rows.Any(r => r.Start));
    }
}

/// <summary>Says whom a board is shared with.</summary>
internal sealed class AudienceNames(IOrganisationDirectory organisations, Texts texts)
{
    /// <summary>In words; null when with nobody.</summary>
    public async Task<string?> OfAsync(string? sharedWith, CancellationToken stop) => Audience.Parse(sharedWith) switch
    {
        null => null,
        { Role: { } role } => texts["insight.board-role", texts[$"role.{role}"]],
        { Unit: { } unit } => texts["insight.board-unit", (await organisations.FindAsync(unit, stop))?.Name ?? "—"],
        _ => texts["insight.board-everybody"],
    };
}
