using System.CommandLine;
using Liren.Contracts.Identity;
using Liren.Identity.Data;
using Liren.Identity.Features;
using Liren.Sdk;
using Liren.Sdk.Cli;
using Liren.Sdk.Web;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Liren.Identity;

/// <summary>Verbs: account add|reset|list, key add, log verify.</summary>
internal static class IdentityVerbs
{
    public static IEnumerable<Command> All(CliHost host)
    {
        yield return new Command("account", "Accounts of people") { Add(host), Reset(host), List(host) };
        yield return new Command("key", "Keys of programs and devices") { AddKey(host) };
        yield return new Command("log", "The access log") { Verify(host) };
    }

    private static Command Add(CliHost host)
    {
        var name = new Argument<string>("name") { Description = "Sign-in name" };
        var role = new Option<string>("--role") { Description = "Role, e.g. administrator", Required = true };
        var place = new Option<string>("--place") { Description = "Subtree of places; everywhere when left out", DefaultValueFactory = _ => "" };
        var show = new Option<string?>("--display") { Description = "Name shown to people" };
        var json = CliHost.JsonOption();
        return host.Runs(new Command("add", "Make an account; its password is printed once") { name, role, place, show, json }, async (parse, services, stop) =>
        {
            var user = parse.GetValue(name)!;
            var made = await services.GetRequiredService<AddAccount>().RunAsync(new(user, parse.GetValue(show) ?? user, null, null, parse.GetValue(role)!, parse.GetValue(place)!), NewId.Fresh, stop);
            if (parse.GetValue(json)) CliHost.PrintJson(new { id = made.Id, password = made.Password });
            else Console.WriteLine($"{user}  {made.Password}");
            return 0;
        });
    }

    private static Command Reset(CliHost host)
    {
        var name = new Argument<string>("name") { Description = "Sign-in name" };
        var json = CliHost.JsonOption();
        return host.Runs(new Command("reset", "Give an account a new password, printed once") { name, json }, async (parse, services, stop) =>
        {
            var account = Rule.Found(await services.GetRequiredService<IAccountDirectory>().FindByUserNameAsync(parse.GetValue(name)!, stop), "identity.no-account");
            var changed = await services.GetRequiredService<ChangeAccountState>().RunAsync(account.Id, "reset", stop);
            if (parse.GetValue(json)) CliHost.PrintJson(new { id = account.Id, password = changed.Password });
            else Console.WriteLine($"{account.UserName}  {changed.Password}");
            return 0;
        });
    }

    private static Command List(CliHost host)
    {
        var json = CliHost.JsonOption();
        return host.Runs(new Command("list", "List accounts") { json }, async (parse, services, stop) =>
        {
            var rows = (await services.GetRequiredService<ListAccounts>().RunAsync(new ListQuery { All = true }, stop)).Items;
            if (parse.GetValue(json)) CliHost.PrintJson(new { accounts = rows });
            else foreach (var row in rows) Console.WriteLine($"{row.UserName,-20} {row.State,-10} {row.Roles,-30} {row.DisplayName}");
            return 0;
        });
    }

    private static Command AddKey(CliHost host)
    {
        var name = new Argument<string>("name") { Description = "What the key is for" };
        var kind = new Option<string>("--kind") { Description = "program or device", DefaultValueFactory = _ => "program" };
        var role = new Option<string>("--role") { Description = "Role of the key", DefaultValueFactory = _ => "integration" };
        var place = new Option<string>("--place") { Description = "Subtree of places", DefaultValueFactory = _ => "" };
        var days = new Option<int>("--days") { Description = "Valid for so many days", DefaultValueFactory = _ => 365 };
        var json = CliHost.JsonOption();
        return host.Runs(new Command("add", "Make a key, printed once") { name, kind, role, place, days, json }, async (parse, services, stop) =>
        {
            var made = await services.GetRequiredService<Features.AddKey>().RunAsync(new(parse.GetValue(name)!, parse.GetValue(kind)!, parse.GetValue(role)!, parse.GetValue(place)!, parse.GetValue(days)), stop);
            if (parse.GetValue(json)) CliHost.PrintJson(new { id = made.Id, key = made.Key, expires = made.Expires });
            else Console.WriteLine(made.Key);
            return 0;
        });
    }

    private static Command Verify(CliHost host)
    {
        var from = new Option<long?>("--from") { Description = "A line remembered earlier" };
        var hash = new Option<string?>("--hash") { Description = "Its hash" };
        var json = CliHost.JsonOption();
        return host.Runs(new Command("verify", "Check that no line of the access log was changed, removed or reordered") { from, hash, json }, async (parse, services, stop) =>
        {
            var answer = await services.GetRequiredService<VerifyAccessLog>().RunAsync(parse.GetValue(from), parse.GetValue(hash), stop);
            if (parse.GetValue(json)) CliHost.PrintJson(answer);
            else Console.WriteLine(answer.Ok ? $"ok: {answer.Lines} lines; head {answer.Seq} {answer.Hash}" : $"BROKEN at line {answer.Broken}; the {answer.Lines} lines before it are right");
            return answer.Ok ? 0 : 1;
        });
    }
}
