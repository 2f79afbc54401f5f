namespace Liren.Plans.Language;

/// <summary>What an expression gives. There is no implicit conversion between them.</summary>
public enum PlanType
{
    /// <summary>Not known because of an error that was told already; goes with everything.</summary>
    Unknown,

    /// <summary>A number (数).</summary>
    Number,

    /// <summary>A time by the clock (时长).</summary>
    Duration,

    /// <summary>A time in working hours or days (工作时间).</summary>
    WorkTime,

    /// <summary>A length in metres (距离).</summary>
    Length,

    /// <summary>True, false or unknown (真、假、未知).</summary>
    Bool,

    /// <summary>A response level I to IV (响应级别).</summary>
    Level,

    /// <summary>A word out of a list.</summary>
    Symbol,

    /// <summary>Text.</summary>
    String,

    /// <summary>A named thing that is nobody to talk to: a device, a gate.</summary>
    Ref,

    /// <summary>A place (区域).</summary>
    Area,

    /// <summary>The person a plan is about (对象).</summary>
    Subject,

    /// <summary>People, posts or devices that are reached (目标).</summary>
    Target,

    /// <summary>Chosen fields of a person.</summary>
    Fields,

    /// <summary>Several of one kind.</summary>
    List,
}
