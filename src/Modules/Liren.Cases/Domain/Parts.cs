using Liren.Contracts;
using Liren.Contracts.Cases;

namespace Liren.Cases.Domain;

/// <summary>Who does something: account and name, or the machine.</summary>
internal sealed record Doer(Guid? Id, string? Name)
{
    /// <summary>Timers.</summary>
    public static readonly Doer Machine = new(null, null);
}

/// <summary>A line of the case's record (办理经过).</summary>
internal sealed class Step
{
    public Guid Id { get; init; } = Guid.CreateVersion7();
    public Guid CaseId { get; init; }
    public int Seq { get; init; }
    public DateTimeOffset At { get; init; }
    public Act Act { get; init; }
    public CaseState From { get; init; }
    public CaseState To { get; init; }
    public Guid? AccountId { get; init; }
    public string? Name { get; init; }
    /// <summary>Text key of what happened.</summary>
    public required string Why { get; init; }
    /// <summary>Arguments of it, a JSON array.</summary>
    public string Args { get; init; } = "[]";
    /// <summary>Own words.</summary>
    public string? Note { get; init; }
}

/// <summary>When a photo was taken.</summary>
internal enum PhotoStage
{
    /// <summary>处置前: reported.</summary>
    Before,
    /// <summary>处置后: handled.</summary>
    After,
    /// <summary>核查.</summary>
    Check,
}

/// <summary>A photo as evidence; its bytes lie under data/files, named by their SHA-256.</summary>
internal sealed class Photo
{
    public Guid Id { get; init; } = Guid.CreateVersion7();
    public Guid CaseId { get; init; }
    public required string Sha { get; init; }
    public required string ContentType { get; init; }
    /// <summary>Bytes.</summary>
    public long Size { get; init; }
    public PhotoStage Stage { get; init; }
    public Guid? AccountId { get; init; }
    public DateTimeOffset At { get; init; }
    /// <summary>True when personal metadata was taken out.</summary>
    public bool Stripped { get; init; }
}

/// <summary>Running limits of a case: names travel as text keys "cases.clock.handle".</summary>
internal static class Clocks
{
    public const string Register = "register", Assign = "assign", Handle = "handle", Verify = "verify", Suspended = "suspended";

    /// <summary>Which clock runs in a state; null when none.</summary>
    public static string? Of(CaseState state) => state switch
    {
        CaseState.Collected => Register,
        CaseState.Registered => Assign,
        CaseState.Assigned or CaseState.Handling => Handle,
        CaseState.Suspended => Suspended,
        CaseState.FedBack => Verify,
        _ => null,
    };
}

/// <summary>The time of a clock has come; whether it still matters is looked at then.</summary>
internal sealed record CaseClockRanOut(Guid CaseId, string PlacePath, string Clock, DateTimeOffset At) : IEvent
{
    public string? Place => PlacePath;
    public Guid? Subject => CaseId;
}
