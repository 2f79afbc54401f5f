using System.CommandLine;
using Liren.Devices.Hub;
using Liren.Sdk;
using Liren.Sdk.Cli;
using Microsoft.Extensions.DependencyInjection;

namespace Liren.Devices.Simulation;

/// <summary>Verb: simulate fleet FILE.</summary>
internal static class SimulateVerb
{
    public static Command Create(CliHost host)
    {
        var file = new Argument<FileInfo>("fleet") { Description = "YAML: groups of kind, prefix, count, place, metrics, faults (demo/fleets)" };
        var seed = new Option<int>("--seed") { Description = "The same seed, the same values and faults", DefaultValueFactory = _ => 42 };
        var speed = new Option<double>("--speed") { Description = "So many times faster than the file says", DefaultValueFactory = _ => 1 };
        var seconds = new Option<int>("--seconds") { Description = "How long; 0: until stopped", DefaultValueFactory = _ => 0 };
        var json = CliHost.JsonOption();
        speed.Validators.Add(r => { if (r.GetValueOrDefault<double>() is not (> 0 and <= 1_000)) r.AddError("--speed must be more than 0 and at most 1000"); });
        var fleet = host.Runs(new Command("fleet", "Devices by the thousand, over real MQTT connections or through gateways, to the server of this data folder; they answer commands") { file, seed, speed, seconds, json }, async (parse, services, stop) =>
        {
            var options = services.GetRequiredService<HubOptions>();
            if (!options.AllowsSimulated) throw new RuleBrokenException("devices.simulated");
            var port = options.Port ?? throw new CliFailureException("Devices__Mqtt__Port is not set: give the server and this verb the same port");
            var lines = await ActivatorUtilities.CreateInstance<FleetRegister>(services).RegisterAsync(Fleet.Read(await File.ReadAllTextAsync(parse.GetValue(file)!.FullName, stop)), stop);
            await Console.Error.WriteLineAsync($"{lines.Sum(l => Math.Max(1, l.Children.Count))} devices on {lines.Count} connections");
            using var end = CancellationTokenSource.CreateLinkedTokenSource(stop);
            if (parse.GetValue(seconds) is > 0 and var limit) end.CancelAfter(TimeSpan.FromSeconds(limit));
            var count = new FleetCount();
            try { await Task.WhenAll(lines.Select(l => new FleetLine(l, "127.0.0.1", port, options.Tenant, parse.GetValue(seed), parse.GetValue(speed), count, services.GetRequiredService<TimeProvider>()).RunAsync(end.Token))); }
            catch (OperationCanceledException) when (end.IsCancellationRequested) { }
            if (parse.GetValue(json)) CliHost.PrintJson(new { count.Sent, count.Acknowledged, count.Refused, count.Dropped, count.Commands, count.Connected });
            else Console.WriteLine($"{count.Sent} rows sent, {count.Acknowledged} acknowledged, {count.Refused} refused, {count.Dropped} dropped on purpose, {count.Commands} commands heard");
            return 0;
        });
        return new Command("simulate", "Stand in for devices") { fleet };
    }
}
