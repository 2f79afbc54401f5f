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
}

/// <summary>One step of the draw.</summary>
/// <param name="Index">Number on the list.</param>
/// <param name="Outcome">What it became.</param>
/// <param name="With">Number of the ticket that had won, for one that was skipped.</param>
public readonly record struct DrawStep(int Index, DrawOutcome Outcome, int? With = null);

/// <summary>Draws winners and waiting list where one may hold several tickets.</summary>
public static class DrawResult
{
    /// <summary>Steps of the draw until <paramref name="winners"/> and then <paramref name="waiting"/> different holders stand, or the list ends.</summary>
    /// <param name="seed">The seed.</param>
    /// <param name="entries">n.</param>
    /// <param name="winners">k.</param>
    /// <param name="waiting">w.</param>
    /// <param name="holder">Who holds the ticket at a number; null when everybody holds one.</param>
    public static IReadOnlyList<DrawStep> Of(byte[] seed, int entries, int winners, int waiting, Func<int, int>? holder = null)
    {
        var steps = new List<DrawStep>();
        var standing = new Dictionary<int, int>();
        foreach (var index in Draw.Order(seed, entries))
        {
            if (standing.Count == winners + waiting) break;
            var who = holder?.Invoke(index) ?? index;
            if (standing.TryGetValue(who, out var with)) { steps.Add(new(index, DrawOutcome.Skipped, with)); continue; }
            steps.Add(new(index, standing.Count < winners ? DrawOutcome.Won : DrawOutcome.Waiting));
            standing.Add(who, index);
        }
        return steps;
    }
}
