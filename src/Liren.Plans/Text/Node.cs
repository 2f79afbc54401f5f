namespace Liren.Plans.Text;

/// <summary>A part of a document with its place.</summary>
/// <param name="At">Where it begins.</param>
/// <param name="Path">Its field, as in <c>levels.III.when</c>.</param>
internal abstract record Node(TextPosition At, string Path);

/// <summary>A word, number or quoted text.</summary>
/// <param name="At">Where it begins, with its quote.</param>
/// <param name="Path">Its field.</param>
/// <param name="Value">Without quotes.</param>
/// <param name="Quoted">Written in quotes.</param>
/// <param name="Verbatim">The value stands in the document letter by letter on one line, so that a column inside it can be told.</param>
internal sealed record ScalarNode(TextPosition At, string Path, string Value, bool Quoted, bool Verbatim) : Node(At, Path)
{
    /// <summary>Where a letter of the value stands; the begin when that cannot be told.</summary>
    public TextPosition Within(int offset) => Verbatim ? new(At.Line, At.Column + offset + (Quoted ? 1 : 0)) : At;
}

/// <summary>A list.</summary>
internal sealed record ListNode(TextPosition At, string Path, IReadOnlyList<Node> Items) : Node(At, Path);

/// <summary>Keys and values; each key once.</summary>
internal sealed record MapNode(TextPosition At, string Path, IReadOnlyList<KeyValuePair<ScalarNode, Node>> Pairs) : Node(At, Path)
{
    public Node? Find(string key) => Pairs.FirstOrDefault(p => p.Key.Value == key).Value;
}
