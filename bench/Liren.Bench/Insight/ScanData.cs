using System.Globalization;
using System.Text;
using Liren.Sdk.Data;
using Microsoft.Data.Sqlite;

namespace Liren.Bench.Insight;

/// <summary>
/// A district's gate log, the same for the same number of rows: 500,000 residents, 47 communities, 487 compounds with three gates each, nine looks in ten at home,
/// busy in the morning and the evening. Written straight into the tables of the product, so that everything behind them is the product's own work.
/// </summary>
internal sealed class ScanData(long rows, int days, DateOnly last)
{
    public const int Residents = 500_000, Communities = 47, Compounds = 487, GatesEach = 3;
    public const string Street = "31.01.15.016";
    private static readonly int[] ByHour = [5, 3, 2, 2, 4, 15, 60, 180, 150, 50, 60, 70, 60, 40, 40, 40, 50, 90, 100, 60, 25, 15, 10, 6];

    /// <summary>The first day.</summary>
    public DateOnly First => last.AddDays(1 - days);

    public DateOnly Last => last;

    public static string Community(int compound) => $"{Street}.{100 + (compound * Communities / Compounds)}";

    public static string Compound(int compound) => $"{Community(compound)}.c{compound}";

    public static Guid Person(int resident) => new(resident, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10);

    private static int Home(int resident) => (int)(Mix((ulong)resident * 7 + 1) % Compounds);

    // A well-known mixer of 64 bits: the same everywhere, without a state.
    private static ulong Mix(ulong x)
    {
        x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
        x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
        return x ^ (x >> 31);
    }

    /// <summary>Fills the file of a stopped server; returns the number of the last line. A crash would cost the file, which is thrown away anyhow.</summary>
    public long Fill(string file)
    {
        using var db = new SqliteConnection($"Data Source={file};Pooling=False");
        db.Open();
        Do(db, "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA locking_mode=EXCLUSIVE; PRAGMA cache_size=-1048576; PRAGMA threads=2");
        // The demo's own looks would be in the figures too.
        Do(db, "DELETE FROM passes_gate_entry; DELETE FROM insight_rollup WHERE \"Measure\" LIKE 'passes.%'; DELETE FROM insight_people_set; DELETE FROM insight_source_cursor WHERE \"Source\" = 'passes.gate-log'");
        if (Directory.Exists(Path.Combine(Path.GetDirectoryName(file)!, "insight"))) Directory.Delete(Path.Combine(Path.GetDirectoryName(file)!, "insight"), recursive: true);
        Places(db);
        // Times and numbers come in order; what does not is indexed once, at the end: this is how the data came, not what is measured.
        Late(db, "tbl_name = 'passes_pass'", () => Passes(db));
        Late(db, "tbl_name = 'passes_gate_entry' AND sql LIKE '%\"Cti\"%'", () => Entries(db));
        var newest = long.Parse(Texts(db, "SELECT CAST(max(\"Seq\") AS TEXT) FROM passes_gate_entry")[0], CultureInfo.InvariantCulture);
        // Consequences of looks long past are not drawn: no pass is suspended for them today.
        Do(db, $"INSERT OR REPLACE INTO passes_log_cursor (\"Id\", \"Seq\") VALUES (1, {newest}), (2, {newest})");
        Do(db, "DELETE FROM passes_passage; INSERT INTO passes_passage (\"Cti\", \"At\", \"Seq\") SELECT \"Cti\", \"At\", \"Seq\" FROM passes_gate_entry WHERE \"Cti\" IS NOT NULL ORDER BY \"Cti\", \"At\", \"Seq\"");
        Do(db, "PRAGMA journal_mode=WAL");
        return newest;
    }

    private static void Late(SqliteConnection db, string which, Action fill)
    {
        var indexes = Texts(db, $"SELECT sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND {which}");
        foreach (var name in Texts(db, $"SELECT name FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND {which}")) Do(db, $"DROP INDEX \"{name}\"");
        fill();
        BenchRun.Say("indexing");
        foreach (var sql in indexes) Do(db, sql);
    }

    private static void Places(SqliteConnection db)
    {
        using var transaction = db.BeginTransaction();
        using var insert = Insert(db, "places_place", ["Id", "Path", "ParentPath", "Code", "Kind", "Name", "SortKey", "PathKey"]);
        insert.CommandText = insert.CommandText.Replace("INSERT INTO", "INSERT OR IGNORE INTO", StringComparison.Ordinal);
        void Add(string path, string kind) => Run(insert, Text(Guid.CreateVersion7()), path, path[..path.LastIndexOf('.')], path[(path.LastIndexOf('.') + 1)..], kind, path, path, path);
        using var division = Insert(db, "places_division", ["Path", "ParentPath", "Kind", "Name"]);
        division.CommandText = division.CommandText.Replace("INSERT INTO", "INSERT OR IGNORE INTO", StringComparison.Ordinal);
        foreach (var path in Enumerable.Range(0, Compounds).Select(Community).Distinct()) Run(division, path, Street, "Community", path);
        for (var c = 0; c < Compounds; c++) Add(Compound(c), "Compound");
        transaction.Commit();
    }

    private void Passes(SqliteConnection db)
    {
        using var transaction = db.BeginTransaction();
        using var insert = Insert(db, "passes_pass", ["Id", "PersonId", "Cti", "Serial", "PlacePath", "Name", "Unit", "Kind", "Form", "State", "Until"]);
        for (var r = 0; r < Residents; r++)
            Run(insert, Text(Person(r)), Text(Person(r)), Cti(r), $"B{r:0000000}", Compound(Home(r)), "王*", "1号楼", "Resident", "Phone", "Active", Ms(last.AddDays(90)));
        transaction.Commit();
    }

