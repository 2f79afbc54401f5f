namespace Liren.Contracts.Cases;

/// <summary>Where a grid case (网格案卷) stands. See docs/developers/cases.md for the table of transitions.</summary>
public enum CaseState
{
    /// <summary>已采集，待立案: reported, the centre has not decided yet.</summary>
    Collected,
    /// <summary>已立案，待派遣: a case, nobody has it yet.</summary>
    Registered,
    /// <summary>已派遣，待接收: a unit has it, its clock runs.</summary>
    Assigned,
    /// <summary>处理中.</summary>
    Handling,
    /// <summary>挂账: cannot be handled before a day, agreed by an approver.</summary>
    Suspended,
    /// <summary>已反馈，待核查: the unit says it is done.</summary>
    FedBack,
    /// <summary>已结案: a collector has seen that it is done.</summary>
    Closed,
    /// <summary>已评价.</summary>
    Evaluated,
    /// <summary>不予立案: no case, with a reason.</summary>
    Rejected,
    /// <summary>并案: the same as another case.</summary>
    Merged,
}

/// <summary>How a case came in.</summary>
public enum CaseSource
{
    /// <summary>网格员采集.</summary>
    Collector,
    /// <summary>居民随手拍.</summary>
    Resident,
    /// <summary>坐席登记: told to the staff, on the telephone or at the desk.</summary>
    Desk,
    /// <summary>接口: by Open311 or another program.</summary>
    Program,
}

/// <summary>Something was reported and is durable.</summary>
/// <param name="CaseId">The case.</param>
/// <param name="Type">Event type.</param>
/// <param name="PlacePath">Where.</param>
/// <param name="Source">How it came in.</param>
/// <param name="OfPublicType">True for types that residents may report and everybody may follow.</param>
/// <param name="At">When.</param>
public sealed record CaseReported(Guid CaseId, string Type, string PlacePath, CaseSource Source, bool OfPublicType, DateTimeOffset At) : IEvent
{
    /// <inheritdoc/>
    public string? Place => PlacePath;
    /// <inheritdoc/>
    public Guid? Subject => CaseId;
}

/// <summary>Something was done to a case.</summary>
/// <param name="CaseId">Which.</param>
/// <param name="PlacePath">Where.</param>
/// <param name="Act">What: register, assign, accept, return, feed-back, confirm, rework, suspend, reopen, rate, evaluate ...</param>
/// <param name="From">State before.</param>
/// <param name="To">State after.</param>
/// <param name="ByAccount">Who; null for the machine.</param>
/// <param name="At">When.</param>
public sealed record CaseMoved(Guid CaseId, string PlacePath, string Act, CaseState From, CaseState To, Guid? ByAccount, DateTimeOffset At) : IEvent
{
    /// <summary>On rating: solved or not, as the reporter says.</summary>
    public bool? Solved { get; init; }
    /// <summary>On rating: 1-5 stars.</summary>
    public int? Stars { get; init; }

    /// <inheritdoc/>
    public string? Place => PlacePath;
    /// <inheritdoc/>
    public Guid? Subject => CaseId;
}

/// <summary>A limit of a case ran out and the step is not done: it goes onto the supervision list.</summary>
/// <param name="CaseId">Which.</param>
/// <param name="PlacePath">Where.</param>
/// <param name="Clock">register, assign, handle or verify.</param>
/// <param name="At">When.</param>
public sealed record CaseOverdue(Guid CaseId, string PlacePath, string Clock, DateTimeOffset At) : IEvent
{
    /// <inheritdoc/>
    public string? Place => PlacePath;
    /// <inheritdoc/>
    public Guid? Subject => CaseId;
}
