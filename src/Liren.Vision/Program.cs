using System.CommandLine;
using Liren.Vision.Verbs;

namespace Liren.Vision;

/// <summary>The worker that counts people on pictures (人数统计), in its own process: it reaches the main program only as a camera does, over MQTT.</summary>
public static class Program
{
    /// <summary>Runs a verb; exit code 0 done, 1 failed, 2 misused.</summary>
    public static async Task<int> Main(string[] args)
    {
        Console.OutputEncoding = System.Text.Encoding.UTF8;
        var root = new RootCommand("Liren 里仁: counting people on pictures, without keeping them") { CountVerb.Create(), WatchVerb.Create(), ModelVerb.Create() };
        var parse = root.Parse(args);
        if (parse.Errors.Count == 0) return await parse.InvokeAsync();
        foreach (var error in parse.Errors) await Console.Error.WriteLineAsync(error.Message);
        await Console.Error.WriteLineAsync("Try --help.");
        return 2;
    }
}
