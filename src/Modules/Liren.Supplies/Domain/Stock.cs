using Liren.Contracts.Supplies;
using Liren.Sdk;

namespace Liren.Supplies.Domain;

/// <summary>Something that is kept and given out (物资).</summary>
internal sealed class StockItem : Entity
{
    public string PlacePath { get; private init; } = "";
    public string Name { get; private set; } = "";
    /// <summary>Counted in (单位): 只, 袋, 份.</summary>
    public string Unit { get; private set; } = "";

    /// <summary>Goods that count together for quotas and cool-down (物资类别), e.g. all masks; the name when none is given.</summary>
    public string Group { get; private set; } = "";
    /// <summary>The group, also of items noted before there were groups.</summary>
    public string GroupName => Group.Length > 0 ? Group : Name;

    private StockItem() { }

    /// <summary>Notes an item.</summary>
    public static StockItem Note(Guid id, string? place, string? name, string? unit, string? group = null)
    {
        Rule.Require(place is not null && Contracts.Places.PlacePath.IsValid(place), "supplies.place", "place");
        Rule.Require(name?.Trim() is { Length: > 0 and <= 40 }, "supplies.item-name", "name");
        Rule.Require(unit?.Trim() is { Length: > 0 and <= 10 }, "supplies.item-unit", "unit");
        Rule.Require(group is null or { Length: <= 40 }, "supplies.item-group", "group");
        return new() { Id = id, PlacePath = place!, Name = name!.Trim(), Unit = unit!.Trim(), Group = group?.Trim() is { Length: > 0 } own ? own : name.Trim() };
    }
}

/// <summary>Why stock moved.</summary>
internal enum StockReason
{
    /// <summary>入库.</summary>
    Received,
    /// <summary>划拨给轮次.</summary>
    Reserved,
    /// <summary>轮次结余退回.</summary>
    Released,
    /// <summary>发放.</summary>
    HandedOut,
    /// <summary>退回供应方.</summary>
    Returned,
    /// <summary>报损.</summary>
    Spoiled,
    /// <summary>盘点差异.</summary>
    Counted,
    /// <summary>调拨: to or from another store.</summary>
    Moved,
}

/// <summary>A line of the ledger (库存流水): so many pieces left one account and came into another. Append-only; a mistake is righted by another line.</summary>
internal sealed class StockMove : Entity
{
    /// <summary>Whoever it comes from.</summary>
    public const string Supplier = "supplier";
    /// <summary>The store (仓库).</summary>
    public const string Store = "store";
    /// <summary>Given out.</summary>
    public const string HandedOut = "handed-out";
    /// <summary>Spoiled.</summary>
    public const string Damaged = "damaged";
    /// <summary>What a count found too many or too few.</summary>
    public const string Adjusted = "adjusted";

    /// <summary>Another store (调拨): what this one has sent to it, or, below nothing, got from it. The other's books have the same with the sign turned.</summary>
    public static string StoreOf(Guid otherItem) => $"store:{otherItem:N}";

    /// <summary>Kept for a round.</summary>
    public static string ReservedFor(Guid round) => $"round:{round:N}";

    /// <summary>Accounts in which nothing lies: they stand for the world outside, and may be below nothing.</summary>
    public static bool IsOutside(string account) => account is Supplier or HandedOut or Damaged or Adjusted || account.StartsWith("store:", StringComparison.Ordinal);

    public Guid ItemId { get; private init; }
    public string PlacePath { get; private init; } = "";
    /// <summary>批号; empty when none is known.</summary>
    public string Lot { get; private init; } = "";
    /// <summary>有效期; null when it does not spoil.</summary>
    public DateOnly? Expiry { get; private init; }
    public string From { get; private init; } = "";
    public string To { get; private init; } = "";
    /// <summary>Pieces, above 0.</summary>
    public int Quantity { get; private init; }
    public StockReason Reason { get; private init; }
    public string? Note { get; private init; }
    public string By { get; private init; } = "";
    public DateTimeOffset At { get; private init; }

    private StockMove() { }

    /// <summary>Writes a line.</summary>
    public static StockMove Write(Guid id, StockItem item, string lot, DateOnly? expiry, string from, string to, int quantity, StockReason reason, string? note, string by, DateTimeOffset now)
    {
        Rule.Require(quantity is > 0 and <= 10_000_000, "supplies.quantity", "quantity");
        Rule.Require(lot.Length <= 40, "supplies.lot", "lot");
        var move = new StockMove { Id = id, ItemId = item.Id, PlacePath = item.PlacePath, Lot = lot, Expiry = expiry, From = from, To = to, Quantity = quantity, Reason = reason, Note = note?.Trim(), By = by, At = now };
        move.Raise(new StockMoved(id, item.PlacePath, now));
        return move;
    }
}

