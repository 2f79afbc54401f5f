using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Liren.Bench;

/// <summary>What one measurement of the loader found.</summary>
/// <param name="Rate">Answers a second.</param>
/// <param name="P50Ms">Median time of an answer.</param>
/// <param name="P99Ms">99 of 100 answers came within this time.</param>
/// <param name="ServerMicros">Processor time of the server for one answer.</param>
/// <param name="LoaderMicros">Processor time of this process for one answer: what the loader itself costs.</param>
internal sealed record Load(double Rate, double P50Ms, double P99Ms, double ServerMicros, double LoaderMicros);

/// <summary>
/// Closed-loop HTTP/1.1 client on raw sockets: each connection sends its next request when the answer to the last has been read to its end.
/// Every answer's status is checked, and every body's length is given to the audit.
/// </summary>
internal static class Loader
{
    private const int FewConnections = 64;

    /// <summary>Measures one kind of request.</summary>
    /// <param name="port">Where, on this machine.</param>
    /// <param name="requests">Requests to send in turn.</param>
    /// <param name="seconds">How long to measure; as much as a third of it before that warms up.</param>
    /// <param name="audit">Throws when the body of an answer to the request with this number is not right.</param>
    /// <param name="processor">Processor time of the server so far.</param>
    /// <param name="stop">Stops.</param>
    /// <param name="connections">How many at once.</param>
    public static async Task<Load> RunAsync(int port, IReadOnlyList<byte[]> requests, double seconds, Action<int, ReadOnlyMemory<byte>> audit, Func<TimeSpan> processor, CancellationToken stop, int connections = FewConnections)
    {
        var phase = new Phase();
        var lines = Enumerable.Range(0, connections).Select(i => Task.Run(() => ConnectionAsync(port, requests, i * requests.Count / connections, phase, audit, stop), stop)).ToArray();
        await Task.Delay(TimeSpan.FromSeconds(seconds / 3), stop);
        var (server, own, start) = (processor(), Process.GetCurrentProcess().TotalProcessorTime, Stopwatch.GetTimestamp());
        phase.Measuring = true;
        await Task.WhenAny(Task.Delay(TimeSpan.FromSeconds(seconds), stop), Task.WhenAll(lines));
        phase.Measuring = false;
        var (time, serverTime, ownTime) = (Stopwatch.GetElapsedTime(start), processor() - server, Process.GetCurrentProcess().TotalProcessorTime - own);
        phase.Ended = true;
        var times = (await Task.WhenAll(lines)).SelectMany(t => t).ToList();
        if (times.Count == 0) throw new InvalidOperationException($"No answer came within {seconds} s: measure for longer, or on a machine that is not busy");
        return new(times.Count / time.TotalSeconds, times.Percentile(0.5), times.Percentile(0.99), serverTime.TotalMicroseconds / times.Count, ownTime.TotalMicroseconds / times.Count);
    }

    private sealed class Phase
    {
        public volatile bool Measuring, Ended;
    }

    private static async Task<List<double>> ConnectionAsync(int port, IReadOnlyList<byte[]> requests, int first, Phase phase, Action<int, ReadOnlyMemory<byte>> audit, CancellationToken stop)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, port, stop);
        var (buffer, times) = (new byte[256 * 1024], new List<double>(100_000));
        for (var number = first % requests.Count; !phase.Ended; number = (number + 1) % requests.Count)
        {
            var measured = phase.Measuring;
            var start = Stopwatch.GetTimestamp();
            await socket.SendAsync(requests[number], stop);
            audit(number, await AnswerAsync(socket, buffer, stop));
            if (measured && phase.Measuring) times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }
        return times;
    }

    private static async ValueTask<ReadOnlyMemory<byte>> AnswerAsync(Socket socket, byte[] buffer, CancellationToken stop)
    {
        var (filled, body, length) = (0, -1, -1);
        while (true)
        {
            if (filled == buffer.Length) throw new InvalidOperationException("Answer larger than 256 KiB");
            var read = await socket.ReceiveAsync(buffer.AsMemory(filled), stop);
            if (read == 0) throw new InvalidOperationException("The server closed the connection");
            filled += read;
            if (body < 0)
            {
                var end = buffer.AsSpan(0, filled).IndexOf("\r\n\r\n"u8);
                if (end < 0) continue;
                body = end + 4;
                var head = buffer.AsSpan(0, end);
                if (!head.StartsWith("HTTP/1.1 200"u8)) throw new InvalidOperationException($"Not 200: {Encoding.UTF8.GetString(buffer, 0, filled)}");
                var at = head.IndexOf("Content-Length: "u8);
                if (at >= 0) _ = System.Buffers.Text.Utf8Parser.TryParse(head[(at + 16)..], out length, out _);
            }
            if (length >= 0 ? filled - body >= length : buffer.AsSpan(0, filled).EndsWith("0\r\n\r\n"u8)) return buffer.AsMemory(body, filled - body);
        }
    }

    /// <summary>A GET as it goes over the wire.</summary>
    public static byte[] Get(string path, string? key = null) =>
        Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{(key is null ? "" : $"Authorization: Bearer {key}\r\nLiren-Purpose: community.service\r\n")}Accept: application/json\r\n\r\n");

    /// <summary>A POST of JSON as it goes over the wire.</summary>
    public static byte[] Post(string path, string key, string json) =>
        Encoding.UTF8.GetBytes($"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {key}\r\nAccept: application/json\r\nContent-Type: application/json\r\nContent-Length: {Encoding.UTF8.GetByteCount(json)}\r\n\r\n{json}");
}
