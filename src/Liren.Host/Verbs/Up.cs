using System.CommandLine;
using System.Net;
using System.Net.Sockets;
using Liren.Host.Https;
using Liren.Host.Operations;
using Liren.Sdk.Cli;
using Liren.Sdk.Data;

namespace Liren.Host.Verbs;

/// <summary><c>up</c>: migrate, seed, serve, and say where.</summary>
internal static class Up
{
    private const int DefaultHttpsPort = 5443;
    private static readonly Option<int> Port = new("--port") { Description = "Port to listen on; 0 takes a free one", DefaultValueFactory = _ => 5080 };
    private static readonly Option<string> Listen = new("--listen") { Description = "Address to listen on; 0.0.0.0 lets phones of the local network in", DefaultValueFactory = _ => "127.0.0.1" };
    private static readonly Option<int?> Https = new("--https") { Description = $"Serve https too, with the certificate of `cert make`; on port {DefaultHttpsPort} unless another is given. Unless --listen says otherwise the whole network is let in, by https only", Arity = ArgumentArity.ZeroOrOne };
    private static readonly Option<bool> NoDemo = new("--no-demo") { Description = "Start empty: no demo community" };

    public static Command Create()
    {
        var command = new Command("up", "Start Liren") { Port, Listen, Https, NoDemo };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parse, CancellationToken cancellation)
    {
        var (port, listen) = (parse.GetValue(Port), parse.GetValue(Listen)!);
        if (!IPAddress.TryParse(listen, out var address)) { await Console.Error.WriteLineAsync($"--listen {listen} is not an IP address"); return 2; }
        if (port is < 0 or > 65535) { await Console.Error.WriteLineAsync($"--port {port} is not between 0 and 65535"); return 2; }
        int? https = parse.GetResult(Https) is null ? null : parse.GetValue(Https) ?? DefaultHttpsPort;
        if (https is < 0 or > 65535 || (https == port && port != 0)) { await Console.Error.WriteLineAsync($"--https {https} is not between 0 and 65535, or is the port of http"); return 2; }
        if (port != 0 && Ports.Taken(port)) return await TakenAsync(address, port, "--port");
        var folder = Path.GetFullPath(parse.GetValue(CliHost.DataOption)!);
        using var held = FolderLock.TryTake(folder);
        if (held is null)
        {
            await Console.Error.WriteLineAsync($"A Liren server (process {FolderLock.Holder(folder)}) already runs on the data folder {folder}. Stop it, or start with another --data.");
            return 1;
        }
        // Without --listen https is for the network, and http keeps to this machine.
        var open = https is not null && parse.GetResult(Listen) is null or { Implicit: true };
        var listeners = https is { } secure ? new Listeners(new(open ? IPAddress.Any : address, port), new(open ? IPAddress.Any : address, secure), open) : null;
        if (listeners is { Https.Port: > 0 } && Ports.Taken(listeners.Https.Port)) return await TakenAsync(listeners.Https.Address, listeners.Https.Port, "--https");
        await using var app = Server.Build(listeners is null ? [$"--Data:Folder={folder}", $"--urls=http://{Listeners.InUrl(address)}:{port}"] : [$"--Data:Folder={folder}"], listeners);
        var certificates = app.Services.GetRequiredService<LocalAuthority>();
        if (certificates.Renew()) Console.WriteLine("The server certificate would have ended soon: it was renewed.");
        if (listeners is not null && certificates.ServerWrittenAt is null)
        {
            await Console.Error.WriteLineAsync("--https needs a certificate, and there is none yet. Make one with: ./liren cert make");
            return 1;
        }
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
        catch (IOException) { return await TakenAsync(address, port, "--port"); }
        var bound = app.Urls.Select(u => new Uri(u)).First(u => u.Scheme == Uri.UriSchemeHttp);
        ServerAddress.Write(folder, open || address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any) ? new UriBuilder(bound) { Host = "127.0.0.1" }.Uri : bound);
        Announcement.Print(app, listeners?.Http.Address ?? address, bound.Port);
        await app.WaitForShutdownAsync(cancellation);
        return 0;
    }

    private static async Task<int> TakenAsync(IPAddress address, int port, string option)
    {
        await Console.Error.WriteLineAsync($"Cannot listen on {address}:{port}: {Ports.Holder(port) ?? "another program"} holds the port. Choose another with {option}.");
        return 1;
    }
}
