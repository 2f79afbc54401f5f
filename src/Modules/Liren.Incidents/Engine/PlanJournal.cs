using System.Data.Common;
using Liren.Plans.Running;
using Liren.Sdk.Cli;
using Liren.Sdk.Data;
using Microsoft.Data.Sqlite;

namespace Liren.Incidents.Engine;

/// <summary>One line of the journal: an input and what it led to.</summary>
/// <param name="Input">What came in.</param>
/// <param name="Effects">What is to be done.</param>
/// <param name="Cause">Name of what made somebody hand it in; the same cause is taken once.</param>
/// <param name="Feed">For a reading of a device: its place in the journal of the devices; else 0.</param>
internal readonly record struct JournalEntry(Input Input, IReadOnlyList<Effect> Effects, string? Cause = null, long Feed = 0);

/// <summary>
/// Journal of the plan engine (预案引擎日志): in the tables of the server, or in a SQLite file of its own. An input is on disk together with its effects
/// before any of them leaves, and an effect stays open until its answer is on disk. One process at a time; used by one thread at a time.
/// </summary>
internal sealed class PlanJournal : IDisposable
{
    private readonly DbConnection connection;
    private readonly string prefix;
    private readonly List<DbCommand> commands = [];
    private readonly DbCommand addInput, addEffect, close, knows, mark;
    private const int KeptSnapshots = 2;
    private static readonly TimeSpan Kept = TimeSpan.FromDays(30);

    private PlanJournal(DbConnection connection, string prefix)
    {
        (this.connection, this.prefix) = (connection, prefix);
        addInput = Command($"INSERT INTO {prefix}input (\"Seq\", \"At\", \"Body\", \"Cause\") VALUES (@seq, @at, @body, @cause)", ("@seq", 0L), ("@at", 0L), ("@body", ""), ("@cause", ""));
        // The same effect twice is one effect.
        addEffect = Command($"INSERT INTO {prefix}effect (\"Key\", \"Seq\", \"Place\", \"Body\", \"Open\") VALUES (@key, @seq, @place, @body, 1) ON CONFLICT DO NOTHING", ("@key", ""), ("@seq", 0L), ("@place", 0), ("@body", ""));
        close = Command($"UPDATE {prefix}effect SET \"Open\" = 0 WHERE \"Key\" = @key AND \"Open\" = 1", ("@key", ""));
        knows = Command($"SELECT 1 FROM {prefix}input WHERE \"Cause\" = @cause", ("@cause", ""));
        mark = Command($"INSERT INTO {prefix}mark (\"Name\", \"Value\") VALUES (@name, @value) ON CONFLICT (\"Name\") DO UPDATE SET \"Value\" = excluded.\"Value\"", ("@name", ""), ("@value", 0L));
        Last = Number($"SELECT max(\"Seq\") FROM {prefix}input");
        LastAt = DateTimeOffset.FromUnixTimeMilliseconds(Number($"SELECT \"At\" FROM {prefix}input WHERE \"Seq\" = {Last}"));
        Feed = Number($"SELECT \"Value\" FROM {prefix}mark WHERE \"Name\" = 'feed'");
    }

    /// <summary>Number of the last input.</summary>
    public long Last { get; private set; }

    /// <summary>When the last input arrived that was there at the opening.</summary>
    public DateTimeOffset LastAt { get; }

    /// <summary>How far the journal of the devices has been taken in.</summary>
    public long Feed { get; private set; }

    /// <summary>The tables of the server. The connection is the journal's from now on.</summary>
    public static PlanJournal OfServer(DbConnection connection) => Or(connection, () => new(connection, "incidents_plan_"));

