using Liren.Contracts.Modes;
using Liren.Contracts.Places;
using Liren.Sdk;

namespace Liren.Modes.Domain;

/// <summary>What an order says before anybody has signed it.</summary>
internal sealed record OrderDraft(string? Area, Level Level, string? OrderNo, string? Authority, string? Basis, string? Reason, DateTimeOffset From, DateTimeOffset To, IReadOnlyList<ExtraCollection> Collections);

/// <summary>
/// An emergency order (应急令): a place and all below it go over to emergency. One person proposes, another signs; it holds at most 30 days
/// and ends by itself. It is never edited: going on takes a new order, ending early an order that cuts it short.
/// </summary>
internal sealed class ModeOrder : Entity
{
    /// <summary>Longest time an order may hold.</summary>
    public const int MaxDays = 30;
    private const int MostCollections = 20;
    // An order on paper may have been given this morning; it holds only from the second signature all the same.
    private static readonly TimeSpan Backdated = TimeSpan.FromDays(1);

    public string AreaPath { get; private init; } = "";
    public Level Level { get; private init; }
    /// <summary>文号.</summary>
    public string OrderNo { get; private init; } = "";
    /// <summary>The number while the order lives, null once withdrawn: no two living orders have one number.</summary>
    public string? LiveNo { get; private set; }
    /// <summary>发布机关.</summary>
    public string Authority { get; private init; } = "";
    /// <summary>法律依据.</summary>
    public string Basis { get; private init; } = "";
    public string Reason { get; private init; } = "";
    /// <summary>Beginning as written (UTC).</summary>
    public DateTimeOffset From { get; private init; }
    /// <summary>End as written (UTC), exclusive.</summary>
    public DateTimeOffset To { get; private init; }
    /// <summary>The order it goes on from.</summary>
    public Guid? RenewsId { get; private init; }
    public List<ExtraCollection> Collections { get; private init; } = [];

    public Guid AuthorId { get; private init; }
    public string AuthorName { get; private init; } = "";
    public DateTimeOffset ProposedAt { get; private init; }
    public Guid? SignerId { get; private set; }
    public string? SignerName { get; private set; }
    public DateTimeOffset? SignedAt { get; private set; }
    /// <summary>In force from here: as written, but never before the second signature.</summary>
    public DateTimeOffset? StartsAt { get; private set; }
    /// <summary>In force to here, exclusive: as written, or where it was cut.</summary>
    public DateTimeOffset EndsAt { get; private set; }

    public DateTimeOffset? WithdrawnAt { get; private set; }
    /// <summary>Who withdrew it or cut it short.</summary>
    public string? EndedByName { get; private set; }
    /// <summary>Why it was withdrawn or cut short.</summary>
    public string? EndReason { get; private set; }
    /// <summary>文号 of the order that cut it short.</summary>
    public string? EndOrderNo { get; private set; }
    public DateTimeOffset? CutAt { get; private set; }

    /// <summary>When its beginning was announced.</summary>
    public DateTimeOffset? BegunAt { get; private set; }
    /// <summary>When its end was announced and its destruction planned.</summary>
    public DateTimeOffset? ClosedAt { get; private set; }

    public string? CertificateNo { get; private set; }
    public string? CertificateSha { get; private set; }
    public DateTimeOffset? CertifiedAt { get; private set; }

    /// <summary>Writes an order down; it holds nowhere until another person signs it.</summary>
    public static ModeOrder Propose(Guid id, OrderDraft draft, ModeOrder? renews, Signer author, DateTimeOffset now)
    {
        Rule.Require(draft.Area is not null && PlacePath.IsValid(draft.Area), "modes.area", "area");
        Rule.Require(Enum.IsDefined(draft.Level), "modes.level", "level");
        Text(draft.OrderNo, 60, "modes.order-no", "orderNo");
        Text(draft.Authority, 60, "modes.authority", "authority");
        Text(draft.Basis, 300, "modes.basis", "basis");
        Text(draft.Reason, 300, "modes.reason", "reason");
        Rule.Require(draft.From >= now - Backdated, "modes.from-past", "from");
        Rule.Require(draft.From <= now.AddDays(MaxDays), "modes.from-far", "from", MaxDays);
        Rule.Require(draft.To > draft.From && draft.To > now, "modes.to-order", "to");
        Rule.Require(draft.To - draft.From <= TimeSpan.FromDays(MaxDays), "modes.to-far", "to", MaxDays);
        Rule.Require(draft.Collections.Count <= MostCollections, "modes.collections-many", "collections", MostCollections);
        Rule.Require(draft.Collections.DistinctBy(c => c.Code).Count() == draft.Collections.Count, "modes.collection-twice", "collections");
        if (renews is not null)
        {
            Rule.Require(renews.AreaPath == draft.Area, "modes.renew-area", "area");
            Rule.State(renews.SignedAt is not null && renews.CutAt is null, "modes.renew-state");
            Rule.Require(draft.From >= renews.StartsAt && draft.From <= renews.EndsAt, "modes.renew-gap", "from");
        }
        var order = new ModeOrder
        {
            Id = id, AreaPath = draft.Area!, Level = draft.Level, OrderNo = draft.OrderNo!.Trim(), LiveNo = draft.OrderNo.Trim(), Authority = draft.Authority!.Trim(), Basis = draft.Basis!.Trim(), Reason = draft.Reason!.Trim(),
            From = draft.From.ToUniversalTime(), To = draft.To.ToUniversalTime(), EndsAt = draft.To.ToUniversalTime(), RenewsId = renews?.Id, Collections = [.. draft.Collections], AuthorId = author.Id, AuthorName = author.Name, ProposedAt = now,
        };
        order.Raise(new ModeOrderMoved(id, order.AreaPath, "proposed", now));
        return order;
    }

