using System.CommandLine;
using System.Net;
using System.Net.Sockets;
using Liren.Host.Operations;
using Liren.Sdk.Cli;
using Liren.Sdk.Data;

namespace Liren.Host.Verbs;

/// <summary><c>up</c>: migrate, seed, serve, and say where.</summary>
internal static class Up
{
    private static readonly Option<int> Port = new("--port") { Description = "Port to listen on; 0 takes a free one", DefaultValueFactory = _ => 5080 };
    private static readonly Option<string> Listen = new("--listen") { Description = "Address to listen on; 0.0.0.0 lets phones of the local network in", DefaultValueFactory = _ => "127.0.0.1" };
    private static readonly Option<bool> NoDemo = new("--no-demo") { Description = "Start empty: no demo community" };

    public static Command Create()
    {
        var command = new Command("up", "Start Liren") { Port, Listen, NoDemo };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parse, CancellationToken cancellation)
    {
        var (port, listen) = (parse.GetValue(Port), parse.GetValue(Listen)!);
        if (!IPAddress.TryParse(listen, out var address)) { await Console.Error.WriteLineAsync($"--listen {listen} is not an IP address"); return 2; }
        if (port is < 0 or > 65535) { await Console.Error.WriteLineAsync($"--port {port} is not between 0 and 65535"); return 2; }
        if (port != 0 && Ports.Taken(port)) return await TakenAsync(address, port);
        var folder = Path.GetFullPath(parse.GetValue(CliHost.DataOption)!);
        using var held = FolderLock.TryTake(folder);
        if (held is null)
        {
            await Console.Error.WriteLineAsync($"A Liren server (process {FolderLock.Holder(folder)}) already runs on the data folder {folder}. Stop it, or start with another --data.");
            return 1;
        }
        await using var app = Server.Build([$"--Data:Folder={folder}", $"--urls=http://{(address.AddressFamily == AddressFamily.InterNetworkV6 ? $"[{address}]" : address)}:{port}"]);
        try
        {
            await Server.PrepareAsync(app.Services, demo: !parse.GetValue(NoDemo), cancellation);
        }
        catch (Exception e) when (e is CliFailureException or System.Data.Common.DbException)
        {
            await Console.Error.WriteLineAsync(e is CliFailureException ? e.Message : $"The database does not work: {e.Message} `./liren doctor` says more.");
            return 1;
        }
        try { await app.StartAsync(cancellation); }
        catch (IOException) { return await TakenAsync(address, port); }
        var bound = new Uri(app.Urls.First());
        ServerAddress.Write(folder, address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any) ? new UriBuilder(bound) { Host = "127.0.0.1" }.Uri : bound);
        Announcement.Print(app, address);
        await app.WaitForShutdownAsync(cancellation);
        return 0;
    }

    private static async Task<int> TakenAsync(IPAddress address, int port)
    {
        await Console.Error.WriteLineAsync($"Cannot listen on {address}:{port}: {Ports.Holder(port) ?? "another program"} holds the port. Choose another with --port.");
        return 1;
    }
}
