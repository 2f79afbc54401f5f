using Liren.Sdk;
using Liren.Sdk.Web;

namespace Liren.Organisation.Features;

/// <summary>Sorts and cuts a short list that is in memory already, by the same convention as <see cref="ListQueries.PageAsync"/>.</summary>
internal static class MemoryList
{
    public static Page<T> Cut<T>(this IEnumerable<T> rows, ListQuery query, IReadOnlyDictionary<string, Func<T, IComparable?>> columns, string defaultSort)
    {
        var sort = query.Sort ?? defaultSort;
        var name = sort.TrimStart('-');
        Rule.Require(columns.ContainsKey(name), "sdk.unknown-sort", "sort", name, string.Join(", ", columns.Keys));
        var byText = Comparer<IComparable?>.Create((a, b) => a is string x && b is string y ? string.CompareOrdinal(x, y) : Comparer<IComparable?>.Default.Compare(a, b));
        var all = (sort.StartsWith('-') ? rows.OrderByDescending(columns[name], byText) : rows.OrderBy(columns[name], byText)).ToList();
        return all.CutPage(query);
    }
}
