using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using Liren.Shared;

namespace Liren.Bench.Wall;

/// <summary>
/// A whole day of a district of 487 compounds, sent through the real interface in minutes, with a wall of the district open in a browser with software
/// graphics: frames a second, time from the event to the figure on the screen, and whether page or server grow. The figures of the page are audited
/// against the lists of the API.
/// </summary>
internal sealed class WallBench : IBench
{
    /// <summary>People through a gate in each hour of a day, Shanghai time: two peaks.</summary>
    private static readonly int[] Hours = [1, 0, 0, 0, 1, 4, 14, 30, 26, 12, 10, 12, 16, 12, 9, 10, 13, 26, 30, 20, 12, 8, 4, 2];
    private const int Quarters = 96;

    /// <summary>Counts frames in the page, one number a second.</summary>
    private const string Count = "(() => { window.frames1 = []; let n = 0, at = performance.now(); const f = now => { n++; if (now - at >= 1000) { window.frames1.push(n * 1000 / (now - at)); n = 0; at = now; } requestAnimationFrame(f); }; requestAnimationFrame(f); return true; })()";

    public string Name => "wall";

    public async Task RunAsync(BenchRun run, CancellationToken stop)
    {
        if (Browser.Found is null) throw new InvalidOperationException("The wall bench needs Chromium: install it (Debian: apt-get install chromium) or name it in LIREN_CHROMIUM.");
        var (compounds, gatesEach, length) = run.Quick ? (40, 1, TimeSpan.FromSeconds(30)) : (487, 3, TimeSpan.FromSeconds(240));
        var data = Directory.CreateTempSubdirectory("liren-bench-wall-").FullName;
        try
        {
            await using var liren = await LirenProcess.UpAsync(data, demo: true, ("Logging__LogLevel__Default", "Error"));
            var key = await LirenProcess.KeyAsync(data);
            using var admin = liren.Client(key);
            using var district = new District(liren, admin);
            BenchRun.Say($"{compounds} compounds with {gatesEach} gates each, made through the API");
            await district.MakeAsync(compounds, gatesEach, stop);
            await using var browser = await Browser.OpenAsync(new Uri(liren.Address, $"wall/{District.Path}"), key, 1920, 1080, stop);
            await UntilAsync(browser, "!!document.querySelector('.truth')?.textContent.includes('实时') && !!document.querySelector('.map-canvas canvas')", stop);
            await browser.AskAsync(Count, stop);
            await DayAsync(run, liren, district, browser, length, stop);
            await AuditAsync(admin, browser, stop);
        }
        finally { Directory.Delete(data, recursive: true); }
    }

    /// <summary>The day in quarters of an hour; weighs page and server every two hours.</summary>
    private static async Task DayAsync(BenchRun run, LirenProcess liren, District district, Browser browser, TimeSpan length, CancellationToken stop)
    {
        BenchRun.Say($"a day in {length.TotalSeconds} s, ×{TimeSpan.FromDays(1) / length:0}");
        var (sent, incidents, shown) = (0L, 0, new List<double>());
        var (page, server) = (new List<double>(), new List<double>());
        var (nodes, first) = (0, 0);
        var begun = Stopwatch.StartNew();
        for (var quarter = 0; quarter < Quarters; quarter++)
        {
            sent += await PassAsync(district, Hours[quarter / 4] / 4.0, quarter, stop);
            // All incidents open in the first quarter of the day: from then on the wall has as much to show at every weighing.
            if (quarter < Quarters / 4) shown.Add(await IncidentAsync(district, browser, incidents++, stop));
            if (quarter % 8 == 7)
            {
                var (heap, count) = await browser.WeighAsync(stop);
                page.Add(heap);
                server.Add(liren.ResidentMib());
                (nodes, first) = (count, first == 0 ? count : first);
            }
            var due = length * (quarter + 1) / Quarters;
            if (due > begun.Elapsed) await Task.Delay(due - begun.Elapsed, stop);
        }
        var frames = (await browser.AskAsync("window.frames1", stop)).EnumerateArray().Select(f => f.GetDouble()).Skip(2).ToList();
        var report = run.Report;
        report.Figure("compounds", district.Compounds.Count);
        report.Figure("gates", district.Gates.Count);
        report.Figure("passages", sent);
        report.Figure("incidents", incidents);
        report.Figure("day_s", begun.Elapsed.TotalSeconds);
        report.Figure("frames_per_s_median", frames.Median());
        report.Figure("frames_per_s_p5", frames.Percentile(0.05));
        report.Figure("event_to_screen_p50_ms", shown.Median());
        report.Figure("event_to_screen_p95_ms", shown.Percentile(0.95));
        report.Figure("page_heap_third_mib", page[3]);
        report.Figure("page_heap_end_mib", page[^1]);
        report.Figure("page_nodes_end", nodes);
        report.Figure("server_rss_third_mib", server[3]);
        report.Figure("server_rss_end_mib", server[^1]);
        // Growth of what must not grow: the last third of the day against the hours after all incidents were open, by medians, so that one measurement decides nothing.
        report.Ratio("page_heap_late_vs_early", page.Skip(8).Median() / page.Skip(3).Take(4).Median());
        report.Ratio("server_rss_late_vs_early", server.Skip(8).Median() / server.Skip(3).Take(4).Median());
    }