    /// <summary>Opens or makes a file.</summary>
    /// <param name="file">Path.</param>
    /// <param name="armed">What is in force. A journal replays only what it was written by.</param>
    /// <exception cref="CliFailureException">It was written by other plans or for other places.</exception>
    /// <exception cref="IOException">The file is no journal, or another process has it.</exception>
    public static PlanJournal OfFile(string file, Armed armed)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Pooling = false }.ToString());
        try
        {
            return Or(connection, () =>
            {
                connection.Open();
                Run(connection, "PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;");
                Run(connection, """
                    CREATE TABLE IF NOT EXISTS armed (what TEXT NOT NULL);
                    CREATE TABLE IF NOT EXISTS input ("Seq" INTEGER PRIMARY KEY, "At" INTEGER NOT NULL, "Body" TEXT NOT NULL, "Cause" TEXT UNIQUE);
                    CREATE TABLE IF NOT EXISTS effect ("Key" TEXT PRIMARY KEY, "Seq" INTEGER NOT NULL, "Place" INTEGER NOT NULL, "Body" TEXT NOT NULL, "Open" INTEGER NOT NULL) WITHOUT ROWID;
                    CREATE INDEX IF NOT EXISTS effects_open ON effect ("Seq", "Place") WHERE "Open" = 1;
                    CREATE TABLE IF NOT EXISTS mark ("Name" TEXT PRIMARY KEY, "Value" INTEGER NOT NULL) WITHOUT ROWID;
                    """);
                var what = PlanJson.Write(armed);
                if (Rows(connection, "SELECT what FROM armed").SingleOrDefault() is not { } before) Run(connection, "INSERT INTO armed VALUES (@what)", ("@what", what));
                else if (before != what) throw new CliFailureException($"{file} was written by other plans, places or sensors; a changed plan begins a new journal");
                return new PlanJournal(connection, "");
            });
        }
        catch (SqliteException e) { throw new IOException($"{file}: {e.Message}", e); }
    }

    private static PlanJournal Or(DbConnection connection, Func<PlanJournal> make)
    {
        try { return make(); }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Puts entries on disk, all or none.</summary>
    public void Write(IEnumerable<JournalEntry> entries)
    {
        var (seq, feed) = (Last, Feed);
        using var turn = WriteTurns.Take(connection);
        using var transaction = connection.BeginTransaction();
        foreach (var (input, effects, cause, at) in entries)
        {
            Execute(addInput, transaction, ++seq, input.At.ToUnixTimeMilliseconds(), PlanJson.Write(input), (object?)cause ?? DBNull.Value);
            for (var i = 0; i < effects.Count; i++) Execute(addEffect, transaction, PlanJson.KeyOf(effects[i]), seq, i, PlanJson.Write(effects[i]));
            if (PlanJson.Answers(input) is { } key) Execute(close, transaction, key);
            feed = Math.Max(feed, at);
        }
        if (feed > Feed) Execute(mark, transaction, "feed", feed);
        transaction.Commit();
        (Last, Feed) = (seq, feed);
    }

    /// <summary>Notes that nothing up to a place in the journal of the devices is wanted any more.</summary>
    public void Pass(long feed)
    {
        if (feed <= Feed) return;
        using var turn = WriteTurns.Take(connection);
        using var transaction = connection.BeginTransaction();
        Execute(mark, transaction, "feed", feed);
        transaction.Commit();
        Feed = feed;
    }

    /// <summary>True when an input of this cause is on disk.</summary>
    public bool Knows(string cause)
    {
        knows.Parameters[0].Value = cause;
        knows.Transaction = null;
        return knows.ExecuteScalar() is not null;
    }

    /// <summary>What the journal was begun with, and all inputs in their order; for reading only.</summary>
    /// <exception cref="IOException">The file is no journal, or a program is writing it.</exception>
    public static (Armed Armed, IReadOnlyList<Input> Inputs) Read(string file)
    {
        try
        {
            using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Pooling = false, Mode = SqliteOpenMode.ReadOnly, DefaultTimeout = 1 }.ToString());
            connection.Open();
            return (PlanJson.Read<Armed>(Rows(connection, "SELECT what FROM armed").Single()), [.. Rows(connection, "SELECT \"Body\" FROM input ORDER BY \"Seq\"").Select(PlanJson.Read<Input>)]);
        }
        catch (SqliteException e) { throw new IOException($"{file}: {e.Message}", e); }
    }

    /// <summary>
    /// What the engine knew after the last input is kept, so that a start need not read what led to it. Inputs older than thirty days and answered effects that no
    /// kept snapshot needs are gone. For the tables of the server; a file of its own keeps everything.
    /// </summary>
    public void Snapshot(EngineState state, DateTimeOffset now)
    {
        using var turn = WriteTurns.Take(connection);
        using var transaction = connection.BeginTransaction();
        Run(connection, $"DELETE FROM {prefix}snapshot WHERE \"Seq\" = @seq", ("@seq", Last));
        Run(connection, $"INSERT INTO {prefix}snapshot (\"Seq\", \"Body\") VALUES (@seq, @body)", ("@seq", Last), ("@body", PlanJson.Write(state)));
        Run(connection, $"DELETE FROM {prefix}snapshot WHERE \"Seq\" NOT IN (SELECT \"Seq\" FROM {prefix}snapshot ORDER BY \"Seq\" DESC LIMIT {KeptSnapshots})");
        Run(connection, $"DELETE FROM {prefix}input WHERE \"Seq\" <= (SELECT min(\"Seq\") FROM {prefix}snapshot) AND \"Seq\" < @last AND \"At\" < @before", ("@last", Last), ("@before", (now - Kept).ToUnixTimeMilliseconds()));
        Run(connection, $"DELETE FROM {prefix}effect WHERE \"Open\" = 0 AND \"Seq\" < (SELECT coalesce(min(\"Seq\"), 0) FROM {prefix}input)");
        transaction.Commit();
    }

    /// <summary>The newest snapshot; null: there is none.</summary>
    public (long Seq, EngineState State)? Newest()
    {
        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT \"Seq\", \"Body\" FROM {prefix}snapshot ORDER BY \"Seq\" DESC LIMIT 1";
        using var reader = command.ExecuteReader();
        return reader.Read() ? (reader.GetInt64(0), PlanJson.Read<EngineState>(reader.GetString(1))) : null;
    }

    /// <summary>Inputs after a number, in their order.</summary>
    public IEnumerable<(long Seq, Input Input)> Inputs(long after)
    {
        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT \"Seq\", \"Body\" FROM {prefix}input WHERE \"Seq\" > @after ORDER BY \"Seq\"";
        command.With("@after", after);
        using var reader = command.ExecuteReader();
        while (reader.Read()) yield return (reader.GetInt64(0), PlanJson.Read<Input>(reader.GetString(1)));
    }

    /// <summary>Effects without an answer, in their order.</summary>
    public IEnumerable<Effect> Open() => Rows(connection, $"SELECT \"Body\" FROM {prefix}effect WHERE \"Open\" = 1 ORDER BY \"Seq\", \"Place\"").Select(PlanJson.Read<Effect>);

    /// <summary>Effects nobody needs any more are open no longer.</summary>
    public void Close(IEnumerable<Effect> unwanted)
    {
        using var turn = WriteTurns.Take(connection);
        using var transaction = connection.BeginTransaction();
        foreach (var effect in unwanted) Execute(close, transaction, PlanJson.KeyOf(effect));
        transaction.Commit();
    }

    private static List<string> Rows(DbConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var rows = new List<string>();
        while (reader.Read()) rows.Add(reader.GetString(0));
        return rows;
    }

    private long Number(string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar() as long? ?? 0;
    }

    private static void Run(DbConnection connection, string sql, params (string Name, object Value)[] values)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in values) command.With(name, value);
        command.ExecuteNonQuery();
    }

    private DbCommand Command(string sql, params (string Name, object Value)[] parameters)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in parameters) command.With(name, value);
        commands.Add(command);
        return command;
    }

    private static void Execute(DbCommand command, DbTransaction transaction, params object[] values)
    {
        command.Transaction = transaction;
        for (var i = 0; i < values.Length; i++) command.Parameters[i].Value = values[i];
        command.ExecuteNonQuery();
    }

    /// <summary>Closes it.</summary>
    public void Dispose()
    {
        foreach (var command in commands) command.Dispose();
        connection.Dispose();
    }
}
