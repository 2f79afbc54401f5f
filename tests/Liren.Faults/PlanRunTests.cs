using System.Globalization;
using System.Text.Json;
using Liren.Plans;
using Liren.Plans.Model;
using Liren.Plans.Running;
using Liren.Shared;
using Microsoft.Data.Sqlite;

namespace Liren.Faults;

/// <summary>
/// kill -9 in mid-hold, mid-ladder and mid-effect: every due action happens, at most two seconds late after the restart, and none twice. LIREN_KILLS
/// says how many kills (20 when not set).
/// </summary>
public sealed class PlanRunTests
{
    private static readonly TimeSpan Late = TimeSpan.FromSeconds(2);

    [Fact]
    public async Task Every_due_action_of_a_plan_happens_once_however_often_the_engine_is_killed()
    {
        var stop = TestContext.Current.CancellationToken;
        var kills = int.Parse(Environment.GetEnvironmentVariable("LIREN_KILLS") ?? "20", CultureInfo.InvariantCulture);
        using var data = new DataFolder();
        var text = Fast(await File.ReadAllTextAsync(Path.Combine(LirenProcess.Root, "demo/plans/plaza-gathering.yaml"), stop));
        data.File("plan.yaml", text);
        // As many places as kills, and each begins by itself: at every kill some hold, some climb the ladder, some have an effect under way.
        var places = Enumerable.Range(1, kills).Select(i => $"31.{i}").ToList();
        var run = new PlanRun(data.Path, places);
        var dice = new Random(20200213);
        foreach (var place in places)
        {
            await run.StartAsync();
            run.Read(place, 25);
            await Task.Delay(dice.Next(0, 900), stop);
            await run.KillAsync();
        }
        await run.StartAsync();
        await Task.Delay(TimeSpan.FromSeconds(12), stop);
        await run.KillAsync();

        run.AllStored.ShouldBeTrue();
        run.Latest.ShouldBeLessThan(Late);
        // All that was written down was carried out, and all that the same inputs lead to without a kill was written down.
        var written = Rows(run.Journal, "SELECT body FROM effect").Select(b => PlanRun.KeyOf(JsonSerializer.Deserialize<JsonElement>(b))).Order().ToList();
        run.Carried.Keys.Order().ShouldBe(written);
        Undisturbed(text, places, Rows(run.Journal, "SELECT body FROM input ORDER BY seq")).Order().ShouldBe(written);
        // And it is what the plan says: one incident a place, three times the broadcast, one dispatch, the whole ladder.
        var sends = run.Carried.Values.Where(c => c.TryGetProperty("key", out _)).ToList();
        foreach (var incident in sends.GroupBy(s => s.GetProperty("incident").GetGuid()))
        {
            incident.Count(s => s.GetProperty("kind").GetString() == "broadcast").ShouldBe(3);
            incident.Count(s => s.GetProperty("step").GetString() == "go").ShouldBe(1);
        }
        sends.Select(s => s.GetProperty("incident").GetGuid()).Distinct().Count().ShouldBe(kills);
        TestContext.Current.SendDiagnosticMessage($"{kills} kills, {written.Count} effects, {run.Repeated} offered again under their key, latest {run.Latest.TotalMilliseconds:0} ms");
    }

