using Liren.Supplies.Domain;

namespace Liren.Supplies.Rush;

/// <summary>What the writer must know of a round; read from the round itself whenever the writer begins.</summary>
internal sealed record RoundTerms(int Serial, string Code, RoundMode Mode, RoundState State, DateTimeOffset OpensAt, DateTimeOffset ClosesAt, DateTimeOffset WindowEndsAt, int WaitMost, int HeldForDesk, DateTimeOffset HeldUntil, string WindowSecret, int[] Shares)
{
    /// <summary>Shares reserved for each class, by its number; 0 is everybody else, for whom nothing is.</summary>
    public int[] Reserved { get; init; } = [0];

    public static RoundTerms Of(Round r) => new(r.Serial, r.Code, r.Mode, r.State, r.OpensAt, r.ClosesAt, r.WindowEndsAt, r.WaitMost, r.HeldForDesk, r.HeldUntil, r.WindowSecret, [.. r.Points.OrderBy(p => p.No).Select(p => p.Shares)]) { Reserved = [0, .. r.Classes.OrderBy(c => c.No).Select(c => c.Shares)] };
}
