using System.CommandLine;
using Liren.Devices.Data;
using Liren.Devices.Features;
using Liren.Sdk;
using Liren.Sdk.Cli;
using Liren.Sdk.Web;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Command = System.CommandLine.Command;

namespace Liren.Devices;

/// <summary>Verbs: device add, list, import, key, revoke, state.</summary>
internal static class DevicesVerbs
{
    public static IEnumerable<Command> All(CliHost host)
    {
        yield return Simulation.SimulateVerb.Create(host);
        yield return new Command("device", "Devices: registry and keys") { Add(host), List(host), Import(host), Key(host), Revoke(host), State(host) };
    }

    private static Command Add(CliHost host)
    {
        var code = new Argument<string>("code") { Description = "Name in topics: small letters, digits, hyphens" };
        var kind = new Option<string>("--kind") { Description = "camera, speaker, thermometer ...", Required = true };
        var name = new Option<string>("--name") { Description = "As people call it", Required = true };
        var place = new Option<string>("--place") { Description = "Path of its place", Required = true };
        var gateway = new Option<string?>("--gateway") { Description = "Code of the gateway it speaks through" };
        var channel = new Option<string?>("--channel") { Description = "What its gateway, recorder or platform calls it" };
        var simulated = new Option<bool>("--simulated") { Description = "A simulator's: refused in production" };
        var json = CliHost.JsonOption();
        return host.Runs(new Command("add", "Register a device and give it a key, shown once; it is in service at once") { code, kind, name, place, gateway, channel, simulated, json }, async (parse, services, stop) =>
        {
            var manage = services.GetRequiredService<ManageDevices>();
            var made = await manage.AddAsync(new(parse.GetValue(code), parse.GetValue(kind), parse.GetValue(name), parse.GetValue(place), null, parse.GetValue(gateway), parse.GetValue(simulated), parse.GetValue(channel)), NewId.Fresh, stop);
            await manage.GoAsync(made.Id, Domain.DeviceState.InService, stop);
            var key = await manage.RekeyAsync(made.Id, stop);
            if (parse.GetValue(json)) CliHost.PrintJson(new { made.Id, key.Code, key.Secret });
            else Console.WriteLine($"{key.Code}\n{key.Secret}");
            return 0;
        });
    }

    private static Command List(CliHost host)
    {
        var filter = new Option<string?>("--filter") { Description = "A kind, a state or a health" };
        var place = new Option<string?>("--place") { Description = "At or below this place" };
        var json = CliHost.JsonOption();
        return host.Runs(new Command("list", "Devices and how they stand") { filter, place, json }, async (parse, services, stop) =>
        {
            var rows = await services.GetRequiredService<ListDevices>().RunAsync(new(Place: parse.GetValue(place), Filter: parse.GetValue(filter)) { All = true }, stop);
            if (parse.GetValue(json)) CliHost.PrintJson(new { devices = rows.Items });
            else foreach (var d in rows.Items) Console.WriteLine($"{d.Code,-24}  {d.Kind,-12}  {d.State,-13}  {d.Health,-12}  {d.HeardAt:yyyy-MM-dd HH:mm:ss}  {d.Place}  {d.Name}");
            return 0;
        });
    }

    private static Command Import(CliHost host)
    {
        var file = new Argument<FileInfo>("csv") { Description = "Table: code,kind,name,place[,serial][,gateway][,channel]" };
        var json = CliHost.JsonOption();
        return host.Runs(new Command("import", "Register many devices, whole or not at all") { file, json }, async (parse, services, stop) =>
        {
            var done = await services.GetRequiredService<ImportDevices>().RunAsync(new(await File.ReadAllTextAsync(parse.GetValue(file)!.FullName, stop)), stop);
            if (parse.GetValue(json)) CliHost.PrintJson(done);
            else Console.WriteLine($"{done.Added} registered");
            foreach (var fault in done.Faults) await Console.Error.WriteLineAsync($"line {fault.Line}: {fault.Code} {fault.Field}");
            return done.Faults.Count == 0 ? 0 : 1;
        });
    }

    private static Command Key(CliHost host)
    {
        var code = CodeArgument();
        var json = CliHost.JsonOption();
        return host.Runs(new Command("key", "A new key, shown once; the one before stays good for 24 hours") { code, json }, async (parse, services, stop) =>
        {
            var key = await services.GetRequiredService<ManageDevices>().RekeyAsync(await IdAsync(services, parse.GetValue(code)!, stop), stop);
            if (parse.GetValue(json)) CliHost.PrintJson(key);
            else Console.WriteLine(key.Secret);
            return 0;
        });
    }

    private static Command Revoke(CliHost host)
    {
        var code = CodeArgument();
        return host.Runs(new Command("revoke", "No key of it is good any more; a running server closes its connection") { code }, async (parse, services, stop) =>
        {
            await services.GetRequiredService<ManageDevices>().RevokeAsync(await IdAsync(services, parse.GetValue(code)!, stop), stop);
            return 0;
        });
    }

    private static Command State(CliHost host)
    {
        var code = CodeArgument();
        var state = new Argument<Domain.DeviceState>("state") { Description = "Where it goes in its life" };
        return host.Runs(new Command("state", "Move a device on in its life") { code, state }, async (parse, services, stop) =>
        {
            await services.GetRequiredService<ManageDevices>().GoAsync(await IdAsync(services, parse.GetValue(code)!, stop), parse.GetValue(state), stop);
            return 0;
        });
    }

    private static Argument<string> CodeArgument() => new("code") { Description = "The device's name in topics" };

    private static async Task<Guid> IdAsync(IServiceProvider services, string code, CancellationToken stop) =>
        Rule.Found(await services.GetRequiredService<DevicesDb>().Devices.AsNoTracking().SingleOrDefaultAsync(d => d.Code == code, stop), "devices.no-device").Id;
}
