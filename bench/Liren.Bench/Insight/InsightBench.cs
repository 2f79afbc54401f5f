using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using DuckDB.NET.Data;
using Liren.Shared;

namespace Liren.Bench.Insight;

/// <summary>
/// Figures of a district by the real program: a question over all lines through the API against the bare DuckDB query on a copy of the same file, roll-ups,
/// exact different residents, who passed at the same time, and how old figures are while 5,000 looks a second arrive. Every answer is audited.
/// </summary>
internal sealed class InsightBench : IBench
{
    private const int Days = 30, PerSecond = 5_000, MemoryMb = 4_096;

    public string Name => "insight";

    public async Task RunAsync(BenchRun run, CancellationToken stop)
    {
        var rows = run.Rows ?? (run.Quick ? 200_000 : 60_000_000);
        var data = Directory.CreateTempSubdirectory("liren-bench-").FullName;
        try
        {
            var scans = new ScanData(rows, Days, DateOnly.FromDateTime(DateTimeOffset.UtcNow.ToOffset(TimeSpan.FromHours(8)).DateTime).AddDays(-1));
            (string, string)[] settings = [("Insight__ScanMemoryMb", $"{MemoryMb}"), ("Logging__LogLevel__Default", "Warning"), ("Passes__KeepDays", "3650")];
            string key, device;
            await using (var first = await LirenProcess.UpAsync(data, demo: true, settings))
            {
                key = await LirenProcess.KeyAsync(data);
                device = await PairAsync(first, key, stop);
                await first.StopAsync();
            }
            await OrderAsync(data);
            BenchRun.Say($"{rows:N0} looks of {Days} days");
            var clock = Stopwatch.StartNew();
            var newest = scans.Fill(Path.Combine(data, "liren.db"));
            run.Report.Figure("fill_s", clock.Elapsed.TotalSeconds);
            run.Report.Figure("rows", rows);
            string copy = Path.Combine(data, "bare.duckdb");
            BenchRun.Say("folding and copying");
            // Folding begins while the program starts: its start is in the figure.
            clock.Restart();
            await using (var folding = await LirenProcess.UpAsync(data, demo: false, settings))
            {
                await FoldedAsync(run, clock, folding, key, scans, rows, newest, stop);
                await folding.StopAsync();
                File.Copy(Path.Combine(data, "insight", "scans.duckdb"), copy);
                if (File.Exists(Path.Combine(data, "insight", "scans.duckdb.wal"))) File.Copy(Path.Combine(data, "insight", "scans.duckdb.wal"), copy + ".wal");
            }
            await using var liren = await LirenProcess.UpAsync(data, demo: false, settings);
            using var http = liren.Client(key);
            BenchRun.Say("a question over all lines");
            await RawAsync(run, http, copy, scans, rows, stop);
            BenchRun.Say("roll-ups, different residents, contacts");
            await RollupsAsync(run, http, scans, rows, stop);
            await DistinctAsync(run, http, copy, scans, stop);
            await ContactsAsync(run, http, stop);
            BenchRun.Say("looks arrive");
            await StalenessAsync(run, liren, http, device, stop);
            run.Report.Figure("database_mib", new FileInfo(Path.Combine(data, "liren.db")).Length / 1048576.0);
            run.Report.Figure("duckdb_mib", new FileInfo(Path.Combine(data, "insight", "scans.duckdb")).Length / 1048576.0);
        }
        finally { Directory.Delete(data, recursive: true); }
    }

    private static async Task<string> PairAsync(LirenProcess liren, string key, CancellationToken stop)
    {
        using var http = liren.Client(key);
        var gate = await http.AskAsync("api/passes/gates", new { compound = "31.01.15.016.037.liren", policy = new { name = "量门" } }, stop);
        var pairing = await http.AskAsync($"api/passes/gates/{gate.GetProperty("id").GetGuid()}/pairing", null, stop);
        using var device = liren.Client();
        return (await device.AskAsync("api/passes/gates/pair", new { code = pairing.GetProperty("code").GetString(), name = "bench" }, stop)).GetProperty("deviceKey").GetString()!;
    }

