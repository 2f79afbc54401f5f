using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace Liren.People.Data;

internal static class RoomLock
{
    /// <summary>
    /// A transaction in which nobody else changes who is in this room: what holds for all of a room's occupancies together (shares, heads) is
    /// checked and written as one. Nothing is logged inside: on SQLite the access log would wait for this very transaction.
    /// </summary>
    public static async Task<IDbContextTransaction> LockRoomAsync(this PeopleDb db, string room, CancellationToken stop)
    {
        // SQLite takes its write lock here; PostgreSQL a lock of this name until the end of the transaction.
        var transaction = await db.Database.BeginTransactionAsync(stop);
        if (db.Database.IsNpgsql()) await db.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock(hashtextextended({room}, 7))", stop);
        return transaction;
    }
}
