using Liren.Sdk;

namespace Liren.Supplies.Domain;

/// <summary>How scarce stock is split (分配方法).</summary>
internal enum SplitMethod
{
    /// <summary>按户数.</summary>
    Households,
    /// <summary>按预测需求.</summary>
    Forecast,
    /// <summary>按困难程度: households with elders count more.</summary>
    Need,
}

/// <summary>Advice how to split what there is over places (分配建议), with what it was reckoned from; may be changed by hand with a reason, and carried out once.</summary>
internal sealed class Allocation : Entity
{
    public string PlacePath { get; private init; } = "";
    public Guid ItemId { get; private init; }
    public int Quantity { get; private init; }
    /// <summary>Pieces one household needs (每户数量).</summary>
    public int PerHousehold { get; private init; }
    public SplitMethod Method { get; private init; }
    /// <summary>How much more a household with somebody of 60 and above counts, in hundredths; for <see cref="SplitMethod.Need"/>.</summary>
    public int ElderWeight { get; private init; }
    public string By { get; private init; } = "";
    public DateTimeOffset At { get; private init; }
    /// <summary>When it was carried out; null before.</summary>
    public DateTimeOffset? DoneAt { get; private set; }
    public List<AllocationLine> Lines { get; private init; } = [];

    private Allocation() { }

    /// <summary>Reckons a split.</summary>
    public static Allocation Advise(Guid id, StockItem item, string place, int quantity, int perHousehold, SplitMethod method, int elderWeight, IReadOnlyList<PlaceNeed> needs, string by, DateTimeOffset now)
    {
        Rule.Require(quantity is > 0 and <= 10_000_000, "supplies.quantity", "quantity");
        Rule.Require(perHousehold is > 0 and <= 1000, "supplies.per-household", "perHousehold");
        Rule.Require(Enum.IsDefined(method), "supplies.split-method", "method");
        Rule.Require(elderWeight is >= 0 and <= 1000, "supplies.elder-weight", "elderWeight");
        Rule.State(needs.Count > 1 && needs.Sum(n => n.Households) > 0, "supplies.nothing-to-split");
        var shares = Split.Of(quantity, [.. needs.Select(n => (Split.Weight(n, method, elderWeight), (long)n.Forecast * perHousehold))]);
        var allocation = new Allocation { Id = id, PlacePath = place, ItemId = item.Id, Quantity = quantity, PerHousehold = perHousehold, Method = method, ElderWeight = elderWeight, By = by, At = now };
        allocation.Lines.AddRange(needs.Zip(shares, (n, s) => new AllocationLine
        {
            AllocationId = id, PlacePath = n.Place, Name = n.Name, Households = n.Households, Elders = n.Elders, AskedPercent = n.AskedPercent, Rounds = n.Rounds, Forecast = n.Forecast, Weight = Split.Weight(n, method, elderWeight), Advised = s, Decided = s,
        }));
        return allocation;
    }

    /// <summary>Somebody decides otherwise for one place, and says why; what is decided may not be more than there is.</summary>
    public void Decide(Guid line, int quantity, string? reason, string by)
    {
        Rule.State(DoneAt is null, "supplies.split-done");
        var at = Rule.Found(Lines.Find(l => l.Id == line), "supplies.no-line");
        Rule.Require(quantity is >= 0 and <= 10_000_000, "supplies.quantity", "quantity");
        Rule.Require(reason?.Trim() is { Length: > 0 and <= 200 }, "supplies.why", "reason");
        var left = Quantity - Lines.Where(l => l.Id != line).Sum(l => l.Decided);
        Rule.Require(quantity <= left, "supplies.split-too-much", "quantity", left);
        (at.Decided, at.Reason, at.DecidedBy) = (quantity, reason!.Trim(), by);
    }

    /// <summary>It has been carried out.</summary>
    public void Done(DateTimeOffset now)
    {
        Rule.State(DoneAt is null, "supplies.split-done");
        DoneAt = now;
    }
}

/// <summary>What a place gets, and why.</summary>
internal sealed class AllocationLine
{
    public Guid Id { get; init; } = Guid.CreateVersion7();
    public Guid AllocationId { get; init; }
    public string PlacePath { get; init; } = "";
    public string Name { get; init; } = "";
    public int Households { get; init; }
    /// <summary>Households with somebody of 60 and above.</summary>
    public int Elders { get; init; }
    /// <summary>How many of a hundred households asked in the rounds before.</summary>
    public int AskedPercent { get; init; }
    /// <summary>From how many rounds that is known; 0: none, all are taken to ask.</summary>
    public int Rounds { get; init; }
    /// <summary>Households that will ask (预测).</summary>
    public int Forecast { get; init; }
    public long Weight { get; init; }
    public int Advised { get; init; }
    public int Decided { get; set; }
    /// <summary>Why it is not what was advised.</summary>
    public string? Reason { get; set; }
    public string? DecidedBy { get; set; }
}

/// <summary>A place and what is known of it.</summary>
internal sealed record PlaceNeed(string Place, string Name, int Households, int Elders, int AskedPercent, int Rounds)
{
    /// <summary>However few have asked, so many of a hundred are counted: who did not ask may not have been reached.</summary>
    public const int LeastPercent = 30;

    /// <summary>Households that will ask, rounded up.</summary>
    public int Forecast => (int)Math.Ceiling(Households * Math.Max(AskedPercent, LeastPercent) / 100.0);
}

/// <summary>Splits whole pieces by weight, none above its need: what one does not need goes to the others, and what is left over goes to the largest remainders (最大余数法).</summary>
internal static class Split
{
    /// <summary>Weight of a place.</summary>
    public static long Weight(PlaceNeed n, SplitMethod method, int elderWeight) => method switch
    {
        SplitMethod.Households => n.Households,
        SplitMethod.Forecast => n.Forecast,
        _ => (100L * n.Households + (long)elderWeight * n.Elders) / 100,
    };

    /// <summary>Pieces for each; never more than <paramref name="quantity"/> in all, never more than the need of each.</summary>
    public static int[] Of(int quantity, IReadOnlyList<(long Weight, long Need)> places)
    {
        var (given, open, left) = (new int[places.Count], Enumerable.Range(0, places.Count).Where(i => places[i].Weight > 0 && places[i].Need > 0).ToList(), (long)quantity);
        while (open.Count > 0 && left > 0)
        {
            var weights = open.Sum(i => places[i].Weight);
            // Whoever would get more than the need gets the need, and the rest is split anew.
            var full = open.Where(i => (Int128)left * places[i].Weight >= (Int128)places[i].Need * weights).ToList();
            if (full.Count > 0)
            {
                foreach (var i in full) given[i] = (int)Math.Min(places[i].Need, left);
                left -= full.Sum(i => (long)given[i]);
                open.RemoveAll(full.Contains);
                continue;
            }
            var rests = open.Select(i => (At: i, Pieces: (int)((Int128)left * places[i].Weight / weights), Over: (Int128)left * places[i].Weight % weights)).ToList();
            foreach (var (at, pieces, _) in rests) given[at] = pieces;
            var over = left - rests.Sum(r => (long)r.Pieces);
            foreach (var (at, _, _) in rests.OrderByDescending(r => r.Over).ThenBy(r => r.At).Take((int)over)) given[at]++;
            break;
        }
        return given;
    }
}
