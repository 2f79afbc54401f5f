using Liren.Contracts.Supplies;
using Liren.Draws;
using Liren.Sdk;

namespace Liren.Supplies.Domain;

/// <summary>How shares are given out.</summary>
internal enum RoundMode
{
    /// <summary>抽签: everybody who enters in time has the same chance. The default whenever more may ask than there is.</summary>
    Lottery,
    /// <summary>先到先得: for what is plenty, and for remainders.</summary>
    FirstCome,
    /// <summary>限时登记: whoever asks within the first seconds asks at the same time; drawn if too many, after that first come. A slow phone loses nothing.</summary>
    Windowed,
}

/// <summary>Who is one: each may have one share.</summary>
internal enum EntitledUnit
{
    /// <summary>户.</summary>
    Household,
    /// <summary>人.</summary>
    Resident,
    /// <summary>址: the room, whoever lives there.</summary>
    Address,
}

/// <summary>Where a round stands. That it is open is no state: it follows from the clock.</summary>
internal enum RoundState
{
    /// <summary>Being written.</summary>
    Draft,
    /// <summary>Rules and list are fixed; open between its times.</summary>
    Published,
    /// <summary>No more entries; a lottery's list is committed to.</summary>
    Closed,
    /// <summary>Drawn; shares are being collected.</summary>
    Drawn,
    /// <summary>Accounts are made; what is left is back in store.</summary>
    Settled,
    /// <summary>Called off, with a reason.</summary>
    Cancelled,
}

/// <summary>What a round says before it is published.</summary>
internal sealed record RoundDraft(string? Place, string? Title, Guid Item, int PerShare, RoundMode Mode, EntitledUnit Unit, DateTimeOffset OpensAt, DateTimeOffset ClosesAt, DateTimeOffset PickupFrom, DateTimeOffset PickupUntil,
    int WindowSeconds, int WaitMost, int HeldForDesk, int CoolDownDays, int? MinAge, string? BeaconRule, IReadOnlyList<CustodianDraft> Custodians, IReadOnlyList<PointShare> Points, FairnessDraft Fairness);

/// <summary>A custodian and the promise they hand in (hex of its SHA-256).</summary>
internal sealed record CustodianDraft(string? Name, string? Commit);

/// <summary>Shares at a pickup point.</summary>
internal sealed record PointShare(Guid Point, int Shares);

/// <summary>A round of supplies (物资轮次): a number of equal shares, who may have one, how they are given out and where they are collected.</summary>
internal sealed class Round : Entity
{
    /// <summary>Longest a round may be open.</summary>
    public const int MostDays = 31;
    /// <summary>Most seconds in which all ask at the same time.</summary>
    public const int MostWindow = 600;
    /// <summary>Most shares of a round.</summary>
    public const int MostShares = 1_000_000;

    /// <summary>Small number for tokens and rows; 1 and up.</summary>
    public int Serial { get; private init; }
    public string PlacePath { get; private set; } = "";
    public string Title { get; private set; } = "";
    public Guid ItemId { get; private set; }
    /// <summary>Pieces of the item in one share (每份数量).</summary>
    public int PerShare { get; private set; }
    public RoundMode Mode { get; private set; }
    public EntitledUnit Unit { get; private set; }
    public RoundState State { get; private set; }
    public DateTimeOffset OpensAt { get; private set; }
    /// <summary>Exclusive.</summary>
    public DateTimeOffset ClosesAt { get; private set; }
    public DateTimeOffset PickupFrom { get; private set; }
    public DateTimeOffset PickupUntil { get; private set; }
    public int WindowSeconds { get; private set; }
    /// <summary>Length of the waiting list (候补).</summary>
    public int WaitMost { get; private set; }
    /// <summary>Shares kept for desk, phone and paper until a day after opening (线下预留).</summary>
    public int HeldForDesk { get; private set; }
    /// <summary>Who had a share of the same item in so many days before has none now (冷却期).</summary>
    public int CoolDownDays { get; private set; }
    /// <summary>Only those of this age and more; null: everybody. Counts for units by resident; for households and addresses one such member is enough.</summary>
    public int? MinAge { get; private set; }
    /// <summary>Only units with one who has one of these tags, separated by commas; empty: everybody.</summary>
    public string Tags { get; private set; } = "";
    /// <summary>What a lost lottery of the same goods is worth in this one (结转).</summary>
    public CarryOver CarryOver { get; private set; }
    /// <summary>For how many days.</summary>
    public int CarryDays { get; private set; }
    /// <summary>Most pieces of the same goods within <see cref="QuotaDays"/>, over all rounds and ways (限额); 0: no limit.</summary>
    public int QuotaPieces { get; private set; }
    public int QuotaDays { get; private set; }
    /// <summary>Who has left so many shares uncollected sits out one round; 0: never.</summary>
    public int NoShowLimit { get; private set; }
    /// <summary>Shares reserved for classes (专属份额).</summary>
    public List<RoundClass> Classes { get; private init; } = [];
    public List<RoundPoint> Points { get; private init; } = [];

