using System.Collections.Concurrent;
using System.Data.Common;
using System.Globalization;
using Liren.People.Domain;
using Liren.Sdk.Data;
using Npgsql;

namespace Liren.People.Data;

/// <summary>What one row says of a person; enough for a masked answer, without a key.</summary>
internal sealed record PersonRow(Guid Id, int Version, string Name, Sex? Sex, DateOnly? BirthDate, string? HomePath, PersonState State, string? Phone, string? IdNo);

/// <summary>
/// Reads one person by prepared statements on connections of its own: the hot path of gates and other systems, where a context per request
/// would cost more than the read.
/// </summary>
internal sealed class PersonReader(DataLocation at, TimeProvider clock) : IAsyncDisposable
{
    private const string Person = """SELECT "Version","Name","Sex","BirthDate","HomePath","State","PhoneMasked","IdMasked" FROM people_person WHERE "Id"=@id""";
    private const string Rooms = """SELECT "RoomPath" FROM people_occupancy WHERE "PersonId"=@id AND ("Until" IS NULL OR "Until">@today)""";

    /// <summary>Connections to PostgreSQL at once; SQLite reads do not wait, so there are never more than threads.</summary>
    private const int MostLanes = 6;

    private readonly ConcurrentBag<Lane> free = [];
    private readonly SemaphoreSlim gate = new(at.Postgres is null ? int.MaxValue : MostLanes);

    private sealed class Lane(DbConnection connection, DbCommand person, DbCommand rooms) : IAsyncDisposable
    {
        public DbCommand Person => person;
        public DbCommand Rooms => rooms;

        public async ValueTask DisposeAsync()
        {
            await person.DisposeAsync();
            await rooms.DisposeAsync();
            await connection.DisposeAsync();
        }
    }

    /// <summary>The person, or null.</summary>
    public Task<PersonRow?> FindAsync(Guid id, CancellationToken stop) => OnLaneAsync(lane => lane.Person, id, async command =>
    {
        await using var reader = await command.ExecuteReaderAsync(stop);
        if (!await reader.ReadAsync(stop)) return null;
        string? Text(int column) => reader.IsDBNull(column) ? null : reader.GetString(column);
        return new PersonRow(id, reader.GetInt32(0), reader.GetString(1), Text(2) is { } sex ? Enum.Parse<Sex>(sex) : null,
            reader.IsDBNull(3) ? null : reader.GetFieldValue<DateOnly>(3), Text(4), Enum.Parse<PersonState>(reader.GetString(5)), Text(6), Text(7));
    }, stop);

    /// <summary>Rooms the person lives in or holds today.</summary>
    public Task<List<string>> RoomsAsync(Guid id, CancellationToken stop) => OnLaneAsync(lane => lane.Rooms, id, async command =>
    {
        var today = Days.Of(clock.GetUtcNow());
        command.Parameters[1].Value = at.Postgres is null ? today.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) : today;
        var rooms = new List<string>();
        await using var reader = await command.ExecuteReaderAsync(stop);
        while (await reader.ReadAsync(stop)) rooms.Add(reader.GetString(0));
        return rooms;
    }, stop);

    private async Task<T> OnLaneAsync<T>(Func<Lane, DbCommand> choose, Guid id, Func<DbCommand, Task<T>> read, CancellationToken stop)
    {
        await gate.WaitAsync(stop);
        try
        {
            for (var fresh = false; ; fresh = true)
            {
                if (fresh || !free.TryTake(out var lane)) lane = await OpenAsync(stop);
                try
                {
                    var command = choose(lane);
                    command.Parameters[0].Value = id;
                    var answer = await read(command);
                    free.Add(lane);
                    return answer;
                }
                catch (Exception failure)
                {
                    await lane.DisposeAsync();
                    // A kept connection may have been cut by a restart of the database: a new one decides.
                    if (fresh || failure is not NpgsqlException) throw;
                }
            }
        }
        finally { gate.Release(); }
    }

    private async Task<Lane> OpenAsync(CancellationToken stop)
    {
        var connection = await at.OpenAsync(stop);
        var (person, rooms) = (connection.CreateCommand(), connection.CreateCommand());
        (person.CommandText, rooms.CommandText) = (Person, Rooms);
        person.With("@id", Guid.Empty);
        rooms.With("@id", Guid.Empty);
        rooms.With("@today", at.Postgres is null ? "" : DateOnly.MinValue);
        await person.PrepareAsync(stop);
        await rooms.PrepareAsync(stop);
        return new(connection, person, rooms);
    }

    public async ValueTask DisposeAsync()
    {
        while (free.TryTake(out var lane)) await lane.DisposeAsync();
        gate.Dispose();
    }
}
