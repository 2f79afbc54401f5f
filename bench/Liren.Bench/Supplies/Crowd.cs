using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Liren.Bench.Supplies;

/// <summary>What a crowd found.</summary>
/// <param name="Rate">Answers a second.</param>
/// <param name="GivenRate">Shares given a second (answers 201), from the start to the last of them: each of these is on disk.</param>
/// <param name="P50Ms">Median time of an answer.</param>
/// <param name="P99Ms">99 of 100 answers came within this time.</param>
/// <param name="ServerMicros">Processor time of the server for one answer.</param>
/// <param name="Statuses">How often each status came.</param>
/// <param name="Answers">Bodies of answers 200 and 201, by the number of the request.</param>
internal sealed record Crowded(double Rate, double GivenRate, double P50Ms, double P99Ms, double ServerMicros, IReadOnlyDictionary<int, int> Statuses, IReadOnlyDictionary<int, string> Answers)
{
    public int Of(int status) => Statuses.GetValueOrDefault(status);
}

/// <summary>Everybody at once: each request is sent once, over so many connections, as soon as one is free; over when all are answered.</summary>
internal static class Crowd
{
    // A round is published long before it opens: what follows on publishing (or on the crowd before) is over by then, whichever side is measured.
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(1.5);

    public static async Task<Crowded> RunAsync(int port, IReadOnlyList<byte[]> requests, int connections, Func<TimeSpan> processor, bool keep, CancellationToken stop)
    {
        var (next, times, ends, statuses, bodies) = (-1, new double[requests.Count], new double[requests.Count], new int[requests.Count], keep ? new string?[requests.Count] : null);
        var sockets = new List<Socket>(connections);
        for (var i = 0; i < connections; i++)
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync(IPAddress.Loopback, port, stop);
            sockets.Add(socket);
        }
        GC.Collect();
        await Task.Delay(Quiet, stop);
        var (server, start) = (processor(), Stopwatch.GetTimestamp());
        await Task.WhenAll(sockets.Select(socket => Task.Run(async () =>
        {
            var buffer = new byte[64 * 1024];
            for (int number; (number = Interlocked.Increment(ref next)) < requests.Count;)
            {
                var begun = Stopwatch.GetTimestamp();
                await socket.SendAsync(requests[number], stop);
                (statuses[number], var body) = await AnswerAsync(socket, buffer, stop);
                times[number] = Stopwatch.GetElapsedTime(begun).TotalMilliseconds;
                ends[number] = Stopwatch.GetElapsedTime(start).TotalSeconds;
                if (bodies is not null && statuses[number] < 300) bodies[number] = Encoding.UTF8.GetString(body.Span);
            }
        }, stop)));
        var (time, spent) = (Stopwatch.GetElapsedTime(start), processor() - server);
        foreach (var socket in sockets) socket.Dispose();
        var given = ends.Where((_, i) => statuses[i] == 201).ToList();
        return new(requests.Count / time.TotalSeconds, given.Count == 0 ? 0 : given.Count / given.Max(), times.Percentile(0.5), times.Percentile(0.99), spent.TotalMicroseconds / requests.Count, statuses.CountBy(s => s).ToDictionary(),
            bodies is null ? new Dictionary<int, string>() : bodies.Index().Where(b => b.Item is not null).ToDictionary(b => b.Index, b => b.Item!));
    }

    private static async ValueTask<(int Status, ReadOnlyMemory<byte> Body)> AnswerAsync(Socket socket, byte[] buffer, CancellationToken stop)
    {
        for (int filled = 0, body = -1, length = -1, status = 0; ;)
        {
            var read = await socket.ReceiveAsync(buffer.AsMemory(filled), stop);
            if (read == 0) throw new InvalidOperationException("The server closed the connection");
            filled += read;
            if (body < 0)
            {
                var end = buffer.AsSpan(0, filled).IndexOf("\r\n\r\n"u8);
                if (end < 0) continue;
                body = end + 4;
                _ = System.Buffers.Text.Utf8Parser.TryParse(buffer.AsSpan(9, 3), out status, out _);
                var at = buffer.AsSpan(0, end).IndexOf("Content-Length: "u8);
                if (at >= 0) _ = System.Buffers.Text.Utf8Parser.TryParse(buffer.AsSpan(at + 16, end - at - 16), out length, out _);
            }
            if (length >= 0 ? filled - body >= length : buffer.AsSpan(0, filled).EndsWith("0\r\n\r\n"u8)) return (status, buffer.AsMemory(body, filled - body));
        }
    }

    /// <summary>A POST of JSON without a key.</summary>
    public static byte[] Post(string path, string json) =>
        Encoding.UTF8.GetBytes($"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: application/json\r\nContent-Type: application/json\r\nContent-Length: {Encoding.UTF8.GetByteCount(json)}\r\n\r\n{json}");
}
