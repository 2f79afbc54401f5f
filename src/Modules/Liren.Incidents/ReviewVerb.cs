using System.CommandLine;
using System.Globalization;
using Liren.Incidents.Engine;
using Liren.Plans.Reviews;
using Liren.Plans.Running;
using Liren.Sdk.Cli;

namespace Liren.Incidents;

/// <summary>Verb <c>plan review</c>: the after-action review (复盘) of a journal, and what changed plans would have done (影子运行).</summary>
internal static class ReviewVerb
{
    private static readonly TimeSpan Shanghai = TimeSpan.FromHours(8);

    public static Command Create()
    {
        var journal = new Argument<FileInfo>("journal") { Description = "Journal of ./liren plan run, while no program writes it" };
        var with = new Option<FileInfo[]>("--with") { Description = "Changed plans: what they would have done at the same places", AllowMultipleArgumentsPerToken = true };
        var json = CliHost.JsonOption();
        return CliHost.RunsAlone(new Command("review", "What happened, who was late, and what changed plans would have done") { journal, with, json }, (parse, _) =>
        {
            Run(parse.GetValue(journal)!, parse.GetValue(with) ?? [], parse.GetValue(json));
            return Task.FromResult(0);
        });
    }

    private static void Run(FileInfo file, FileInfo[] with, bool json)
    {
        if (!file.Exists) throw new CliFailureException($"{file}: no such file");
        var (armed, inputs) = PlanJournal.Read(file.FullName);
        var recorded = armed.Check();
        var was = Review.Of(recorded(), inputs);
        var would = with.Length == 0 ? null : Shadow.Run(recorded(), (armed with { Plans = [.. with.Select(f => File.ReadAllText(f.FullName))] }).Check()(), inputs);
        if (json) { CliHost.PrintJson(new { incidents = was, changed = would }); return; }
        Print(was);
        if (would is null) return;
        Console.WriteLine();
        Console.WriteLine("影子运行 · with the changed plans:");
        foreach (var line in was.Select(r => (r.Area, r.OpenedAt, Sign: "-", Text: Line(r))).Concat(would.Select(r => (r.Area, r.OpenedAt, Sign: "+", Text: Line(r)))).OrderBy(l => l.Area, StringComparer.Ordinal).ThenBy(l => l.OpenedAt).ThenByDescending(l => l.Sign, StringComparer.Ordinal))
            Console.WriteLine($"{line.Sign} {line.Text}");
    }

    private static void Print(IReadOnlyList<IncidentReview> incidents)
    {
        foreach (var incident in incidents)
        {
            Console.WriteLine(Line(incident));
            foreach (var happened in incident.Timeline) Console.WriteLine($"    {Clock(happened.At)}  {Words(happened)}{(incident.Late.Contains(happened) ? "  ← 迟 late" : "")}");
        }
        Console.WriteLine($"{incidents.Count} incidents, {incidents.Count(i => i.ClosedAt is not null)} closed, {incidents.Sum(i => i.Late.Count)} late or failed");
    }

    private static string Line(IncidentReview r) =>
        $"{r.Area}  {r.Plan}  {r.Worst}  {Clock(r.OpenedAt)}  accepted {After(r, r.AcceptedAt)}  handled {After(r, r.HandledAt)}  closed {After(r, r.ClosedAt)}  reopened {r.Reopened}  sent {r.Sent}  late {r.Late.Count}";

    private static string Words(Happened h) => string.Join("  ", new[] { h.What, h.Subject, h.Target, h.Status, h.Detail }.Where(w => !string.IsNullOrEmpty(w)));

    private static string After(IncidentReview r, DateTimeOffset? at) => at is { } then ? $"+{(then - r.OpenedAt).ToString(@"h\:mm\:ss", CultureInfo.InvariantCulture)}" : "–";

    private static string Clock(DateTimeOffset at) => at.ToOffset(Shanghai).ToString("MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
}
