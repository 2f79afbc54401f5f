using Liren.Insight.Data;
using Liren.Insight.Domain;
using Liren.Sdk;
using Liren.Sdk.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;

namespace Liren.Insight.Features;

/// <summary>The board somebody begins with (起始工作台): a ready one, their own, or one shared with them; or none.</summary>
[Needs("insight.read")]
internal sealed class SetStartBoard(InsightDb db, BoardBook boards) : IFeature
{
    public sealed record Request(string? Board);

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPut("/boards/start", (Request request, SetStartBoard feature, CancellationToken stop) => feature.RunAsync(request, stop));
        api.MapDelete("/boards/start", (SetStartBoard feature, CancellationToken stop) => feature.ClearAsync(stop));
    }

    public async Task RunAsync(Request asked, CancellationToken stop)
    {
        var me = Actor.Current.Id ?? throw new RuleBrokenException("insight.board-nobody", null, 409);
        var board = await boards.FindAsync(asked.Board ?? "", stop) ?? throw new RuleBrokenException("insight.board-none", "board", 404);
        var start = await db.StartBoards.SingleOrDefaultAsync(s => s.AccountId == me, stop);
        if (start is null) db.Add(start = new StartBoard { AccountId = me });
        start.Board = board.Id;
        await db.SaveChangesAsync(stop);
    }

    public async Task ClearAsync(CancellationToken stop)
    {
        var me = Actor.Current.Id;
        await db.StartBoards.Where(s => s.AccountId == me).ExecuteDeleteAsync(stop);
    }
}