    /// <summary>Where it stands at an instant.</summary>
    public OrderState StateAt(DateTimeOffset at) =>
        WithdrawnAt is not null ? OrderState.Withdrawn
        : StartsAt is not { } starts ? at < To ? OrderState.Proposed : OrderState.Lapsed
        : at >= EndsAt ? OrderState.Ended
        : at < starts ? OrderState.Coming : OrderState.InForce;

    /// <summary>True when it held for any time at all.</summary>
    public bool EverHeld => StartsAt is { } starts && starts < EndsAt;

    /// <summary>The second person signs (签发): never the one who proposed it.</summary>
    public void Sign(Signer by, DateTimeOffset now)
    {
        Rule.State(StateAt(now) == OrderState.Proposed, "modes.not-proposed");
        Rule.State(by.Id != AuthorId, "modes.same-person");
        (SignerId, SignerName, SignedAt, StartsAt) = (by.Id, by.Name, now, From > now ? From : now);
        Raise(new ModeOrderMoved(Id, AreaPath, "signed", now));
    }

    /// <summary>Takes it back, or refuses to sign it.</summary>
    public void Withdraw(string? reason, Signer by, DateTimeOffset now)
    {
        Rule.State(StateAt(now) == OrderState.Proposed, "modes.not-proposed");
        Text(reason, 300, "modes.reason", "reason");
        (WithdrawnAt, EndedByName, EndReason, LiveNo) = (now, by.Name, reason!.Trim(), null);
        Raise(new ModeOrderMoved(Id, AreaPath, "withdrawn", now));
    }

    /// <summary>Cuts it short (提前结束), by an order with a number and a reason. Less power takes no second person.</summary>
    public void Cut(string? orderNo, string? reason, Signer by, DateTimeOffset now)
    {
        Rule.State(StateAt(now) is OrderState.InForce or OrderState.Coming, "modes.not-in-force");
        Text(orderNo, 60, "modes.order-no", "orderNo");
        Text(reason, 300, "modes.reason", "reason");
        (EndsAt, CutAt, EndOrderNo, EndReason, EndedByName) = (now, now, orderNo!.Trim(), reason!.Trim(), by.Name);
        Raise(new ModeOrderMoved(Id, AreaPath, "cut", now));
    }

    /// <summary>Announces that it is in force; once.</summary>
    public void Begin(DateTimeOffset now)
    {
        if (BegunAt is not null || ClosedAt is not null || !EverHeld || StartsAt > now) return;
        BegunAt = now;
        Raise(new ModeChanged(Id, AreaPath, RenewsId is null ? ModeTurn.Begun : ModeTurn.Renewed, StartsAt!.Value));
    }

    /// <summary>Announces its end and plans the destruction of what was collected under it; once.</summary>
    public IReadOnlyList<DestructionTask> Close(DateTimeOffset now)
    {
        if (ClosedAt is not null || SignedAt is null || EndsAt > now) return [];
        ClosedAt = now;
        if (!EverHeld) return [];
        Raise(new ModeChanged(Id, AreaPath, ModeTurn.Ended, EndsAt));
        foreach (var collection in Collections) Raise(new DestructionMoved(Id, AreaPath, collection.Code, "planned", now));
        return [.. Collections.Select(c => DestructionTask.Plan(this, c))];
    }

    /// <summary>Issues the certificate once everything is destroyed.</summary>
    public void Certify(IReadOnlyList<DestructionTask> tasks, DateTimeOffset now)
    {
        if (CertificateNo is not null || tasks.Count == 0 || tasks.Any(t => t.State != DestructionState.Destroyed)) return;
        CertificateNo = Certificate.NumberOf(this, now);
        (CertificateSha, CertifiedAt) = (Certificate.HashOf(this, tasks), now);
        Raise(new DestructionCertified(Id, AreaPath, CertificateNo, CertificateSha, now));
    }

    private static void Text(string? text, int most, string code, string field) => Rule.Require(text?.Trim().Length is > 0 && text.Trim().Length <= most, code, field, most);
}
