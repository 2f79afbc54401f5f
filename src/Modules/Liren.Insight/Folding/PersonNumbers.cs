using System.Collections.Concurrent;
using System.Data.Common;
using Liren.Insight.Data;

namespace Liren.Insight.Folding;

/// <summary>
/// Gives people small numbers for <see cref="Domain.BitSet"/>s. Who is first seen in one compound gets numbers beside each other, so that its sets stay short.
/// Numbers are remembered, new ones only after their transaction committed.
/// </summary>
internal sealed class PersonNumbers
{
    private const int Block = 64, Most = 2_000_000;
    private volatile ConcurrentDictionary<Guid, int> known = new();

    /// <summary>The numbers of the people asked for.</summary>
    public sealed class Given(ConcurrentDictionary<Guid, int> known, Dictionary<Guid, int> fresh)
    {
        /// <summary>A person's number.</summary>
        public int Of(Guid person) => known.TryGetValue(person, out var number) ? number : fresh[person];

        /// <summary>What was given is committed.</summary>
        public void Remember()
        {
            foreach (var (person, number) in fresh) known[person] = number;
        }
    }

    /// <summary>Numbers of all these people, who were seen at those places; new ones are added to the transaction of the caller.</summary>
    public async Task<Given> OfAsync(DbConnection connection, DbTransaction transaction, IEnumerable<(string Place, IReadOnlyCollection<Guid> People)> seen, CancellationToken stop)
    {
        if (known.Count > Most) Forget();
        var (mine, store) = (known, new NumberStore(connection, transaction));
        // Where a person is seen first decides beside whom they are numbered.
        var homes = new Dictionary<Guid, string>();
        foreach (var (place, people) in seen) foreach (var person in people) if (!mine.ContainsKey(person)) homes.TryAdd(person, place);
        foreach (var (person, number) in await store.FindAsync(homes.Keys, stop))
        {
            mine[person] = number;
            homes.Remove(person);
        }
        var fresh = new Dictionary<Guid, int>(homes.Count);
        if (homes.Count > 0)
        {
            var next = await store.NextAsync(stop);
            foreach (var home in homes.GroupBy(h => h.Value, h => h.Key))
            {
                next = (next + Block - 1) / Block * Block;
                foreach (var person in home) fresh.Add(person, next++);
            }
            await store.AddAsync(fresh, stop);
        }
        return new(mine, fresh);
    }

    /// <summary>Numbers of people who have one.</summary>
    public async Task<IReadOnlyDictionary<Guid, int>> FindAsync(DbConnection connection, IEnumerable<Guid> people, CancellationToken stop)
    {
        var mine = known;
        var asked = people.Where(p => !mine.ContainsKey(p)).ToHashSet();
        if (asked.Count > 0) foreach (var (person, number) in await new NumberStore(connection, null).FindAsync(asked, stop)) mine[person] = number;
        return mine;
    }

    /// <summary>A person's number is no longer theirs.</summary>
    public void Forget() => known = new();
}
