using System.Diagnostics;
using Liren.Plans;
using Liren.Plans.Model;
using Liren.Plans.Running;
using Liren.Shared;

namespace Liren.Bench.Plans;

/// <summary>
/// The plan engine alone, in memory and on a clock of its own: the demo's plan of the plaza at 10,000 places, a reading every 20 s for ten minutes of their
/// time, a gathering at one place in ten. What MQTT and the journal will add is not in these figures.
/// </summary>
internal sealed class EngineBench : IBench
{
    private static readonly DateTimeOffset begin = new(2020, 2, 13, 8, 0, 0, TimeSpan.Zero);

    public string Name => "engine";

    public Task RunAsync(BenchRun run, CancellationToken stop)
    {
        var places = run.Quick ? 500 : 10_000;
        var plan = new PlanCompiler(Vocabulary.Standard).Check(File.ReadAllText(Path.Combine(LirenProcess.Root, "demo", "plans", "plaza-gathering.yaml"))).Plan!;
        var bound = new BoundPlan(plan, emergency: true);
        List<double> micros = [], bytes = [], often = [];
        for (var round = 0; round < run.Rounds; round++)
        {
            BenchRun.Say($"round {round + 1} of {run.Rounds}: {places} places");
            stop.ThrowIfCancellationRequested();
            One(bound, places, micros, bytes);
            often.Add(Often(bound, run.Quick ? 10 : 100));
        }
        run.Report.Figure("places", places);
        run.Report.Figure("reading_p50_us", micros.Median());
        run.Report.Figure("readings_per_s", 1e6 / micros.Median());
        run.Report.Figure("reading_often_us", often.Median());
        run.Report.Figure("window_bytes", bytes.Median());
        return Task.CompletedTask;
    }

    private static void One(BoundPlan bound, int places, List<double> micros, List<double> bytes)
    {
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var engine = new PlanEngine();
        var names = Enumerable.Range(0, places).Select(i => $"31.01.15.016.{i:000}.plaza").ToArray();
        foreach (var name in names) engine.Arm(bound, name);
        var (start, readings, opened) = (Stopwatch.GetTimestamp(), 0L, 0);
        for (var second = 0; second < 600; second += 20)
            for (var place = 0; place < places; place++)
            {
                // Places speak one after the other, as their counters were switched on.
                var at = begin.AddSeconds(second).AddMilliseconds(20_000.0 * place / places);
                readings++;
                opened += engine.Apply(new Reading(at, names[place], "people.count", "camera-1", "camera", at, place % 10 == 0 ? 25 + second % 3 : second % 15)).Happened.Count(h => h.What == "opened");
            }
        micros.Add(Stopwatch.GetElapsedTime(start).TotalMicroseconds / readings);
        if (opened != (places + 9) / 10) throw new InvalidOperationException($"{opened} of {(places + 9) / 10} gatherings were seen");
        bytes.Add((double)(GC.GetTotalMemory(forceFullCollection: true) - before) / places);
        GC.KeepAlive(engine);
    }

    // Ten readings a second at each place: 1,200 in the window of two minutes.
    private static double Often(BoundPlan bound, int places)
    {
        var engine = new PlanEngine();
        var names = Enumerable.Range(0, places).Select(i => $"31.01.15.016.{i:000}.plaza").ToArray();
        foreach (var name in names) engine.Arm(bound, name);
        var (start, readings) = (Stopwatch.GetTimestamp(), 0);
        for (var tenth = 0; tenth < 1_800; tenth++)
            for (var place = 0; place < places; place++, readings++)
            {
                var at = begin.AddMilliseconds(100 * tenth + 100.0 * place / places);
                engine.Apply(new Reading(at, names[place], "people.count", "camera-1", "camera", at, tenth % 15));
            }
        return Stopwatch.GetElapsedTime(start).TotalMicroseconds / readings;
    }
}
