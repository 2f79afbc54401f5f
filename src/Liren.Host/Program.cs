using System.CommandLine;
using Liren.Host.Verbs;
using Liren.Sdk.Cli;

namespace Liren.Host;

/// <summary>Entry: every verb of <c>./liren</c>. Without a verb the server is built, which is what tests and the migration tool need.</summary>
public sealed class Program
{
    /// <summary>Runs a verb; exit code 0 done, 1 failed, 2 misused.</summary>
    public static async Task<int> Main(string[] args)
    {
        Console.OutputEncoding = System.Text.Encoding.UTF8;
        System.Text.Encoding.RegisterProvider(System.Text.CodePagesEncodingProvider.Instance);
        // `dotnet ef` and the in-memory test server start the program with "--" options only.
        if (args.Length == 0 || args[0].StartsWith("--applicationName", StringComparison.Ordinal) || args[0].StartsWith("--environment", StringComparison.Ordinal) || args[0].StartsWith("--contentRoot", StringComparison.Ordinal))
        {
            await Server.Build(args).RunAsync();
            return 0;
        }
        var root = new RootCommand("Liren 里仁: the smart-community platform") { CliHost.DataOption };
        foreach (var verb in AllVerbs.For()) root.Subcommands.Add(verb);
        var parse = root.Parse(args);
        if (parse.Errors.Count > 0)
        {
            foreach (var error in parse.Errors) await Console.Error.WriteLineAsync(error.Message);
            await Console.Error.WriteLineAsync("Try --help.");
            return 2;
        }
        return await parse.InvokeAsync();
    }
}