    /// <summary>Entitled units when the list was frozen.</summary>
    public int Entitled { get; private set; }
    /// <summary>SHA-256 of the frozen list, hex.</summary>
    public string? ListHash { get; private set; }
    public DateTimeOffset? PublishedAt { get; private set; }

    /// <summary>Which public number decides, and of which day (信标规则).</summary>
    public string BeaconRule { get; private set; } = "";
    public List<RoundCustodian> Custodians { get; private init; } = [];
    /// <summary>Commitment to all entries, hex; once closed.</summary>
    public string? Root { get; private set; }
    /// <summary>Entries when it closed.</summary>
    public int Entries { get; private set; }
    /// <summary>Their tickets: length of the committed list.</summary>
    public int Tickets { get; private set; }
    /// <summary>When those who lost before had been entered; null when there is nothing to carry over, or it has not been done.</summary>
    public DateTimeOffset? CarriedAt { get; private set; }
    public DateTimeOffset? ClosedAt { get; private set; }
    public string? Beacon { get; private set; }
    public DateTimeOffset? DrawnAt { get; private set; }
    /// <summary>The whole draw as published; null when nobody had to be drawn.</summary>
    public string? DrawJson { get; private set; }
    /// <summary>Secret of a window's draw, hex; its promise is published with the round, itself once the window has ended.</summary>
    public string WindowSecret { get; private init; } = "";
    /// <summary>Commitment to the secret of the window, hex: shown from the beginning.</summary>
    public string WindowPromise => Hex.Of(Custodian.CommitTo(Convert.FromHexString(WindowSecret)));
    /// <summary>Why it was called off.</summary>
    public string? Reason { get; private set; }
    /// <summary>Shares whose hand-over stands in the stock ledger already.</summary>
    public int Accounted { get; private set; }

    /// <summary>Shares at all points.</summary>
    public int Shares => Points.Sum(p => p.Shares);
    /// <summary>Code on notices and in the seed.</summary>
    public string Code => $"R{Serial:D4}";
    /// <summary>When a window ends.</summary>
    public DateTimeOffset WindowEndsAt => OpensAt.AddSeconds(Mode == RoundMode.Windowed ? WindowSeconds : 0);
    /// <summary>Until then shares are kept for those without a smartphone.</summary>
    public DateTimeOffset HeldUntil => OpensAt.AddHours(24);

    /// <summary>Winners that must be drawn: no more than there are entries.</summary>
    public int Winners => Math.Min(Shares, Entries);
    /// <summary>Length of the waiting list that is drawn.</summary>
    public int WaitingDrawn => Math.Min(WaitMost, Entries - Winners);
    /// <summary>Most tickets one unit may hold.</summary>
    public int MostTickets => CarryOver == CarryOver.MoreTickets ? Draws.Tickets.Most : 1;

    private Round() { }