    /// <summary>An emergency order: contacts may not be asked without one.</summary>
    private static async Task OrderAsync(string data)
    {
        var made = await LirenProcess.RunAsync(data, ["mode", "order", "--place", ScanData.Street, "--no", "测1", "--authority", "街道", "--basis", "测量", "--reason", "测量", "--to", DateTimeOffset.UtcNow.AddDays(10).ToString("O", CultureInfo.InvariantCulture), "--by", "leader", "--json"]);
        if (made.Code != 0) throw new InvalidOperationException(made.Errors + made.Output);
        var id = JsonDocument.Parse(made.Output.Trim().Split('\n')[^1]).RootElement.GetProperty("id").GetGuid();
        var signed = await LirenProcess.RunAsync(data, ["mode", "sign", id.ToString(), "--by", "duty"]);
        if (signed.Code != 0) throw new InvalidOperationException(signed.Errors + signed.Output);
    }

    private static string Range(ScanData scans) => $"from={scans.First:yyyy-MM-dd}&to={scans.Last:yyyy-MM-dd}";

    private static async Task FoldedAsync(BenchRun run, Stopwatch clock, LirenProcess liren, string key, ScanData scans, long rows, long newest, CancellationToken stop)
    {
        using var http = liren.Client(key);
        http.Timeout = TimeSpan.FromMinutes(10);
        // Places of the district are not in the register; everything is asked from the top.
        while (await TotalAsync(http, scans, stop) < rows) await Task.Delay(250, stop);
        run.Report.Figure("fold_rows_per_s", rows / clock.Elapsed.TotalSeconds);
        while (true)
        {
            // A small question tells how far the copy is.
            using var answer = await http.PostAsJsonAsync("api/insight/queries", new { place = "", level = "community", from = scans.Last, to = scans.Last, fromHour = 3, toHour = 4, by = "total" }, stop);
            if (answer.IsSuccessStatusCode && (await answer.Content.ReadFromJsonAsync<JsonElement>(stop)).GetProperty("upToLine").GetInt64() >= newest) break;
            await Task.Delay(500, stop);
        }
        run.Report.Figure("fold_and_copy_rows_per_s", rows / clock.Elapsed.TotalSeconds);
    }

    private static async Task<long> TotalAsync(HttpClient http, ScanData scans, CancellationToken stop) =>
        (await http.GetFromJsonAsync<JsonElement>($"api/insight/facts?measure=passes.scans&place=&by=total&{Range(scans)}", stop)).GetProperty("rows").EnumerateArray().Sum(r => r.GetProperty("value").GetInt64());

    private static Task<JsonElement> QueryAsync(HttpClient http, ScanData scans, CancellationToken stop) =>
        http.AskAsync("api/insight/queries", new { count = "scans", place = "", level = "community", from = scans.First, to = scans.Last, by = "hour" }, stop);

    private static async Task RawAsync(BenchRun run, HttpClient http, string copy, ScanData scans, long rows, CancellationToken stop)
    {
        using var bare = new DuckDBConnection($"Data Source={copy}");
        await bare.OpenAsync(stop);
        Do(bare, $"SET threads={Environment.ProcessorCount}; SET memory_limit='{MemoryMb}MB'");
        var start = (scans.First.DayNumber - DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber) * 86_400_000L;
        var sql = string.Create(CultureInfo.InvariantCulture, $"SELECT community AS place, ms // 3600000 AS period, count(*) AS n FROM scan WHERE ms >= {start} AND ms < {start + (Days * 86_400_000L)} GROUP BY 1, 2");
        (double, long) Bare()
        {
            var clock = Stopwatch.StartNew();
            using var command = bare.CreateCommand();
            command.CommandText = sql;
            using var reader = command.ExecuteReader();
            long sum = 0;
            while (reader.Read()) sum += reader.GetInt64(2);
            return (clock.Elapsed.TotalMilliseconds, sum);
        }
        async Task<(double, long)> Ours()
        {
            var clock = Stopwatch.StartNew();
            var answer = await QueryAsync(http, scans, stop);
            var took = clock.Elapsed.TotalMilliseconds;
            return (took, answer.GetProperty("values").EnumerateArray().Sum(p => p.EnumerateArray().Sum(v => v.GetInt64())));
        }
        var (ours, peer) = (new List<double>(), new List<double>());
        for (var round = -5; round < Math.Max(run.Rounds, run.Quick ? 2 : 7); round++)
        {
            var ((a, sumA), (b, sumB)) = round % 2 == 0 ? (await Ours(), Bare()) : Swap(Bare(), await Ours());
            if (sumA != rows || sumB != rows) throw new InvalidOperationException($"Audit failed: {sumA} and {sumB} of {rows}");
            if (round < 0) continue;
            ours.Add(a);
            peer.Add(b);
        }
        run.Report.Ratio("raw_vs_duckdb", ours.Zip(peer, (a, b) => a / b).Median());
        run.Report.Figure("raw_ms", ours.Median());
        run.Report.Figure("duckdb_ms", peer.Median());
    }

