using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.Unicode;
using Liren.Shared;

namespace Liren.Bench.Loop;

/// <summary>The peer: mosquitto and Node-RED with the same rule in one of its functions, in memory. It is fetched from npm the first time.</summary>
internal sealed class NodeRedLoop : ILoop, IAsyncDisposable
{
    private const string Version = "4.1.15";
    private readonly string work = Directory.CreateTempSubdirectory("liren-bench-").FullName;
    private readonly int port = Ports.Free();
    private readonly List<Process> processes = [];
    private readonly Dictionary<int, MqttLine> lines = [];
    private MqttLine? commands;

    public Action<int>? Commanded { get; set; }

    public (long Sent, long Acknowledged) Counts => (lines.Values.Distinct().Sum(l => l.Counts.Sent), lines.Values.Distinct().Sum(l => l.Counts.Acknowledged));

    /// <summary>Why it cannot be run here; null: it can.</summary>
    public static async Task<string?> MissingAsync(CancellationToken stop)
    {
        foreach (var program in (string[])["mosquitto", "node", "npm"])
            if (!Environment.GetEnvironmentVariable("PATH")!.Split(':').Append("/usr/sbin").Any(d => File.Exists(Path.Combine(d, program)))) return $"{program} is not installed";
        if (File.Exists(Red)) return null;
        Directory.CreateDirectory(Home);
        using var npm = Process.Start(new ProcessStartInfo("npm", ["install", "--no-audit", "--no-fund", "--silent", "--prefix", Home, $"node-red@{Version}"]) { RedirectStandardOutput = true })!;
        await npm.WaitForExitAsync(stop);
        return npm.ExitCode == 0 && File.Exists(Red) ? null : $"npm could not install node-red {Version}";
    }

    private static string Home => Path.Combine(LirenProcess.Root, "artifacts", "peers", "node-red");
    private static string Red => Path.Combine(Home, "node_modules", "node-red", "red.js");

    /// <summary>Starts broker and flow.</summary>
    public async Task StartAsync(CancellationToken stop)
    {
        var broker = Path.Combine(work, "mosquitto.conf");
        await File.WriteAllTextAsync(broker, $"listener {port} 127.0.0.1\nallow_anonymous true\npersistence false\nmax_inflight_messages 1000\nmax_queued_messages 0\nset_tcp_nodelay true\n", stop);
        Start(File.Exists("/usr/sbin/mosquitto") ? "/usr/sbin/mosquitto" : "mosquitto", ["-c", broker]);
        var flow = Path.Combine(work, "flows.json");
        await File.WriteAllTextAsync(flow, JsonSerializer.Serialize(Flow()), stop);
        await File.WriteAllTextAsync(Path.Combine(work, "settings.js"), "module.exports = { logging: { console: { level: 'info' } }, functionTimeout: 0, editorTheme: { tours: false } };\n", stop);
        var red = Start("node", [Red, "-u", work, "-s", Path.Combine(work, "settings.js"), "-p", Ports.Free().ToString(CultureInfo.InvariantCulture), flow]);
        using var late = CancellationTokenSource.CreateLinkedTokenSource(stop);
        late.CancelAfter(TimeSpan.FromSeconds(90));
        while (await red.StandardOutput.ReadLineAsync(late.Token) is { } line)
            if (line.Contains("Connected to broker", StringComparison.Ordinal)) break;
        _ = red.StandardOutput.ReadToEndAsync(stop);
        // It subscribes right after it has connected.
        await Task.Delay(1_000, stop);
    }

    /// <summary>As many connections as the other side has.</summary>
    public async Task ConnectAsync(int first, int areas, int perLine, CancellationToken stop)
    {
        foreach (var old in lines.Values.Distinct().ToList()) old.Dispose();
        lines.Clear();
        commands?.Dispose();
        commands = await MqttLine.OpenAsync(port, "commands", null, "cmd/+", (topic, _) => Commanded?.Invoke(int.Parse(topic.AsSpan("cmd/".Length), CultureInfo.InvariantCulture)), stop);
        foreach (var group in Enumerable.Range(first, areas).GroupBy(a => a / perLine))
        {
            var line = await MqttLine.OpenAsync(port, $"line-{group.Key}", null, $"none/{group.Key}", (_, _) => { }, stop);
            foreach (var area in group) lines[area] = line;
        }
    }

    public void Publish(int area, double value)
    {
        Span<byte> row = stackalloc byte[96];
        Utf8.TryWrite(row, CultureInfo.InvariantCulture, $"{{\"ts\":{TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds()},\"n\":{value}}}", out var written);
        lines[area].Publish($"ev/{area}", row[..written]);
    }

    private Process Start(string program, string[] arguments)
    {
        var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        _ = process.StandardError.ReadToEndAsync();
        processes.Add(process);
        return process;
    }

    // The greatest of the last two minutes, by a queue that keeps only what may still become the greatest; one command until it is calm again.
    private const string Rule = """
        const area = msg.topic.slice(3), now = msg.payload.ts, n = msg.payload.n;
        const all = context.get('all') || new Map();
        if (all.size === 0) context.set('all', all);
        let state = all.get(area);
        if (!state) all.set(area, state = { queue: [], on: false });
        const q = state.queue;
        while (q.length > 0 && q[q.length - 1][1] <= n) q.pop();
        q.push([now, n]);
        while (q.length > 1 && q[0][0] < now - 120000) q.shift();
        const most = q[0][1];
        if (most >= 50 && !state.on) { state.on = true; return { topic: 'cmd/' + area, payload: { text: 'loop', ts: now } }; }
        if (most <= 8) state.on = false;
        return null;
        """;

    private object[] Flow() =>
    [
        new { id = "tab", type = "tab", label = "loop" },
        new { id = "broker", type = "mqtt-broker", name = "", broker = "127.0.0.1", port = port.ToString(CultureInfo.InvariantCulture), clientid = "", autoConnect = true, usetls = false, protocolVersion = "4", keepalive = "60", cleansession = true },
        new { id = "in", type = "mqtt in", z = "tab", name = "", topic = "ev/+", qos = "1", datatype = "json", broker = "broker", wires = (string[][])[["rule"]] },
        new { id = "rule", type = "function", z = "tab", name = "", func = Rule, outputs = 1, wires = (string[][])[["out"]] },
        new { id = "out", type = "mqtt out", z = "tab", name = "", topic = "", qos = "1", retain = "", broker = "broker", wires = Array.Empty<string[]>() },
    ];

    public async ValueTask DisposeAsync()
    {
        commands?.Dispose();
        foreach (var line in lines.Values.Distinct()) line.Dispose();
        foreach (var process in Enumerable.Reverse(processes))
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
            process.Dispose();
        }
        Directory.Delete(work, recursive: true);
    }
}
