using System.Diagnostics;
using Liren.Shared;
using Microsoft.Data.Sqlite;

namespace Liren.Bench.Import;

/// <summary>
/// A roster of 50,000 people into an empty compound by the real program: homes made, numbers encrypted and hashed, households formed; and once
/// more when all is there. Against the same rows through prepared statements on one connection in one transaction, which understands nothing,
/// encrypts nothing and lets nobody else write.
/// </summary>
internal sealed class ImportBench : IBench
{
    public string Name => "import";

    public async Task RunAsync(BenchRun run, CancellationToken stop)
    {
        var rows = run.Quick ? 3_000 : 50_001;
        var (first, again, bare, waits) = (new List<double>(), new List<double>(), new List<double>(), new List<double>());
        for (var round = 0; round <= Math.Min(3, run.Rounds); round++)
        {
            BenchRun.Say($"import of {rows} residents, {(round == 0 ? "warming up" : $"round {round}")}");
            var data = Directory.CreateTempSubdirectory("liren-bench-").FullName;
            try
            {
                await Roster.CompoundAsync(data);
                var file = Path.Combine(data, "roster.csv");
                Roster.Write(file, rows);
                var others = new Waiter(Path.Combine(data, "liren.db"));
                var imported = await ImportAsync(data, file, "added", rows);
                var longest = await others.StopAsync();
                var repeated = await ImportAsync(data, file, "unchanged", rows);
                var inserted = Bare(rows);
                if (round == 0) continue;
                first.Add(imported);
                again.Add(repeated);
                bare.Add(inserted);
                waits.Add(longest);
            }
            finally { Directory.Delete(data, recursive: true); }
        }
        run.Report.Figure("import_50k_s", first.Median());
        run.Report.Figure("import_50k_again_s", again.Median());
        run.Report.Figure("rows_per_s", rows / first.Median());
        run.Report.Figure("bare_insert_s", bare.Median());
        run.Report.Figure("longest_wait_of_others_ms", waits.Median());
        run.Report.Ratio("bare_insert_vs_import", first.Zip(bare, (ours, peer) => peer / ours).Median());
    }

    /// <summary>Seconds of the whole verb, from reading the file to the journal entry; the start of the program is not in them.</summary>
    private static async Task<double> ImportAsync(string data, string file, string all, int rows)
    {
        var answer = await LirenProcess.JsonAsync(data, "import", "residents", file, "--compound", Roster.Compound);
        if (answer.GetProperty(all).GetInt32() != rows) throw new InvalidOperationException($"{rows} should be {all}: {answer}");
        return answer.GetProperty("seconds").GetDouble();
    }

    // The same facts as plain text: a person, a number, a telephone and a home a row.
    private static double Bare(int count)
    {
        var file = Path.GetTempFileName();
        try
        {
            var rows = Roster.Rows(count).ToList();
            using var connection = new SqliteConnection($"Data Source={file};Pooling=False");
            connection.Open();
            using (var make = connection.CreateCommand())
            {
                make.CommandText = """
                    PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;
                    CREATE TABLE person (Id TEXT NOT NULL PRIMARY KEY, Name TEXT NOT NULL, Home TEXT NOT NULL); CREATE INDEX n ON person (Name); CREATE INDEX h ON person (Home);
                    CREATE TABLE number (Person TEXT NOT NULL, Value TEXT NOT NULL PRIMARY KEY); CREATE TABLE phone (Person TEXT NOT NULL, Value TEXT NOT NULL); CREATE INDEX p ON phone (Value);
                    CREATE TABLE tie (Person TEXT NOT NULL, Room TEXT NOT NULL, Kind TEXT NOT NULL); CREATE INDEX r ON tie (Room);
                    """;
                make.ExecuteNonQuery();
            }
            var start = Stopwatch.GetTimestamp();
            using var transaction = connection.BeginTransaction();
            SqliteCommand[] inserts = [.. new[] { "person VALUES ($a, $b, $c)", "number VALUES ($a, $b)", "phone VALUES ($a, $b)", "tie VALUES ($a, $b, $c)" }.Select(Prepare)];
            foreach (var row in rows)
            {
                var (id, room) = (Guid.CreateVersion7().ToString(), $"{row[0]}-{row[1]}-{row[2]}");
                Run(inserts[0], id, row[3], room);
                Run(inserts[1], id, row[4]);
                Run(inserts[2], id, row[5]);
                Run(inserts[3], id, room, row[6]);
            }
            transaction.Commit();
            foreach (var insert in inserts) insert.Dispose();
            return Stopwatch.GetElapsedTime(start).TotalSeconds;

            SqliteCommand Prepare(string into)
            {
                var command = connection.CreateCommand();
                command.CommandText = "INSERT INTO " + into;
                foreach (var name in new[] { "$a", "$b", "$c" }.Where(n => into.Contains(n, StringComparison.Ordinal))) command.Parameters.Add(name, SqliteType.Text);
                command.Prepare();
                return command;
            }
        }
        finally { File.Delete(file); }
    }

    private static void Run(SqliteCommand insert, params string[] values)
    {
        for (var i = 0; i < values.Length; i++) insert.Parameters[i].Value = values[i];
        insert.ExecuteNonQuery();
    }
}
