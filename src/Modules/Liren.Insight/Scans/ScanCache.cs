using System.Globalization;
using DuckDB.NET.Data;
using Liren.Contracts.Passes;
using Liren.Contracts.Places;
using Liren.Insight.Domain;
using Liren.Sdk.Data;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace Liren.Insight.Scans;

/// <summary>
/// A copy of the gate log by columns (DuckDB), for questions over all lines. It is a cache: lost, broken or of an older shape it is made again from the gate log,
/// and nothing else depends on it. One process owns the file. It holds numbers of residents, never who they are.
/// </summary>
internal sealed partial class ScanCache(DataLocation at, IConfiguration configuration, ILogger<ScanCache> log) : IDisposable
{
    /// <summary>The source of figures whose lines are copied.</summary>
    public const string Source = "passes.gate-log";

    private const int Shape = 1;
    private const int CommunityDepth = 5;
    private static readonly long ShanghaiMilliseconds = (long)LocalTime.Shanghai.TotalMilliseconds;

    private readonly Lock gate = new();
    private readonly Dictionary<string, int> ids = [];
    private readonly List<string> names = [];
    private readonly Dictionary<string, (int Community, int Compound)> places = [];
    private readonly Dictionary<Guid, int> gates = [];
    private DuckDBConnection? writer, reader;

    /// <summary>The file.</summary>
    public string File => Path.Combine(at.Sub("insight"), "scans.duckdb");

    /// <summary>Number of the last line in it.</summary>
    public long Last { get; private set; }

    /// <summary>Paths and gates by the number they have in the table.</summary>
    public string NameOf(int id)
    {
        lock (gate) return names[id];
    }

    /// <summary>Opens the file, or makes it anew when it cannot be read.</summary>
    public void Open()
    {
        lock (gate)
        {
            if (writer is not null) return;
            try
            {
                try { OpenExisting(); }
                catch (DuckDBException broken)
                {
                    LogBroken(broken);
                    Close();
                    Delete();
                    OpenExisting();
                }
            }
            catch
            {
                // Half open is not open: the next question tries again.
                Close();
                throw;
            }
        }
    }

    private void OpenExisting()
    {
        writer = Connect();
        Do("CREATE TABLE IF NOT EXISTS shape(version INTEGER)");
        if (Scalar("SELECT coalesce(max(version), 0) FROM shape") is not (Shape or 0))
        {
            Close();
            Delete();
            writer = Connect();
            Do("CREATE TABLE shape(version INTEGER)");
        }
        if (Scalar("SELECT count(*) FROM shape") == 0) Do($"INSERT INTO shape VALUES ({Shape})");
        Do("CREATE TABLE IF NOT EXISTS name(id INTEGER, text VARCHAR)");
        Do("CREATE TABLE IF NOT EXISTS place_in(seq BIGINT)");
        // ms: milliseconds of Shanghai's clock, so that hours and days are plain divisions.
        Do("CREATE TABLE IF NOT EXISTS scan(ms BIGINT, community INTEGER, compound INTEGER, gate INTEGER, resident INTEGER, inward BOOLEAN, verdict TINYINT)");
        Last = Scalar("SELECT coalesce(max(seq), 0) FROM place_in");
        ids.Clear();
        names.Clear();
        places.Clear();
        gates.Clear();
        using var command = writer!.CreateCommand();
        command.CommandText = "SELECT text FROM name ORDER BY id";
        using var rows = command.ExecuteReader();
        while (rows.Read()) Know(rows.GetString(0));
    }

