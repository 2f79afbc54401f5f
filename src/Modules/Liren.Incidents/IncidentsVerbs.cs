using System.CommandLine;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Liren.Contracts.Identity;
using Liren.Contracts.Places;
using Liren.Incidents.Domain;
using Liren.Sdk.Cli;
using Liren.Sdk.Data;
using Microsoft.Extensions.DependencyInjection;

namespace Liren.Incidents;

/// <summary>Verb <c>demo gathering</c>: lets the plaza's people counter speak to the running server, through the API that real counters use.</summary>
internal static class IncidentsVerbs
{
    /// <summary>Name of the client made by the factory.</summary>
    public const string Client = "incidents.demo";

    private const string Plaza = "31.01.15.016.037.liren.plaza";
    private static readonly double[] Gathering = [5, 12, 21, 24, 26];
    private static readonly double[] Leaving = [18, 9, 4, 3];

    public static IEnumerable<Command> All(CliHost host)
    {
        yield return new Command("demo", "Show what Liren does, on the running server") { DemoGathering(host) };
    }

    private static Command DemoGathering(CliHost host)
    {
        var clear = new Option<bool>("--clear") { Description = "The people go: send falling counts" };
        var place = new Option<string>("--place") { Description = "Path of the place", DefaultValueFactory = _ => Plaza };
        var speed = new Option<double>("--speed") { Description = "How many times faster than a real counter, which reports every 20 s", DefaultValueFactory = _ => 10 };
        var hold = new Option<int>("--hold") { Description = "They stay: the last count is repeated for so many seconds, as a plan that waits for a while needs" };
        var url = new Option<Uri?>("--url") { Description = "Address of the server; found in the data folder when left out" };
        var json = CliHost.JsonOption();
        return host.Runs(new Command("gathering", "A people counter reports 5, 12, 21, 24, 26 people") { clear, place, speed, hold, url, json }, async (parse, services, stop) =>
        {
            var (path, fast) = (parse.GetValue(place)!, parse.GetValue(speed));
            if (fast is not (>= 1 and <= 100)) throw new CliFailureException("--speed lies between 1 and 100.");
            if (parse.GetValue(hold) is not (>= 0 and <= 3_600) and var seconds) throw new CliFailureException($"--hold lies between 0 and 3600, not {seconds}.");
            var folder = services.GetRequiredService<DataLocation>().Folder;
            var server = parse.GetValue(url) ?? ServerAddress.Read(folder)
                ?? throw new CliFailureException($"No server runs on the data folder {folder}. Start it with `./liren up`, or name its address with --url.");
            var name = await services.GetRequiredService<IPlaceDirectory>().FindAsync(path, stop) is { } card ? card.Name
                : throw new CliFailureException($"There is no place {path}. Was the server started with --no-demo? Name a place with --place.");
            var keys = services.GetRequiredService<IKeyRing>();
            var key = await keys.MakeAsync("demo counter", "integration", path, cancellation: stop);
            try
            {
                using var http = services.GetRequiredService<IHttpClientFactory>().CreateClient(Client);
                http.BaseAddress = server;
                http.DefaultRequestHeaders.Authorization = new("Bearer", key.Key);
                var quiet = parse.GetValue(json);
                var sent = await SendAsync(http, path, name, parse.GetValue(clear), TimeSpan.FromSeconds(parse.GetValue(hold)), TimeSpan.FromSeconds(20 / fast), quiet, services.GetRequiredService<TimeProvider>(), stop);
                if (quiet) CliHost.PrintJson(new { place = path, sent });
                return 0;
            }
            finally { await keys.RevokeAsync(key.Id, CancellationToken.None); }
        });
    }

    private static async Task<List<double>> SendAsync(HttpClient http, string place, string name, bool clear, TimeSpan hold, TimeSpan pause, bool quiet, TimeProvider clock, CancellationToken stop)
    {
        var (sent, began) = (new List<double>(), clock.GetUtcNow());
        foreach (var value in clear ? Falling(() => clock.GetUtcNow() - began) : Coming(() => clock.GetUtcNow() - began, hold))
        {
            if (sent.Count > 0) await Task.Delay(pause < TimeSpan.FromSeconds(5) || !clear ? pause : TimeSpan.FromSeconds(5), clock, stop);
            var at = clock.GetUtcNow();
            HttpResponseMessage answer;
            try { answer = await http.PostAsJsonAsync("/api/incidents/events", new { id = Guid.CreateVersion7(), type = GatheringPlan.Type, place, value, at, source = "人流计数器", quality = "simulated" }, stop); }
            catch (HttpRequestException e) { throw new CliFailureException($"{http.BaseAddress} does not answer: {e.Message}", e); }
            using (answer)
                if (!answer.IsSuccessStatusCode) throw new CliFailureException(await ReasonAsync(answer, stop));
            sent.Add(value);
            if (!quiet) Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Sdk.Text.Show.Local(at):HH:mm:ss}  {name}  {value,3} people{(value >= GatheringPlan.Threshold ? "  (20 or more: an incident)" : "")}"));
        }
        if (!quiet) Console.WriteLine(clear ? "The counter has been calm for half a minute. A second person can confirm at /field/verify." : "Look at 事件 Incidents in the console and at /field on the phone.");
        return sent;
    }

    private static IEnumerable<double> Coming(Func<TimeSpan> passed, TimeSpan hold)
    {
        foreach (var value in Gathering) yield return value;
        for (var until = passed() + hold; passed() < until;) yield return Gathering[^1];
    }

    /// <summary>18, 9, 4, 3, and then goes on like a real counter until it has been calm for as long as the plan asks.</summary>
    private static IEnumerable<double> Falling(Func<TimeSpan> passed)
    {
        foreach (var value in Leaving) yield return value;
        while (passed() <= GatheringPlan.CalmFor) yield return Leaving[^1];
        yield return Leaving[^1];
    }

    private static async Task<string> ReasonAsync(HttpResponseMessage answer, CancellationToken stop)
    {
        var body = await answer.Content.ReadAsStringAsync(stop);
        try { return JsonDocument.Parse(body).RootElement.GetProperty("title").GetString() ?? $"{(int)answer.StatusCode}"; }
        catch (JsonException) { return $"The server answered {(int)answer.StatusCode}."; }
    }
}
