namespace Liren.Insight.Domain;

/// <summary>Where a tile is moved.</summary>
internal enum Direction
{
    /// <summary>左: one earlier.</summary>
    Left,
    /// <summary>上: to the place of the tile above it.</summary>
    Up,
    /// <summary>下: to the place of the tile below it.</summary>
    Down,
    /// <summary>右: one later.</summary>
    Right,
}

/// <summary>How tiles lie on a board (布局): in their order from left to right, in the next row when a row has no room left.</summary>
internal static class BoardLayout
{
    public const int Columns = 3;

    /// <summary>The place in the order a tile would move to; its own when there is nothing in that direction.</summary>
    public static int Target(IReadOnlyList<BoardTile> tiles, int at, Direction direction)
    {
        if (direction is Direction.Left) return Math.Max(0, at - 1);
        if (direction is Direction.Right) return Math.Min(tiles.Count - 1, at + 1);
        var cells = Cells(tiles);
        var row = cells[at].Row + (direction is Direction.Up ? -1 : 1);
        var there = Enumerable.Range(0, tiles.Count).Where(i => cells[i].Row == row).ToList();
        // Every row begins in column 0, so there is one; of a row that ends before the column, its last.
        return there.Count == 0 ? at : there.Last(i => cells[i].Column <= cells[at].Column);
    }

    /// <summary>The tiles with one of them moved.</summary>
    public static IReadOnlyList<BoardTile> Move(IReadOnlyList<BoardTile> tiles, int at, Direction direction)
    {
        var moved = tiles.ToList();
        var target = Target(tiles, at, direction);
        moved.RemoveAt(at);
        moved.Insert(target, tiles[at]);
        return moved;
    }

    private static List<(int Row, int Column)> Cells(IReadOnlyList<BoardTile> tiles)
    {
        var cells = new List<(int Row, int Column)>();
        var (row, column) = (0, 0);
        foreach (var tile in tiles)
        {
            if (column + tile.Width > Columns) (row, column) = (row + 1, 0);
            cells.Add((row, column));
            column += tile.Width;
        }
        return cells;
    }
}
