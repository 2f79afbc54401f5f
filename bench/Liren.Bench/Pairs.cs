namespace Liren.Bench;

/// <summary>Measures pairs in turn, A B then B A, so that what drifts hits both.</summary>
internal static class Pairs
{
    /// <summary>Rounds of the pair, after one round that only warms up.</summary>
    public static async Task<IReadOnlyList<(Load Ours, Load Peer)>> RunAsync(int rounds, Func<Task<Load>> ours, Func<Task<Load>> peer)
    {
        await ours();
        await peer();
        var found = new List<(Load, Load)>(rounds);
        for (var round = 0; round < rounds; round++)
        {
            if (round % 2 == 0) found.Add((await ours(), await peer()));
            else
            {
                var second = await peer();
                found.Add((await ours(), second));
            }
        }
        return found;
    }
}
