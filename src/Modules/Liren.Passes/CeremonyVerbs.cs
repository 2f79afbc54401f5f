using System.CommandLine;
using Liren.Passes.Features;
using Liren.Sdk.Cli;
using Microsoft.Extensions.DependencyInjection;

namespace Liren.Passes;

/// <summary>Verbs of the key ceremony: pass key ceremony, restore.</summary>
internal static class CeremonyVerbs
{
    public static IEnumerable<Command> All(CliHost host)
    {
        var json = CliHost.JsonOption();
        var witness = new Option<string[]>("--witness") { Description = "Name of a witness; twice", Required = true };
        var folder = new Option<DirectoryInfo>("--out") { Description = "Where the two copies of the backup and the transcript go", Required = true };
        var replace = new Option<bool>("--replace") { Description = "There is a root already: make a new one all the same. Every gate has to be paired again" };
        yield return host.Runs(new Command("ceremony", "Two witnesses make the root key, each with a passphrase of their own (asked for, or two lines on stdin)") { witness, folder, replace, json }, async (parse, services, stop) =>
        {
            var witnesses = parse.GetValue(witness)!;
            var passphrases = Ask(witnesses, twice: true);
            var made = await services.GetRequiredService<KeyCeremony>().RunAsync(parse.GetValue(folder)!.FullName, witnesses, passphrases, parse.GetValue(replace), stop);
            if (parse.GetValue(json)) CliHost.PrintJson(made);
            else
            {
                Console.WriteLine($"fingerprint  {made.Fingerprint}   (read it aloud, write it down; every gate shows it when it is paired)");
                foreach (var copy in made.Copies) Console.WriteLine($"backup       {copy}");
                Console.WriteLine($"transcript   {made.Transcript}\nTake the two copies to two places, away from this machine, and delete them here.");
            }
            return 0;
        });
        var backup = new Argument<FileInfo>("backup") { Description = "A copy of the root's backup" };
        yield return host.Runs(new Command("restore", "Put the root back from its backup; both witnesses' passphrases are needed") { backup, json }, async (parse, services, stop) =>
        {
            var fingerprint = await services.GetRequiredService<KeyCeremony>().RestoreAsync(parse.GetValue(backup)!.FullName, Ask(["1", "2"], twice: false), stop);
            if (parse.GetValue(json)) CliHost.PrintJson(new { fingerprint });
            else Console.WriteLine($"restored  {fingerprint}");
            return 0;
        });
    }

    private static List<string> Ask(IReadOnlyList<string> witnesses, bool twice)
    {
        if (Console.IsInputRedirected) return [.. witnesses.Select(_ => Console.ReadLine() ?? "")];
        var said = new List<string>();
        foreach (var witness in witnesses)
            while (true)
            {
                var first = Hidden($"Passphrase of {witness}: ");
                if (!twice || Hidden("The same again: ") == first) { said.Add(first); break; }
                Console.Error.WriteLine("They differ; once more.");
            }
        return said;
    }

    private static string Hidden(string question)
    {
        Console.Error.Write(question);
        var typed = new System.Text.StringBuilder();
        while (Console.ReadKey(intercept: true) is var key && key.Key != ConsoleKey.Enter)
            if (key.Key == ConsoleKey.Backspace) typed.Length = Math.Max(0, typed.Length - 1);
            else if (!char.IsControl(key.KeyChar)) typed.Append(key.KeyChar);
        Console.Error.WriteLine();
        return typed.ToString();
    }
}
