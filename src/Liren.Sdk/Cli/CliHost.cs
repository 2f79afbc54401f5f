using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using Liren.Sdk.Security;
using Liren.Sdk.Text;
using Microsoft.Extensions.DependencyInjection;

namespace Liren.Sdk.Cli;

/// <summary>
/// Lets verbs run inside the program without its web server. Exit codes: 0 done, 1 failed, 2 misused. Results go to stdout, everything
/// else to stderr; with <c>--json</c> the last line of stdout is one JSON object.
/// </summary>
public sealed class CliHost(Func<ParseResult, IServiceProvider> services)
{
    /// <summary>The data folder; every verb has it.</summary>
    public static readonly Option<string> DataOption = new("--data") { Description = "Data folder", DefaultValueFactory = _ => Environment.GetEnvironmentVariable("LIREN_DATA_FOLDER") ?? "data", Recursive = true };

    /// <summary>Machine-readable output; every verb that answers has it.</summary>
    public static Option<bool> JsonOption() => new("--json") { Description = "Answer as JSON, one object on the last line" };

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new System.Text.Json.Serialization.JsonStringEnumConverter() },
    };

    /// <summary>
    /// Gives a verb its action: runs in a scope of the whole program as the operator, migrated. A broken rule prints its sentence on stderr and exits 1.
    /// </summary>
    /// <param name="command">The verb.</param>
    /// <param name="run">What it does; returns the exit code.</param>
    /// <param name="migrate">False for verbs that must work on a database as it is (doctor, restore).</param>
    public Command Runs(Command command, Func<ParseResult, IServiceProvider, CancellationToken, Task<int>> run, bool migrate = true)
    {
        command.SetAction(async (parse, cancellation) =>
        {
            var provider = services(parse);
            try
            {
                if (migrate) await provider.GetRequiredService<Data.Migrator>().MigrateAsync(cancellation);
                await using var scope = provider.CreateAsyncScope();
                using var _ = Actor.Use(Actor.Operator);
                return await run(parse, scope.ServiceProvider, cancellation);
            }
            catch (RuleBrokenException rule)
            {
                await Console.Error.WriteLineAsync(provider.GetRequiredService<Texts>()[rule.Code, [.. rule.Args]]);
                return 1;
            }
            catch (Exception failure) when (IsFailure(failure)) { return await SayAsync(failure); }
            finally
            {
                if (provider is IAsyncDisposable disposable) await disposable.DisposeAsync();
            }
        });
        return command;
    }

    /// <summary>Gives a verb its action when it needs neither server nor database; what goes wrong with files is printed on stderr and exits 1.</summary>
    /// <param name="command">The verb.</param>
    /// <param name="run">What it does; returns the exit code.</param>
    public static Command RunsAlone(Command command, Func<ParseResult, CancellationToken, Task<int>> run)
    {
        command.SetAction(async (parse, cancellation) =>
        {
            try { return await run(parse, cancellation); }
            catch (Exception failure) when (IsFailure(failure)) { return await SayAsync(failure); }
        });
        return command;
    }

    private static bool IsFailure(Exception failure) => failure is CliFailureException or IOException or UnauthorizedAccessException;

    private static async Task<int> SayAsync(Exception failure)
    {
        await Console.Error.WriteLineAsync(failure.Message);
        return 1;
    }

    /// <summary>Prints one JSON object on one line.</summary>
    public static void PrintJson(object answer) => Console.Out.WriteLine(JsonSerializer.Serialize(answer, Json));
}
