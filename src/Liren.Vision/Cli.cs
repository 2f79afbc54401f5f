using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Liren.Vision.Model;

namespace Liren.Vision;

/// <summary>How the worker's verbs answer, as those of the main program do: results on stdout, words on stderr; 0 done, 1 failed, 2 misused.</summary>
internal static class Cli
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    public static Option<bool> JsonOption() => new("--json") { Description = "Answer as JSON, one object on the last line" };

    /// <summary>Gives a verb its action; what goes wrong with files, models, pictures or the configuration is one sentence on stderr.</summary>
    public static Command Runs(Command command, Func<ParseResult, CancellationToken, Task> run)
    {
        command.SetAction(async (parse, stop) =>
        {
            try
            {
                await run(parse, stop);
                return 0;
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested) { return 0; }
            catch (Exception e) when (e is VisionException or ModelException or IOException or UnauthorizedAccessException)
            {
                await Console.Error.WriteLineAsync(e.Message);
                return 1;
            }
        });
        return command;
    }

    public static void Say(string words) => Console.Error.WriteLine($"liren: {words}");

    public static void PrintJson(object answer) => Console.Out.WriteLine(JsonSerializer.Serialize(answer, Json));
}