    /// <summary>A quarter of an hour at every gate, one request a gate; how many lines were taken.</summary>
    private static async Task<long> PassAsync(District district, double each, int quarter, CancellationToken stop)
    {
        var taken = 0L;
        await Parallel.ForEachAsync(district.Gates, new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = stop }, async (gate, cancel) =>
        {
            var count = (int)each + (new Random(HashCode.Combine(gate.Id, quarter)).NextDouble() < each - (int)each ? 1 : 0);
            var now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
            var lines = Enumerable.Range(0, count).Select(i => new { id = Guid.CreateVersion7(), at = now - i, offset = 0, direction = i % 2 == 0 ? "in" : "out", verdict = "Admit", reason = "Ok", kind = 1, form = 1, t = 0, members = 1, listAge = 30 }).ToList();
            if (lines.Count == 0) return;
            using var answer = await gate.Device.PostAsJsonAsync("api/passes/gates/events", lines, cancel);
            var body = await answer.Content.ReadFromJsonAsync<JsonElement>(cancel);
            if (body.GetProperty("accepted").GetInt32() != count) throw new InvalidOperationException($"Audit failed: {body}");
            Interlocked.Add(ref taken, count);
        });
        return taken;
    }

    /// <summary>An incident at some compound; milliseconds until the wall's figure counts it.</summary>
    private static async Task<double> IncidentAsync(District district, Browser browser, int n, CancellationToken stop)
    {
        const string Figure = "document.querySelector('[data-tile=incidents] .figure').textContent";
        var before = (await browser.AskAsync(Figure, stop)).GetString();
        var place = district.Compounds[n * 37 % district.Compounds.Count];
        var begun = Stopwatch.StartNew();
        await district.PostAsync("api/incidents/events", new { id = Guid.CreateVersion7(), type = "crowd.gathering", place, value = 20 + (n * 7 % 90), at = DateTimeOffset.UtcNow, source = "bench" }, stop);
        while ((await browser.AskAsync(Figure, stop)).GetString() == before)
        {
            if (begun.Elapsed > TimeSpan.FromSeconds(30)) throw new InvalidOperationException("Audit failed: an incident did not come onto the wall within 30 s");
            await Task.Delay(25, stop);
        }
        return begun.Elapsed.TotalMilliseconds;
    }

    /// <summary>The wall says what the lists say.</summary>
    private static async Task AuditAsync(HttpClient admin, Browser browser, CancellationToken stop)
    {
        var open = (await admin.GetFromJsonAsync<JsonElement>($"api/incidents?place={District.Path}&filter=open&size=1", stop)).GetProperty("total").GetInt32();
        await UntilAsync(browser, $"document.querySelector('[data-tile=incidents] .figure').textContent === '{open}'", stop);
        if ((await browser.AskAsync("document.querySelector('.truth').textContent", stop)).GetString()?.Contains("实时", StringComparison.Ordinal) != true) throw new InvalidOperationException("Audit failed: the wall is not live at the end of the day");
    }

    private static async Task UntilAsync(Browser browser, string holds, CancellationToken stop)
    {
        var begun = Stopwatch.StartNew();
        while (!(await browser.AskAsync(holds, stop)).GetBoolean())
        {
            if (begun.Elapsed > TimeSpan.FromSeconds(60)) throw new InvalidOperationException($"Not within a minute: {holds}; the page says: {await browser.AskAsync("document.body?.innerText.slice(0, 300) ?? ''", stop)}");
            await Task.Delay(100, stop);
        }
    }
}
