namespace Liren.Sdk.Ui;

/// <summary>One figure of this moment, on the first page and on boards.</summary>
/// <param name="Title">Text key of what is counted; it also names the figure.</param>
/// <param name="Figure">The figure.</param>
/// <param name="Detail">Base or as-of.</param>
/// <param name="Href">Page with the things counted.</param>
public sealed record Tile(string Title, string Figure, string? Detail, string Href);

/// <summary>A figure that everybody with the permission is always given, so that a board may ask for it.</summary>
/// <param name="Title">Title of its <see cref="Tile"/>.</param>
/// <param name="Permission">What is needed to see it.</param>
public sealed record TileOffer(string Title, string Permission);

/// <summary>A module's figures for the first page. Checks permission and scope itself; answers nothing when not allowed.</summary>
public interface IHomeTiles
{
    /// <summary>Those of its figures that boards may show.</summary>
    IReadOnlyList<TileOffer> Offers { get; }

    /// <summary>Figures for the present actor within the place chosen ("" is everywhere they may see).</summary>
    Task<IReadOnlyList<Tile>> TilesAsync(string place, CancellationToken cancellation);
}

/// <summary>A line above the content of every console page: what everybody at a place has to know.</summary>
/// <param name="Text">The sentence, in the reader's language.</param>
/// <param name="Href">Page that says more.</param>
public sealed record ShellLine(string Text, string Href);

/// <summary>A module's lines above every page, e.g. that an emergency holds (应急状态). Checks permission and scope itself.</summary>
public interface IShellLines
{
    /// <summary>Short names of events after which the lines are read again.</summary>
    IReadOnlyCollection<string> ChangedBy { get; }

    /// <summary>Lines for the present actor within the place chosen ("" is everywhere they may see).</summary>
    Task<IReadOnlyList<ShellLine>> LinesAsync(string place, CancellationToken cancellation);
}
