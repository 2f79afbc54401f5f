using System.Collections.Concurrent;
using Liren.Insight.Data;
using Liren.Insight.Domain;
using Microsoft.EntityFrameworkCore;

namespace Liren.Insight.Folding;

/// <summary>
/// Gives people small numbers for <see cref="BitSet"/>s. Who is first seen in one compound gets numbers beside each other, so that its sets stay short.
/// A number given in a transaction that failed is not remembered: it is looked up again.
/// </summary>
internal sealed class PersonNumbers
{
    private const int Block = 64, Most = 1_000_000, Chunk = 500;
    private readonly ConcurrentDictionary<Guid, int> known = new();

    /// <summary>Numbers of all these people; new ones are added to the transaction of the caller.</summary>
    public async Task<IReadOnlyDictionary<Guid, int>> OfAsync(InsightDb db, IReadOnlyDictionary<RowKey, HashSet<Guid>> people, CancellationToken stop)
    {
        if (known.Count > Most) known.Clear();
        // Where a person is seen decides beside whom they are numbered.
        var homes = new Dictionary<Guid, string>();
        foreach (var (key, set) in people) foreach (var person in set) homes.TryAdd(person, key.Place);
        var numbers = new Dictionary<Guid, int>(homes.Count);
        var asked = new List<Guid>();
        foreach (var person in homes.Keys)
            if (known.TryGetValue(person, out var number)) numbers.Add(person, number);
            else asked.Add(person);
        foreach (var chunk in asked.Chunk(Chunk))
            foreach (var row in await db.Numbers.AsNoTracking().Where(n => chunk.Contains(n.PersonId)).ToListAsync(stop)) numbers.Add(row.PersonId, known[row.PersonId] = row.Number);
        var fresh = asked.Where(p => !numbers.ContainsKey(p)).ToList();
        if (fresh.Count == 0) return numbers;
        var next = (await db.Numbers.MaxAsync(n => (int?)n.Number, stop) ?? -1) + 1;
        foreach (var home in fresh.GroupBy(p => homes[p]))
        {
            next = (next + Block - 1) / Block * Block;
            foreach (var person in home)
            {
                db.Add(new PersonNumber { PersonId = person, Number = next });
                numbers.Add(person, next++);
            }
        }
        await db.SaveChangesAsync(stop);
        db.ChangeTracker.Clear();
        return numbers;
    }

    /// <summary>A person's number is no longer theirs.</summary>
    public void Forget() => known.Clear();
}
