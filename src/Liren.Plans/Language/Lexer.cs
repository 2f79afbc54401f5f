using System.Globalization;

namespace Liren.Plans.Language;

internal enum TokenKind { Name, Ref, Param, Number, Quantity, Text, Sign, End }

internal readonly record struct Token(TokenKind Kind, string Text, int Offset);

/// <summary>A text that is no expression.</summary>
/// <param name="code">Key of the message.</param>
/// <param name="offset">Where, from 0.</param>
/// <param name="suggestion">What was probably meant.</param>
/// <param name="args">What the message names.</param>
internal sealed class SyntaxException(string code, int offset, string? suggestion, params string[] args) : Exception
{
    public string Code { get; } = code;
    public int Offset { get; } = offset;
    public string? Suggestion { get; } = suggestion;
    public string[] Args { get; } = args;
}

/// <summary>Cuts an expression into words. A hyphen or slash without spaces belongs to the name it stands in.</summary>
internal static class Lexer
{
    private static readonly string[] signs = ["==", "!=", "<=", ">=", "<", ">", "(", ")", "[", "]", ",", "*", "+", "-", "/", "="];

    // What other languages, and a Chinese keyboard, write instead.
    private static readonly Dictionary<string, string> habits = new()
    {
        ["&&"] = "and", ["&"] = "and", ["||"] = "or", ["|"] = "or", ["!"] = "not", ["<>"] = "!=", ["=>"] = ">=", ["=<"] = "<=", ["≥"] = ">=", ["≤"] = "<=", ["≠"] = "!=",
        ["（"] = "(", ["）"] = ")", ["，"] = ",", ["、"] = ",", ["＞"] = ">", ["＜"] = "<", ["＝"] = "==", ["“"] = "'", ["”"] = "'", ["‘"] = "'", ["’"] = "'", ["\""] = "'", ["％"] = "", ["%"] = "", ["×"] = "*", ["÷"] = " / ", ["；"] = "", [";"] = "",
    };

    public static List<Token> Cut(string text)
    {
        var tokens = new List<Token>();
        for (var i = 0; ;)
        {
            while (i < text.Length && char.IsWhiteSpace(text[i])) i++;
            if (i == text.Length) break;
            var token = Next(text, i, out i);
            tokens.Add(token);
        }
        tokens.Add(new(TokenKind.End, "", text.Length));
        return tokens;
    }

    private static Token Next(string text, int at, out int end)
    {
        var c = text[at];
        if (c == '$')
        {
            end = NameEnd(text, at + 1);
            return end > at + 1 ? new(TokenKind.Param, text[(at + 1)..end], at) : throw new SyntaxException("param-name", at, null);
        }
        if (char.IsAsciiLetter(c)) return Name(text, at, out end);
        if (char.IsAsciiDigit(c)) return Number(text, at, out end);
        if (c == '\'')
        {
            var close = text.IndexOf('\'', at + 1);
            if (close < 0) throw new SyntaxException("open-text", at, null);
            end = close + 1;
            return new(TokenKind.Text, text[(at + 1)..close], at);
        }
        var habit = habits.Keys.OrderByDescending(h => h.Length).FirstOrDefault(h => string.CompareOrdinal(text, at, h, 0, h.Length) == 0 && (h != "!" || at + 1 >= text.Length || text[at + 1] != '='));
        if (habit is not null) throw new SyntaxException("habit", at, habits[habit].Length > 0 ? habits[habit] : null, habit);
        var sign = Array.Find(signs, s => string.CompareOrdinal(text, at, s, 0, s.Length) == 0) ?? throw new SyntaxException("letter", at, null, StringInfo.GetNextTextElement(text, at));
        end = at + sign.Length;
        if (sign == "=" && end < text.Length && text[end] == '=') end++;
        if (sign is "-" or "/" && !(at > 0 && text[at - 1] == ' ' && end < text.Length && text[end] == ' ')) throw new SyntaxException("spaces", at, $" {sign} ", sign);
        return new(TokenKind.Sign, sign, at);
    }

    // name { "." name } — or, with slashes, a reference whose later parts may begin with a digit.
    private static Token Name(string text, int at, out int end)
    {
        end = NameEnd(text, at);
        var reference = false;
        while (end + 1 < text.Length && (text[end] == '.' && char.IsAsciiLetter(text[end + 1]) || text[end] == '/' && char.IsAsciiLetterOrDigit(text[end + 1])))
        {
            reference |= text[end] == '/';
            end = NameEnd(text, end + 1);
        }
        return new(reference ? TokenKind.Ref : TokenKind.Name, text[at..end], at);
    }

    private static int NameEnd(string text, int at)
    {
        while (at < text.Length && (char.IsAsciiLetterOrDigit(text[at]) || text[at] == '_' || text[at] == '-' && at + 1 < text.Length && char.IsAsciiLetterOrDigit(text[at + 1]))) at++;
        return at;
    }

    private static Token Number(string text, int at, out int end)
    {
        end = at;
        while (end < text.Length && (char.IsAsciiLetterOrDigit(text[end]) || text[end] == '.' && end + 1 < text.Length && char.IsAsciiDigit(text[end + 1]))) end++;
        var word = text[at..end];
        if (double.TryParse(word, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out _)) return new(TokenKind.Number, word, at);
        if (Quantity.TypeOf(word) is not null) return new(TokenKind.Quantity, word, at);
        var unit = new string([.. word.SkipWhile(c => char.IsAsciiDigit(c) || c == '.').TakeWhile(char.IsAsciiLetter)]);
        throw new SyntaxException("unit", at, UnitMeant(word, unit), word);
    }

    private static string? UnitMeant(string word, string unit) =>
        (unit.ToLowerInvariant() switch { "sec" or "secs" => "s", "min" or "mins" => "m", "hr" or "hrs" or "hour" or "hours" => "h", "day" or "days" => "d", "wd" => "bd", var u when Quantity.Units.Contains(u) => u, _ => null }) is { } meant
            ? word.Replace(unit, meant, StringComparison.Ordinal) : null;
}
