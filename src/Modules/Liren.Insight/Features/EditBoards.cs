using Liren.Insight.Data;
using Liren.Insight.Domain;
using Liren.Sdk;
using Liren.Sdk.Security;
using Liren.Sdk.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;

namespace Liren.Insight.Features;

/// <summary>Makes a board (新建、复制工作台): of the tiles given, or as a copy of one the caller may see.</summary>
[Needs("insight.boards")]
internal sealed class MakeBoard(InsightDb db, BoardBook boards, FigureBook figures, TimeProvider clock) : IFeature
{
    /// <param name="From">Board to copy; its tiles are taken.</param>
    /// <param name="Tiles">The tiles otherwise; none is an empty board.</param>
    public sealed record Request(string? Name, string? From = null, IReadOnlyList<TileAsked?>? Tiles = null);

    public sealed record Response(Guid Id);

    public static void Map(IEndpointRouteBuilder api) => api.MapPost("/boards", async (Request request, NewId id, MakeBoard feature, CancellationToken stop) =>
        Results.Created((string?)null, await feature.RunAsync(request, id, stop)));

    public async Task<Response> RunAsync(Request asked, NewId id, CancellationToken stop)
    {
        // A program without an account has nowhere to open a board.
        var me = Actor.Current.Id ?? throw new RuleBrokenException("insight.board-nobody", null, 409);
        Rule.Require(asked.From is null || asked.Tiles is null, "insight.board-from", "from");
        if (await db.Boards.AnyAsync(b => b.Id == id.Value && b.OwnerId == me, stop)) return new(id.Value);
        Rule.State(await db.Boards.CountAsync(b => b.OwnerId == me, stop) < Board.MostOfOne, "insight.board-most", Board.MostOfOne);
        var tiles = asked.From is { } from
            ? (await boards.FindAsync(from, stop) ?? throw new RuleBrokenException("insight.board-none", "from", 404)).Tiles
            : [.. (asked.Tiles ?? []).Select(figures.Read)];
        db.Add(Board.Make(id.Value, me, Actor.Current.Name, asked.Name, tiles, clock.GetUtcNow()));
        await db.SaveChangesAsync(stop);
        return new(id.Value);
    }
}

/// <summary>Another name, other tiles, another order (编排工作台): the whole of it at once.</summary>
[Needs("insight.boards")]
internal sealed class ArrangeBoard(InsightDb db, BoardBook boards, FigureBook figures, TimeProvider clock) : IFeature
{
    /// <param name="Tiles">Every tile, in order.</param>
    public sealed record Request(string? Name, IReadOnlyList<TileAsked?>? Tiles);

    /// <param name="Version">For the next change.</param>
    public sealed record Response(int Version);

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPut("/boards/{board}", (string board, Request request, IfMatch match, ArrangeBoard feature, CancellationToken stop) => feature.RunAsync(board, request, match, stop));

    public async Task<Response> RunAsync(string board, Request asked, IfMatch match, CancellationToken stop)
    {
        var own = await boards.OwnAsync(board, stop);
        match.Check(own);
        Rule.Require(asked.Tiles is not null, "insight.board-tiles", "tiles", Board.MostTiles);
        own.Arrange(asked.Name, [.. asked.Tiles!.Select(figures.Read)], clock.GetUtcNow());
        await db.SaveChangesAsync(stop);
        return new(own.Version);
    }
}

/// <summary>Deletes a board (删除工作台); whoever began with it begins with the list again.</summary>
[Needs("insight.boards")]
internal sealed class DeleteBoard(InsightDb db, BoardBook boards, TimeProvider clock) : IFeature
{
    public static void Map(IEndpointRouteBuilder api) => api.MapDelete("/boards/{board}", (string board, IfMatch match, DeleteBoard feature, CancellationToken stop) => feature.RunAsync(board, match, stop));

    public async Task RunAsync(string board, IfMatch match, CancellationToken stop)
    {
        var own = await boards.OwnAsync(board, stop);
        match.Check(own);
        own.End(clock.GetUtcNow());
        var id = own.Id.ToString();
        db.RemoveRange(await db.StartBoards.Where(s => s.Board == id).ToListAsync(stop));
        db.Remove(own);
        await db.SaveChangesAsync(stop);
    }
}
