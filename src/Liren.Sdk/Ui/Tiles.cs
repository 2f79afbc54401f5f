namespace Liren.Sdk.Ui;

/// <summary>One figure on the first page.</summary>
/// <param name="Title">What is counted, in the reader's language.</param>
/// <param name="Figure">The figure.</param>
/// <param name="Detail">Base or as-of.</param>
/// <param name="Href">Page with the things counted.</param>
public sealed record Tile(string Title, string Figure, string? Detail, string Href);

/// <summary>A module's figures for the first page. Checks permission and scope itself; answers nothing when not allowed.</summary>
public interface IHomeTiles
{
    /// <summary>Figures for the present actor within the place chosen ("" is everywhere they may see).</summary>
    Task<IReadOnlyList<Tile>> TilesAsync(string place, CancellationToken cancellation);
}
