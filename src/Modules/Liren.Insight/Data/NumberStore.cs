using System.Data.Common;
using System.Globalization;
using Liren.Sdk.Data;
using Npgsql;

namespace Liren.Insight.Data;

/// <summary>Reads and writes the numbers of people, a few or half a million, on the connection and transaction of who calls.</summary>
internal sealed class NumberStore(DbConnection connection, DbTransaction? transaction)
{
    // From so many on, and when it is a good part of all, the table is read through instead of asked.
    private const int Many = 5_000, Part = 10;

    /// <summary>Numbers of those who have one.</summary>
    public async Task<IReadOnlyDictionary<Guid, int>> FindAsync(IReadOnlyCollection<Guid> people, CancellationToken stop)
    {
        var found = new Dictionary<Guid, int>();
        if (people.Count == 0) return found;
        if (connection is NpgsqlConnection)
        {
            using var asked = Command("SELECT \"PersonId\", \"Number\" FROM insight_person_number WHERE \"PersonId\" = ANY(@p)");
            asked.With("p", people.ToArray());
            await using var rows = await asked.ExecuteReaderAsync(stop);
            while (await rows.ReadAsync(stop)) found.Add(rows.GetGuid(0), rows.GetInt32(1));
            return found;
        }
        if (people.Count >= Many && await CountAsync(stop) <= (long)people.Count * Part)
        {
            using var all = Command("SELECT \"PersonId\", \"Number\" FROM insight_person_number");
            await using var rows = await all.ExecuteReaderAsync(stop);
            var wanted = people as ICollection<Guid> ?? [.. people];
            while (await rows.ReadAsync(stop)) if (rows.GetGuid(0) is var person && wanted.Contains(person)) found.Add(person, rows.GetInt32(1));
            return found;
        }
        using var one = Command("SELECT \"Number\" FROM insight_person_number WHERE \"PersonId\" = @p");
        var id = one.With("@p", Guid.Empty);
        foreach (var person in people)
        {
            id.Value = person;
            if (await one.ExecuteScalarAsync(stop) is long number) found.Add(person, (int)number);
        }
        return found;
    }

    /// <summary>The number after all that are given; nobody else gives any until the transaction ends.</summary>
    public async Task<int> NextAsync(CancellationToken stop)
    {
        if (connection is NpgsqlConnection)
        {
            // Another build may be counted at the same time. SQLite has one writer anyhow.
            using var turn = Command("LOCK TABLE insight_person_number IN SHARE ROW EXCLUSIVE MODE");
            await turn.ExecuteNonQueryAsync(stop);
        }
        using var command = Command("SELECT coalesce(max(\"Number\"), -1) + 1 FROM insight_person_number");
        return Convert.ToInt32(await command.ExecuteScalarAsync(stop), CultureInfo.InvariantCulture);
    }

    /// <summary>Adds numbers, in the order of the table.</summary>
    public async Task AddAsync(IReadOnlyDictionary<Guid, int> numbers, CancellationToken stop)
    {
        if (connection is NpgsqlConnection)
        {
            using var all = Command("INSERT INTO insight_person_number (\"PersonId\", \"Number\") SELECT * FROM unnest(@p, @n)");
            all.With("p", numbers.Keys.ToArray());
            all.With("n", numbers.Values.ToArray());
            await all.ExecuteNonQueryAsync(stop);
            return;
        }
        using var one = Command("INSERT INTO insight_person_number (\"PersonId\", \"Number\") VALUES (@p, @n)");
        var (person, number) = (one.With("@p", Guid.Empty), one.With("@n", 0));
        foreach (var (id, n) in numbers.OrderBy(n => n.Key))
        {
            (person.Value, number.Value) = (id, n);
            await one.ExecuteNonQueryAsync(stop);
        }
    }

    private async Task<long> CountAsync(CancellationToken stop)
    {
        using var command = Command("SELECT count(*) FROM insight_person_number");
        return Convert.ToInt64(await command.ExecuteScalarAsync(stop), CultureInfo.InvariantCulture);
    }

    private DbCommand Command(string sql)
    {
        var command = connection.CreateCommand();
        (command.CommandText, command.Transaction) = (sql, transaction);
        return command;
    }
}
