using System.CommandLine;
using System.Globalization;
using Liren.Contracts.Identity;
using Liren.Modes.Domain;
using Liren.Modes.Features;
using Liren.Sdk;
using Liren.Sdk.Cli;
using Liren.Sdk.Security;
using Liren.Sdk.Text;
using Liren.Sdk.Web;
using Microsoft.Extensions.DependencyInjection;

namespace Liren.Modes;

/// <summary>Verbs: mode list, at, order, renew, sign, end. Whoever signs is named; an operator alone is nobody.</summary>
internal static class ModesVerbs
{
    public static IEnumerable<Command> All(CliHost host)
    {
        yield return new Command("mode", "Peace and emergency: orders and what they allow") { List(host), At(host), Order(host), Renew(host), Sign(host), End(host) };
    }

    private static Command List(CliHost host)
    {
        var filter = new Option<string?>("--filter") { Description = "open, in-force, coming, proposed or past" };
        var place = new Option<string?>("--place") { Description = "At or below this place" };
        var json = CliHost.JsonOption();
        return host.Runs(new Command("list", "Orders, the latest first") { filter, place, json }, async (parse, services, stop) =>
        {
            var rows = await services.GetRequiredService<ListOrders>().RunAsync(new(Place: parse.GetValue(place), Filter: parse.GetValue(filter)) { All = true }, stop);
            if (parse.GetValue(json)) CliHost.PrintJson(new { orders = rows.Items });
            else foreach (var o in rows.Items) Console.WriteLine($"{o.Id}  {o.State,-9}  {o.Level,-3}  {Show.Full(o.From)[..16]} – {Show.Full(o.Until)[..16]}  {o.OrderNo}  {o.Area}  {o.AreaName}");
            return 0;
        });
    }

    private static Command At(CliHost host)
    {
        var place = new Argument<string>("place") { Description = "Place path, e.g. 31.01.15.016" };
        var at = new Option<string?>("--at") { Description = "Time; Shanghai time when it has no offset" };
        var json = CliHost.JsonOption();
        return host.Runs(new Command("at", "Which mode holds at a place, and what may be collected there") { place, at, json }, async (parse, services, stop) =>
        {
            var answer = await services.GetRequiredService<AskMode>().RunAsync(parse.GetValue(place), Time(parse.GetValue(at), "at"), stop);
            if (parse.GetValue(json)) { CliHost.PrintJson(answer); return 0; }
            var texts = services.GetRequiredService<Texts>();
            var now = answer.Now;
            Console.WriteLine($"{answer.PlaceName}  {texts["modes.mode." + now.Mode]}{(now.OrderNo is null ? "" : $"  {texts["modes.level." + now.Level]}  {now.OrderNo}  {now.Area}  {Show.Full(now.Since!.Value)} – {Show.Full(now.Until!.Value)}")}");
            foreach (var row in answer.Collections.Where(c => c.Leave.Allowed)) Console.WriteLine($"  + {ShowCertificate.Name(texts, row.Collection)} ({row.Collection})  {row.Leave.Purpose}  – {Show.Full(row.Leave.Until!.Value)}");
            return 0;
        });
    }

    private static Command Order(CliHost host)
    {
        var place = new Option<string>("--place") { Description = "Place path; everything below is meant too", Required = true };
        var no = NoOption();
        var level = new Option<Level>("--level") { Description = "IV, III, II or I", DefaultValueFactory = _ => Level.IV };
        var authority = new Option<string>("--authority") { Description = "Who issues it", Required = true };
        var basis = new Option<string>("--basis") { Description = "Legal basis", Required = true };
        var reason = new Option<string>("--reason") { Description = "Why", Required = true };
        var from = new Option<string?>("--from") { Description = "Beginning; now when left out. Shanghai time when it has no offset" };
        var to = ToOption();
        var collect = CollectOption();
        var by = ByOption();
        var json = CliHost.JsonOption();
        return host.Runs(new Command("order", "Propose an emergency order; it holds once another person signs it") { place, no, level, authority, basis, reason, from, to, collect, by, json }, async (parse, services, stop) =>
            Tell(await services.AsPersonAsync(parse.GetValue(by)!, "modes.order", parse.GetValue(place)!, () => services.GetRequiredService<OrderMode>().RunAsync(new(parse.GetValue(place), parse.GetValue(level), parse.GetValue(no), parse.GetValue(authority), parse.GetValue(basis),
                parse.GetValue(reason), Time(parse.GetValue(from), "from"), Time(parse.GetValue(to), "to"), Collected(parse.GetValue(collect))), NewId.Fresh, stop), stop), parse.GetValue(json)));
    }

