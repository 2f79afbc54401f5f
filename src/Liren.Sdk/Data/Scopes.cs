using System.Linq.Expressions;
using Liren.Contracts.Places;

namespace Liren.Sdk.Data;

/// <summary>Limits queries to subtrees of the tree of places.</summary>
public static class Scopes
{
    /// <summary>
    /// Rows whose path is one of the scopes or lies below it. Uses ranges ("31.01." up to "31.01/"), which an index serves on both databases.
    /// No scope at all gives no rows: deny by default.
    /// </summary>
    public static IQueryable<T> WhereWithin<T>(this IQueryable<T> rows, Expression<Func<T, string?>> path, IReadOnlyCollection<string> scopes) =>
        scopes.Any(s => s.Length == 0) ? rows : rows.Where(Within(path, scopes));

    /// <summary>The condition of <see cref="WhereWithin"/>, to be joined with others; scopes must not contain the root.</summary>
    public static Expression<Func<T, bool>> Within<T>(Expression<Func<T, string?>> path, IReadOnlyCollection<string> scopes)
    {
        var row = path.Parameters[0];
        Expression? any = null;
        foreach (var scope in scopes)
        {
            var (from, before) = PlacePath.RangeBelow(scope);
            var inside = Expression.OrElse(
                Expression.Equal(path.Body, Expression.Constant(scope)),
                Expression.AndAlso(Compare(path.Body, from, ExpressionType.GreaterThanOrEqual), Compare(path.Body, before, ExpressionType.LessThan)));
            any = any is null ? inside : Expression.OrElse(any, inside);
        }
        return Expression.Lambda<Func<T, bool>>(any ?? Expression.Constant(false), row);
    }

    /// <summary>Either of two conditions.</summary>
    public static Expression<Func<T, bool>> Or<T>(this Expression<Func<T, bool>> one, Expression<Func<T, bool>> other) =>
        Expression.Lambda<Func<T, bool>>(Expression.OrElse(one.Body, new Renamed(other.Parameters[0], one.Parameters[0]).Visit(other.Body)), one.Parameters);

    private sealed class Renamed(ParameterExpression from, ParameterExpression to) : ExpressionVisitor
    {
        protected override Expression VisitParameter(ParameterExpression node) => node == from ? to : base.VisitParameter(node);
    }

    /// <summary>Rows whose path begins with the text, also in the middle of a segment; served by an index, unlike LIKE. Paths are ASCII, so "~" ends the range.</summary>
    public static IQueryable<T> WhereBegins<T>(this IQueryable<T> rows, Expression<Func<T, string?>> path, string prefix) =>
        rows.Where(Expression.Lambda<Func<T, bool>>(Expression.AndAlso(
            Compare(path.Body, prefix, ExpressionType.GreaterThanOrEqual), Compare(path.Body, prefix + "~", ExpressionType.LessThan)), path.Parameters[0]));

    private static BinaryExpression Compare(Expression value, string with, ExpressionType how) => Expression.MakeBinary(how,
        Expression.Call(typeof(string), nameof(string.Compare), null, value, Expression.Constant(with)), Expression.Constant(0));
}
