using System.Linq.Expressions;

namespace Liren.Sdk.Data;

/// <summary>Limits queries to subtrees of the tree of places.</summary>
public static class Scopes
{
    /// <summary>
    /// Rows whose path is one of the scopes or lies below it. Uses ranges ("31.01." up to "31.01/"), which an index serves on both databases.
    /// No scope at all gives no rows: deny by default.
    /// </summary>
    public static IQueryable<T> WhereWithin<T>(this IQueryable<T> rows, Expression<Func<T, string?>> path, IReadOnlyCollection<string> scopes)
    {
        if (scopes.Any(s => s.Length == 0)) return rows;
        var row = path.Parameters[0];
        Expression? any = null;
        foreach (var scope in scopes)
        {
            // '.' is 0x2E and '/' is 0x2F: everything below the scope sorts between the two.
            var inside = Expression.OrElse(
                Expression.Equal(path.Body, Expression.Constant(scope)),
                Expression.AndAlso(Compare(path.Body, scope + ".", ExpressionType.GreaterThanOrEqual), Compare(path.Body, scope + "/", ExpressionType.LessThan)));
            any = any is null ? inside : Expression.OrElse(any, inside);
        }
        return rows.Where(Expression.Lambda<Func<T, bool>>(any ?? Expression.Constant(false), row));
    }

    /// <summary>Rows whose path begins with the text, also in the middle of a segment; served by an index, unlike LIKE. Paths are ASCII, so "~" ends the range.</summary>
    public static IQueryable<T> WhereBegins<T>(this IQueryable<T> rows, Expression<Func<T, string?>> path, string prefix) =>
        rows.Where(Expression.Lambda<Func<T, bool>>(Expression.AndAlso(
            Compare(path.Body, prefix, ExpressionType.GreaterThanOrEqual), Compare(path.Body, prefix + "~", ExpressionType.LessThan)), path.Parameters[0]));

    private static BinaryExpression Compare(Expression value, string with, ExpressionType how) => Expression.MakeBinary(how,
        Expression.Call(typeof(string), nameof(string.Compare), null, value, Expression.Constant(with)), Expression.Constant(0));
}
