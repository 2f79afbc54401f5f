using Liren.Plans.Running;
using Liren.Sdk.Cli;
using Microsoft.Data.Sqlite;

namespace Liren.Incidents.Engine;

/// <summary>One line of the journal: an input and what it led to.</summary>
internal readonly record struct JournalEntry(Input Input, IReadOnlyList<Effect> Effects);

/// <summary>
/// Journal of the plan engine (预案引擎日志): a SQLite file of its own. An input is on disk together with its effects before any of them leaves, and an
/// effect stays open until its answer is on disk. One process at a time; used by one thread at a time.
/// </summary>
internal sealed class PlanJournal : IDisposable
{
    private const string AllInputs = "SELECT body FROM inputs ORDER BY seq";
    private readonly SqliteConnection connection;
    private readonly SqliteCommand addInput, addEffect, close;
    private long last;

    /// <summary>Opens or makes the file.</summary>
    /// <param name="file">Path.</param>
    /// <param name="armed">What is in force. A journal replays only what it was written by.</param>
    /// <exception cref="CliFailureException">It was written by other plans or for other places.</exception>
    /// <exception cref="IOException">The file is no journal, or another process has it.</exception>
    public PlanJournal(string file, Armed armed)
    {
        connection = new(new SqliteConnectionStringBuilder { DataSource = file, Pooling = false }.ToString());
        try
        {
            connection.Open();
            Run("PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;");
            Run("""
                CREATE TABLE IF NOT EXISTS armed (what TEXT NOT NULL);
                CREATE TABLE IF NOT EXISTS inputs (seq INTEGER PRIMARY KEY, body TEXT NOT NULL);
                CREATE TABLE IF NOT EXISTS effects (key TEXT PRIMARY KEY, seq INTEGER NOT NULL, place INTEGER NOT NULL, body TEXT NOT NULL, open INTEGER NOT NULL) WITHOUT ROWID;
                CREATE INDEX IF NOT EXISTS effects_open ON effects (seq, place) WHERE open = 1;
                """);
            if (Scalar("SELECT what FROM armed") is not string before) Run("INSERT INTO armed VALUES ($what)", ("$what", PlanJson.Write(armed)));
            else if (before != PlanJson.Write(armed)) throw new CliFailureException($"{file} was written by other plans, places or sensors; a changed plan begins a new journal");
            last = Scalar("SELECT max(seq) FROM inputs") as long? ?? 0;
        }
        catch (Exception e)
        {
            connection.Dispose();
            if (e is SqliteException) throw new IOException($"{file}: {e.Message}", e);
            throw;
        }
        addInput = Command("INSERT INTO inputs VALUES ($seq, $body)", "$seq", "$body");
        // The same effect twice is one effect.
        addEffect = Command("INSERT INTO effects VALUES ($key, $seq, $place, $body, 1) ON CONFLICT DO NOTHING", "$key", "$seq", "$place", "$body");
        close = Command("UPDATE effects SET open = 0 WHERE key = $key AND open = 1", "$key");
    }

    /// <summary>Puts entries on disk, all or none.</summary>
    public void Write(IEnumerable<JournalEntry> entries)
    {
        var seq = last;
        using var transaction = connection.BeginTransaction();
        foreach (var (input, effects) in entries)
        {
            Execute(addInput, transaction, ++seq, PlanJson.Write(input));
            for (var i = 0; i < effects.Count; i++) Execute(addEffect, transaction, PlanJson.KeyOf(effects[i]), seq, i, PlanJson.Write(effects[i]));
            if (PlanJson.Answers(input) is { } key) Execute(close, transaction, key);
        }
        transaction.Commit();
        last = seq;
    }

    /// <summary>What the journal was begun with, and all inputs in their order; for reading only.</summary>
    /// <exception cref="IOException">The file is no journal, or a program is writing it.</exception>
    public static (Armed Armed, IReadOnlyList<Input> Inputs) Read(string file)
    {
        try
        {
            using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Pooling = false, Mode = SqliteOpenMode.ReadOnly, DefaultTimeout = 1 }.ToString());
            connection.Open();
            return (PlanJson.Read<Armed>(Rows(connection, "SELECT what FROM armed").Single()), [.. Rows(connection, AllInputs).Select(PlanJson.Read<Input>)]);
        }
        catch (SqliteException e) { throw new IOException($"{file}: {e.Message}", e); }
    }

    /// <summary>All inputs in their order.</summary>
    public IEnumerable<Input> Inputs() => Rows(connection, AllInputs).Select(PlanJson.Read<Input>);

    /// <summary>Effects without an answer, in their order.</summary>
    public IEnumerable<Effect> Open() => Rows(connection, "SELECT body FROM effects WHERE open = 1 ORDER BY seq, place").Select(PlanJson.Read<Effect>);

    /// <summary>Effects nobody needs any more are open no longer.</summary>
    public void Close(IEnumerable<Effect> unwanted)
    {
        using var transaction = connection.BeginTransaction();
        foreach (var effect in unwanted) Execute(close, transaction, PlanJson.KeyOf(effect));
        transaction.Commit();
    }

    private static IEnumerable<string> Rows(SqliteConnection connection, string sql)
    {
        using var command = new SqliteCommand(sql, connection);
        using var reader = command.ExecuteReader();
        while (reader.Read()) yield return reader.GetString(0);
    }

    private object? Scalar(string sql)
    {
        using var command = new SqliteCommand(sql, connection);
        return command.ExecuteScalar();
    }

    private void Run(string sql, params (string Name, object Value)[] values)
    {
        using var command = new SqliteCommand(sql, connection);
        foreach (var (name, value) in values) command.Parameters.AddWithValue(name, value);
        command.ExecuteNonQuery();
    }

    private SqliteCommand Command(string sql, params string[] names)
    {
        var command = new SqliteCommand(sql, connection);
        foreach (var name in names) command.Parameters.Add(new SqliteParameter { ParameterName = name });
        return command;
    }

    private static void Execute(SqliteCommand command, SqliteTransaction transaction, params object[] values)
    {
        command.Transaction = transaction;
        for (var i = 0; i < values.Length; i++) command.Parameters[i].Value = values[i];
        command.ExecuteNonQuery();
    }

    /// <summary>Closes the file.</summary>
    public void Dispose()
    {
        foreach (var command in new[] { addInput, addEffect, close }) command.Dispose();
        connection.Dispose();
    }
}
