using System.Diagnostics;
using System.Text.Json;
using Liren.Shared;

namespace Liren.Faults;

/// <summary>
/// <c>plan run</c> and the world around it: speakers that play, people who do not answer, sensors that send again what was not acknowledged.
/// </summary>
internal sealed class PlanRun(string folder, IReadOnlyList<string> places)
{
    private readonly Lock turn = new();
    private readonly Dictionary<string, JsonElement> carried = [];
    private readonly SortedDictionary<int, string> unstored = [];
    private Process? process;
    private StreamWriter? input;
    private Task reading = Task.CompletedTask;
    private DateTimeOffset ready;
    private Dictionary<long, int> lines = [];
    private int sent;

    /// <summary>Effects the world has carried out, by key: one that comes again is known.</summary>
    public IReadOnlyDictionary<string, JsonElement> Carried => carried;
    /// <summary>Effects that came again under a known key.</summary>
    public int Repeated { get; private set; }
    /// <summary>The longest between the moment something was due (or the program was there again) and its line.</summary>
    public TimeSpan Latest { get; private set; }
    public string Journal => Path.Combine(folder, "plan.journal");
    public bool AllStored { get { lock (turn) return unstored.Count == 0; } }

    public async Task StartAsync()
    {
        process = LirenProcess.StartReader(["plan", "run", Path.Combine(folder, "plan.yaml"), "--journal", Journal, "--emergency", .. places.SelectMany(p => new[] { "--place", p })]);
        _ = process.StandardError.ReadToEndAsync();
        (input, lines, ready) = (process.StandardInput, [], DateTimeOffset.MaxValue);
        input.AutoFlush = true;
        var up = new TaskCompletionSource();
        reading = Task.Run(() => ReadAsync(process.StandardOutput, up));
        await up.Task.WaitAsync(TimeSpan.FromSeconds(30));
        lock (turn)
            foreach (var (id, line) in unstored) Write(id, line);
    }

    /// <summary>A reading; sent again after each start until it is acknowledged.</summary>
    public void Read(string place, double value)
    {
        var line = JsonSerializer.Serialize(new { input = "reading", area = place, metric = "people.count", source = "cam", kind = "camera", eventTime = DateTimeOffset.UtcNow, value });
        lock (turn) Keep(line);
    }

    private void Keep(string line)
    {
        unstored[++sent] = line;
        Write(sent, line);
    }

    private void Write(int id, string line)
    {
        lines[lines.Count + 1] = id;
        // A killed program reads no more: the line goes to the next one.
        try { input!.WriteLine(line); }
        catch (IOException) { }
    }

    public async Task KillAsync()
    {
        process!.Kill();
        await process.WaitForExitAsync();
        await reading;
    }

    private async Task ReadAsync(StreamReader output, TaskCompletionSource up)
    {
        while (await output.ReadLineAsync() is { } text)
        {
            JsonElement line;
            // The kill may have cut the last line.
            try { line = JsonSerializer.Deserialize<JsonElement>(text); }
            catch (JsonException) { continue; }
            lock (turn) Take(line, up);
        }
        up.TrySetException(new InvalidOperationException("plan run ended before it was ready"));
    }

    private void Take(JsonElement line, TaskCompletionSource up)
    {
        if (line.TryGetProperty("ready", out _)) { ready = DateTimeOffset.UtcNow; up.TrySetResult(); }
        else if (line.TryGetProperty("stored", out var stored)) unstored.Remove(lines[stored.GetInt64()]);
        else if (line.TryGetProperty("refused", out var refused)) throw new InvalidOperationException($"{refused}: {line}");
        else if (line.TryGetProperty("happened", out var happened))
        {
            var due = happened.GetProperty("at").GetDateTimeOffset();
            var late = DateTimeOffset.UtcNow - (ready < DateTimeOffset.MaxValue && due < ready ? ready : due);
            if (late > Latest) Latest = late;
        }
        else if (line.TryGetProperty("effect", out var effect)) Carry(effect.GetString()!, line);
    }

    private void Carry(string effect, JsonElement line)
    {
        var key = KeyOf(line);
        if (!carried.TryAdd(key, line)) Repeated++;
        if (effect == "resolve")
            Keep(JsonSerializer.Serialize(new { input = "targets", incident = line.GetProperty("incident"), step = line.GetProperty("step"), occurrence = line.GetProperty("occurrence"), round = line.GetProperty("round"), expression = line.GetProperty("expression"), names = new[] { line.GetProperty("step").GetString() == "say" ? "speaker" : "worker" } }));
        else if (line.GetProperty("kind").GetString() != "dispatch")
            Keep(JsonSerializer.Serialize(new { input = "receipt", key, result = "acked" }));
    }

    /// <summary>The key of an effect: its own, or what it asks for.</summary>
    public static string KeyOf(JsonElement line) => line.TryGetProperty("key", out var key) ? key.GetString()!
        : $"{line.GetProperty("incident").GetGuid():N}/{line.GetProperty("step")}/{line.GetProperty("occurrence")}/{line.GetProperty("round")}/{line.GetProperty("expression")}";
}
