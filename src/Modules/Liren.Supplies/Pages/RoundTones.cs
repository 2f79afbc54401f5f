using Liren.Supplies.Domain;
using Liren.Supplies.Features;

namespace Liren.Supplies.Pages;

/// <summary>Tones of badges.</summary>
internal static class RoundTones
{
    public static string Of(EntryState state) => state switch
    {
        EntryState.Confirmed or EntryState.Collected => "ok",
        EntryState.Requested => "info",
        EntryState.Waiting => "wait",
        EntryState.NoShow => "act",
        _ => "ended",
    };

    public static string Of(RoundPhase phase) => phase switch
    {
        RoundPhase.Open or RoundPhase.Window => "ok",
        RoundPhase.Coming or RoundPhase.Over or RoundPhase.Closed or RoundPhase.Drawn => "info",
        _ => "ended",
    };
}
