using System.Collections;
using System.Net.Http.Json;
using System.Text.Json;
using Liren.Shared;

namespace Liren.Bench.Passes;

/// <summary>One line of the gate log a request, on disk before its answer, by the real program; against the same request to an endpoint of the same process that answers a constant.</summary>
internal sealed class GateLogBench : IBench
{
    /// <summary>Gates at once: a district, each with a look in flight. What one commit costs is shared by those that wait for it.</summary>
    private const int Gates = 256;
    private const string Compound = "31.01.15.016.037.liren";

    public string Name => "gatelog";

    public async Task RunAsync(BenchRun run, CancellationToken stop)
    {
        BenchRun.Say("a gate, and lines of its log one by one");
        var data = Directory.CreateTempSubdirectory("liren-bench-").FullName;
        try
        {
            using var plugins = new PeerPlugin();
            await using var liren = await LirenProcess.UpAsync(data, demo: true, ("Plugins__Folder", plugins.Folder), ("Logging__LogLevel__Default", "Warning"));
            var key = await PairAsync(liren, await LirenProcess.KeyAsync(data), stop);
            var (lines, empty) = (new Lines("/api/passes/gates/events", key), new Lines("/api/peer/empty", key));
            var seconds = run.Quick ? 2 : 5;
            Task<Load> Ours() => Loader.RunAsync(liren.Port, lines, seconds, (_, body) => Require(body, "\"accepted\":1"u8), liren.Processor, stop, Gates);
            Task<Load> Peer() => Loader.RunAsync(liren.Port, empty, seconds, (_, body) => Require(body, "true"u8), liren.Processor, stop, Gates);
            // The runtime compiles hot code a second time once it has run for some seconds: both sides get that before they are measured.
            for (var n = run.Quick ? 2 : 0; n < 3; n++) { await Ours(); await Peer(); }
            var rounds = await Pairs.RunAsync(run.Rounds, Ours, Peer);
            run.Report.Ratio("gatelog_vs_empty", rounds.Select(r => r.Ours.Rate / r.Peer.Rate).Median());
            run.Report.Ratio("gatelog_server_cpu_vs_empty", rounds.Select(r => r.Ours.ServerMicros / r.Peer.ServerMicros).Median());
            run.Report.Figure("gatelog_per_s", rounds.Select(r => r.Ours.Rate).Median());
            run.Report.Figure("gatelog_p50_ms", rounds.Select(r => r.Ours.P50Ms).Median());
            run.Report.Figure("gatelog_p99_ms", rounds.Select(r => r.Ours.P99Ms).Median());
            run.Report.Figure("gatelog_server_us", rounds.Select(r => r.Ours.ServerMicros).Median());
            run.Report.Figure("empty_per_s", rounds.Select(r => r.Peer.Rate).Median());
        }
        finally { Directory.Delete(data, recursive: true); }
    }

    /// <summary>Makes a gate and pairs a device with it, as the console and a phone do.</summary>
    private static async Task<string> PairAsync(LirenProcess liren, string key, CancellationToken stop)
    {
        using var http = liren.Client(key);
        var gate = await http.AskAsync("api/passes/gates", new { compound = Compound, policy = new { name = "量门" } }, stop);
        var pairing = await http.AskAsync($"api/passes/gates/{gate.GetProperty("id").GetGuid()}/pairing", null, stop);
        using var device = liren.Client();
        var paired = await device.AskAsync("api/passes/gates/pair", new { code = pairing.GetProperty("code").GetString(), name = "bench" }, stop);
        return paired.GetProperty("deviceKey").GetString()!;
    }

    private static void Require(ReadOnlyMemory<byte> body, ReadOnlySpan<byte> part)
    {
        if (body.Span.IndexOf(part) < 0) throw new InvalidOperationException($"Audit failed: {System.Text.Encoding.UTF8.GetString(body.Span)}");
    }

    /// <summary>Each request is a line that was never sent before: one text in which id, pass and times are written anew, so that making it costs the measuring side next to nothing.</summary>
    private sealed class Lines : IReadOnlyList<byte[]>
    {
        private const string Id = "00000000-0000-0000-0000-000000000000", Cti = "cccccccccccccccc", Milliseconds = "1000000000000", Seconds = "1000000001";
        private readonly byte[] model;
        private readonly int id, cti, milliseconds, seconds;

        public Lines(string path, string key)
        {
            model = Loader.Post(path, key,
                $$"""[{"id":"{{Id}}","at":{{Milliseconds}},"offset":0,"direction":"in","verdict":"Admit","reason":"Ok","cti":"{{Cti}}","kind":1,"form":1,"t":{{Seconds}},"members":1,"listAge":60}]""");
            int At(string part) => model.AsSpan().IndexOf(System.Text.Encoding.UTF8.GetBytes(part));
            (id, cti, milliseconds, seconds) = (At(Id), At(Cti), At(Milliseconds), At(Seconds));
        }

        public int Count => 1_000_000;

        public byte[] this[int index]
        {
            get
            {
                var request = model.AsSpan().ToArray();
                var now = DateTimeOffset.UtcNow;
                Guid.CreateVersion7(now).TryFormat(request.AsSpan(id), out _);
                ((long)index).TryFormat(request.AsSpan(cti), out _, "x16");
                now.ToUnixTimeMilliseconds().TryFormat(request.AsSpan(milliseconds), out _);
                now.ToUnixTimeSeconds().TryFormat(request.AsSpan(seconds), out _);
                return request;
            }
        }

        public IEnumerator<byte[]> GetEnumerator() => throw new NotSupportedException("without end");
        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
