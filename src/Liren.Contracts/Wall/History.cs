namespace Liren.Contracts.Wall;

/// <summary>Makes a history of one thing out of everything that ever became of it.</summary>
public static class History
{
    /// <summary>How it stood at <paramref name="from"/>, if it was of concern then, and each difference after.</summary>
    /// <param name="from">Begin of what is told (UTC).</param>
    /// <param name="kind">One of <see cref="WallKinds"/>.</param>
    /// <param name="id">Which thing.</param>
    /// <param name="states">Its states, oldest first; null: not of concern.</param>
    public static IEnumerable<WallChange> From(DateTimeOffset from, string kind, Guid id, IEnumerable<(DateTimeOffset At, WallThing? Thing)> states)
    {
        WallThing? before = null;
        var begun = false;
        foreach (var (at, thing) in states)
        {
            if (at > from && !begun)
            {
                begun = true;
                if (before is not null) yield return new(from, kind, id, before);
            }
            if (at > from && thing != before) yield return new(at, kind, id, thing);
            before = thing;
        }
        if (!begun && before is not null) yield return new(from, kind, id, before);
    }
}
