using System.Collections.Immutable;
using Liren.Contracts.Cases;

namespace Liren.Cases.Domain;

/// <summary>What can be done to a case. Names travel in the journal and are text keys: "cases.act.Register".</summary>
internal enum Act
{
    /// <summary>立案.</summary>
    Register,
    /// <summary>不予立案, with a reason.</summary>
    Reject,
    /// <summary>并案: the same as another one.</summary>
    Merge,
    /// <summary>派遣.</summary>
    Assign,
    /// <summary>接收.</summary>
    Accept,
    /// <summary>退回: not ours, once, with a reason.</summary>
    Return,
    /// <summary>处理反馈, with a note and a photo.</summary>
    FeedBack,
    /// <summary>核查通过，结案.</summary>
    Confirm,
    /// <summary>返工: the collector does not find it done.</summary>
    Rework,
    /// <summary>申请挂账.</summary>
    AskSuspend,
    /// <summary>同意挂账.</summary>
    Suspend,
    /// <summary>不同意挂账.</summary>
    RefuseSuspend,
    /// <summary>恢复处理.</summary>
    Resume,
    /// <summary>重开.</summary>
    Reopen,
    /// <summary>居民评价: solved or not, one to five stars.</summary>
    Rate,
    /// <summary>综合评价.</summary>
    Evaluate,
    /// <summary>督办.</summary>
    Supervise,
    /// <summary>备注.</summary>
    Remark,
}

/// <summary>In which capacity somebody acts on one case.</summary>
[Flags]
internal enum By
{
    /// <summary>Nobody.</summary>
    None = 0,
    /// <summary>The machine: timers.</summary>
    Machine = 1,
    /// <summary>网格中心: runs cases here.</summary>
    Centre = 2,
    /// <summary>处置单位: works for the unit that has it.</summary>
    Unit = 4,
    /// <summary>采集员: collects in this grid and has had no hand in the handling.</summary>
    Collector = 8,
    /// <summary>审批人: decides on suspension; neither handled it nor asked for it.</summary>
    Approver = 16,
    /// <summary>上报人: reported it.</summary>
    Reporter = 32,
    /// <summary>May read cases here.</summary>
    Reader = 64,
}

/// <summary>One row of the table.</summary>
internal sealed record Transition(CaseState From, Act Act, CaseState To, By By);

/// <summary>The seven steps as a state machine (七步流程), written by hand. What is not in it is refused; docs/developers/cases.md shows the same table and a test compares them.</summary>
internal static class Transitions
{
    private static readonly CaseState[] Unfinished = [CaseState.Collected, CaseState.Registered, CaseState.Assigned, CaseState.Handling, CaseState.Suspended, CaseState.FedBack];

    /// <summary>Every allowed step.</summary>
    public static readonly ImmutableArray<Transition> Table =
    [
        new(CaseState.Collected, Act.Register, CaseState.Registered, By.Centre),
        new(CaseState.Collected, Act.Reject, CaseState.Rejected, By.Centre),
        new(CaseState.Collected, Act.Merge, CaseState.Merged, By.Centre),
        new(CaseState.Registered, Act.Reject, CaseState.Rejected, By.Centre),
        new(CaseState.Registered, Act.Merge, CaseState.Merged, By.Centre),
        new(CaseState.Registered, Act.Assign, CaseState.Assigned, By.Centre),
        new(CaseState.Assigned, Act.Accept, CaseState.Handling, By.Unit),
        new(CaseState.Assigned, Act.Return, CaseState.Registered, By.Unit),
        new(CaseState.Assigned, Act.Assign, CaseState.Assigned, By.Centre),
        new(CaseState.Handling, Act.Assign, CaseState.Assigned, By.Centre),
        new(CaseState.Handling, Act.FeedBack, CaseState.FedBack, By.Unit),
        new(CaseState.Handling, Act.AskSuspend, CaseState.Handling, By.Unit),
        new(CaseState.Handling, Act.Suspend, CaseState.Suspended, By.Approver),
        new(CaseState.Handling, Act.RefuseSuspend, CaseState.Handling, By.Approver),
        new(CaseState.Suspended, Act.Resume, CaseState.Handling, By.Unit | By.Centre | By.Approver | By.Machine),
        new(CaseState.FedBack, Act.Confirm, CaseState.Closed, By.Collector),
        new(CaseState.FedBack, Act.Rework, CaseState.Handling, By.Collector),
        new(CaseState.Closed, Act.Rate, CaseState.Closed, By.Reporter),
        new(CaseState.Closed, Act.Reopen, CaseState.Registered, By.Centre | By.Reporter),
        new(CaseState.Closed, Act.Evaluate, CaseState.Evaluated, By.Centre),
        new(CaseState.Evaluated, Act.Rate, CaseState.Evaluated, By.Reporter),
        new(CaseState.Evaluated, Act.Reopen, CaseState.Registered, By.Centre),
        .. Unfinished.Select(s => new Transition(s, Act.Supervise, s, By.Approver | By.Centre)),
        .. Enum.GetValues<CaseState>().Select(s => new Transition(s, Act.Remark, s, By.Centre | By.Unit | By.Collector)),
    ];

    private static readonly ImmutableDictionary<(CaseState, Act), Transition> Index = Table.ToImmutableDictionary(t => (t.From, t.Act));

    /// <summary>The step, or null when this state does not know the act.</summary>
    public static Transition? Find(CaseState from, Act act) => Index.GetValueOrDefault((from, act));

    /// <summary>Acts a state knows, for somebody in these capacities.</summary>
    public static IEnumerable<Act> From(CaseState state, By by) => Table.Where(t => t.From == state && (t.By & by) != 0).Select(t => t.Act);

    /// <summary>True while somebody still has to do something.</summary>
    public static bool IsOpen(this CaseState state) => Unfinished.Contains(state);

    /// <summary>Step of the seven it stands in: 1 collect, 2 register, 3 assign, 4 handle, 5 feed back, 6 verify, 7 evaluate; 8 when all are done, 0 when it went no further.</summary>
    public static int StepOf(this CaseState state) => state switch
    {
        CaseState.Collected => 2,
        CaseState.Registered => 3,
        CaseState.Assigned or CaseState.Handling or CaseState.Suspended => 4,
        CaseState.FedBack => 6,
        CaseState.Closed => 7,
        CaseState.Evaluated => 8,
        _ => 0,
    };
}
