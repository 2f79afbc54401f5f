using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Liren.Shared;

/// <summary>The real built program as a child process on a free port: what benchmarks measure and fault tests kill.</summary>
public sealed class LirenProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(300);
    private readonly Process process;
    private readonly List<string> output = [];

    private LirenProcess(Process process) => this.process = process;

    /// <summary>Port it listens on.</summary>
    public int Port { get; private set; }

    /// <summary>Port of https; 0 without it.</summary>
    public int HttpsPort { get; private set; }

    /// <summary>What it said until it was ready.</summary>
    public IReadOnlyList<string> Said => output;

    /// <summary>http://127.0.0.1:PORT/.</summary>
    public Uri Address => new($"http://127.0.0.1:{Port}/");

    /// <summary>Passwords of the demo accounts this start has made.</summary>
    public IReadOnlyDictionary<string, string> Passwords { get; private set; } = new Dictionary<string, string>();

    /// <summary>Root of the source tree.</summary>
    public static string Root { get; } = Find();

    /// <summary>The built program of the same configuration as the caller.</summary>
    public static string Program { get; } = Path.Combine(Root, "artifacts", "bin", "Liren.Host", new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar)).Name, "Liren.Host.dll");

    /// <summary>Starts <c>up</c> on a free port and returns when it says ready.</summary>
    public static Task<LirenProcess> UpAsync(string data, bool demo = false, params (string Name, string Value)[] environment) => UpAsync(data, 0, demo, environment);

    /// <summary>The same on a port of one's own: a server that comes back where it was.</summary>
    public static Task<LirenProcess> UpAsync(string data, int port, bool demo, params (string Name, string Value)[] environment) => UpAsync(data, port, demo, [], environment);

    /// <summary>The same with https on a free port, by the certificate of <c>cert make</c>.</summary>
    public static Task<LirenProcess> UpWithHttpsAsync(string data, bool demo = false) => UpAsync(data, 0, demo, ["--https", "0"], []);

    private static async Task<LirenProcess> UpAsync(string data, int port, bool demo, string[] more, (string Name, string Value)[] environment)
    {
        var liren = new LirenProcess(Start(["up", "--port", port.ToString(CultureInfo.InvariantCulture), "--data", data, .. demo ? Array.Empty<string>() : ["--no-demo"], .. more], environment));
        using var late = new CancellationTokenSource(Patience);
        var errors = liren.process.StandardError.ReadToEndAsync();
        while (await LineAsync() is { } line)
        {
            liren.output.Add(line);
            if (line.StartsWith("https ", StringComparison.Ordinal)) liren.HttpsPort = int.Parse(line["https ".Length..], CultureInfo.InvariantCulture);
            if (!line.StartsWith("ready ", StringComparison.Ordinal)) continue;
            liren.Port = int.Parse(line["ready ".Length..], CultureInfo.InvariantCulture);
            liren.Passwords = liren.output.Select(l => Regex.Match(l, @"^\s+account\s+(\S+)\s+(\S+)")).Where(m => m.Success).ToDictionary(m => m.Groups[1].Value, m => m.Groups[2].Value);
            // Nobody must wait for a reader of ours.
            _ = liren.process.StandardOutput.ReadToEndAsync();
            return liren;
        }
        throw new InvalidOperationException($"up ended before it was ready:\n{string.Join('\n', liren.output)}\n{await errors}");

        async Task<string?> LineAsync()
        {
            try { return await liren.process.StandardOutput.ReadLineAsync(late.Token); }
            catch (OperationCanceledException e)
            {
                await liren.DisposeAsync();
                throw new TimeoutException($"up was not ready after {Patience}", e);
            }
        }
    }

    /// <summary>Starts a verb and leaves it running, to be killed.</summary>
    public static Process StartVerb(string data, params string[] arguments) => Start([.. arguments, "--data", data], []);

    /// <summary>Starts a verb that knows no data folder and reads its standard input.</summary>
    public static Process StartReader(params string[] arguments) => Start(arguments, [], input: true);

    /// <summary>Runs such a verb on an input to its end.</summary>
    public static async Task<(int Code, string Output, string Errors)> ReadAsync(string input, params string[] arguments)
    {
        using var process = StartReader(arguments);
        var ended = EndedAsync(process);
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        return await ended;
    }

    /// <summary>Runs a verb to its end.</summary>
    public static async Task<(int Code, string Output, string Errors)> RunAsync(string data, string[] arguments, params (string Name, string Value)[] environment)
    {
        using var process = Start([.. arguments, "--data", data], environment);
        return await EndedAsync(process);
    }

    private static async Task<(int Code, string Output, string Errors)> EndedAsync(Process process)
    {
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        using var late = new CancellationTokenSource(Patience);
        await process.WaitForExitAsync(late.Token);
        return (process.ExitCode, await output, await errors);
    }

    /// <summary>Runs a verb with <c>--json</c> and reads its last line; a failed verb is an exception with its errors.</summary>
    public static Task<JsonElement> JsonAsync(string data, params string[] arguments) => JsonAsync(data, arguments, []);

    /// <summary>The same with environment.</summary>
    public static async Task<JsonElement> JsonAsync(string data, string[] arguments, (string Name, string Value)[] environment)
    {
        var (code, output, errors) = await RunAsync(data, [.. arguments, "--json"], environment);
        if (code != 0) throw new InvalidOperationException($"{string.Join(' ', arguments)} exited with {code}: {errors}{output}");
        return JsonSerializer.Deserialize<JsonElement>(output.Trim().Split('\n')[^1]);
    }

    /// <summary>An API key with a role, everywhere.</summary>
    public static async Task<string> KeyAsync(string data, string role = "administrator", params (string Name, string Value)[] environment) =>
        (await JsonAsync(data, ["key", "add", $"test {role}", "--role", role], environment)).GetProperty("key").GetString()!;

    /// <summary>A client with a key and a purpose, or without.</summary>
    public HttpClient Client(string? key = null)
    {
        var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, CookieContainer = new CookieContainer() }) { BaseAddress = Address };
        if (key is not null) http.DefaultRequestHeaders.Authorization = new("Bearer", key);
        http.DefaultRequestHeaders.Add("Liren-Purpose", "community.service");
        return http;
    }

    /// <summary>SIGKILL: no chance to tidy up.</summary>
    public async Task KillAsync()
    {
        if (!process.HasExited) process.Kill();
        await process.WaitForExitAsync();
    }

    /// <summary>SIGTERM, and its exit code.</summary>
    public async Task<int> StopAsync()
    {
        using var kill = Process.Start("kill", ["-TERM", process.Id.ToString(CultureInfo.InvariantCulture)]);
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await process.WaitForExitAsync(late.Token);
        return process.ExitCode;
    }

    /// <summary>Resident memory in MiB.</summary>
    public double ResidentMib()
    {
        var line = File.ReadLines($"/proc/{process.Id}/status").First(l => l.StartsWith("VmRSS", StringComparison.Ordinal));
        return double.Parse(Regex.Match(line, @"\d+").Value, CultureInfo.InvariantCulture) / 1024;
    }

    /// <summary>Processor time used so far, user and system.</summary>
    public TimeSpan Processor()
    {
        process.Refresh();
        return process.TotalProcessorTime;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        process.Dispose();
    }

    private static Process Start(IEnumerable<string> arguments, (string Name, string Value)[] environment, bool input = false)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardInput = input, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false, WorkingDirectory = Path.GetTempPath() };
        foreach (var argument in arguments.Prepend(Program)) start.ArgumentList.Add(argument);
        foreach (var (name, value) in environment) start.Environment[name] = value;
        return Process.Start(start)!;
    }

    private static string Find()
    {
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
            if (File.Exists(Path.Combine(at.FullName, "Liren.slnx"))) return at.FullName;
        throw new DirectoryNotFoundException("Liren.slnx not found above the program");
    }
}
