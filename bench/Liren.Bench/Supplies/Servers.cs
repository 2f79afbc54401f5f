using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Liren.Bench.Supplies;

/// <summary>Redis that writes every command to disk before it answers (appendfsync always), on a port and in a folder of its own; null when there is no redis-server on this machine.</summary>
internal sealed class RedisServer : IAsyncDisposable
{
    private readonly Process process;
    private readonly string folder;

    private RedisServer(Process process, string folder, int port) => (this.process, this.folder, Port) = (process, folder, port);

    public int Port { get; }

    public static async Task<RedisServer?> StartAsync(CancellationToken stop)
    {
        var (folder, port) = (Directory.CreateTempSubdirectory("liren-bench-redis-").FullName, FreePort.Find());
        try
        {
            var process = Process.Start(new ProcessStartInfo("redis-server", ["--port", port.ToString(CultureInfo.InvariantCulture), "--bind", "127.0.0.1", "--dir", folder, "--appendonly", "yes", "--appendfsync", "always", "--save", ""]) { RedirectStandardOutput = true })!;
            _ = process.StandardOutput.ReadToEndAsync(stop);
            var server = new RedisServer(process, folder, port);
            await FreePort.AnswersAsync(port, stop);
            return server;
        }
        catch (System.ComponentModel.Win32Exception) { Directory.Delete(folder, recursive: true); return null; }
    }

    public async ValueTask DisposeAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
        Directory.Delete(folder, recursive: true);
    }
}

/// <summary>PostgreSQL of its own with a cluster in a folder that is thrown away, durable as it comes; null when none is installed.</summary>
internal sealed class PostgresServer : IAsyncDisposable
{
    private readonly string binaries, folder;

    private PostgresServer(string binaries, string folder, int port) => (this.binaries, this.folder, Port) = (binaries, folder, port);

    public int Port { get; }

    public string Connection => string.Create(CultureInfo.InvariantCulture, $"Host=127.0.0.1;Port={Port};Username=postgres;Database=postgres;Maximum Pool Size=60");

    public static async Task<PostgresServer?> StartAsync(CancellationToken stop)
    {
        var binaries = Directory.Exists("/usr/lib/postgresql") ? Directory.GetDirectories("/usr/lib/postgresql").Order().Select(d => Path.Combine(d, "bin")).LastOrDefault(d => File.Exists(Path.Combine(d, "initdb"))) : null;
        if (binaries is null) return null;
        var server = new PostgresServer(binaries, Directory.CreateTempSubdirectory("liren-bench-pg-").FullName, FreePort.Find());
        if (Root) await RunAsync("chown", ["postgres", server.folder], asPostgres: false, stop);
        var cluster = Path.Combine(server.folder, "cluster");
        await RunAsync(Path.Combine(binaries, "initdb"), ["-D", cluster, "-U", "postgres", "--auth=trust", "-E", "UTF8", "--locale=C.UTF-8"], asPostgres: true, stop);
        await RunAsync(Path.Combine(binaries, "pg_ctl"), ["-D", cluster, "-w", "-l", Path.Combine(server.folder, "log"), "-o", $"-p {server.Port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={server.folder} -c max_connections=120", "start"], asPostgres: true, stop);
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        await RunAsync(Path.Combine(binaries, "pg_ctl"), ["-D", Path.Combine(folder, "cluster"), "-w", "-m", "fast", "stop"], asPostgres: true, CancellationToken.None);
        // The last of its processes may still be tidying up.
        for (var tries = 0; ; tries++)
            try { Directory.Delete(folder, recursive: true); return; }
            catch (IOException) when (tries < 50) { await Task.Delay(100); }
    }

    private static bool Root => Environment.UserName == "root";

    // PostgreSQL does not run as root.
    private static async Task RunAsync(string program, string[] arguments, bool asPostgres, CancellationToken stop)
    {
        var (file, all) = asPostgres && Root ? ("runuser", (string[])["-u", "postgres", "--", program, .. arguments]) : (program, arguments);
        // pg_ctl leaves a server behind that would hold on to our pipes: nothing is redirected to them.
        using var process = Process.Start(new ProcessStartInfo("sh", ["-c", "exec \"$@\" >/dev/null 2>&1 </dev/null", "sh", file, .. all]))!;
        await process.WaitForExitAsync(stop);
        if (process.ExitCode != 0) throw new InvalidOperationException($"{program} ended with {process.ExitCode}");
    }
}

/// <summary>Ports of servers of our own.</summary>
internal static class FreePort
{
    public static int Find()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public static async Task AnswersAsync(int port, CancellationToken stop)
    {
        for (var tries = 0; ; tries++)
        {
            using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            try { await socket.ConnectAsync(IPAddress.Loopback, port, stop); return; }
            catch (SocketException) when (tries < 100) { await Task.Delay(50, stop); }
        }
    }
}
