using Microsoft.EntityFrameworkCore;

namespace Liren.Sdk.Data;

/// <summary>Two at one record at the same moment: the second looks again, and is judged by what is so then.</summary>
public static class Contention
{
    /// <summary>Does something anew while somebody else was faster to save the same record.</summary>
    /// <param name="db">Forgets what it read before it is done anew.</param>
    /// <param name="tries">How often at the most; the last failure is the caller's.</param>
    /// <param name="once">Reads, decides and saves.</param>
    /// <param name="moved">
    /// For what is read in several parts, one after the other: whether the record moved since it was read. A refusal stands only when it did not, and what the
    /// database refuses is done anew too. Null: only a record that was changed meanwhile (412) is.
    /// </param>
    public static async Task<T> AgainAsync<T>(this ModuleDb db, int tries, Func<Task<T>> once, Func<Task<bool>>? moved = null)
    {
        for (var left = tries; ; left--)
        {
            try { return await once(); }
            catch (RuleBrokenException refused) when (left > 1 && (refused.Status == 412 || moved is not null))
            {
                db.ChangeTracker.Clear();
                if (refused.Status != 412 && !await moved!()) throw;
            }
            catch (DbUpdateException) when (left > 1 && moved is not null) { db.ChangeTracker.Clear(); }
        }
    }
}