    /// <summary>Writes a round down.</summary>
    public static Round Write(Guid id, int serial, byte[] windowSecret, RoundDraft draft, DateTimeOffset now)
    {
        var round = new Round { Id = id, Serial = serial, WindowSecret = Hex.Of(windowSecret) };
        round.Set(draft, now);
        round.Raise(new RoundMoved(round.Id, round.PlacePath, "drafted", now));
        return round;
    }

    /// <summary>Writes it anew, as long as nobody has been told of it.</summary>
    public void Rewrite(RoundDraft draft, DateTimeOffset now)
    {
        Rule.State(State == RoundState.Draft, "supplies.published-already");
        Set(draft, now);
    }

    private void Set(RoundDraft d, DateTimeOffset now)
    {
        Rule.Require(d.Place is not null && Contracts.Places.PlacePath.IsValid(d.Place), "supplies.place", "place");
        Rule.Require(d.Title?.Trim() is { Length: > 0 and <= 60 }, "supplies.title", "title");
        Rule.Require(d.PerShare is > 0 and <= 1000, "supplies.per-share", "perShare");
        Rule.Require(Enum.IsDefined(d.Mode), "supplies.mode", "mode");
        Rule.Require(Enum.IsDefined(d.Unit), "supplies.unit", "unit");
        Rule.Require(d.OpensAt >= now.AddMinutes(-1), "supplies.opens-past", "opensAt");
        Rule.Require(d.ClosesAt > d.OpensAt && d.ClosesAt <= d.OpensAt.AddDays(MostDays), "supplies.closes", "closesAt", MostDays);
        Rule.Require(d.PickupFrom >= d.OpensAt && (d.Mode != RoundMode.Lottery || d.PickupFrom >= d.ClosesAt), "supplies.pickup-from", "pickupFrom");
        Rule.Require(d.PickupUntil > d.PickupFrom && d.PickupUntil <= d.PickupFrom.AddDays(MostDays), "supplies.pickup-until", "pickupUntil", MostDays);
        Rule.Require(d.Mode == RoundMode.Windowed ? d.WindowSeconds is >= 10 and <= MostWindow && d.OpensAt.AddSeconds(d.WindowSeconds) < d.ClosesAt : d.WindowSeconds == 0, "supplies.window", "windowSeconds", MostWindow);
        Rule.Require(d.WaitMost is >= 0 and <= MostShares, "supplies.wait-most", "waitMost");
        Rule.Require(d.CoolDownDays is >= 0 and <= 60, "supplies.cool-down", "coolDownDays");
        Rule.Require(d.MinAge is null or > 0 and <= 120, "supplies.min-age", "minAge");
        Rule.Require(d.Points is { Count: > 0 and <= 200 } && d.Points.DistinctBy(p => p.Point).Count() == d.Points.Count, "supplies.points", "points");
        Rule.Require(d.Points.All(p => p.Shares > 0) && d.Points.Sum(p => (long)p.Shares) <= MostShares, "supplies.shares", "points", MostShares);
        Rule.Require(d.HeldForDesk >= 0 && d.HeldForDesk <= d.Points.Sum(p => p.Shares) && (d.HeldForDesk == 0 || d.Mode != RoundMode.Lottery), "supplies.held", "heldForDesk");
        if (d.Mode == RoundMode.Lottery) Rule.Require(d.BeaconRule?.Trim() is { Length: > 0 and <= 200 } && !d.BeaconRule.Any(char.IsControl), "supplies.beacon-rule", "beaconRule");
        foreach (var c in d.Custodians)
        {
            Rule.Require(c.Name?.Trim() is { Length: > 0 and <= 40 } && !c.Name.Any(char.IsControl), "supplies.custodian-name", "custodians");
            Rule.Require(Hex.Read(c.Commit, 32) is not null, "supplies.custodian-commit", "custodians", c.Name!);
        }
        Rule.Require(d.Custodians.Select(c => c.Name!.Trim()).Distinct().Count() == d.Custodians.Count && d.Custodians.Count <= 10, "supplies.custodian-twice", "custodians");
        (PlacePath, Title, ItemId, PerShare, Mode, Unit) = (d.Place!, d.Title!.Trim(), d.Item, d.PerShare, d.Mode, d.Unit);
        (OpensAt, ClosesAt, PickupFrom, PickupUntil) = (d.OpensAt.ToUniversalTime(), d.ClosesAt.ToUniversalTime(), d.PickupFrom.ToUniversalTime(), d.PickupUntil.ToUniversalTime());
        (WindowSeconds, WaitMost, HeldForDesk, CoolDownDays, MinAge, BeaconRule) = (d.WindowSeconds, d.WaitMost, d.HeldForDesk, d.CoolDownDays, d.MinAge, d.BeaconRule?.Trim() ?? "");
        SetFairness(d.Fairness, d.Points.Sum(p => p.Shares));
        Custodians.Clear();
        Custodians.AddRange(d.Custodians.Select(c => new RoundCustodian { Name = c.Name!.Trim(), Commit = c.Commit! }));
        Points.Clear();
        Points.AddRange(d.Points.Select((p, i) => new RoundPoint { No = i, PointId = p.Point, Shares = p.Shares }));
    }

