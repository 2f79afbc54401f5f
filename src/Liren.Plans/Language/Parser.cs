using System.Globalization;

namespace Liren.Plans.Language;

/// <summary>Reads an expression; throws <see cref="SyntaxException"/> at the first place where it is none. Grammar: docs/developers/plans.md.</summary>
internal sealed class Parser
{
    private const int MostDepth = 40;
    private static readonly string[] comparisons = ["==", "!=", "<", "<=", ">", ">=", "atLeast", "atMost", "in"];
    private readonly List<Token> tokens;
    private int at;
    private int depth;

    private Parser(string text) => tokens = Lexer.Cut(text);

    public static Expr Parse(string text)
    {
        var parser = new Parser(text);
        if (parser.Now.Kind == TokenKind.End) throw new SyntaxException("no-expression", 0, null);
        var whole = parser.Or();
        return parser.Now.Kind == TokenKind.End ? whole : throw parser.Unexpected();
    }

    private Token Now => tokens[at];

    private Expr Or() => Chain(["or"], And);

    private Expr And() => Chain(["and"], Not);

    private Expr Not()
    {
        if (!Is("not")) return Comparison();
        var offset = tokens[at++].Offset;
        return Deeper(() => new NotExpr(offset, Not()));
    }

    private Expr Comparison()
    {
        var left = Sum();
        if (Is("=")) throw new SyntaxException("assign", Now.Offset, "==");
        if (!comparisons.Any(Is)) return left;
        var sign = tokens[at++];
        var compared = new BinaryExpr(sign.Offset, sign.Text, left, Sum());
        // 1 < x < 5 would compare a truth with a number.
        return comparisons.Any(Is) ? throw new SyntaxException("chained", Now.Offset, "and") : compared;
    }

    private Expr Sum() => Chain(["+", "-"], Product);

    private Expr Product() => Chain(["*", "/"], Primary);

    private Expr Chain(string[] operators, Func<Expr> operand)
    {
        var left = operand();
        while (operators.Any(Is))
        {
            var sign = tokens[at++];
            left = new BinaryExpr(sign.Offset, sign.Text, left, operand());
        }
        return left;
    }

    private Expr Primary()
    {
        var token = Now;
        switch (token.Kind)
        {
            case TokenKind.Number: at++; return new NumberExpr(token.Offset, double.Parse(token.Text, CultureInfo.InvariantCulture));
            case TokenKind.Quantity: at++; return new QuantityExpr(token.Offset, token.Text);
            case TokenKind.Text: at++; return new StringExpr(token.Offset, token.Text);
            case TokenKind.Param: at++; return new ParamExpr(token.Offset, token.Text);
            case TokenKind.Ref: at++; return new RefExpr(token.Offset, token.Text);
            case TokenKind.Name: return Named(token);
            case TokenKind.Sign when token.Text == "(":
                at++;
                var inner = Deeper(Or);
                Expect(")");
                return inner;
            case TokenKind.Sign when token.Text == "[":
                at++;
                return new ListExpr(token.Offset, Items("]", () => Deeper(Or)));
            default: throw Unexpected();
        }
    }

    private Expr Named(Token token)
    {
        if (token.Text is "and" or "or" or "in" or "atLeast" or "atMost") throw Unexpected();
        at++;
        if (Is("(")) { at++; return new CallExpr(token.Offset, token.Text, Items(")", () => Deeper(Argument))); }
        return token.Text switch
        {
            "true" or "false" => new BoolExpr(token.Offset, token.Text == "true"),
            "I" or "II" or "III" or "IV" => new LevelExpr(token.Offset, Array.IndexOf(["I", "II", "III", "IV"], token.Text) + 1),
            _ => new PathExpr(token.Offset, token.Text),
        };
    }

    private Argument Argument()
    {
        string? name = null;
        if (Now.Kind == TokenKind.Name && tokens[at + 1] is { Kind: TokenKind.Sign, Text: "=" }) { name = Now.Text; at += 2; }
        if (Now.Kind == TokenKind.Number && tokens[at + 1] is { Kind: TokenKind.Name, Text: "attempts" or "attempt" }) return new(name, Attempts());
        return new(name, Or());
    }

    private AttemptsExpr Attempts()
    {
        var times = Now;
        if (!int.TryParse(times.Text, CultureInfo.InvariantCulture, out var number) || number is < 1 or > 100) throw new SyntaxException("attempts", times.Offset, null);
        at += 2;
        if (!Is("over")) throw new SyntaxException("attempts", Now.Offset, "over");
        at++;
        if (Now.Kind != TokenKind.Quantity) throw new SyntaxException("attempts", Now.Offset, null);
        return new(times.Offset, number, new(Now.Offset, tokens[at++].Text));
    }

    private List<T> Items<T>(string close, Func<T> item)
    {
        var items = new List<T>();
        if (Is(close)) { at++; return items; }
        for (; ; )
        {
            items.Add(item());
            if (!Is(",")) break;
            at++;
        }
        Expect(close);
        return items;
    }

    private T Deeper<T>(Func<T> read)
    {
        if (++depth > MostDepth) throw new SyntaxException("too-deep", Now.Offset, null);
        var result = read();
        depth--;
        return result;
    }

    private bool Is(string text) => Now.Text == text && Now.Kind is TokenKind.Sign or TokenKind.Name && Now.Text == text;

    private void Expect(string close)
    {
        if (!Is(close)) throw Now.Kind == TokenKind.End ? new SyntaxException("not-closed", Now.Offset, close, close) : Unexpected();
        at++;
    }

    private SyntaxException Unexpected()
    {
        if (Now.Kind == TokenKind.End) return new("ends", Now.Offset, null);
        var meant = Now.Text.ToLowerInvariant() switch { "und" or "also" => "and", "atleast" => "atLeast", "atmost" => "atMost", _ => null };
        return new("unexpected", Now.Offset, meant, Now.Text);
    }
}
