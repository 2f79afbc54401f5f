using System.Globalization;
using System.Text.RegularExpressions;
using Liren.Plans.Model;
using Liren.Plans.Text;

namespace Liren.Plans.Language;

/// <summary>Reads the fields of a plan that are more than words.</summary>
internal sealed partial class Fields(Names names, Report report)
{
    public Names Names => names;
    public Report Report => report;

    /// <summary>An expression; null when it is none, which was told.</summary>
    public Expression? Expression(Node? node, PlanType wanted)
    {
        if (node is null) return null;
        if (node is not ScalarNode text) { report.Error("needs-word", node.At, node.Path, null, Last(node.Path)); return null; }
        if (!text.Quoted && text.Value.Length > 0 && !Plain().IsMatch(text.Value)) report.Error("quote", text.At, text.Path, $"\"{text.Value}\"");
        return Read(text, text.Value, 0, wanted);
    }

    /// <summary>Targets: one or a list.</summary>
    public IReadOnlyList<Expression> Targets(IReadOnlyList<Node> nodes) => [.. nodes.Select(n => Expression(n, PlanType.Target)).OfType<Expression>()];

    /// <summary>A time by the clock.</summary>
    public TimeSpan? Duration(ScalarNode? word)
    {
        if (word is null) return null;
        if (Quantity.Duration(word.Value) is { } duration) return duration;
        report.Error("duration", word.At, word.Path, double.TryParse(word.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out _) ? word.Value + "s" : null, word.Value);
        return null;
    }

    /// <summary>A time by the clock or in working time, as written.</summary>
    public string? AnyTime(ScalarNode? word)
    {
        if (word is null || Quantity.Duration(word.Value) is not null || Quantity.Work(word.Value) is not null) return word?.Value;
        report.Error("duration", word.At, word.Path, null, word.Value);
        return null;
    }

    /// <summary><c>10m</c>, <c>ring.unanswered</c>, each with <c>unless EXPR</c>.</summary>
    public Timing? Timing(ScalarNode? word)
    {
        if (word is null) return null;
        var (head, unless) = Unless(word);
        if (char.IsAsciiDigit(head.FirstOrDefault())) return Quantity.Duration(head) is { } delay ? new(delay, null, unless) : Wrong("duration", word, head);
        if (names.TypeOf(head) == PlanType.Bool && head.Contains('.')) return new(null, head, unless);
        report.Error("after", word.At, word.Path, Nearest.To(head, names.All().Where(n => names.TypeOf(n) == PlanType.Bool)), head);
        return null;
    }

    /// <summary><c>21:00-08:00</c>, also with <c>unless EXPR</c>.</summary>
    public QuietHours? Quiet(ScalarNode? word)
    {
        if (word is null) return null;
        var (head, unless) = Unless(word);
        if (head.Split('-') is [var from, var to] && Clock(from) is { } begin && Clock(to) is { } end && begin != end) return new(begin, end, unless);
        report.Error("quiet", word.At, word.Path, null, head);
        return null;
    }

    private static TimeOnly? Clock(string text) => TimeOnly.TryParseExact(text.Trim(), "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time) ? time : null;

    private (string Head, Expression? Unless) Unless(ScalarNode word)
    {
        const string Word = " unless ";
        var at = word.Value.IndexOf(Word, StringComparison.Ordinal);
        if (at < 0) return (word.Value.Trim(), null);
        var begin = at + Word.Length;
        return (word.Value[..at].Trim(), Read(word, word.Value[begin..], begin, PlanType.Bool));
    }

    private Timing? Wrong(string code, ScalarNode word, string said)
    {
        report.Error(code, word.At, word.Path, null, said);
        return null;
    }

    private Expression? Read(ScalarNode whole, string text, int offset, PlanType wanted)
    {
        var place = whole with { At = whole.Within(offset), Quoted = false };
        try
        {
            var tree = Parser.Parse(text);
            new TypeChecker(names, report, place).Check(tree, wanted);
            return new(text, tree);
        }
        catch (SyntaxException e)
        {
            report.Error(e.Code, place.Within(e.Offset), whole.Path, e.Suggestion, e.Args);
            return null;
        }
    }

    private static string Last(string path) => path[(path.LastIndexOf('.') + 1)..];

    // What YAML cannot mistake for something else: a path, a reference, a number.
    [GeneratedRegex(@"^[$\w][\w./-]*$")]
    private static partial Regex Plain();
}
