using System.CommandLine;
using System.Globalization;
using Liren.Organisation.Features;
using Liren.Sdk;
using Liren.Sdk.Cli;
using Liren.Sdk.Text;
using Microsoft.Extensions.DependencyInjection;

namespace Liren.Organisation;

/// <summary>Verbs: who, matrix check|export|import.</summary>
internal static class OrganisationVerbs
{
    public static IEnumerable<Command> All(CliHost host)
    {
        yield return Who(host);
    }

    private static Command Who(CliHost host)
    {
        var type = new Argument<string>("event") { Description = "Event type, e.g. crowd.gathering" };
        var place = new Argument<string>("place") { Description = "Place path, e.g. 31.01.15.016" };
        var mode = new Option<string>("--mode") { Description = "peace or emergency", DefaultValueFactory = _ => "peace" };
        var at = new Option<string?>("--at") { Description = "Time; Shanghai time when it has no offset" };
        var json = CliHost.JsonOption();
        return host.Runs(new Command("who", "Who owns this kind of event at this place, who follows, who is on duty, and why") { type, place, mode, at, json }, async (parse, services, stop) =>
        {
            var answer = await services.GetRequiredService<AskWho>().RunAsync(parse.GetValue(type)!, parse.GetValue(place)!, AskWho.ModeOf(parse.GetValue(mode)), Time(parse.GetValue(at)), stop);
            if (parse.GetValue(json)) { CliHost.PrintJson(answer); return answer.Owner is null ? 1 : 0; }
            var texts = services.GetRequiredService<Texts>();
            Line(texts["organisation.lead"], answer.Owner);
            foreach (var org in answer.Support) Line(texts["organisation.support"], org);
            foreach (var org in answer.Fallback) Line(texts["organisation.fallback"], org);
            foreach (var reason in answer.Because) Console.WriteLine($"  - {reason}");
            Console.WriteLine(texts["organisation.matrix-version", answer.MatrixVersion]);
            return answer.Owner is null ? 1 : 0;
        });
    }

    private static void Line(string role, AskWho.OrgRow? org) =>
        Console.WriteLine($"{role}  {(org is null ? "-" : $"{org.Name} ({org.Code})  {string.Join("、", org.OnDuty.Select(d => $"{d.Name}·{d.Post}"))}")}");

    private static DateTimeOffset? Time(string? text)
    {
        if (text is null) return null;
        Rule.Require(DateTime.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal, out var parsed), "organisation.time", "at", text);
        return parsed.Kind == DateTimeKind.Utc ? new(parsed) : new(parsed, Show.Zone.GetUtcOffset(parsed));
    }
}
