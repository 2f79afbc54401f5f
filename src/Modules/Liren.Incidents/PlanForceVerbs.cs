using System.CommandLine;
using Liren.Incidents.Features;
using Liren.Sdk;
using Liren.Sdk.Cli;
using Microsoft.Extensions.DependencyInjection;

namespace Liren.Incidents;

/// <summary>Verbs <c>plan list|write|approve|put|take-out</c>: what the console does with plans, for scripts; in the name of a person where two are wanted.</summary>
internal static class PlanForceVerbs
{
    public static IEnumerable<Command> All(CliHost host) => [List(host), Write(host), Approve(host), Put(host), TakeOut(host)];

    private static Command List(CliHost host)
    {
        var json = CliHost.JsonOption();
        return host.Runs(new Command("list", "Plans of this installation and where they are in force") { json }, async (parse, services, stop) =>
        {
            var plans = await services.GetRequiredService<ShowPlans>().ListAsync(stop);
            if (parse.GetValue(json)) { CliHost.PrintJson(plans); return 0; }
            foreach (var p in plans)
            {
                Console.WriteLine($"{p.Id}  {p.PlanId} {p.Version}  {p.Life}  {p.TitleZh}");
                foreach (var place in p.Places) Console.WriteLine($"    {place.Place}  {place.PlaceName}  {(place.Emergency ? "emergency" : "peace")}  {string.Join(' ', place.Values.Select(v => $"{v.Key}={v.Value}"))}");
            }
            return 0;
        });
    }

    private static Command Write(CliHost host)
    {
        var file = new Argument<FileInfo>("file") { Description = "The plan in YAML" };
        var (by, json) = (ByOption(), CliHost.JsonOption());
        return host.Runs(new Command("write", "Store a version of a plan as a draft") { file, by, json }, async (parse, services, stop) =>
        {
            var text = await File.ReadAllTextAsync(parse.GetValue(file)!.FullName, stop);
            return Tell(await services.AsPersonAsync(parse.GetValue(by)!, "incidents.plans", null, () => services.GetRequiredService<WritePlan>().RunAsync(text, stop), stop), parse.GetValue(json));
        });
    }

    private static Command Approve(CliHost host)
    {
        var (id, by, json) = (IdArgument(), ByOption(), CliHost.JsonOption());
        return host.Runs(new Command("approve", "Sign a draft; another person than who wrote it") { id, by, json }, async (parse, services, stop) =>
            Tell(await services.AsPersonAsync(parse.GetValue(by)!, "incidents.plans-approve", null, async () =>
            {
                await services.GetRequiredService<ApprovePlan>().RunAsync(parse.GetValue(id), stop);
                return parse.GetValue(id);
            }, stop), parse.GetValue(json)));
    }

    private static Command Put(CliHost host)
    {
        var (id, places, by, json) = (IdArgument(), PlacesOption(), ByOption(), CliHost.JsonOption());
        var emergency = new Option<bool>("--emergency") { Description = "With the parameters of emergency whatever the mode of the place" };
        var values = new Option<string[]>("--set") { Description = "A parameter set otherwise here, NAME=VALUE; may be repeated", AllowMultipleArgumentsPerToken = true };
        return host.Runs(new Command("put", "Put an approved plan into force at places") { id, places, emergency, values, by, json }, async (parse, services, stop) =>
        {
            var set = (parse.GetValue(values) ?? []).Select(v => v.Split('=', 2) is [var name, var value] ? (name, value) : throw new CliFailureException($"--set {v}: NAME=VALUE is wanted")).ToDictionary(v => v.name, v => v.value);
            return Tell(await services.AsPersonAsync(parse.GetValue(by)!, "incidents.plans-approve", parse.GetValue(places)![0], async () =>
            {
                await services.GetRequiredService<PutPlanInForce>().RunAsync(parse.GetValue(id), new(parse.GetValue(places)!, parse.GetValue(emergency), set), stop);
                return parse.GetValue(id);
            }, stop), parse.GetValue(json));
        });
    }

    private static Command TakeOut(CliHost host)
    {
        var (id, places, by, json) = (IdArgument(), PlacesOption(), ByOption(), CliHost.JsonOption());
        return host.Runs(new Command("take-out", "Take a plan out of force at places; what is open there goes on to its end") { id, places, by, json }, async (parse, services, stop) =>
            Tell(await services.AsPersonAsync(parse.GetValue(by)!, "incidents.plans-approve", parse.GetValue(places)![0], async () =>
            {
                await services.GetRequiredService<PutPlanInForce>().TakeOutAsync(parse.GetValue(id), parse.GetValue(places), stop);
                return parse.GetValue(id);
            }, stop), parse.GetValue(json)));
    }

    private static Argument<Guid> IdArgument() => new("plan") { Description = "Id of the version, as `plan list` shows it" };

    private static Option<string[]> PlacesOption() => new("--place") { Description = "Path of a place; may be repeated", Required = true };

    private static Option<string> ByOption() => new("--by") { Description = "Sign-in name of the person who answers for it", Required = true };

    private static int Tell(Guid id, bool json)
    {
        if (json) CliHost.PrintJson(new { id });
        else Console.WriteLine(id);
        return 0;
    }
}
