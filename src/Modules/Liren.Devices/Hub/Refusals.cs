using System.Collections.Concurrent;

namespace Liren.Devices.Hub;

/// <summary>Something the hub did not let in.</summary>
/// <param name="Who">Name it gave: a device, or nothing known.</param>
/// <param name="Address">Where it came from.</param>
/// <param name="Reason">Why: unknown-device, wrong-key, foreign-topic, json, too-large ...</param>
/// <param name="What">What of it was refused, in the words of who sent it: an event type, a channel; empty: all of it.</param>
/// <param name="Count">How often since the server started.</param>
/// <param name="FirstAt">First time.</param>
/// <param name="LastAt">Last time.</param>
internal sealed record Refusal(string Who, string Address, string Reason, string What, long Count, DateTimeOffset FirstAt, DateTimeOffset LastAt);

/// <summary>What was refused in the last day (未认领与被拒): counted by name, address, reason and what; in memory, and bounded, so that a flood cannot fill it.</summary>
internal sealed class Refusals(TimeProvider clock)
{
    private const int Most = 2_000;
    private static readonly TimeSpan Kept = TimeSpan.FromHours(24);
    private readonly ConcurrentDictionary<(string, string, string, string), Refusal> all = new();

    public void Add(string? who, string? address, string reason, string? what = null)
    {
        var now = clock.GetUtcNow();
        var key = (Plain(who, 40), address ?? "", reason, Plain(what, 60));
        if (all.Count >= Most && !all.ContainsKey(key)) key = ("…", "", reason, "");
        all.AddOrUpdate(key, k => new(k.Item1, k.Item2, k.Item3, k.Item4, 1, now, now), (_, r) => r with { Count = r.Count + 1, LastAt = now });
    }

    private static string Plain(string? said, int most) => string.Concat((said ?? "").Where(c => !char.IsControl(c)).Take(most));

    /// <summary>Latest first.</summary>
    public IReadOnlyList<Refusal> Lately()
    {
        var since = clock.GetUtcNow() - Kept;
        foreach (var (key, refusal) in all) if (refusal.LastAt < since) all.TryRemove(key, out _);
        return [.. all.Values.OrderByDescending(r => r.LastAt)];
    }
}
