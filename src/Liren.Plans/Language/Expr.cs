namespace Liren.Plans.Language;

/// <summary>A part of an expression.</summary>
/// <param name="Offset">Where it begins in the text, from 0.</param>
public abstract record Expr(int Offset)
{
    /// <summary>What it gives; set by the checker, which also settles what a bare <c>m</c> means.</summary>
    public PlanType Type { get; internal set; } = PlanType.Unknown;

    /// <summary>True when it is known before anything happens: numbers, quantities, parameters and what is computed from them.</summary>
    internal bool IsConstant => this is NumberExpr or QuantityExpr or ParamExpr || this is BinaryExpr { Operator: "+" or "-" or "*" or "/" } sum && sum.Left.IsConstant && sum.Right.IsConstant;
}

/// <summary>A number without a unit.</summary>
public sealed record NumberExpr(int Offset, double Value) : Expr(Offset);

/// <summary>A number with a unit, as written: <c>1h30m</c>, <c>300m</c>, <c>4wh</c>.</summary>
public sealed record QuantityExpr(int Offset, string Text) : Expr(Offset);

/// <summary>Text in single quotes.</summary>
public sealed record StringExpr(int Offset, string Value) : Expr(Offset);

/// <summary><c>true</c> or <c>false</c>.</summary>
public sealed record BoolExpr(int Offset, bool Value) : Expr(Offset);

/// <summary>A response level: 1 (I, gravest) to 4 (IV).</summary>
public sealed record LevelExpr(int Offset, int Value) : Expr(Offset);

/// <summary>A parameter of the plan: <c>$people</c>.</summary>
public sealed record ParamExpr(int Offset, string Name) : Expr(Offset);

/// <summary>A named thing of the installation: <c>role/grid-worker</c>, <c>org/district/command-centre</c>.</summary>
public sealed record RefExpr(int Offset, string Text) : Expr(Offset);

/// <summary>A name or a dotted path: <c>age</c>, <c>area.watchkeeper</c>, <c>go.accepted</c>.</summary>
public sealed record PathExpr(int Offset, string Text) : Expr(Offset);

/// <summary>A call with its arguments.</summary>
public sealed record CallExpr(int Offset, string Text, IReadOnlyList<Argument> Arguments) : Expr(Offset);

/// <summary>An argument; without a name it is told by its place.</summary>
public sealed record Argument(string? Name, Expr Value);

/// <summary><c>[a, b]</c>.</summary>
public sealed record ListExpr(int Offset, IReadOnlyList<Expr> Items) : Expr(Offset);

/// <summary><c>not x</c>.</summary>
public sealed record NotExpr(int Offset, Expr Operand) : Expr(Offset);

/// <summary>Two operands; <see cref="Operator"/> as written.</summary>
public sealed record BinaryExpr(int Offset, string Operator, Expr Left, Expr Right) : Expr(Offset);

/// <summary><c>2 attempts over 3h</c>.</summary>
public sealed record AttemptsExpr(int Offset, int Times, QuantityExpr Over) : Expr(Offset);