    [Fact]
    public async Task Bad_lines_are_refused_by_their_number_and_a_journal_knows_its_plan()
    {
        using var data = new DataFolder();
        var plan = data.File("plan.yaml", Fast(await File.ReadAllTextAsync(Path.Combine(LirenProcess.Root, "demo/plans/plaza-gathering.yaml"), TestContext.Current.CancellationToken)));
        var journal = Path.Combine(data.Path, "plan.journal");
        var (code, output, errors) = await LirenProcess.ReadAsync("""
            {"input":"reading","area":"31.9","metric":"people.count","source":"cam","kind":"camera","eventTime":"2026-02-13T07:00:00Z","value":3}
            {"input":"reading","area":"31.1","source":"cam","kind":"camera","eventTime":"2026-02-13T07:00:00Z","value":3}
            {"input":"reading","area":"31.1","metric":"people.count","source":"cam","kind":"camera","eventTime":"2026-02-13T07:00:00Z","value":1e999}
            {"input":"reading","area":"31.1","metric":"people.count","source":"cam","kind":"camera","eventTime":"2026-02-13T07:00:00Z","value":3,"colour":"red"}
            {"input":"tick"}
            {"input":"dance","area":"31.1"}
            not json
            [1]

            {"input":"reading","area":"31.1","metric":"people.count","source":"cam","kind":"camera","eventTime":"2026-02-13T07:00:00Z","value":3}
            """, "plan", "run", plan, "--place", "31.1", "--journal", journal);
        code.ShouldBe(0, errors);
        var lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonSerializer.Deserialize<JsonElement>(l)).ToList();
        string Refused(int n) => lines.Single(l => l.TryGetProperty("refused", out var r) && r.GetInt32() == n).GetProperty("error").GetString()!;
        Refused(1).ShouldContain("area");
        Refused(2).ShouldContain("metric");
        Refused(3).ShouldContain("value");
        Refused(4).ShouldContain("colour");
        Refused(5).ShouldContain("input");
        foreach (var n in new[] { 6, 7, 8 }) Refused(n).ShouldNotBeEmpty();
        lines.Single(l => l.TryGetProperty("stored", out _)).GetProperty("stored").GetInt32().ShouldBe(10);

        (code, _, errors) = await LirenProcess.ReadAsync("", "plan", "run", plan, "--place", "31.2", "--journal", journal);
        (code, errors.Contains("other plans, places or sensors", StringComparison.Ordinal)).ShouldBe((1, true), errors);
        (code, _, errors) = await LirenProcess.ReadAsync("", "plan", "run", plan, "--place", "31.1", "--journal", plan);
        (code, errors.Contains("not a database", StringComparison.Ordinal)).ShouldBe((1, true), errors);
        (code, output, _) = await LirenProcess.ReadAsync("", "plan", "review", journal, "--json");
        code.ShouldBe(0);
        JsonSerializer.Deserialize<JsonElement>(output).GetProperty("incidents").GetArrayLength().ShouldBe(0);
    }

    /// <summary>The plan of the demo with seconds for minutes.</summary>
    private static string Fast(string plan)
    {
        foreach (var (slow, fast) in new[]
        {
            ("emergency: 2m, min: 10s", "emergency: 2s, min: 1s"), ("every: 60s, times: 3", "every: 1s, times: 3"), ("accept: 60s, arrive: 8m", "accept: 2s, arrive: 8m"),
            ("after: 60s", "after: 2s"), ("after: 3m", "after: 3s"), ("after: 8m", "after: 4s"), ("after: 15m", "after: 5s"),
        })
        {
            plan.ShouldContain(slow);
            plan = plan.Replace(slow, fast, StringComparison.Ordinal);
        }
        return plan;
    }

    private static IEnumerable<string> Undisturbed(string text, IEnumerable<string> places, IEnumerable<string> inputs)
    {
        var plan = new PlanCompiler(Vocabulary.Standard).Check(text).Plan!;
        var engine = new PlanEngine();
        foreach (var place in places) engine.Arm(new BoundPlan(plan, emergency: true), place);
        var json = new JsonSerializerOptions(JsonSerializerDefaults.Web);
        return [.. inputs.SelectMany(i => engine.Apply(JsonSerializer.Deserialize<Input>(i, json)!).Effects).Select(e => PlanRun.KeyOf(JsonSerializer.SerializeToElement(e, json))).Distinct()];
    }

    private static List<string> Rows(string file, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={file};Pooling=False");
        connection.Open();
        using var command = new SqliteCommand(sql, connection);
        using var reader = command.ExecuteReader();
        var rows = new List<string>();
        while (reader.Read()) rows.Add(reader.GetString(0));
        return rows;
    }
}
