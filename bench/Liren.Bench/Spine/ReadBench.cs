using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Liren.Shared;

namespace Liren.Bench.Spine;

/// <summary>
/// One resident by id, and one page of the list of residents, through authorisation, purpose and access log, against an endpoint of the same
/// process that answers a constant as JSON.
/// </summary>
internal static class ReadBench
{
    private const string Community = "31.01.15.016.037";
    private const int ListSize = 25;

    public static async Task RunAsync(BenchRun run, string data, CancellationToken stop)
    {
        using var plugins = new PeerPlugin();
        var key = (await LirenProcess.JsonAsync(data, "key", "add", "bench", "--role", "community-worker", "--place", Community)).GetProperty("key").GetString()!;
        await using var liren = await LirenProcess.UpAsync(data, demo: false, ("Plugins__Folder", plugins.Folder), ("Logging__LogLevel__Default", "Warning"));
        using var http = liren.Client(key);
        var people = await PeopleAsync(http, stop);
        var peer = new[] { Loader.Get("/api/peer/empty") };
        var point = people.Select(id => Loader.Get($"/api/people/persons/{id}", key)).ToArray();
        var pages = Enumerable.Range(1, people.Count / ListSize).Select(page => Loader.Get($"/api/people/persons?size={ListSize}&page={page}", key)).ToArray();
        var seconds = run.Quick ? 2 : 5;
        Task<Load> Measure(byte[][] requests, Action<int, ReadOnlyMemory<byte>> audit) => Loader.RunAsync(liren.Port, requests, seconds, audit, liren.Processor, stop);
        Task<Load> Empty() => Measure(peer, (_, body) => Require(body.Span.IndexOf("true"u8) >= 0, "the peer's answer"));

        BenchRun.Say($"one resident by id, {people.Count} in turn");
        var points = await Pairs.RunAsync(run.Rounds, () => Measure(point, (n, body) => Require(body.Span.IndexOf(Encoding.ASCII.GetBytes(people[n])) >= 0, $"resident {people[n]}")), Empty);
        Write(run.Report, "point_read", points);

        BenchRun.Say($"the list of residents, {ListSize} a page");
        var lists = await Pairs.RunAsync(run.Rounds, () => Measure(pages, (n, body) => Require(body.Length > ListSize * 40, $"page {n}")), Empty);
        Write(run.Report, "list_page", lists);
        // No answer without its line: the chain must hold every read that was measured.
        await LirenProcess.JsonAsync(data, "log", "verify");
    }

    private static void Write(Report report, string name, IReadOnlyList<(Load Ours, Load Peer)> rounds)
    {
        report.Ratio($"{name}_vs_json", rounds.Select(r => r.Ours.Rate / r.Peer.Rate).Median());
        report.Ratio($"{name}_server_cpu_vs_json", rounds.Select(r => r.Ours.ServerMicros / r.Peer.ServerMicros).Median());
        report.Figure($"{name}_per_s", rounds.Select(r => r.Ours.Rate).Median());
        report.Figure($"{name}_p50_ms", rounds.Select(r => r.Ours.P50Ms).Median());
        report.Figure($"{name}_p99_ms", rounds.Select(r => r.Ours.P99Ms).Median());
        report.Figure($"{name}_server_us", rounds.Select(r => r.Ours.ServerMicros).Median());
        report.Figure("json_per_s", rounds.Select(r => r.Peer.Rate).Median());
    }

    private static async Task<IReadOnlyList<string>> PeopleAsync(HttpClient http, CancellationToken stop)
    {
        var ids = new List<string>();
        for (var page = 1; page <= 5; page++)
        {
            var answer = await http.GetFromJsonAsync<JsonElement>($"api/people/persons?size=200&page={page}", stop);
            ids.AddRange(answer.GetProperty("items").EnumerateArray().Select(p => p.GetProperty("id").GetString()!));
        }
        Require(ids.Count >= 500, $"at least 500 residents in the demo, but found {ids.Count}");
        return ids;
    }

    private static void Require(bool holds, string what)
    {
        if (!holds) throw new InvalidOperationException($"Audit failed: {what}");
    }
}
