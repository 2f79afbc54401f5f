using System.Diagnostics;
using Microsoft.Data.Sqlite;

namespace Liren.Bench;

/// <summary>Somebody else who wants to write every 20 ms, as a server would: how long must they wait at most?</summary>
internal sealed class Waiter
{
    private readonly Task<double> running;
    private volatile bool ended;

    public Waiter(string database) => running = Task.Run(() => RunAsync(database));

    public Task<double> StopAsync()
    {
        ended = true;
        return running;
    }

    private async Task<double> RunAsync(string database)
    {
        var longest = 0d;
        await using var connection = new SqliteConnection($"Data Source={database};Pooling=False;Default Timeout=30");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA busy_timeout=30000";
        await command.ExecuteNonQueryAsync();
        while (!ended)
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
