using Liren.Insight.Data;
using Liren.Insight.Domain;
using Liren.Sdk;
using Liren.Sdk.Security;
using Liren.Sdk.Text;
using Microsoft.EntityFrameworkCore;

namespace Liren.Insight.Features;

/// <summary>Where a board comes from.</summary>
internal enum BoardKind
{
    /// <summary>岗位工作台: nobody made it.</summary>
    Ready,
    /// <summary>我的工作台: of whoever asks.</summary>
    Own,
    /// <summary>共享工作台: of somebody else who shares it.</summary>
    Shared,
}

/// <summary>A board as it is seen: ready ones are named by their role, the others by their id.</summary>
/// <param name="Owner">Who made it; null for a ready one.</param>
/// <param name="SharedWith">everybody, role:… or unit:…; null while it is not shared.</param>
/// <param name="Version">For the next change; 0 for a ready one.</param>
internal sealed record SeenBoard(string Id, string Name, BoardKind Kind, string? Owner, string? SharedWith, int Version, IReadOnlyList<BoardTile> Tiles);

/// <summary>Finds boards for whoever acts, and none they may not see.</summary>
internal sealed class BoardBook(InsightDb db, Texts texts)
{
    private const int Most = 200;

    /// <summary>The ready ones, the caller's own, and those shared with them.</summary>
    public async Task<IReadOnlyList<SeenBoard>> AllAsync(CancellationToken stop)
    {
        var (me, mine) = (Actor.Current.Id, Audience.Of(Actor.Current));
        // One's own role comes first.
        var ready = ReadyBoards.All.OrderBy(b => !mine.Contains(new Audience(b.Role, null).ToString())).Select(b => Ready(b.Role, b.Tiles));
        var others = await db.Boards.AsNoTracking().Where(b => b.OwnerId == me || (b.SharedWith != null && mine.Contains(b.SharedWith))).OrderBy(b => b.Name).ThenBy(b => b.Id).Take(Most).ToListAsync(stop);
        return [.. ready, .. others.Select(Seen).OrderBy(b => b.Kind)];
    }

    /// <summary>A board to look at; 404 when there is none or it is not for the caller.</summary>
    public async Task<SeenBoard> GetAsync(string board, CancellationToken stop) => Rule.Found(await FindAsync(board, stop), "insight.board-none");

    /// <summary>The same; null when there is none.</summary>
    public async Task<SeenBoard?> FindAsync(string board, CancellationToken stop)
    {
        if (ReadyBoards.Find(board) is { } tiles) return Ready(board, tiles);
        if (!Guid.TryParse(board, out var id)) return null;
        var (me, mine) = (Actor.Current.Id, Audience.Of(Actor.Current));
        return await db.Boards.AsNoTracking().SingleOrDefaultAsync(b => b.Id == id && (b.OwnerId == me || (b.SharedWith != null && mine.Contains(b.SharedWith))), stop) is { } found ? Seen(found) : null;
    }

    /// <summary>A board to change: the caller's own, and no other.</summary>
    public async Task<Board> OwnAsync(string board, CancellationToken stop)
    {
        var seen = await GetAsync(board, stop);
        if (seen.Kind is not BoardKind.Own) throw new RuleBrokenException("insight.board-not-yours", null, 403, seen.Name);
        var id = Guid.Parse(seen.Id);
        return Rule.Found(await db.Boards.SingleOrDefaultAsync(b => b.Id == id, stop), "insight.board-none");
    }

    private SeenBoard Ready(string role, IReadOnlyList<BoardTile> tiles) => new(role, texts[$"insight.board-of.{role}"], BoardKind.Ready, null, null, 0, tiles);

    private static SeenBoard Seen(Board board) => new(board.Id.ToString(), board.Name, board.OwnerId == Actor.Current.Id ? BoardKind.Own : BoardKind.Shared, board.OwnerName, board.SharedWith, board.Version, board.Tiles);
}
