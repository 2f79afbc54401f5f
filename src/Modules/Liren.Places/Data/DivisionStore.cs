using System.Data.Common;
using System.Globalization;
using System.Text.Json;
using Liren.Contracts.Places;
using Liren.Places.Domain;
using Liren.Sdk.Data;
using Microsoft.Data.Sqlite;
using Npgsql;
using NpgsqlTypes;

namespace Liren.Places.Data;

/// <summary>
/// The only writer of <c>places_division</c>: raw statements, because a national table has 665,276 rows. Each merge is one short
/// transaction, so that a running server is never kept waiting and a killed import leaves whole rows only.
/// </summary>
internal sealed class DivisionStore(DataLocation at)
{
    /// <summary>Divisions of one merge; at this size the write lock of SQLite is held for about a tenth of a second.</summary>
    public const int Chunk = 10_000;

    private const int ImportLock = 0x6C69_7231;
    private static readonly string[] Kinds = [.. Enum.GetValues<PlaceKind>().Select(k => k.ToString())];

    /// <summary>What a merge did, or would do; levels filled in are counted apart.</summary>
    public readonly record struct Merged(int Added, int Changed, int Unchanged, int Filled);

    /// <summary>Names of those that exist.</summary>
    public async Task<IReadOnlyDictionary<DivisionCode, string>> FindAsync(IReadOnlyCollection<DivisionCode> codes, CancellationToken stop)
    {
        var found = new Dictionary<DivisionCode, string>();
        if (codes.Count == 0) return found;
        await using var connection = await at.OpenAsync(stop);
        foreach (var some in codes.Chunk(Chunk))
        {
            var names = await NamesAsync(connection, [.. some.Select(c => c.Path)], stop);
            foreach (var code in some) if (names.TryGetValue(code.Path, out var name)) found[code] = name;
        }
        return found;
    }

    /// <summary>Divisions in the table.</summary>
    public async Task<long> CountAsync(CancellationToken stop)
    {
        await using var connection = await at.OpenAsync(stop);
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT count(*) FROM places_division";
        return Convert.ToInt64(await command.ExecuteScalarAsync(stop), CultureInfo.InvariantCulture);
    }

    /// <summary>Adds what is new and renames what is called otherwise, in one transaction; with <paramref name="write"/> false only counts.</summary>
    public async Task<Merged> MergeAsync(IReadOnlyList<DivisionEntry> entries, bool write, CancellationToken stop)
    {
        await using var connection = await at.OpenAsync(stop);
        // On SQLite the write lock is taken at once: what is read must still hold when it is written.
        await using var transaction = !write ? null : connection is SqliteConnection file ? file.BeginTransaction(deferred: false) : await connection.BeginTransactionAsync(stop);
        if (write && connection is NpgsqlConnection) await ExecuteAsync(connection, $"SELECT pg_advisory_xact_lock({ImportLock})", stop);
        var paths = new string[entries.Count];
        for (var i = 0; i < paths.Length; i++) paths[i] = entries[i].Code.Path;
        var names = await NamesAsync(connection, paths, stop);
        List<Row> added = [], changed = [];
        for (var i = 0; i < paths.Length; i++)
            if (!names.TryGetValue(paths[i], out var name)) added.Add(new(paths[i], entries[i]));
            else if (name != entries[i].Name) changed.Add(new(paths[i], entries[i]));
        if (write)
        {
            if (connection is NpgsqlConnection postgres) await WriteAsync(postgres, added, changed, stop);
            else Write((SqliteConnection)connection, (SqliteTransaction)transaction!, added, changed);
            await transaction!.CommitAsync(stop);
        }
        var filled = added.Count(r => r.Entry.Filled);
        return new(added.Count - filled, changed.Count, paths.Length - added.Count - changed.Count, filled);
    }

    /// <summary>After many rows PostgreSQL must know the table anew to plan well; SQLite plans from its indexes alone.</summary>
    public async Task AnalyseAsync(CancellationToken stop)
    {
        if (at.Postgres is null) return;
        await using var connection = await at.OpenAsync(stop);
        await ExecuteAsync(connection, "ANALYZE places_division", stop);
    }

