using System.Collections.Immutable;
using Liren.Contracts.Incidents;

namespace Liren.Incidents.Domain;

/// <summary>What can be done to an incident. Names travel in the journal and are text keys: "incidents.act.accept".</summary>
internal enum Act
{
    /// <summary>派单: somebody is asked.</summary>
    Offer,
    /// <summary>接单.</summary>
    Accept,
    /// <summary>拒单, with a reason.</summary>
    Decline,
    /// <summary>超时未接: the offer ran out.</summary>
    Expire,
    /// <summary>到场.</summary>
    Arrive,
    /// <summary>处置完成, with note and photo.</summary>
    Handle,
    /// <summary>移交: the assignee gives it to somebody else, with a reason.</summary>
    HandOver,
    /// <summary>改派: a duty officer asks a person of their choice.</summary>
    Reassign,
    /// <summary>核验通过.</summary>
    Confirm,
    /// <summary>核验不通过, with a reason.</summary>
    Refuse,
    /// <summary>传感器不符: the counter says otherwise than the handler.</summary>
    Contradict,
    /// <summary>闭环: sensor and person agree.</summary>
    Close,
    /// <summary>重开: it came back.</summary>
    Reopen,
    /// <summary>申请作废: somebody says it is no incident.</summary>
    NotSo,
    /// <summary>同意作废: a second person says so too.</summary>
    Reject,
    /// <summary>驳回作废: a second person says it is one.</summary>
    Uphold,
    /// <summary>调整级别, with a reason.</summary>
    Escalate,
    /// <summary>备注.</summary>
    Comment,
}

/// <summary>In which capacity somebody acts on one incident.</summary>
[Flags]
internal enum By
{
    /// <summary>Nobody.</summary>
    None = 0,
    /// <summary>The machine: rules and timers.</summary>
    Machine = 1,
    /// <summary>The person the open offer asks.</summary>
    Asked = 2,
    /// <summary>The person who accepted.</summary>
    Assignee = 4,
    /// <summary>May verify here and has had no hand in it.</summary>
    SecondPerson = 8,
    /// <summary>Runs incidents here: duty officer.</summary>
    Manager = 16,
    /// <summary>May handle incidents here.</summary>
    Handler = 32,
    /// <summary>May read incidents here.</summary>
    Reader = 64,
}

/// <summary>One row of the table.</summary>
internal sealed record Transition(IncidentState From, Act Act, IncidentState To, By By);

/// <summary>The state machine (状态表), written by hand. What is not in it is refused; docs/developers/incidents.md shows the same table and a test compares them.</summary>
internal static class Transitions
{
    private static readonly IncidentState[] Working = [IncidentState.Open, IncidentState.Dispatched, IncidentState.Accepted, IncidentState.OnScene];
    private static readonly IncidentState[] Unfinished = [.. Working, IncidentState.Verifying];

    /// <summary>Every allowed step.</summary>
    public static readonly ImmutableArray<Transition> Table =
    [
        new(IncidentState.Open, Act.Offer, IncidentState.Dispatched, By.Machine),
        new(IncidentState.Dispatched, Act.Accept, IncidentState.Accepted, By.Asked),
        new(IncidentState.Dispatched, Act.Decline, IncidentState.Open, By.Asked),
        new(IncidentState.Dispatched, Act.Expire, IncidentState.Open, By.Machine),
        new(IncidentState.Accepted, Act.Arrive, IncidentState.OnScene, By.Assignee),
        new(IncidentState.OnScene, Act.Handle, IncidentState.Verifying, By.Assignee),
        new(IncidentState.Accepted, Act.HandOver, IncidentState.Open, By.Assignee),
        new(IncidentState.OnScene, Act.HandOver, IncidentState.Open, By.Assignee),
        .. Working.Select(s => new Transition(s, Act.Reassign, IncidentState.Dispatched, By.Manager)),
        new(IncidentState.Verifying, Act.Confirm, IncidentState.Verifying, By.SecondPerson),
        new(IncidentState.Verifying, Act.Refuse, IncidentState.OnScene, By.SecondPerson),
        new(IncidentState.Verifying, Act.Contradict, IncidentState.OnScene, By.Machine),
        new(IncidentState.Verifying, Act.Close, IncidentState.Closed, By.Machine),
        new(IncidentState.Closed, Act.Reopen, IncidentState.Open, By.Machine | By.Manager),
        .. Working.Select(s => new Transition(s, Act.NotSo, s, By.Assignee | By.Asked | By.Handler | By.Manager)),
        .. Working.Select(s => new Transition(s, Act.Reject, IncidentState.Rejected, By.SecondPerson)),
        .. Working.Select(s => new Transition(s, Act.Uphold, s, By.SecondPerson)),
        .. Unfinished.Select(s => new Transition(s, Act.Escalate, s, By.Machine | By.Manager)),
        .. Enum.GetValues<IncidentState>().Select(s => new Transition(s, Act.Comment, s, By.Machine | By.Reader)),
    ];

    private static readonly ImmutableDictionary<(IncidentState, Act), Transition> Index = Table.ToImmutableDictionary(t => (t.From, t.Act));

    /// <summary>The step, or null when this state does not know the act.</summary>
    public static Transition? Find(IncidentState from, Act act) => Index.GetValueOrDefault((from, act));

    /// <summary>Acts a state knows, for somebody in these capacities.</summary>
    public static IEnumerable<Act> From(IncidentState state, By by) => Table.Where(t => t.From == state && (t.By & by) != 0).Select(t => t.Act);

    /// <summary>True while somebody still has to do something.</summary>
    public static bool IsOpen(this IncidentState state) => state is not (IncidentState.Closed or IncidentState.Rejected);
}
