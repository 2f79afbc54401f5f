using Liren.Contracts;
using Liren.Sdk;

namespace Liren.Modes.Domain;

/// <summary>Level of response (响应级别), mildest first.</summary>
internal enum Level
{
    /// <summary>一般，蓝.</summary>
    IV,
    /// <summary>较大，黄.</summary>
    III,
    /// <summary>重大，橙.</summary>
    II,
    /// <summary>特别重大，红.</summary>
    I,
}

/// <summary>Where an order stands; follows from its times, so nothing has to run for it to change.</summary>
internal enum OrderState
{
    /// <summary>待签发: waits for the second person.</summary>
    Proposed,
    /// <summary>待生效: signed, begins later.</summary>
    Coming,
    /// <summary>生效中.</summary>
    InForce,
    /// <summary>已结束: its time ran out, or it was cut short.</summary>
    Ended,
    /// <summary>已撤回: taken back or refused before it was signed.</summary>
    Withdrawn,
    /// <summary>逾期未签: nobody signed before its time ran out.</summary>
    Lapsed,
}

/// <summary>A named person who signs.</summary>
internal sealed record Signer(Guid Id, string Name);

/// <summary>One extra collection an order allows (紧急采集项), with what for and how long it may be kept.</summary>
internal sealed class ExtraCollection
{
    public const int MaxDays = 30;

    public Guid Id { get; init; } = Guid.CreateVersion7();
    /// <summary>Code: one of <see cref="Contracts.Modes.Collections"/>, or of a module that destroys it.</summary>
    public string Code { get; init; } = "";
    /// <summary>What it is collected for.</summary>
    public string Purpose { get; init; } = "";
    /// <summary>Days after the order's end by which it is destroyed, 0 to 30.</summary>
    public int RetentionDays { get; init; }

    public static ExtraCollection Of(string? code, string? purpose, int days)
    {
        Rule.Require(purpose?.Trim().Length is > 0 and <= 200, "modes.collection-purpose", "collections", code ?? "");
        Rule.Require(days is >= 0 and <= MaxDays, "modes.collection-days", "collections", code ?? "", MaxDays);
        return new() { Code = code!.Trim(), Purpose = purpose!.Trim(), RetentionDays = days };
    }
}

/// <summary>A time of an order has come: begin, near (a day before its end), end. Set by a durable timer.</summary>
internal sealed record OrderClock(Guid OrderId, string Area, string Which, DateTimeOffset At) : IEvent
{
    public string? Place => Area;
    public Guid? Subject => OrderId;
}
