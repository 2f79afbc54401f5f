using Liren.Contracts.Modes;
using Liren.Sdk;

namespace Liren.Modes.Domain;

/// <summary>Where the destruction of one collection stands.</summary>
internal enum DestructionState
{
    /// <summary>待销毁.</summary>
    Planned,
    /// <summary>待复核: one person says it is destroyed, another has to look.</summary>
    Reported,
    /// <summary>已销毁.</summary>
    Destroyed,
}

/// <summary>What an order had collected is to be destroyed (销毁任务): by the module that keeps it, or by two people.</summary>
internal sealed class DestructionTask : Entity
{
    public Guid OrderId { get; private init; }
    public string OrderNo { get; private init; } = "";
    public string AreaPath { get; private init; } = "";
    public string Collection { get; private init; } = "";
    public string Purpose { get; private init; } = "";
    /// <summary>To be gone by (UTC).</summary>
    public DateTimeOffset Due { get; private init; }
    public DestructionState State { get; private set; }
    /// <summary>Records destroyed.</summary>
    public long? Count { get; private set; }
    /// <summary>How: shredded, deleted ...; null when a module did it.</summary>
    public string? Method { get; private set; }
    public Guid? ReporterId { get; private set; }
    public string? ReporterName { get; private set; }
    public DateTimeOffset? ReportedAt { get; private set; }
    public string? CheckerName { get; private set; }
    public DateTimeOffset? DestroyedAt { get; private set; }
    /// <summary>Why the second person sent it back.</summary>
    public string? Refusal { get; private set; }
    /// <summary>When people were last told that it is due.</summary>
    public DateTimeOffset? ToldAt { get; private set; }

    public static DestructionTask Plan(ModeOrder order, ExtraCollection collection) =>
        new() { OrderId = order.Id, OrderNo = order.OrderNo, AreaPath = order.AreaPath, Collection = collection.Code, Purpose = collection.Purpose, Due = order.EndsAt.AddDays(collection.RetentionDays) };

    /// <summary>True once it should have been done.</summary>
    public bool Overdue(DateTimeOffset now) => State != DestructionState.Destroyed && now > Due;

    /// <summary>The first person: it is destroyed, so many records, in this way.</summary>
    public void Report(long? count, string? method, Signer by, DateTimeOffset now)
    {
        Rule.State(State == DestructionState.Planned, "modes.destruction-state");
        Rule.Require(count is >= 0, "modes.destruction-count", "count");
        Rule.Require(method?.Trim().Length is > 0 and <= 300, "modes.destruction-method", "method");
        (State, Count, Method, ReporterId, ReporterName, ReportedAt, Refusal) = (DestructionState.Reported, count, method!.Trim(), by.Id, by.Name, now, null);
        Raise(new DestructionMoved(OrderId, AreaPath, Collection, "reported", now));
    }

    /// <summary>The second person has looked.</summary>
    public void Confirm(Signer by, DateTimeOffset now)
    {
        Rule.State(State == DestructionState.Reported, "modes.destruction-not-reported");
        Rule.State(by.Id != ReporterId, "modes.same-person");
        Finish(by.Name, now);
    }

    /// <summary>The second person has looked, and it is not so.</summary>
    public void Refuse(string? reason, Signer by, DateTimeOffset now)
    {
        Rule.State(State == DestructionState.Reported, "modes.destruction-not-reported");
        Rule.State(by.Id != ReporterId, "modes.same-person");
        Rule.Require(reason?.Trim().Length is > 0 and <= 300, "modes.reason", "reason", 300);
        (State, Refusal, Count, Method, ReporterId, ReporterName, ReportedAt) = (DestructionState.Planned, reason!.Trim(), null, null, null, null, null);
        Raise(new DestructionMoved(OrderId, AreaPath, Collection, "refused", now));
    }

    /// <summary>Notes what a module is about to destroy, before it does: after a crash the figure is still known.</summary>
    public void Expect(long count) => Count ??= count;

    /// <summary>The module has destroyed it and found nothing left.</summary>
    public void Swept(DateTimeOffset now)
    {
        ReportedAt = now;
        Finish(null, now);
    }

    /// <summary>True when people are to be told now: when it falls due, and every day until it is done.</summary>
    public bool Tell(DateTimeOffset now)
    {
        if (State == DestructionState.Destroyed || now < Due || ToldAt > now.AddDays(-1)) return false;
        ToldAt = now;
        return true;
    }

    private void Finish(string? checker, DateTimeOffset now)
    {
        (State, CheckerName, DestroyedAt) = (DestructionState.Destroyed, checker, now);
        Raise(new DestructionMoved(OrderId, AreaPath, Collection, "destroyed", now));
    }
}
