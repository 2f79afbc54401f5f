using System.Diagnostics;
using Liren.Shared;
using Microsoft.Data.Sqlite;

namespace Liren.Bench.Divisions;

/// <summary>
/// A table of divisions of the national size into a fresh SQLite folder by the real program, and once more when all is there; against the
/// same rows through one prepared statement on one connection in one transaction, which checks nothing and lets nobody else write.
/// </summary>
internal sealed class DivisionsBench : IBench
{
    public string Name => "divisions";

    public async Task RunAsync(BenchRun run, CancellationToken stop)
    {
        var file = Path.GetTempFileName();
        try
        {
            var shrink = run.Quick ? 20 : 1;
            var rows = DivisionTable.Write(file, shrink);
            var (first, again, bare, waits) = (new List<double>(), new List<double>(), new List<double>(), new List<double>());
            for (var round = 0; round <= Math.Min(3, run.Rounds); round++)
            {
                BenchRun.Say($"import of {rows} rows, {(round == 0 ? "warming up" : $"round {round}")}");
                var data = Directory.CreateTempSubdirectory("liren-bench-").FullName;
                try
                {
                    // The tables, so that their migration is not measured.
                    await LirenProcess.JsonAsync(data, "account", "list");
                    var others = new Waiter(Path.Combine(data, "liren.db"));
                    var imported = await ImportAsync(data, file, "added", rows);
                    var longest = await others.StopAsync();
                    var repeated = await ImportAsync(data, file, "unchanged", rows);
                    var inserted = Bare(shrink);
                    if (round == 0) continue;
                    first.Add(imported);
                    again.Add(repeated);
                    bare.Add(inserted);
                    waits.Add(longest);
                }
                finally { Directory.Delete(data, recursive: true); }
            }
            run.Report.Figure("import_665k_s", first.Median());
            run.Report.Figure("import_665k_again_s", again.Median());
            run.Report.Figure("bare_insert_s", bare.Median());
            run.Report.Figure("longest_wait_of_others_ms", waits.Median());
            run.Report.Ratio("bare_insert_vs_import", first.Zip(bare, (ours, peer) => peer / ours).Median());
        }
        finally { File.Delete(file); }
    }

    /// <summary>Seconds of the whole verb, from reading the file to the journal entry; the start of the program is not in them.</summary>
    private static async Task<double> ImportAsync(string data, string file, string all, int rows)
    {
        var answer = await LirenProcess.JsonAsync(data, "import", "divisions", file);
        if (answer.GetProperty(all).GetInt32() != rows) throw new InvalidOperationException($"{rows} should be {all}: {answer}");
        return answer.GetProperty("seconds").GetDouble();
    }

    private static double Bare(int shrink)
    {
        var file = Path.GetTempFileName();
        try
        {
            var rows = DivisionTable.Rows(shrink).Select(r => (Path: Dotted(r.Code), Parent: Dotted(r.Parent), Code: r.Code.PadRight(12, '0'), r.Name, Kind: $"Level{r.Code.Length}")).OrderBy(r => r.Path, StringComparer.Ordinal).ToList();
            using var connection = new SqliteConnection($"Data Source={file};Pooling=False");
            connection.Open();
            using (var make = connection.CreateCommand())
            {
                make.CommandText = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; CREATE TABLE d (Path TEXT NOT NULL PRIMARY KEY, ParentPath TEXT NOT NULL, Code TEXT NOT NULL, Name TEXT NOT NULL, Kind TEXT NOT NULL, SortKey TEXT NOT NULL, ClosedAt INTEGER NULL); CREATE INDEX p ON d (ParentPath)";
                make.ExecuteNonQuery();
            }
            var start = Stopwatch.GetTimestamp();
            using var transaction = connection.BeginTransaction();
            using var insert = connection.CreateCommand();
            insert.CommandText = "INSERT INTO d (Path, ParentPath, Code, Name, Kind, SortKey) VALUES ($a, $b, $c, $d, $e, $f)";
            var cells = new[] { "$a", "$b", "$c", "$d", "$e", "$f" }.Select(name => insert.Parameters.Add(name, SqliteType.Text)).ToArray();
            foreach (var row in rows)
            {
                (cells[0].Value, cells[1].Value, cells[2].Value, cells[3].Value, cells[4].Value, cells[5].Value) = (row.Path, row.Parent, row.Code, row.Name, row.Kind, row.Code);
                insert.ExecuteNonQuery();
            }
            transaction.Commit();
            return Stopwatch.GetElapsedTime(start).TotalSeconds;
        }
        finally { File.Delete(file); }
    }

    private static string Dotted(string code) => string.Join('.', new[] { (0, 2), (2, 2), (4, 2), (6, 3), (9, 3) }.Where(p => p.Item1 < code.Length).Select(p => code.Substring(p.Item1, p.Item2)));

    /// <summary>Somebody else who wants to write every 20 ms, as a server would: how long must they wait at most?</summary>
    private sealed class Waiter
    {
        private readonly CancellationTokenSource end = new();
        private readonly Task<double> running;

        public Waiter(string database) => running = Task.Run(() => RunAsync(database));

        public async Task<double> StopAsync()
        {
            await end.CancelAsync();
            return await running;
        }

        private async Task<double> RunAsync(string database)
        {
            var longest = 0d;
            await using var connection = new SqliteConnection($"Data Source={database};Pooling=False;Default Timeout=30");
            await connection.OpenAsync();
            await using var command = connection.CreateCommand();
            command.CommandText = "PRAGMA busy_timeout=30000";
            await command.ExecuteNonQueryAsync();
            while (!end.IsCancellationRequested)
            {
                var start = Stopwatch.GetTimestamp();
                command.CommandText = "BEGIN IMMEDIATE; ROLLBACK";
                await command.ExecuteNonQueryAsync();
                longest = Math.Max(longest, Stopwatch.GetElapsedTime(start).TotalMilliseconds);
                await Task.Delay(20);
            }
            return longest;
        }
    }
}
