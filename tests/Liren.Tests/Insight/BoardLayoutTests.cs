using Liren.Insight.Domain;
using Liren.Sdk.Security;
using static Liren.Insight.Domain.Direction;

namespace Liren.Tests.Insight;

/// <summary>How tiles lie and move, and whom a board is shared with.</summary>
public sealed class BoardLayoutTests
{
    // a a b
    // c d e
    // f f f
    // g
    private static readonly BoardTile[] Tiles = [Tile("a", 2), Tile("b"), Tile("c"), Tile("d"), Tile("e"), Tile("f", 3), Tile("g")];

    private static BoardTile Tile(string figure, int width = 1) => new(figure, Width: width);

    private static string Moved(string tile, Direction direction)
    {
        var at = Array.FindIndex(Tiles, t => t.Figure == tile);
        return string.Concat(BoardLayout.Move(Tiles, at, direction).Select(t => t.Figure));
    }

    [Fact]
    public void A_tile_moves_by_one_or_by_a_row_and_stays_where_there_is_nothing_further()
    {
        Moved("b", Left).ShouldBe("bacdefg");
        Moved("b", Right).ShouldBe("acbdefg");
        Moved("e", Up).ShouldBe("aebcdfg");
        Moved("d", Up).ShouldBe("dabcefg");
        Moved("a", Down).ShouldBe("bcadefg");
        Moved("d", Down).ShouldBe("abcefdg");
        Moved("f", Down).ShouldBe("abcdegf");
        foreach (var (tile, direction) in ((string, Direction)[])[("a", Left), ("a", Up), ("b", Up), ("g", Right), ("g", Down)]) Moved(tile, direction).ShouldBe("abcdefg");
    }

    [Fact]
    public void An_audience_is_read_as_it_is_written_and_belongs_to_roles_and_units()
    {
        var (home, other) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        foreach (var text in (string[])["everybody", "role:duty-officer", $"unit:{home}"]) Audience.Parse(text)!.ToString().ShouldBe(text);
        foreach (var text in (string?[])[null, "", "role:", "unit:", "unit:huamu", "Everybody", "nobody"]) Audience.Parse(text).ShouldBeNull();
        var actor = new Actor(Guid.CreateVersion7(), "", ActorKind.Person, home, [new Grant("duty-officer", other, "31", ["*"]), new Grant("duty-officer", null, "32", ["*"])]);
        Audience.Of(actor).ShouldBe(["everybody", "role:duty-officer", $"unit:{other}", $"unit:{home}"]);
    }
}