/// <summary>What lies in an account, by lot; follows from the ledger and is kept so that nothing can go below nothing.</summary>
internal sealed class StockBalance : Entity
{
    public Guid ItemId { get; init; }
    public string Account { get; init; } = "";
    public string Lot { get; init; } = "";
    public DateOnly? Expiry { get; init; }
    public int Quantity { get; private set; }

    /// <summary>Adds or takes.</summary>
    public void Change(int by)
    {
        Rule.State(Quantity + by >= 0 || StockMove.IsOutside(Account), "supplies.not-enough", Quantity);
        Quantity = checked(Quantity + by);
    }
}

/// <summary>Where shares are collected (领取点).</summary>
internal sealed class PickupPoint : Entity
{
    public string PlacePath { get; private init; } = "";
    public string Name { get; private set; } = "";
    public int Desks { get; private set; }
    /// <summary>Opens, minutes after midnight in Shanghai.</summary>
    public int OpensMinute { get; private set; }
    /// <summary>Closes, minutes after midnight in Shanghai.</summary>
    public int ClosesMinute { get; private set; }

    private PickupPoint() { }

    /// <summary>Notes a point.</summary>
    public static PickupPoint Note(Guid id, string? place, string? name, int desks, int opens, int closes)
    {
        Rule.Require(place is not null && Contracts.Places.PlacePath.IsValid(place), "supplies.place", "place");
        Rule.Require(name?.Trim() is { Length: > 0 and <= 40 }, "supplies.point-name", "name");
        Rule.Require(desks is > 0 and <= 50, "supplies.desks", "desks");
        Rule.Require(opens is >= 0 and < 1440 && closes > opens && closes <= 1440 && closes - opens >= Slots.Minutes, "supplies.hours", "closesMinute");
        return new() { Id = id, PlacePath = place!, Name = name!.Trim(), Desks = desks, OpensMinute = opens, ClosesMinute = closes };
    }
}

/// <summary>Slots of a point (领取时段): who comes when follows from the turn, so nobody has to choose and nobody has to rush.</summary>
internal static class Slots
{
    /// <summary>Length of a slot.</summary>
    public const int Minutes = 15;
    private const int SecondsEach = 25;
    private static readonly TimeSpan Shanghai = TimeSpan.FromHours(8);

    /// <summary>People one slot can take.</summary>
    public static int Capacity(int desks) => desks * Minutes * 60 / SecondsEach;

    /// <summary>When the slot of a turn begins (UTC): the slots from the beginning of pickup on, within the hours of the point, one after the other.</summary>
    public static DateTimeOffset Of(int turn, DateTimeOffset pickupFrom, int desks, int opensMinute, int closesMinute) => Begins((turn - 1) / Capacity(desks), pickupFrom, opensMinute, closesMinute);

    /// <summary>When a slot begins (UTC), by its number from the beginning of pickup, from 0.</summary>
    public static DateTimeOffset Begins(int number, DateTimeOffset pickupFrom, int opensMinute, int closesMinute)
    {
        var perDay = (closesMinute - opensMinute) / Minutes;
        var from = pickupFrom.ToOffset(Shanghai);
        var minute = (int)from.TimeOfDay.TotalMinutes;
        var first = minute <= opensMinute ? 0 : (minute - opensMinute + Minutes - 1) / Minutes;
        var slot = first + number;
        var day = new DateTimeOffset(from.Date, Shanghai).AddDays(slot / perDay);
        return day.AddMinutes(opensMinute + slot % perDay * Minutes).ToUniversalTime();
    }

    /// <summary>Slots of a point within the time of pickup, with the turns in each.</summary>
    public static IEnumerable<(DateTimeOffset Begins, int FirstTurn, int LastTurn)> All(Round round, PickupPoint point)
    {
        var capacity = Capacity(point.Desks);
        for (var number = 0; number <= Round.MostShares / capacity; number++)
        {
            var begins = Begins(number, round.PickupFrom, point.OpensMinute, point.ClosesMinute);
            if (begins.AddMinutes(Minutes) > round.PickupUntil) yield break;
            yield return (begins, number * capacity + 1, (number + 1) * capacity);
        }
    }
}