    private void Entries(SqliteConnection db)
    {
        var perDay = rows / days;
        byte[][] compounds = [.. Enumerable.Range(0, Compounds).Select(c => Encoding.ASCII.GetBytes(Compound(c)))], gates = [.. Enumerable.Range(0, Compounds * GatesEach).Select(g => Encoding.ASCII.GetBytes(Text(Gate(g / GatesEach, g % GatesEach))))];
        byte[][] passes = [.. Enumerable.Range(0, Residents).Select(r => Encoding.ASCII.GetBytes(Cti(r)))];
        using var insert = new SqliteStatement(db, Insert(db, "passes_gate_entry", ["Id", "GateId", "PlacePath", "At", "ArrivedAt", "Direction", "Verdict", "Reason", "Cti", "Kind", "Form", "Members"]).CommandText);
        for (var day = 0; day < days; day++)
        {
            Do(db, "BEGIN");
            var start = Ms(First.AddDays(day));
            // In the order of time, as a log is; the last day takes what a division leaves over.
            var many = day == days - 1 ? rows - (perDay * (days - 1)) : perDay;
            foreach (var (at, n) in Times((ulong)day, many))
            {
                var h = Mix((((ulong)day * 4_000_000_000) + (ulong)n) ^ 0x5bd1e995);
                var resident = (int)(h % Residents);
                var compound = h / 1_000_000 % 10 < 9 ? Home(resident) : (int)(h / 10_000_000 % Compounds);
                var refused = h / 7 % 500 == 0;
                insert.Bind(1, LineId(start + at, day, n));
                insert.BindText(2, gates[(compound * GatesEach) + (int)(h / 13 % GatesEach)]);
                insert.BindText(3, compounds[compound]);
                insert.Bind(4, start + at);
                insert.Bind(5, start + at);
                insert.Bind(6, (long)(h / 3 % 2));
                insert.Bind(7, refused ? 2 : 0);
                insert.BindText(8, refused ? "Revoked"u8 : "Ok"u8);
                insert.BindText(9, passes[resident]);
                for (var one = 10; one <= 12; one++) insert.Bind(one, 1);
                insert.Run();
            }
            Do(db, "COMMIT");
            BenchRun.Say($"day {day + 1} of {days}");
        }
    }

    /// <summary>As a gate would number its lines: by time.</summary>
    private static Guid LineId(long ms, int day, long n) => new((int)(ms >> 16), (short)ms, (short)(0x7000 | day), 0x80, 0, (byte)(n >> 40), (byte)(n >> 32), (byte)(n >> 24), (byte)(n >> 16), (byte)(n >> 8), (byte)n);

    private static IEnumerable<(long At, long N)> Times(ulong day, long many)
    {
        long all = ByHour.Sum(), n = 0;
        for (var hour = 0; hour < 24; hour++)
        {
            var here = hour == 23 ? many - n : many * ByHour[hour] / all;
            for (long i = 0; i < here; i++, n++) yield return ((hour * 3_600_000L) + (i * 3_600_000L / Math.Max(1, here)), n);
        }
    }

    private static Guid Gate(int compound, int gate) => new(compound, (short)gate, 9, 9, 9, 9, 9, 9, 9, 9, 9);

    private static string Cti(int resident) => (Mix((ulong)resident + 99) | 1).ToString("x16", CultureInfo.InvariantCulture);

    private static long Ms(DateOnly day) => new DateTimeOffset(day.ToDateTime(TimeOnly.MinValue), TimeSpan.FromHours(8)).ToUnixTimeMilliseconds();

    private static string Text(Guid id) => id.ToString().ToUpperInvariant();

    // Columns that are not named and must not be empty get nothing in their type.
    private static SqliteCommand Insert(SqliteConnection db, string table, string[] named)
    {
        var (columns, values) = (named.ToList(), named.Select((_, i) => $"${i}").ToList());
        using (var info = db.CreateCommand())
        {
            info.CommandText = $"PRAGMA table_info({table})";
            using var reader = info.ExecuteReader();
            while (reader.Read())
                if (reader.GetInt32(3) == 1 && reader.GetInt32(5) == 0 && !columns.Contains(reader.GetString(1)))
                {
                    columns.Add(reader.GetString(1));
                    values.Add(reader.GetString(2) == "TEXT" ? "''" : reader.GetString(2) == "BLOB" ? "x''" : "0");
                }
        }
        var insert = db.CreateCommand();
        insert.CommandText = $"INSERT INTO {table} ({string.Join(',', columns.Select(c => $"\"{c}\""))}) VALUES ({string.Join(',', values)})";
        for (var i = 0; i < named.Length; i++) insert.Parameters.Add(new SqliteParameter($"${i}", null));
        return insert;
    }

    private static void Run(SqliteCommand insert, params object[] values)
    {
        for (var i = 0; i < values.Length; i++) insert.Parameters[i].Value = values[i];
        insert.ExecuteNonQuery();
    }

    private static List<string> Texts(SqliteConnection db, string sql)
    {
        using var command = db.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var found = new List<string>();
        while (reader.Read()) found.Add(reader.GetString(0));
        return found;
    }

    private static void Do(SqliteConnection db, string sql)
    {
        using var command = db.CreateCommand();
        (command.CommandText, command.CommandTimeout) = (sql, 0);
        command.ExecuteNonQuery();
    }
}
