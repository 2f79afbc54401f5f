using System.Data.Common;
using System.Runtime.CompilerServices;
using Liren.Contracts.Places;
using Liren.Insight.Domain;
using Liren.Sdk.Data;
using Npgsql;

namespace Liren.Insight.Data;

/// <summary>
/// Reads and writes roll-ups on the connection and transaction of who calls: what is folded and how far it was folded commit together.
/// Only one folds a source at a time; the row of its cursor sees to that.
/// </summary>
internal sealed class RollupStore(DbConnection connection, DbTransaction? transaction)
{
    private const string Key = "\"Measure\" = @m AND \"Build\" = @b AND \"Level\" = @l AND \"Month\" = @mo AND \"PlacePath\" = @p AND \"Day\" = @d AND \"Category\" = @c";
    // Not all in memory at once: sets of everybody are the bulk of what is folded.
    private const int SetsAtOnce = 500;
    private const string SetKey = "\"Measure\" = @m AND \"Build\" = @b AND \"Level\" = @l AND \"PlacePath\" = @p AND \"Day\" = @d";

    /// <summary>Adds cells to rows.</summary>
    public async Task AddAsync(int build, IReadOnlyDictionary<RowKey, long[]> rows, CancellationToken stop)
    {
        if (rows.Count == 0) return;
        var keys = rows.Keys.ToList();
        var kept = await ReadAsync($"SELECT \"Cells\" FROM insight_rollup WHERE {Key}", build, keys, stop);
        await WriteAsync("""
            INSERT INTO insight_rollup ("Measure", "Build", "Level", "Month", "PlacePath", "Day", "Category", "Cells", "Revision") VALUES (@m, @b, @l, @mo, @p, @d, @c, @v, 1)
            ON CONFLICT ("Measure", "Build", "Level", "Month", "PlacePath", "Day", "Category") DO UPDATE SET "Cells" = excluded."Cells", "Revision" = insight_rollup."Revision" + 1
            """, build, keys, i =>
        {
            var sums = (long[])rows[keys[i]].Clone();
            Cells.AddTo(kept[i], sums);
            return Cells.Write(sums);
        }, stop);
    }

    /// <summary>Joins written sets into those kept; returns how many people are new in each.</summary>
    public async Task<IReadOnlyDictionary<RowKey, int>> JoinAsync(int build, IEnumerable<(RowKey Key, byte[] Set)> sets, CancellationToken stop)
    {
        var fresh = new Dictionary<RowKey, int>();
        foreach (var some in sets.Chunk(SetsAtOnce))
        {
            var kept = await ReadAsync($"SELECT \"Words\" FROM insight_people_set WHERE {SetKey}", build, [.. some.Select(s => s.Key)], stop);
            var (changed, words) = (new List<RowKey>(), new List<byte[]>());
            for (var i = 0; i < some.Length; i++)
            {
                var set = BitSet.Join(kept[i], some[i].Set);
                var more = BitSet.CountWritten(set) - BitSet.CountWritten(kept[i]);
                if (more == 0) continue;
                fresh.Add(some[i].Key, more);
                changed.Add(some[i].Key);
                words.Add(set);
            }
            await WriteAsync("""
                INSERT INTO insight_people_set ("Measure", "Build", "Level", "PlacePath", "Day", "Words") VALUES (@m, @b, @l, @p, @d, @v)
                ON CONFLICT ("Measure", "Build", "Level", "PlacePath", "Day") DO UPDATE SET "Words" = excluded."Words"
                """, build, changed, i => words[i], stop);
        }
        return fresh;
    }

    /// <summary>Rows of a measure at places of a level, within a place, over days of one month.</summary>
    public IAsyncEnumerable<(string Place, int Day, string Category, byte[] Value)> RowsAsync(string measure, int build, int level, int month, string within, int from, int to, CancellationToken stop) =>
        WithinAsync("SELECT \"PlacePath\", \"Day\", \"Category\", \"Cells\" FROM insight_rollup WHERE \"Measure\" = @m AND \"Build\" = @b AND \"Level\" = @l AND \"Month\" = @mo", month, measure, build, level, within, from, to, stop);

    /// <summary>Sets of people at places of a level, within a place.</summary>
    public IAsyncEnumerable<(string Place, int Day, string Category, byte[] Value)> SetsAsync(string measure, int build, int level, string within, int from, int to, CancellationToken stop) =>
        WithinAsync("SELECT \"PlacePath\", \"Day\", '', \"Words\" FROM insight_people_set WHERE \"Measure\" = @m AND \"Build\" = @b AND \"Level\" = @l", null, measure, build, level, within, from, to, stop);

