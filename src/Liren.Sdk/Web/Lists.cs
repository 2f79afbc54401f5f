using System.Globalization;
using System.Linq.Expressions;
using System.Reflection;
using System.Text;
using Liren.Sdk.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using MiniExcelLibs;

namespace Liren.Sdk.Web;

/// <summary>What every list understands, in the address of the page and of the API alike.</summary>
/// <param name="Q">Text to search for.</param>
/// <param name="Sort">Column, with a leading minus for descending: "-at".</param>
/// <param name="Page">1 and up.</param>
/// <param name="Size">Rows a page, 1-200; 0 means the default of 25.</param>
/// <param name="Place">Only at or below this place path.</param>
/// <param name="Filter">State or kind to filter by; what it may be is the list's own.</param>
public record ListQuery(string? Q = null, string? Sort = null, int Page = 1, int Size = 0, string? Place = null, string? Filter = null)
{
    /// <summary>Default rows a page.</summary>
    public const int DefaultSize = 25;

    /// <summary>Most rows of an export.</summary>
    public const int ExportSize = 100_000;

    /// <summary>True while an export is made: all rows, not one page.</summary>
    public bool All { get; init; }

    /// <summary>Rows a page, as it is given.</summary>
    public int PageSize => All ? ExportSize : Size <= 0 ? DefaultSize : Math.Min(Size, 200);

    /// <summary>Which page is given, from 1.</summary>
    public int PageNumber => All ? 1 : Math.Max(1, Page);

    /// <summary>Trimmed search text, null when empty.</summary>
    public string? Text => string.IsNullOrWhiteSpace(Q) ? null : Q.Trim();
}

/// <summary>One page of a list.</summary>
/// <param name="Items">Rows of this page.</param>
/// <param name="Total">Rows in all pages.</param>
/// <param name="PageNumber">Page number, from 1.</param>
/// <param name="Size">Rows a page.</param>
public sealed record Page<T>(IReadOnlyList<T> Items, int Total, int PageNumber, int Size);

/// <summary>Sorts and cuts queries by one convention.</summary>
public static class ListQueries
{
    /// <summary>
    /// Sorts by the column asked for (or the default, given like "-at"), adds the key as the last order so that pages are stable,
    /// and cuts out the page. An unknown column is refused (422 sdk.unknown-sort).
    /// </summary>
    /// <param name="rows">Filtered rows.</param>
    /// <param name="query">What was asked.</param>
    /// <param name="columns">Sortable columns by name.</param>
    /// <param name="defaultSort">Sort when none is asked for.</param>
    /// <param name="select">Row as shown.</param>
    /// <param name="cancellation">Stops.</param>
    public static async Task<Page<TRow>> PageAsync<T, TRow>(this IQueryable<T> rows, ListQuery query, IReadOnlyDictionary<string, Expression<Func<T, object?>>> columns,
        string defaultSort, Expression<Func<T, TRow>> select, CancellationToken cancellation)
    {
        var total = await rows.CountAsync(cancellation);
        var (size, page) = (query.PageSize, query.PageNumber);
        var sorted = Sort(rows, query.Sort ?? defaultSort, columns);
        var items = await sorted.Skip((page - 1) * size).Take(size).Select(select).ToListAsync(cancellation);
        return new(items, total, page, size);
    }

    /// <summary>Cuts the page out of rows that are in memory and in order.</summary>
    public static Page<T> CutPage<T>(this IReadOnlyList<T> rows, ListQuery query) =>
        new([.. rows.Skip((query.PageNumber - 1) * query.PageSize).Take(query.PageSize)], rows.Count, query.PageNumber, query.PageSize);

