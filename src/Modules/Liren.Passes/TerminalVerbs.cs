using System.CommandLine;
using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text.Encodings.Web;
using System.Text.Json;
using Liren.Passes.Features;
using Liren.Sdk.Cli;

namespace Liren.Passes;

/// <summary>Verb: simulate terminal. Stands in for a terminal of another maker, over HTTP like a real one.</summary>
internal static class TerminalVerbs
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>One line of the simulator.</summary>
    private sealed record Shown(string Id, string Kind, string Value, string? Verdict, string? Reason, bool Open, string? Words, int Status, double Ms);

    public static IEnumerable<Command> All(CliHost host)
    {
        var url = new Option<string>("--url") { Description = "Address of the server, such as http://127.0.0.1:5080", Required = true };
        var key = new Option<string>("--key") { Description = "The terminal's key, as the console showed it", Required = true };
        var codes = new Option<FileInfo?>("--codes") { Description = "File of looks, one a line: a code, card:NUMBER, face:NUMBER, or the JSON of a look; standard input when left out" };
        var rate = new Option<double>("--rate") { Description = "Looks a second; 0: as fast as they are answered", DefaultValueFactory = _ => 0 };
        var ca = new Option<FileInfo?>("--ca") { Description = "Certificate authority to trust for https (liren-ca.crt from /ca)" };
        rate.Validators.Add(r => { if (r.Tokens is [{ Value: var text }] && double.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out var n) && !(n is >= 0 and <= 10_000)) r.AddError($"--rate {text} is not between 0 and 10000."); });
        url.Validators.Add(r => { if (r.Tokens is [{ Value: var text }] && !(Uri.TryCreate(text, UriKind.Absolute, out var at) && at.Scheme is "http" or "https")) r.AddError($"--url {text} is no http or https address."); });
        var terminal = new Command("terminal", "A terminal at a gate: reads looks line by line, asks the server, writes one JSON line for each verdict") { url, key, codes, rate, ca };
        terminal.SetAction(async (parse, stop) =>
        {
            try
            {
                using var http = Client(new Uri(parse.GetValue(url)!), parse.GetValue(key)!, parse.GetValue(ca));
                using var lines = parse.GetValue(codes) is { } file ? new StreamReader(file.FullName) : new StreamReader(Console.OpenStandardInput());
                return await RunAsync(http, lines, parse.GetValue(rate), stop);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or HttpRequestException or System.Security.Cryptography.CryptographicException)
            {
                await Console.Error.WriteLineAsync(e.Message);
                return 1;
            }
        });
        yield return new Command("simulate", "Stand in for devices") { terminal };
    }

    private static HttpClient Client(Uri url, string key, FileInfo? ca)
    {
        var handler = new SocketsHttpHandler();
        if (ca is not null)
        {
            var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            policy.CustomTrustStore.Add(X509CertificateLoader.LoadCertificateFromFile(ca.FullName));
            handler.SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = policy };
        }
        var http = new HttpClient(handler) { BaseAddress = url, Timeout = TimeSpan.FromSeconds(30) };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        return http;
    }

    private static async Task<int> RunAsync(HttpClient http, StreamReader lines, double rate, CancellationToken stop)
    {
        var (start, sent, refused) = (Stopwatch.GetTimestamp(), 0, false);
        // Only the line's end is cut off: a space is a character of base45.
        while (await lines.ReadLineAsync(stop) is { } line)
        {
            if (line.Length == 0) continue;
            if (rate > 0 && TimeSpan.FromSeconds(sent / rate) - Stopwatch.GetElapsedTime(start) is { Ticks: > 0 } early) await Task.Delay(early, stop);
            sent++;
            var look = LookOf(line);
            var began = Stopwatch.GetTimestamp();
            using var answer = await http.PostAsJsonAsync("/api/passes/terminals/check", look, Json, stop);
            var said = await answer.Content.ReadFromJsonAsync<JsonElement>(stop);
            string? Of(string name) => said.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
            refused |= !answer.IsSuccessStatusCode;
            Console.WriteLine(JsonSerializer.Serialize(new Shown(look.Id!, look.Kind!, look.Value!, Of("verdict"), Of("reason") ?? Of("code"), answer.IsSuccessStatusCode && said.GetProperty("open").GetBoolean(), Of("words") ?? Of("title"),
                (int)answer.StatusCode, Math.Round(Stopwatch.GetElapsedTime(began).TotalMilliseconds, 1)), Json));
            if (answer.StatusCode is System.Net.HttpStatusCode.Unauthorized or System.Net.HttpStatusCode.Forbidden) return 1;
        }
        return refused ? 1 : 0;
    }

    private static TerminalLookLine LookOf(string line)
    {
        var look = line[0] == '{' ? Parsed(line) : line.StartsWith("card:", StringComparison.Ordinal) ? new(Kind: "card", Value: line[5..]) : line.StartsWith("face:", StringComparison.Ordinal) ? new(Kind: "face", Value: line[5..]) : new TerminalLookLine(Kind: "qr", Value: line);
        return look with { Id = look.Id ?? Guid.CreateVersion7().ToString(), At = look.At != 0 ? look.At : TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() };
    }

    // What only looks like JSON is shown as a code: the server says what it thinks of it.
    private static TerminalLookLine Parsed(string line)
    {
        try { return JsonSerializer.Deserialize<TerminalLookLine>(line, Json)!; }
        catch (JsonException) { return new TerminalLookLine(Kind: "qr", Value: line); }
    }
}
