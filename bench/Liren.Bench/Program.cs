using System.CommandLine;
using Liren.Bench;
using Liren.Bench.Devices;
using Liren.Bench.Divisions;
using Liren.Bench.Import;
using Liren.Bench.Insight;
using Liren.Bench.Loop;
using Liren.Bench.Passes;
using Liren.Bench.Plans;
using Liren.Bench.Spine;
using Liren.Bench.Supplies;
using Liren.Bench.Vision;
using Liren.Bench.Wall;

// ./liren bench [NAME] [--json] [--quick] [--rounds N]: measures, and prints one JSON object on the last line.
IBench[] all = [new SpineBench(), new DivisionsBench(), new ImportBench(), new SheetsBench(), new PassBench(), new GateLogBench(), new FuzzBench(), new EngineBench(), new DevicesBench(), new LoopBench(), new VisionBench(), new WallBench(), new InsightBench(), new RushBench()];
var name = new Argument<string>("name") { Description = $"Which: {string.Join(", ", all.Select(b => b.Name))}", DefaultValueFactory = _ => all[0].Name };
var json = new Option<bool>("--json") { Description = "Answer as JSON, one object on the last line" };
var quick = new Option<bool>("--quick") { Description = "Short runs: shows that it works, not how fast" };
var rounds = new Option<int>("--rounds") { Description = "Rounds of each pair", DefaultValueFactory = _ => 5 };
rounds.Validators.Add(r => { if (r.GetValueOrDefault<int>() is < 1 or > 1000) r.AddError("--rounds must be between 1 and 1000"); });
var rows = new Option<long?>("--rows") { Description = "Rows of generated data, for benchmarks that have a choice (insight)" };
rows.Validators.Add(r => { if (r.GetValueOrDefault<long?>() is < 10_000 or > 1_000_000_000) r.AddError("--rows must be between 10000 and 1000000000"); });
var root = new RootCommand("Benchmarks of Liren: pairs measured in turn, medians, answers audited") { name, json, quick, rounds, rows };
root.SetAction(async (parse, stop) =>
{
    var bench = all.FirstOrDefault(b => b.Name == parse.GetValue(name));
    if (bench is null)
    {
        await Console.Error.WriteLineAsync($"No benchmark is called {parse.GetValue(name)}; there are: {string.Join(", ", all.Select(b => b.Name))}");
        return 2;
    }
    var report = new Report(bench.Name);
    try { await bench.RunAsync(new BenchRun(report, parse.GetValue(quick), parse.GetValue(quick) ? Math.Min(2, parse.GetValue(rounds)) : parse.GetValue(rounds), parse.GetValue(rows)), stop); }
    // The command line says nothing of what was called off; here it is a wait that took too long.
    catch (OperationCanceledException late) when (!stop.IsCancellationRequested) { throw new TimeoutException("Something the benchmark waited for did not come in time", late); }
    if (!parse.GetValue(json)) report.PrintTable();
    report.PrintJson();
    return 0;
});
var parsed = root.Parse(args);
if (parsed.Errors.Count == 0) return await parsed.InvokeAsync();
foreach (var error in parsed.Errors) await Console.Error.WriteLineAsync(error.Message);
return 2;