    private async IAsyncEnumerable<(string Place, int Day, string Category, byte[] Value)> WithinAsync(string sql, int? month, string measure, int build, int level, string within, int from, int to, [EnumeratorCancellation] CancellationToken stop)
    {
        using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.With("@m", measure);
        command.With("@b", build);
        command.With("@l", level);
        if (month is { } one) command.With("@mo", one);
        command.With("@f", from);
        command.With("@t", to);
        // One range of the key: the place itself, or everything below it.
        var place = "";
        if (level == PlacePath.Depth(within))
        {
            place = " AND \"PlacePath\" = @p";
            command.With("@p", within);
        }
        else if (within.Length > 0)
        {
            place = " AND \"PlacePath\" >= @p AND \"PlacePath\" < @q";
            var (below, before) = PlacePath.RangeBelow(within);
            command.With("@p", below);
            command.With("@q", before);
        }
        command.CommandText = sql + place + " AND \"Day\" >= @f AND \"Day\" <= @t";
        await using var reader = await command.ExecuteReaderAsync(stop);
        while (await reader.ReadAsync(stop)) yield return (reader.GetString(0), reader.GetInt32(1), reader.GetString(2), reader.GetFieldValue<byte[]>(3));
    }

    private async Task<byte[][]> ReadAsync(string sql, int build, IReadOnlyList<RowKey> keys, CancellationToken stop)
    {
        var found = new byte[keys.Count][];
        if (connection is NpgsqlConnection postgres)
        {
            await using var batch = new NpgsqlBatch(postgres, (NpgsqlTransaction?)transaction);
            foreach (var key in keys) batch.BatchCommands.Add(Bound(new NpgsqlBatchCommand(sql), build, key, null));
            await using var reader = await batch.ExecuteReaderAsync(stop);
            for (var i = 0; i < keys.Count; i++)
            {
                found[i] = await reader.ReadAsync(stop) ? reader.GetFieldValue<byte[]>(0) : [];
                await reader.NextResultAsync(stop);
            }
            return found;
        }
        using var command = Prepared(sql, build, withValue: false);
        for (var i = 0; i < keys.Count; i++)
        {
            Bind(command, keys[i], null);
            found[i] = await command.ExecuteScalarAsync(stop) as byte[] ?? [];
        }
        return found;
    }

    private async Task WriteAsync(string sql, int build, IReadOnlyList<RowKey> keys, Func<int, byte[]> value, CancellationToken stop)
    {
        if (keys.Count == 0) return;
        if (connection is NpgsqlConnection postgres)
        {
            await using var batch = new NpgsqlBatch(postgres, (NpgsqlTransaction?)transaction);
            for (var i = 0; i < keys.Count; i++) batch.BatchCommands.Add(Bound(new NpgsqlBatchCommand(sql), build, keys[i], value(i)));
            await batch.ExecuteNonQueryAsync(stop);
            return;
        }
        using var command = Prepared(sql, build, withValue: true);
        for (var i = 0; i < keys.Count; i++)
        {
            Bind(command, keys[i], value(i));
            await command.ExecuteNonQueryAsync(stop);
        }
    }

    private DbCommand Prepared(string sql, int build, bool withValue)
    {
        var command = connection.CreateCommand();
        (command.CommandText, command.Transaction) = (sql, transaction);
        foreach (var name in (string[])["@m", "@l", "@mo", "@p", "@d", "@c"]) command.With(name, null);
        command.With("@b", build);
        if (withValue) command.With("@v", null);
        return command;
    }

    private static void Bind(DbCommand command, RowKey key, byte[]? value)
    {
        var p = command.Parameters;
        (p["@m"].Value, p["@l"].Value, p["@mo"].Value, p["@p"].Value, p["@d"].Value, p["@c"].Value) = (key.Measure, key.Level, key.Month, key.Place, key.Day, key.Category);
        if (value is not null) p["@v"].Value = value;
    }

    private static NpgsqlBatchCommand Bound(NpgsqlBatchCommand command, int build, RowKey key, byte[]? value)
    {
        var p = command.Parameters;
        p.AddWithValue("m", key.Measure);
        p.AddWithValue("b", build);
        p.AddWithValue("l", key.Level);
        p.AddWithValue("mo", key.Month);
        p.AddWithValue("p", key.Place);
        p.AddWithValue("d", key.Day);
        p.AddWithValue("c", key.Category);
        if (value is not null) p.AddWithValue("v", value);
        return command;
    }
}
