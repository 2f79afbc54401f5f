namespace Liren.Plans.Text;

/// <summary>How bad a finding is: an error stops a plan from being armed, a warning does not.</summary>
public enum Severity
{
    /// <summary>The document cannot be used.</summary>
    Error,

    /// <summary>The document can be used; its author should look.</summary>
    Warning,
}

/// <summary>Where something stands in a document, as an editor counts.</summary>
/// <param name="Line">From 1.</param>
/// <param name="Column">From 1, in UTF-16 code units.</param>
public readonly record struct TextPosition(int Line, int Column)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Line}:{Column}";
}

/// <summary>One finding about a document (检查结果).</summary>
/// <param name="Code">What is wrong, a key of <see cref="Messages"/>; stable, for programs.</param>
/// <param name="Severity">How bad it is.</param>
/// <param name="At">Where it stands.</param>
/// <param name="Path">The field, as in <c>actions[2].to</c>.</param>
/// <param name="Args">What the message names.</param>
/// <param name="Suggestion">What was probably meant, ready to be put there; null when nothing is near.</param>
public sealed record Diagnostic(string Code, Severity Severity, TextPosition At, string Path, IReadOnlyList<string> Args, string? Suggestion)
{
    /// <summary>The sentence for people.</summary>
    /// <param name="language"><c>zh</c> or <c>en</c>.</param>
    public string Message(string language)
    {
        var message = Messages.Of(Code, language, Args);
        return Suggestion is null ? message : language == "zh" ? $"{message}。是不是：{Suggestion}" : $"{message}. Did you mean: {Suggestion}";
    }
}

/// <summary>Collects what is found in one document; the same place is told about once.</summary>
public sealed class Report
{
    private const int Most = 200;
    private readonly List<Diagnostic> found = [];

    /// <summary>All findings, in the order of the text.</summary>
    public IReadOnlyList<Diagnostic> Found => [.. found.OrderBy(d => d.At.Line).ThenBy(d => d.At.Column)];

    /// <summary>True when one of them is an error.</summary>
    public bool HasErrors => found.Exists(d => d.Severity == Severity.Error);

    internal void Error(string code, TextPosition at, string path, string? suggestion = null, params string[] args) => Add(new(code, Severity.Error, at, path, args, suggestion));

    internal void Warn(string code, TextPosition at, string path, string? suggestion = null, params string[] args) => Add(new(code, Severity.Warning, at, path, args, suggestion));

    private void Add(Diagnostic diagnostic)
    {
        if (found.Count < Most && !found.Exists(d => d.At == diagnostic.At && d.Code == diagnostic.Code)) found.Add(diagnostic);
    }
}