    private static ((double, long), (double, long)) Swap((double, long) second, (double, long) first) => (first, second);

    private static async Task RollupsAsync(BenchRun run, HttpClient http, ScanData scans, long rows, CancellationToken stop)
    {
        var took = await TimesAsync(run.Quick ? 5 : 60, async n =>
        {
            var answer = await http.GetByteArrayAsync($"api/insight/facts?measure=passes.scans&place=&level=community&by=hour&shape=grid&{Range(scans)}", stop);
            if (n == 0 && JsonDocument.Parse(answer).RootElement.GetProperty("values").EnumerateArray().Sum(p => p.EnumerateArray().Sum(v => v.GetInt64())) != rows) throw new InvalidOperationException("Audit failed: roll-ups");
        });
        run.Report.Figure("rollup_p50_ms", took.Median());
        run.Report.Figure("rollup_p95_ms", took.Percentile(0.95));
    }

    private static async Task DistinctAsync(BenchRun run, HttpClient http, string copy, ScanData scans, CancellationToken stop)
    {
        // Any node: the whole, the street, a community, a compound.
        string[] above = ["", ScanData.Street];
        var random = new Random(1);
        var took = await TimesAsync(run.Quick ? 5 : 100, async n =>
        {
            var compound = random.Next(ScanData.Compounds);
            var place = random.Next(3) switch { 0 => above[random.Next(2)], 1 => ScanData.Community(compound), _ => ScanData.Compound(compound) };
            var answer = await http.GetFromJsonAsync<JsonElement>($"api/insight/facts?measure=passes.residents&place={place}&by=total&{Range(scans)}", stop);
            if (answer.GetProperty("rows").GetArrayLength() == 0) throw new InvalidOperationException("Audit failed: nobody");
        });
        var exact = (await http.GetFromJsonAsync<JsonElement>($"api/insight/facts?measure=passes.residents&place=&by=total&{Range(scans)}", stop)).GetProperty("rows")[0].GetProperty("value").GetInt64();
        using var bare = new DuckDBConnection($"Data Source={copy}");
        await bare.OpenAsync(stop);
        using var command = bare.CreateCommand();
        command.CommandText = "SELECT count(DISTINCT resident) FROM scan WHERE verdict = 0 AND resident IS NOT NULL";
        var counted = Convert.ToInt64(command.ExecuteScalar(), CultureInfo.InvariantCulture);
        if (exact != counted) throw new InvalidOperationException($"Audit failed: {exact} residents, DuckDB counts {counted}");
        run.Report.Figure("distinct_p50_ms", took.Median());
        run.Report.Figure("distinct_p95_ms", took.Percentile(0.95));
        run.Report.Figure("distinct_residents", exact);
    }

