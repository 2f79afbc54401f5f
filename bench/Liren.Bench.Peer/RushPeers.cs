using System.Data.Common;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using System.Threading.Channels;
using Liren.Sdk;
using Liren.Sdk.Data;
using Liren.Sdk.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Liren.Bench.Peer;

/// <summary>What a rush costs otherwise: the same request, decided and kept by one transaction each in the same database, or by a script in Redis that writes before it answers.</summary>
[OpenToAll("only benchmarks load it")]
internal sealed class RushPeers : IFeature
{
    /// <param name="Round">Which rush: each measurement has its own.</param>
    /// <param name="No">Who asks.</param>
    /// <param name="Key">Key of the request.</param>
    public sealed record Ask(int Round, int No, string Key);

    /// <param name="Ok">Has a share.</param>
    public sealed record Answer(bool Ok);

    private static Channel<DbConnection>? connections;
    private static Redis? redis;

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost("/rush/begin", async (int round, int shares, int redisPort, DataLocation at) =>
        {
            if (connections is null)
            {
                var many = at.Postgres is null ? 1 : 16;
                connections = Channel.CreateBounded<DbConnection>(many);
                for (var i = 0; i < many; i++) connections.Writer.TryWrite(await at.OpenAsync());
            }
            await WithAsync(async connection =>
            {
                await DoAsync(connection, null, "CREATE TABLE IF NOT EXISTS peer_entry (round INT, no INT, key TEXT, PRIMARY KEY (round, no)); CREATE TABLE IF NOT EXISTS peer_left (round INT PRIMARY KEY, shares INT);");
                return await DoAsync(connection, null, $"INSERT INTO peer_left VALUES ({round}, {shares})");
            });
            if (redisPort > 0) await (redis ??= new(redisPort)).RunAsync($"SET left:{round} {shares}");
            return TypedResults.Ok(new Answer(true));
        });
        api.MapPost("/rush/commit", async (Ask ask) => await WithAsync(c => EnterAsync(c, ask)) switch
        {
            1 => Results.Json(new Answer(true), statusCode: 201),
            0 => Results.Json(new Answer(false), statusCode: 410),
            _ => Results.Json(new Answer(true), statusCode: 409),
        });
        api.MapPost("/rush/redis", async (Ask ask) => await redis!.EnterAsync(ask) switch
        {
            1 => Results.Json(new Answer(true), statusCode: 201),
            0 => Results.Json(new Answer(false), statusCode: 410),
            _ => Results.Json(new Answer(true), statusCode: 409),
        });
    }

    // 1 has a share, 0 sold out, 2 had asked before.
    private static async Task<int> EnterAsync(DbConnection connection, Ask ask)
    {
        await using var transaction = await connection.BeginTransactionAsync();
        if (await DoAsync(connection, transaction, "INSERT INTO peer_entry VALUES (@round, @no, @key) ON CONFLICT DO NOTHING", ask) == 0) return 2;
        if (await DoAsync(connection, transaction, "UPDATE peer_left SET shares = shares - 1 WHERE round = @round AND shares > 0", ask) == 0) return 0;
        await transaction.CommitAsync();
        return 1;
    }

    private static async Task<int> DoAsync(DbConnection connection, DbTransaction? transaction, string sql, Ask? ask = null)
    {
        await using var command = connection.CreateCommand();
        (command.Transaction, command.CommandText) = (transaction, sql);
        if (ask is not null)
        {
            command.With("round", ask.Round);
            if (sql.Contains("@no", StringComparison.Ordinal)) { command.With("no", ask.No); command.With("key", ask.Key); }
        }
        return await command.ExecuteNonQueryAsync();
    }

    private static async Task<int> WithAsync(Func<DbConnection, Task<int>> run)
    {
        var connection = await connections!.Reader.ReadAsync();
        try { return await run(connection); }
        finally { connections.Writer.TryWrite(connection); }
    }

    /// <summary>One pipelined connection, as good clients have it: requests of all callers go out together, answers come back in their order.</summary>
    private sealed class Redis : IDisposable
    {
        private const string Script = "local k=redis.call('HGET',KEYS[1],ARGV[1]) if k then return 2 end if tonumber(redis.call('GET',KEYS[2]))<=0 then return 0 end redis.call('DECR',KEYS[2]) redis.call('HSET',KEYS[1],ARGV[1],ARGV[2]) return 1";
        private readonly Channel<(byte[] Request, TaskCompletionSource<string> Done)> queue = Channel.CreateUnbounded<(byte[], TaskCompletionSource<string>)>(new() { SingleReader = true });
        private readonly Channel<TaskCompletionSource<string>> waiting = Channel.CreateUnbounded<TaskCompletionSource<string>>(new() { SingleReader = true, SingleWriter = true });
        private readonly NetworkStream stream;

        public Redis(int port)
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            socket.Connect("127.0.0.1", port);
            stream = new(socket, ownsSocket: true);
            _ = Task.Run(WriteAsync);
            _ = Task.Run(ReadAsync);
        }

        public void Dispose() => stream.Dispose();

        public async Task<int> EnterAsync(Ask ask)
        {
            var no = ask.No.ToString(CultureInfo.InvariantCulture);
            return int.Parse((await SendAsync("EVAL", Script, "2", $"had:{ask.Round}", $"left:{ask.Round}", no, ask.Key))[1..], CultureInfo.InvariantCulture);
        }

        public Task<string> RunAsync(string command) => SendAsync(command.Split(' '));

        private Task<string> SendAsync(params string[] words)
        {
            var text = new StringBuilder().Append(CultureInfo.InvariantCulture, $"*{words.Length}\r\n");
            foreach (var word in words) text.Append(CultureInfo.InvariantCulture, $"${word.Length}\r\n{word}\r\n");
            var done = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
            queue.Writer.TryWrite((Encoding.ASCII.GetBytes(text.ToString()), done));
            return done.Task;
        }

        private async Task WriteAsync()
        {
            using var batch = new MemoryStream();
            while (await queue.Reader.WaitToReadAsync())
            {
                batch.SetLength(0);
                while (queue.Reader.TryRead(out var next)) { batch.Write(next.Request); waiting.Writer.TryWrite(next.Done); }
                await stream.WriteAsync(batch.GetBuffer().AsMemory(0, (int)batch.Length));
            }
        }

        private async Task ReadAsync()
        {
            using var reader = new StreamReader(stream, Encoding.ASCII);
            while (await reader.ReadLineAsync() is { } line)
            {
                var done = await waiting.Reader.ReadAsync();
                if (line.StartsWith('-')) done.SetException(new InvalidOperationException(line));
                else done.SetResult(line);
            }
        }
    }
}