    private void SetFairness(FairnessDraft f, int shares)
    {
        Rule.Require(Enum.IsDefined(f.CarryOver) && (f.CarryOver == CarryOver.None || Mode == RoundMode.Lottery), "supplies.carry-over", "carryOver");
        Rule.Require(f.CarryOver == CarryOver.None || f.CarryDays is > 0 and <= 60, "supplies.carry-days", "carryDays");
        Rule.Require(f.QuotaPieces == 0 && f.QuotaDays == 0 || f.QuotaPieces >= PerShare && f.QuotaPieces <= 100_000 && f.QuotaDays is > 0 and <= 60, "supplies.quota", "quotaPieces");
        Rule.Require(f.NoShowLimit is >= 0 and <= 10, "supplies.no-show-limit", "noShowLimit");
        Rule.Require(f.Classes.Count <= RoundClass.Most, "supplies.classes-many", "classes", RoundClass.Most);
        foreach (var c in f.Classes)
        {
            Rule.Require(c.Name?.Trim() is { Length: > 0 and <= 30 } && !c.Name.Any(char.IsControl), "supplies.class-name", "classes");
            Rule.Require(c.MinAge is null or > 0 and <= 120, "supplies.min-age", "classes");
            Rule.Require(c.MinAge is not null || c.Tags is { Count: > 0 }, "supplies.class-whom", "classes", c.Name!);
            Rule.Require(c.Shares > 0 || c is { Shares: 0, Deliver: true }, "supplies.class-shares", "classes", c.Name!);
        }
        Rule.Require(f.Classes.Select(c => c.Name!.Trim()).Distinct().Count() == f.Classes.Count, "supplies.class-twice", "classes");
        Rule.Require(f.Classes.Sum(c => (long)c.Shares) <= shares, "supplies.class-too-many", "classes", shares);
        (CarryOver, CarryDays, QuotaPieces, QuotaDays, NoShowLimit, Tags) = (f.CarryOver, f.CarryOver == CarryOver.None ? 0 : f.CarryDays, f.QuotaPieces, f.QuotaDays, f.NoShowLimit, TagText.Write(f.Tags, "tags"));
        Classes.Clear();
        Classes.AddRange(f.Classes.Select((c, i) => new RoundClass { No = i + 1, Name = c.Name!.Trim(), Shares = c.Shares, MinAge = c.MinAge, Tags = TagText.Write(c.Tags, "classes"), Deliver = c.Deliver }));
    }

    /// <summary>Fixes rules and list; from now on a change is a new round.</summary>
    public void Publish(int entitled, string listHash, DateTimeOffset now)
    {
        Rule.State(State == RoundState.Draft, "supplies.published-already");
        Rule.State(now < ClosesAt, "supplies.closes-past");
        Rule.State(entitled > 0, "supplies.nobody-entitled");
        (State, Entitled, ListHash, PublishedAt) = (RoundState.Published, entitled, listHash, now);
        Raise(new RoundMoved(Id, PlacePath, "published", now));
    }