    private static async Task ContactsAsync(BenchRun run, HttpClient http, CancellationToken stop)
    {
        var random = new Random(2);
        var found = 0;
        var took = await TimesAsync(run.Quick ? 5 : 100, async n =>
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "api/insight/contacts") { Content = JsonContent.Create(new { person = ScanData.Person(random.Next(ScanData.Residents)), reference = "测例 1", days = 14 }) };
            request.Headers.Add("Liren-Purpose", "epidemic.control");
            using var answer = await http.SendAsync(request, stop);
            var text = await answer.Content.ReadAsStringAsync(stop);
            if (answer.IsSuccessStatusCode) found += JsonDocument.Parse(text).RootElement.GetProperty("people").GetArrayLength();
            // At the full rate a person passes with more people than may be listed; the question was answered in full all the same.
            else if (!text.Contains("insight.contacts-many", StringComparison.Ordinal)) throw new InvalidOperationException($"contacts: {answer.StatusCode} {text}");
        });
        run.Report.Figure("contacts_p50_ms", took.Median());
        run.Report.Figure("contacts_p95_ms", took.Percentile(0.95));
        run.Report.Figure("contacts_found", found);
    }

    /// <summary>Batches of gates at a steady rate; each is timed from its answer until the figure holds it.</summary>
    private static async Task StalenessAsync(BenchRun run, LirenProcess liren, HttpClient http, string device, CancellationToken stop)
    {
        var (seconds, batch) = (run.Quick ? 3 : 20, 500);
        using var gate = liren.Client();
        gate.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", device);
        var today = DateOnly.FromDateTime(DateTimeOffset.UtcNow.ToOffset(TimeSpan.FromHours(8)).DateTime);
        async Task<long> SeenAsync() => (await http.GetFromJsonAsync<JsonElement>($"api/insight/facts?measure=passes.scans&place=&by=total&from={today.AddDays(-1):yyyy-MM-dd}&to={today.AddDays(1):yyyy-MM-dd}", stop)).GetProperty("rows").EnumerateArray().Sum(r => r.GetProperty("value").GetInt64());
        var before = await SeenAsync();
        var (answered, ages, acked, clock, done) = (new Queue<(long Upto, double At)>(), new List<double>(), 0L, Stopwatch.StartNew(), false);
        var asking = Task.Run(async () =>
        {
            while (true)
            {
                var asked = clock.Elapsed.TotalSeconds;
                var seen = await SeenAsync() - before;
                lock (answered)
                {
                    while (answered.TryPeek(out var one) && one.Upto <= seen) ages.Add(Math.Max(0, clock.Elapsed.TotalSeconds - answered.Dequeue().At));
                    if (done && answered.Count == 0) return;
                }
                if (clock.Elapsed.TotalSeconds > seconds + 60) throw new InvalidOperationException($"Audit failed: {seen} of {acked} looks are counted");
                await Task.Delay(TimeSpan.FromMilliseconds(Math.Max(0, 50 - ((clock.Elapsed.TotalSeconds - asked) * 1_000))), stop);
            }
        }, stop);
        var sends = seconds * PerSecond / batch;
        for (var n = 0; n < sends; n++)
        {
            var due = n * (double)batch / PerSecond;
            if (clock.Elapsed.TotalSeconds < due) await Task.Delay(TimeSpan.FromSeconds(due - clock.Elapsed.TotalSeconds), stop);
            var now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
            var lines = Enumerable.Range(0, batch).Select(_ => new { id = Guid.CreateVersion7(), at = now, offset = 0, direction = "in", verdict = "Admit", reason = "Ok", kind = 1, form = 1, t = 0, members = 1, listAge = 60 });
            using var answer = await gate.PostAsJsonAsync("api/passes/gates/events", lines, stop);
            answer.EnsureSuccessStatusCode();
            lock (answered) answered.Enqueue((acked += batch, clock.Elapsed.TotalSeconds));
        }
        var sent = clock.Elapsed.TotalSeconds;
        lock (answered) done = true;
        await asking;
        run.Report.Figure("staleness_s", ages.Percentile(0.95));
        run.Report.Figure("staleness_max_s", ages.Max());
        run.Report.Figure("arriving_per_s", acked / sent);
    }

    private static async Task<List<double>> TimesAsync(int times, Func<int, Task> ask)
    {
        for (var n = 0; n < 10; n++) await ask(0);
        var took = new List<double>(times);
        for (var n = 0; n < times; n++)
        {
            var clock = Stopwatch.StartNew();
            await ask(n + 1);
            took.Add(clock.Elapsed.TotalMilliseconds);
        }
        return took;
    }

    private static void Do(DuckDBConnection db, string sql)
    {
        using var command = db.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
