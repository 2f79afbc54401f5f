using System.Diagnostics;
using System.Net;
using System.Text.RegularExpressions;
using Liren.Shared;

namespace Liren.Bench.Spine;

/// <summary>
/// From starting the built program on a migrated, seeded data folder to the console's first page for somebody signed in; and the memory
/// it holds when nobody does anything.
/// </summary>
internal static class StartBench
{
    public static async Task RunAsync(BenchRun run, string data, CancellationToken stop)
    {
        BenchRun.Say("first start: migrates and seeds the demo");
        var start = Stopwatch.GetTimestamp();
        string cookies;
        await using (var first = await LirenProcess.UpAsync(data, demo: true))
        {
            run.Report.Figure("first_start_ms", Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            cookies = await SignInAsync(first, "admin", stop);
            await first.StopAsync();
        }
        var (times, resident) = (new List<double>(), new List<double>());
        for (var i = 0; i < (run.Quick ? 2 : 5); i++)
        {
            BenchRun.Say($"warm start {i + 1}");
            start = Stopwatch.GetTimestamp();
            await using var liren = await LirenProcess.UpAsync(data);
            await FirstPageAsync(liren, cookies, stop);
            times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            await Task.Delay(TimeSpan.FromSeconds(run.Quick ? 2 : 15), stop);
            resident.Add(liren.ResidentMib());
            await liren.StopAsync();
        }
        run.Report.Figure("startup_ms", times.Median());
        run.Report.Figure("idle_rss_mb", resident.Median());
    }

    private static async Task FirstPageAsync(LirenProcess liren, string cookies, CancellationToken stop)
    {
        using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = liren.Address };
        http.DefaultRequestHeaders.Add("Cookie", cookies);
        using var answer = await http.GetAsync("/", stop);
        var page = await answer.Content.ReadAsStringAsync(stop);
        if (answer.StatusCode != HttpStatusCode.OK || !page.Contains("blazor", StringComparison.OrdinalIgnoreCase))
            throw new InvalidOperationException($"The first page is not the console ({answer.StatusCode}): {page}");
    }

    private static async Task<string> SignInAsync(LirenProcess liren, string user, CancellationToken stop)
    {
        using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = true, CookieContainer = new CookieContainer() }) { BaseAddress = liren.Address };
        var page = await http.GetStringAsync("/sign-in", stop);
        var token = Regex.Match(page, "name=\"__RequestVerificationToken\" value=\"([^\"]+)\"").Groups[1].Value;
        using var form = new FormUrlEncodedContent(new Dictionary<string, string> { ["userName"] = user, ["password"] = liren.Passwords[user], ["__RequestVerificationToken"] = token });
        using var answer = await http.PostAsync("/sign-in", form, stop);
        if (answer.StatusCode != HttpStatusCode.Redirect || !answer.Headers.TryGetValues("Set-Cookie", out var set)) throw new InvalidOperationException($"Sign-in failed: {answer.StatusCode}");
        return string.Join("; ", set.Select(c => c[..c.IndexOf(';', StringComparison.Ordinal)]));
    }
}