    /// <summary>Those who lost before are entered.</summary>
    public void Carried(DateTimeOffset now) => CarriedAt = now;

    /// <summary>Ends it for entries and commits to those there are.</summary>
    /// <param name="entries">Units that entered.</param>
    /// <param name="tickets">Their tickets.</param>
    /// <param name="root">Commitment to the tickets.</param>
    /// <param name="classes">What each class came to: units, tickets, commitment.</param>
    /// <param name="now">When.</param>
    public void Close(int entries, int tickets, string? root, IReadOnlyDictionary<int, (int Units, int Tickets, string Root)> classes, DateTimeOffset now)
    {
        Rule.State(State == RoundState.Published, "supplies.not-published");
        Rule.State(now >= ClosesAt, "supplies.still-open", ClosesAt);
        (State, Entries, Tickets, Root, ClosedAt) = (RoundState.Closed, entries, tickets, root, now);
        foreach (var c in Classes)
            if (classes.TryGetValue(c.No, out var came)) (c.Entries, c.Winners, c.Root) = (came.Tickets, Math.Min(c.Shares, came.Units), came.Root);
        Raise(new RoundMoved(Id, PlacePath, "closed", now));
    }

    /// <summary>A custodian hands in the secret that was promised.</summary>
    public void Reveal(string name, string? secret)
    {
        Rule.State(State == RoundState.Closed && Mode == RoundMode.Lottery, "supplies.reveal-when-closed");
        var custodian = Rule.Found(Custodians.Find(c => c.Name == name), "supplies.no-custodian", name);
        Rule.Require(Hex.Read(secret, Custodian.SecretSize) is { } bytes && Hex.Of(Custodian.CommitTo(bytes)) == custodian.Commit, "supplies.secret-broken", "secret");
        custodian.Secret = secret;
    }

    /// <summary>The public number is known: the result is fixed.</summary>
    public void Draw(string? beacon, string? drawJson, DateTimeOffset now)
    {
        Rule.State(State == RoundState.Closed && Mode == RoundMode.Lottery, "supplies.draw-when-closed");
        (State, Beacon, DrawJson, DrawnAt) = (RoundState.Drawn, beacon, drawJson, now);
        Raise(new RoundMoved(Id, PlacePath, "drawn", now));
    }

    /// <summary>Notes how many hand-overs stand in the ledger.</summary>
    public void Account(int collected) => Accounted = collected;

    /// <summary>Ends it.</summary>
    public void Settle(DateTimeOffset now)
    {
        Rule.State(State is RoundState.Drawn || State == RoundState.Closed && Mode != RoundMode.Lottery, "supplies.settle-when");
        State = RoundState.Settled;
        Raise(new RoundMoved(Id, PlacePath, "settled", now));
    }

    /// <summary>Calls it off; nobody may have collected anything.</summary>
    public void Cancel(string? reason, int collected, DateTimeOffset now)
    {
        Rule.State(State is not (RoundState.Settled or RoundState.Cancelled), "supplies.ended-already");
        Rule.State(collected == 0, "supplies.collected-already", collected);
        Rule.Require(reason?.Trim() is { Length: > 0 and <= 300 }, "supplies.reason", "reason");
        (State, Reason) = (RoundState.Cancelled, reason!.Trim());
        Raise(new RoundMoved(Id, PlacePath, "cancelled", now));
    }
}

/// <summary>Shares of a round at a pickup point.</summary>
internal sealed class RoundPoint
{
    public Guid Id { get; init; } = Guid.CreateVersion7();
    public Guid RoundId { get; init; }
    /// <summary>Number within the round, from 0.</summary>
    public int No { get; init; }
    public Guid PointId { get; init; }
    public int Shares { get; init; }
}

/// <summary>A custodian of a round's draw.</summary>
internal sealed class RoundCustodian
{
    public Guid Id { get; init; } = Guid.CreateVersion7();
    public Guid RoundId { get; init; }
    public string Name { get; init; } = "";
    public string Commit { get; init; } = "";
    public string? Secret { get; set; }
}
