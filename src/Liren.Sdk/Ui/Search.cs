namespace Liren.Sdk.Ui;

/// <summary>One answer of the console's global search.</summary>
/// <param name="Kind">Text key of the kind: "search.person".</param>
/// <param name="Title">What it is called.</param>
/// <param name="Detail">Where or what, dim.</param>
/// <param name="Href">Page to open.</param>
public sealed record SearchHit(string Kind, string Title, string Detail, string Href);

/// <summary>Something the global search looks in. Checks permission and scope itself; answers nothing when not allowed.</summary>
public interface ISearchSource
{
    /// <summary>At most <paramref name="take"/> hits for the text.</summary>
    Task<IReadOnlyList<SearchHit>> SearchAsync(string text, int take, CancellationToken cancellation);
}
