using System.CommandLine;
using Liren.Alerts;
using Liren.Sdk.Cli;

namespace Liren.Incidents;

/// <summary>Verb <c>cap check</c>: reads messages of the Common Alerting Protocol and tells what is wrong, line by line. Needs neither server nor database.</summary>
internal static class CapVerb
{
    public static Command Create()
    {
        var files = new Argument<FileInfo[]>("files") { Description = "CAP 1.2 messages", Arity = ArgumentArity.OneOrMore };
        var language = new Option<string>("--lang") { Description = "Language of the findings: zh or en", DefaultValueFactory = _ => "zh" };
        language.AcceptOnlyFromAmong("zh", "en");
        var json = CliHost.JsonOption();
        return new Command("cap", "Common Alerting Protocol 1.2 (预警)")
        {
            CliHost.RunsAlone(new Command("check", "Check messages; exit code 1 when one of them is faulty") { files, language, json }, async (parse, stop) =>
            {
                var read = new List<(string File, AlertReading Reading)>();
                foreach (var file in parse.GetValue(files)!) read.Add((file.ToString(), AlertReader.Read(await File.ReadAllBytesAsync(file.FullName, stop))));
                Print(read, parse.GetValue(language)!, parse.GetValue(json));
                return read.TrueForAll(r => r.Reading.Alert is not null) ? 0 : 1;
            }),
        };
    }

    private static void Print(List<(string File, AlertReading Reading)> read, string language, bool json)
    {
        if (json)
        {
            CliHost.PrintJson(new
            {
                ok = read.TrueForAll(r => r.Reading.Alert is not null),
                files = read.Select(r => new { file = r.File, identifier = r.Reading.Alert?.Identifier, faults = r.Reading.Faults.Select(f => new { f.Code, f.Line, f.Column, f.Path, message = f.Message(language) }) }),
            });
            return;
        }
        foreach (var (file, reading) in read)
        {
            if (reading.Alert is { } a) Console.WriteLine($"{file}: {a.Identifier}  {a.Sender}  {AlertWriter.Time(a.Sent)}  {a.Status} {a.Kind} {a.Scope}{(a.Infos.Count > 0 ? $"  {a.Infos[0].Event}" : "")}{(a.Signed ? "  (signed)" : "")}");
            foreach (var f in reading.Faults) Console.WriteLine($"{file}:{f.Line}:{f.Column}: {f.Path} {f.Message(language)} [{f.Code}]");
        }
    }
}
