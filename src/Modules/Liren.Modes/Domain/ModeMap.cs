using System.Collections.Frozen;
using Liren.Contracts.Modes;
using Liren.Contracts.Organisation;
using Liren.Contracts.Places;

namespace Liren.Modes.Domain;

/// <summary>A signed order as the map needs it: where, when, what it allows.</summary>
internal sealed record Hold(Guid Id, string Area, string OrderNo, Level Level, DateTimeOffset From, DateTimeOffset To, IReadOnlyList<ExtraCollection> Collections)
{
    public static Hold Of(ModeOrder order) => new(order.Id, order.AreaPath, order.OrderNo, order.Level, order.StartsAt!.Value, order.EndsAt, order.Collections);

    public bool HoldsAt(DateTimeOffset at) => From <= at && at < To;
}

/// <summary>
/// Every signed order by place (平战地图): answers which mode holds where and when. A pure function of orders and time. Orders are inherited down the
/// tree; the deepest decides, among those of one place the one begun last.
/// </summary>
internal sealed class ModeMap
{
    public static readonly ModeMap Empty = new([]);
    private readonly FrozenDictionary<string, Hold[]> byArea;

    public ModeMap(IEnumerable<Hold> holds) =>
        byArea = holds.Where(h => h.From < h.To).GroupBy(h => h.Area).ToFrozenDictionary(g => g.Key, g => g.OrderByDescending(h => h.From).ThenByDescending(h => h.Id).ToArray());

    /// <summary>Orders in force at the place at that instant: the one that decides first.</summary>
    public IEnumerable<Hold> Over(string place, DateTimeOffset at)
    {
        if (byArea.Count == 0) yield break;
        foreach (var area in PlacePath.SelfAndAncestors(place))
            if (byArea.TryGetValue(area, out var holds))
                foreach (var hold in holds)
                    if (hold.HoldsAt(at)) yield return hold;
    }

    /// <summary>Every order in force at that instant, wherever.</summary>
    public IEnumerable<Hold> InForce(DateTimeOffset at) => byArea.Values.SelectMany(h => h).Where(h => h.HoldsAt(at)).OrderBy(h => h.Area, StringComparer.Ordinal).ThenByDescending(h => h.From);

    /// <summary>The one mode of the place.</summary>
    public ModeNow At(string place, DateTimeOffset at) =>
        Over(place, at).FirstOrDefault() is { } h ? new(Mode.Emergency, h.Id, h.OrderNo, h.Level.ToString(), h.Area, h.From, h.To) : ModeNow.Peace;

    /// <summary>The leave to collect something: of the deepest order in force that names it. An order below does not take back what one above allows.</summary>
    public CollectionLeave May(string collection, string place, DateTimeOffset at)
    {
        foreach (var hold in Over(place, at))
            if (hold.Collections.FirstOrDefault(c => c.Code == collection) is { } named)
                return new(true, hold.Id, named.Purpose, hold.To, hold.To.AddDays(named.RetentionDays));
        return CollectionLeave.No;
    }
}
