using System.Text.Json;
using System.Text.Json.Serialization;
using Liren.Contracts.Insight;
using Liren.Sdk;

namespace Liren.Insight.Domain;

/// <summary>How a tile shows its figure.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<TileForm>))]
internal enum TileForm
{
    /// <summary>数字: the figure, and the change to the period before.</summary>
    Number,
    /// <summary>柱图: the same with a bar for each day, or each hour of one day.</summary>
    Bars,
}

/// <summary>A tile of a board (卡片): which figure, in which form, of how many days up to today, how many columns wide.</summary>
/// <param name="Figure">Id of a measure, or of another figure that boards may show.</param>
internal sealed record BoardTile(string Figure, TileForm Form = TileForm.Number, int Days = 1, int Width = 1);

/// <summary>
/// Figures somebody put together (工作台). It holds what is shown, never a figure: whoever opens it sees the figures of the places they may see. Its owner alone
/// changes it; shared, others look at it and copy it.
/// </summary>
internal sealed class Board : Entity
{
    public const int MostTiles = 24, LongestName = 40, MostOfOne = 50;

    public Guid OwnerId { get; private init; }
    public string OwnerName { get; private init; } = "";
    public string Name { get; private set; } = "";
    /// <summary>The tiles in their order, as JSON.</summary>
    public string Definition { get; private set; } = "[]";
    /// <summary>An <see cref="Audience"/> as text; null while it is its owner's alone.</summary>
    public string? SharedWith { get; private set; }
    public DateTimeOffset ChangedAt { get; private set; }

    public IReadOnlyList<BoardTile> Tiles => JsonSerializer.Deserialize<IReadOnlyList<BoardTile>>(Definition)!;

    public static Board Make(Guid id, Guid owner, string ownerName, string? name, IReadOnlyList<BoardTile> tiles, DateTimeOffset now)
    {
        var board = new Board { Id = id, OwnerId = owner, OwnerName = ownerName };
        board.Set("made", name, tiles, now);
        return board;
    }

    /// <summary>Another name, other tiles or another order.</summary>
    public void Arrange(string? name, IReadOnlyList<BoardTile> tiles, DateTimeOffset now) => Set("arranged", name, tiles, now);

    /// <summary>Others may look at it and copy it; the audience before no longer may.</summary>
    public void Share(Audience with, DateTimeOffset now)
    {
        (SharedWith, ChangedAt) = (with.ToString(), now);
        Raise(new BoardChanged(Id, "shared", now));
    }

    /// <summary>Its owner's alone again.</summary>
    public void StopSharing(DateTimeOffset now)
    {
        (SharedWith, ChangedAt) = (null, now);
        Raise(new BoardChanged(Id, "unshared", now));
    }

    /// <summary>It is about to be deleted.</summary>
    public void End(DateTimeOffset now) => Raise(new BoardChanged(Id, "deleted", now));

    private void Set(string what, string? name, IReadOnlyList<BoardTile> tiles, DateTimeOffset now)
    {
        var called = name?.Trim() ?? "";
        Rule.Require(called.Length is > 0 and <= LongestName, "insight.board-name", "name", LongestName);
        Rule.Require(tiles.Count <= MostTiles, "insight.board-tiles", "tiles", MostTiles);
        for (var i = 0; i < tiles.Count; i++)
        {
            Rule.Require(tiles[i].Width is >= 1 and <= BoardLayout.Columns, "insight.board-width", $"tiles[{i}].width", BoardLayout.Columns);
            // What a tile shows is also what tells it from the others.
            Rule.Require(!tiles.Take(i).Any(t => t with { Width = tiles[i].Width } == tiles[i]), "insight.board-twice", $"tiles[{i}].figure", i + 1);
        }
        (Name, Definition, ChangedAt) = (called, JsonSerializer.Serialize(tiles), now);
        Raise(new BoardChanged(Id, what, now));
    }
}

/// <summary>The board somebody begins with (起始工作台).</summary>
internal sealed class StartBoard
{
    public Guid AccountId { get; init; }
    /// <summary>Name of a ready board, or the id of another.</summary>
    public string Board { get; set; } = "";
}
