using Liren.Supplies.Domain;

namespace Liren.Supplies.Rush;

/// <summary>What the writer must know of a round; read from the round itself whenever the writer begins.</summary>
internal sealed record RoundTerms(int Serial, string Code, RoundMode Mode, RoundState State, DateTimeOffset OpensAt, DateTimeOffset ClosesAt, DateTimeOffset WindowEndsAt, int WaitMost, int HeldForDesk, DateTimeOffset HeldUntil, string WindowSecret, int[] Shares)
{
    public static RoundTerms Of(Round r) => new(r.Serial, r.Code, r.Mode, r.State, r.OpensAt, r.ClosesAt, r.WindowEndsAt, r.WaitMost, r.HeldForDesk, r.HeldUntil, r.WindowSecret, [.. r.Points.OrderBy(p => p.No).Select(p => p.Shares)]);
}
