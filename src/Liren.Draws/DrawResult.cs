namespace Liren.Draws;

/// <summary>What a drawn ticket became.</summary>
public enum DrawOutcome
{
    /// <summary>中签.</summary>
    Won,
    /// <summary>候补: moves up in this order.</summary>
    Waiting,
    /// <summary>Another ticket of one who had won or waits already; published beside that one.</summary>
    Skipped,
    /// <summary>Drawn when only shares reserved for others were left.</summary>
    Passed,
}

/// <summary>One step of the draw.</summary>
/// <param name="Index">Number on the list.</param>
/// <param name="Outcome">What it became.</param>
/// <param name="With">Number of the ticket that had won, for one that was skipped.</param>
/// <param name="Class">The class, from 1, whose reserved share it won; 0 when it is a share for everybody.</param>
public readonly record struct DrawStep(int Index, DrawOutcome Outcome, int? With = null, int Class = 0);

/// <summary>Draws winners and waiting list where one may hold several tickets, and where shares are reserved for classes.</summary>
public static class DrawResult
{
    /// <summary>Steps of the draw until <paramref name="winners"/> and then <paramref name="waiting"/> different holders stand, or the list ends.</summary>
    /// <param name="seed">The seed.</param>
    /// <param name="entries">n.</param>
    /// <param name="winners">k.</param>
    /// <param name="waiting">w.</param>
    /// <param name="holder">Who holds the ticket at a number; null when everybody holds one.</param>
    /// <param name="classOf">Class of the ticket at a number, from 1; 0 for none. Null when nothing is reserved.</param>
    /// <param name="reserved">How many of the winners are of each class at least, from class 1 on.</param>
    public static IReadOnlyList<DrawStep> Of(byte[] seed, int entries, int winners, int waiting, Func<int, int>? holder = null, Func<int, int>? classOf = null, IReadOnlyList<int>? reserved = null)
    {
        var steps = new List<DrawStep>();
        var standing = new Dictionary<int, int>();
        int[] kept = [.. reserved ?? []];
        var (open, keptInAll, waits) = (winners - kept.Sum(), kept.Sum(), waiting);
        foreach (var index in Draw.Order(seed, entries))
        {
            if (open + keptInAll + waits == 0) break;
            var who = holder?.Invoke(index) ?? index;
            if (standing.TryGetValue(who, out var with)) { steps.Add(new(index, DrawOutcome.Skipped, with)); continue; }
            var of = classOf?.Invoke(index) ?? 0;
            if (of > 0 && kept[of - 1] > 0) { kept[of - 1]--; keptInAll--; steps.Add(new(index, DrawOutcome.Won, null, of)); }
            else if (open > 0) { open--; steps.Add(new(index, DrawOutcome.Won)); }
            else if (waits > 0) { waits--; steps.Add(new(index, DrawOutcome.Waiting)); }
            else { steps.Add(new(index, DrawOutcome.Passed)); continue; }
            standing.Add(who, index);
        }
        return steps;
    }
}