    private static IQueryable<T> Sort<T>(IQueryable<T> rows, string sort, IReadOnlyDictionary<string, Expression<Func<T, object?>>> columns)
    {
        var down = sort.StartsWith('-');
        var name = down ? sort[1..] : sort;
        Rule.Require(columns.ContainsKey(name), "sdk.unknown-sort", "sort", name, string.Join(", ", columns.Keys));
        // Boxing to object would hide the column's type from the database: take the conversion off.
        var lambda = columns[name];
        var body = lambda.Body is UnaryExpression { NodeType: ExpressionType.Convert } convert ? convert.Operand : lambda.Body;
        var key = Expression.Lambda(body, lambda.Parameters);
        var method = down ? nameof(Queryable.OrderByDescending) : nameof(Queryable.OrderBy);
        var ordered = (IOrderedQueryable<T>)rows.Provider.CreateQuery<T>(Expression.Call(typeof(Queryable), method, [typeof(T), body.Type], rows.Expression, Expression.Quote(key)));
        var id = typeof(T).GetProperty("Id") ?? typeof(T).GetProperty("Seq") ?? typeof(T).GetProperty("Path");
        if (id is null) return ordered;
        var row = Expression.Parameter(typeof(T));
        return rows.Provider.CreateQuery<T>(Expression.Call(typeof(Queryable), nameof(Queryable.ThenBy), [typeof(T), id.PropertyType], ordered.Expression,
            Expression.Quote(Expression.Lambda(Expression.Property(row, id), row))));
    }
}

/// <summary>Answers a list as JSON, or as a file when <c>?format=csv</c> or <c>?format=xlsx</c> is asked for.</summary>
public static class ListAnswer
{
    /// <summary>Runs the list and answers in the format asked for. Columns of a file are the public properties of the row; headings come from "column.{name}" texts, words of enums from "column.{Type}.{value}".</summary>
    public static async Task<IResult> AnswerAsync<TRow>(HttpContext http, Texts texts, string name, ListQuery query, Func<ListQuery, Task<Page<TRow>>> run)
    {
        var format = http.Request.Query["format"].FirstOrDefault();
        if (format is null or "" or "json") return TypedResults.Ok(await run(query));
        Rule.Require(format is "csv" or "xlsx", "sdk.unknown-format", "format", format);
        var rows = (await run(query with { All = true })).Items;
        var properties = typeof(TRow).GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(p => p.GetIndexParameters().Length == 0 && p.Name is not ("Version" or "EqualityContract")).ToArray();
        return format == "csv"
            ? TypedResults.File(Csv(rows, properties, texts), "text/csv; charset=utf-8", $"{name}.csv")
            : TypedResults.File(Xlsx(rows, properties, texts), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", $"{name}.xlsx");
    }

    private static byte[] Csv<TRow>(IEnumerable<TRow> rows, PropertyInfo[] properties, Texts texts)
    {
        var text = new StringBuilder("\uFEFF");
        text.AppendJoin(',', properties.Select(p => SafeCells.Quote(Heading(p, texts)))).Append("\r\n");
        foreach (var row in rows) text.AppendJoin(',', properties.Select(p => SafeCells.Quote(Cell(p, row, texts)))).Append("\r\n");
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private static byte[] Xlsx<TRow>(IEnumerable<TRow> rows, PropertyInfo[] properties, Texts texts)
    {
        using var file = new MemoryStream();
        file.SaveAs(rows.Select(row => (IDictionary<string, object>)properties.ToDictionary(p => Heading(p, texts), p => (object)Cell(p, row, texts))));
        return file.ToArray();
    }

    private static string Key(PropertyInfo property) => "column." + char.ToLowerInvariant(property.Name[0]) + property.Name[1..];

    private static string Heading(PropertyInfo property, Texts texts) => texts.Has(Key(property)) ? texts[Key(property)] : property.Name;

    /// <summary>A state or kind has its word when there is one: "column.RoomUse.Home" is 住宅.</summary>
    private static string Cell<TRow>(PropertyInfo property, TRow row, Texts texts)
    {
        var value = property.GetValue(row);
        var key = value switch { Enum => $"column.{value.GetType().Name}.{value}", string => $"{Key(property)}.{value}", _ => "" };
        return texts.Has(key) ? texts[key] : Cell(value);
    }

    private static string Cell(object? value)
    {
        var text = value switch
        {
            null => "",
            DateTimeOffset at => Show.Full(at),
            IFormattable f => f.ToString(null, CultureInfo.InvariantCulture),
            System.Collections.IEnumerable many and not string => string.Join("; ", many.Cast<object?>()),
            _ => value.ToString() ?? "",
        };
        return SafeCells.Text(text);
    }
}
