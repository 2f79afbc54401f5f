using System.CommandLine;
using Liren.Host.Operations;
using Liren.Sdk.Cli;
using Liren.Sdk.Operations;

namespace Liren.Host.Verbs;

/// <summary><c>doctor</c>: what is installed, configured, reachable, how full; each trouble with the sentence that repairs it.</summary>
internal static class Doctor
{
    public static Command Create(CliHost host)
    {
        var json = CliHost.JsonOption();
        return host.Runs(new Command("doctor", "Look at the installation; exit 1 when something does not work") { json }, async (parse, services, cancellation) =>
        {
            var findings = await Checks.RunAsync(services.GetServices<ICheck>(), cancellation);
            var ok = findings.All(f => f.Level != FindingLevel.Fail);
            if (parse.GetValue(json)) CliHost.PrintJson(new { ok, findings });
            else Print(findings);
            return ok ? 0 : 1;
        }, migrate: false);
    }

    private static void Print(IReadOnlyList<Finding> findings)
    {
        foreach (var f in findings)
        {
            Console.WriteLine($"{f.Level.ToString().ToLowerInvariant(),-5} {f.Name,-13} {f.Found}");
            if (f.Repair is not null) Console.WriteLine($"{"",19} -> {f.Repair}");
        }
        var (failed, warned) = (findings.Count(f => f.Level == FindingLevel.Fail), findings.Count(f => f.Level == FindingLevel.Warn));
        Console.WriteLine(failed > 0 ? $"{failed} to repair, {warned} to look at." : warned > 0 ? $"Works; {warned} to look at." : "All well.");
    }
}