    private static Command Renew(CliHost host)
    {
        var id = IdArgument();
        var (no, to, collect, by, json) = (NoOption(), ToOption(), CollectOption(), ByOption(), CliHost.JsonOption());
        return host.Runs(new Command("renew", "Propose an order that goes on where this one ends; the rest is taken from it") { id, no, to, collect, by, json }, async (parse, services, stop) =>
        {
            var old = await services.GetRequiredService<ShowOrder>().RunAsync(parse.GetValue(id), stop);
            return Tell(await services.AsPersonAsync(parse.GetValue(by)!, "modes.order", old.Area, () => services.GetRequiredService<OrderMode>().RunAsync(
                new(null, null, parse.GetValue(no), null, null, null, null, Time(parse.GetValue(to), "to"), parse.GetValue(collect) is { Length: > 0 } named ? Collected(named) : null, old.Id), NewId.Fresh, stop), stop), parse.GetValue(json));
        });
    }

    private static Command Sign(CliHost host)
    {
        var (id, by, json) = (IdArgument(), ByOption(), CliHost.JsonOption());
        return host.Runs(new Command("sign", "Sign an order as the second person: it comes into force") { id, by, json }, async (parse, services, stop) =>
        {
            var order = await services.GetRequiredService<ShowOrder>().RunAsync(parse.GetValue(id), stop);
            var state = await services.AsPersonAsync(parse.GetValue(by)!, "modes.confirm", order.Area, () => services.GetRequiredService<SignOrder>().SignAsync(order.Id, new(order.Version), stop), stop);
            return Tell(new(order.Id, state), parse.GetValue(json));
        });
    }

    private static Command End(CliHost host)
    {
        var (id, no, by) = (IdArgument(), NoOption(), ByOption());
        var reason = new Option<string>("--reason") { Description = "Why", Required = true };
        return host.Runs(new Command("end", "Cut an order short; extra collection stops at once and destruction is planned") { id, no, reason, by }, async (parse, services, stop) =>
        {
            var order = await services.GetRequiredService<ShowOrder>().RunAsync(parse.GetValue(id), stop);
            await services.AsPersonAsync(parse.GetValue(by)!, "modes.order", order.Area, async () =>
            {
                await services.GetRequiredService<EndOrder>().EndAsync(order.Id, new(parse.GetValue(no), parse.GetValue(reason)), new(order.Version), stop);
                return true;
            }, stop);
            return 0;
        });
    }

    private static Argument<Guid> IdArgument() => new("order") { Description = "Id of the order, as `mode list` shows it" };
    private static Option<string> NoOption() => new("--no") { Description = "文号 of the order", Required = true };
    private static Option<string> ToOption() => new("--to") { Description = "End, at most 30 days later; Shanghai time when it has no offset", Required = true };
    private static Option<string> ByOption() => new("--by") { Description = "Sign-in name of the person who signs", Required = true };
    private static Option<string[]> CollectOption() => new("--collect") { Description = "Extra collection, code:days:purpose; may be repeated", AllowMultipleArgumentsPerToken = true };

    private static List<OrderMode.CollectionRequest> Collected(string[]? named) => [.. (named ?? []).Select(text =>
    {
        var parts = text.Split(':', 3);
        Rule.Require(parts.Length == 3 && int.TryParse(parts[1], CultureInfo.InvariantCulture, out _), "modes.collect-form", "collect", text);
        return new OrderMode.CollectionRequest(parts[0], parts[2], int.Parse(parts[1], CultureInfo.InvariantCulture));
    })];

    private static int Tell(OrderMode.Made made, bool json)
    {
        if (json) CliHost.PrintJson(made);
        else Console.WriteLine($"{made.Id}  {made.State}");
        return 0;
    }

    private static DateTimeOffset? Time(string? text, string field)
    {
        if (text is null) return null;
        Rule.Require(DateTime.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal, out var parsed), "modes.time", field, text);
        return parsed.Kind == DateTimeKind.Utc ? new(parsed) : new(parsed, Show.Zone.GetUtcOffset(parsed));
    }
}