    /// <summary>Appends lines; lines and place commit together.</summary>
    public void Append(IReadOnlyList<GateScan> lines, IReadOnlyDictionary<Guid, int> numbers)
    {
        Open();
        lock (gate)
        {
            var known = names.Count;
            using var transaction = writer!.BeginTransaction();
            try
            {
                using (var appender = writer.CreateAppender("scan"))
                    foreach (var line in lines)
                    {
                        if (!places.TryGetValue(line.Place, out var place)) places.Add(line.Place, place = (IdOf(CommunityOf(line.Place)), IdOf(line.Place)));
                        if (!gates.TryGetValue(line.GateId, out var gateId)) gates.Add(line.GateId, gateId = IdOf(line.GateId.ToString()));
                        var row = appender.CreateRow();
                        row.AppendValue(line.At.ToUnixTimeMilliseconds() + ShanghaiMilliseconds).AppendValue(place.Community).AppendValue(place.Compound).AppendValue(gateId);
                        if (line.Person is { } person && numbers.TryGetValue(person, out var number)) row.AppendValue(number);
                        else row.AppendNullValue();
                        row.AppendValue(line.Inward).AppendValue((sbyte)line.Verdict).EndRow();
                    }
                using (var appender = writer.CreateAppender("name"))
                    for (var id = known; id < names.Count; id++) appender.CreateRow().AppendValue(id).AppendValue(names[id]).EndRow();
                Do("DELETE FROM place_in");
                Do(string.Create(CultureInfo.InvariantCulture, $"INSERT INTO place_in VALUES ({lines[^1].Seq})"));
                transaction.Commit();
                Last = lines[^1].Seq;
            }
            catch
            {
                // Names given in what failed are given again.
                foreach (var name in names.Skip(known)) ids.Remove(name);
                names.RemoveRange(known, names.Count - known);
                places.Clear();
                gates.Clear();
                throw;
            }
        }
    }

    /// <summary>Drops lines that the gate log no longer keeps.</summary>
    public void Forget(DateTimeOffset before)
    {
        Open();
        lock (gate) Do(string.Create(CultureInfo.InvariantCulture, $"DELETE FROM scan WHERE ms < {before.ToUnixTimeMilliseconds() + ShanghaiMilliseconds}"));
    }

    /// <summary>The connection for questions, one at a time; a question sees a moment and does not wait for the writer.</summary>
    public DuckDBConnection Reader()
    {
        Open();
        lock (gate) return reader ??= Connect();
    }

    private DuckDBConnection Connect()
    {
        var connection = new DuckDBConnection($"Data Source={File}");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = $"SET threads={Number("Insight:ScanThreads", Environment.ProcessorCount, 64)}; SET memory_limit='{Number("Insight:ScanMemoryMb", 1_024, 1_048_576)}MB'; SET temp_directory='{File.Replace("'", "''", StringComparison.Ordinal)}.tmp'";
        command.ExecuteNonQuery();
        return connection;
    }

    private int Number(string key, int otherwise, int most) => int.TryParse(configuration[key], CultureInfo.InvariantCulture, out var set) && set >= 1 && set <= most ? set : otherwise;

    private static string CommunityOf(string place)
    {
        while (PlacePath.Depth(place) > CommunityDepth) place = PlacePath.Parent(place);
        return place;
    }

    private int IdOf(string name) => ids.TryGetValue(name, out var id) ? id : Know(name);

    private int Know(string name)
    {
        names.Add(name);
        return ids[name] = names.Count - 1;
    }

    private long Scalar(string sql)
    {
        using var command = writer!.CreateCommand();
        command.CommandText = sql;
        return Convert.ToInt64(command.ExecuteScalar(), CultureInfo.InvariantCulture);
    }

    private void Do(string sql)
    {
        using var command = writer!.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private void Delete()
    {
        foreach (var file in (string[])[File, File + ".wal"]) if (System.IO.File.Exists(file)) System.IO.File.Delete(file);
        Last = 0;
    }

    private void Close()
    {
        reader?.Dispose();
        writer?.Dispose();
        writer = reader = null;
    }

    public void Dispose()
    {
        lock (gate) Close();
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The copy of the gate log cannot be read and is made again from the log")]
    private partial void LogBroken(Exception e);
}