    private readonly record struct Row(string Path, DivisionEntry Entry)
    {
        public string Name => Entry.Name;
        public string Code => Entry.Code.Full;
        public string Kind => Kinds[Entry.Code.Level - 1];
        public string ParentPath => PlacePath.Parent(Path);

        /// <summary>Down to the street in the order of the national table; communities as people count them, 第九 before 第十.</summary>
        public string SortKey => Entry.Code.Kind == PlaceKind.Community ? NaturalOrder.KeyOf(Entry.Name) : Code;
    }

    private static async Task<Dictionary<string, string>> NamesAsync(DbConnection connection, string[] paths, CancellationToken stop)
    {
        await using var command = connection.CreateCommand();
        if (connection is NpgsqlConnection)
        {
            command.CommandText = """SELECT "Path", "Name" FROM places_division WHERE "Path" = ANY(@paths)""";
            command.With("paths", paths);
        }
        else
        {
            command.CommandText = """SELECT d."Path", d."Name" FROM json_each(@paths) j JOIN places_division d ON d."Path" = j.value""";
            command.With("paths", JsonSerializer.Serialize(paths));
        }
        var names = new Dictionary<string, string>(paths.Length);
        await using var reader = await command.ExecuteReaderAsync(stop);
        while (await reader.ReadAsync(stop)) names[reader.GetString(0)] = reader.GetString(1);
        return names;
    }

    private static void Write(SqliteConnection connection, SqliteTransaction transaction, List<Row> added, List<Row> changed)
    {
        using var insert = connection.CreateCommand();
        insert.Transaction = transaction;
        insert.CommandText = """INSERT INTO places_division ("Path", "ParentPath", "Code", "Name", "Kind", "SortKey") VALUES (@path, @parent, @code, @name, @kind, @sort)""";
        DbParameter path = insert.With("path", ""), parent = insert.With("parent", ""), code = insert.With("code", ""), name = insert.With("name", ""), kind = insert.With("kind", ""), sort = insert.With("sort", "");
        foreach (var row in added)
        {
            (path.Value, parent.Value, code.Value, name.Value, kind.Value, sort.Value) = (row.Path, row.ParentPath, row.Code, row.Name, row.Kind, row.SortKey);
            insert.ExecuteNonQuery();
        }
        using var update = connection.CreateCommand();
        update.Transaction = transaction;
        update.CommandText = """UPDATE places_division SET "Name" = @name, "SortKey" = @sort WHERE "Path" = @path""";
        DbParameter of = update.With("path", ""), to = update.With("name", ""), order = update.With("sort", "");
        foreach (var row in changed)
        {
            (of.Value, to.Value, order.Value) = (row.Path, row.Name, row.SortKey);
            update.ExecuteNonQuery();
        }
    }

    private static async Task WriteAsync(NpgsqlConnection connection, List<Row> added, List<Row> changed, CancellationToken stop)
    {
        if (added.Count > 0)
        {
            await using var copy = await connection.BeginBinaryImportAsync("""COPY places_division ("Path", "ParentPath", "Code", "Name", "Kind", "SortKey") FROM STDIN (FORMAT BINARY)""", stop);
            foreach (var row in added)
            {
                await copy.StartRowAsync(stop);
                foreach (var cell in (ReadOnlySpan<string>)[row.Path, row.ParentPath, row.Code, row.Name, row.Kind, row.SortKey]) copy.Write(cell, NpgsqlDbType.Text);
            }
            await copy.CompleteAsync(stop);
        }
        if (changed.Count == 0) return;
        await using var update = connection.CreateCommand();
        update.CommandText = """UPDATE places_division d SET "Name" = n.name, "SortKey" = n.sort FROM unnest(@paths, @names, @sorts) AS n(path, name, sort) WHERE d."Path" = n.path""";
        update.With("paths", changed.Select(r => r.Path).ToArray());
        update.With("names", changed.Select(r => r.Name).ToArray());
        update.With("sorts", changed.Select(r => r.SortKey).ToArray());
        await update.ExecuteNonQueryAsync(stop);
    }

    private static async Task ExecuteAsync(DbConnection connection, string sql, CancellationToken stop)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync(stop);
    }
}
