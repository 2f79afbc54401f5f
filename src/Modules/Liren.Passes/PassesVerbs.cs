using System.CommandLine;
using System.Globalization;
using Liren.Codes;
using Liren.Passes.Data;
using Liren.Passes.Domain;
using Liren.Passes.Features;
using Liren.Sdk;
using Liren.Sdk.Cli;
using Liren.Sdk.Security;
using Liren.Sdk.Web;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Liren.Passes;

/// <summary>Verbs: pass verify, issue, revoke, key.</summary>
internal static class PassesVerbs
{
    public static IEnumerable<Command> All(CliHost host)
    {
        yield return new Command("pass", "Passes: verify, issue, revoke, keys") { Verify(), Issue(host), Print(host), Revoke(host), Key(host) };
    }

    /// <summary>Needs nothing of the installation: neither data folder nor database is touched.</summary>
    private static Command Verify()
    {
        var trust = new Option<FileInfo>("--trust") { Description = "JSON: a list of base64 DER certificates or public keys, or {\"root\",\"list\"} of this installation", Required = true };
        var at = new Option<string?>("--at") { Description = "Time to judge by: ISO 8601, or Unix seconds; now when left out" };
        var profile = new Option<string>("--profile") { Description = "liren: our passes; hcert: EU health certificates (HC1)", DefaultValueFactory = _ => "liren" };
        profile.AcceptOnlyFromAmong("liren", "hcert");
        var command = new Command("verify", "Read codes line by line from standard input and write one JSON line for each: ok, kind, reason, claims") { trust, at, profile };
        command.SetAction(parse =>
        {
            try
            {
                var time = TimeOf(parse.GetValue(at));
                var json = File.ReadAllText(parse.GetValue(trust)!.FullName);
                using var input = Console.OpenStandardInput();
                using var output = new StreamWriter(Console.OpenStandardOutput()) { NewLine = "\n" };
                if (parse.GetValue(profile) == "hcert")
                {
                    using var certificates = TrustFile.ReadCertificates(json, out var unusable);
                    if (unusable > 0) Console.Error.WriteLine($"{unusable} entries of the trust file are no certificates with a key on P-256 or RSA of 2048 bits: left out.");
                    CodeLines.Run(input, output, line => CodeLines.OfHcert(line, certificates, time));
                }
                else
                {
                    var keys = TrustFile.ReadPassKeys(json);
                    CodeLines.Run(input, output, line => CodeLines.OfPass(line, keys, time));
                }
                return 0;
            }
            catch (Exception e) when (e is FormatException or IOException or UnauthorizedAccessException)
            {
                Console.Error.WriteLine(e.Message);
                return 1;
            }
        });
        command.Validators.Add(r => { if (r.GetValue(at) is { } text && !TryTime(text, out _)) r.AddError($"--at {text} is no time: give 2026-02-13T14:32:00+08:00 or Unix seconds."); });
        return command;
    }

    private static DateTimeOffset TimeOf(string? text) => text is not null && TryTime(text, out var time) ? time : TimeProvider.System.GetUtcNow();

    private static bool TryTime(string text, out DateTimeOffset time)
    {
        if (!long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)) return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out time);
        time = DateTimeOffset.FromUnixTimeSeconds(Math.Min(seconds, 253_402_300_799));
        return true;
    }

    private static Command Issue(CliHost host)
    {
        var person = new Option<Guid?>("--person") { Description = "Id of a registered person" };
        var place = new Option<string?>("--place") { Description = "Everybody who lives at this place and has no good card" };
        var days = new Option<int>("--days") { Description = "How long, 1-14", DefaultValueFactory = _ => 14 };
        var json = CliHost.JsonOption();
        var command = new Command("issue", "Issue paper passes: to one person, or to everybody at a place") { person, place, days, json };
        command.Validators.Add(r => { if (r.GetValue(person) is null == r.GetValue(place) is null) r.AddError("Give --person or --place, one of the two."); });
        return host.Runs(command, async (parse, services, stop) =>
        {
            Purpose.State(Purposes.CommunityService);
            if (parse.GetValue(person) is { } one)
            {
                var made = await services.GetRequiredService<IssuePass>().RunAsync(new(PassKind.Resident, PassForm.Paper, one, Days: parse.GetValue(days)), NewId.Fresh, stop);
                if (parse.GetValue(json)) CliHost.PrintJson(made);
                else Console.WriteLine($"{made.Serial}\n{made.Code}");
                return 0;
            }
            var batch = await services.GetRequiredService<IssueBatch>().RunAsync(new(parse.GetValue(place)!, parse.GetValue(days)), stop);
            if (parse.GetValue(json)) CliHost.PrintJson(batch);
            else Console.WriteLine($"{batch.Issued} issued, {batch.Unchanged} had a good card");
            return 0;
        });
    }

    private static Command Print(CliHost host)
    {
        var place = new Option<string>("--place") { Description = "Whose cards: everybody's at this place", Required = true };
        var file = new Option<FileInfo>("--out") { Description = "Where to write the PDF", Required = true };
        var json = CliHost.JsonOption();
        return host.Runs(new Command("print", "Print paper passes on A4 sheets, ten a page") { place, file, json }, async (parse, services, stop) =>
        {
            Purpose.State(Purposes.CommunityService);
            var to = parse.GetValue(file)!;
            int printed;
            await using (var pdf = to.Create()) printed = await services.GetRequiredService<PrintPasses>().WriteAsync(pdf, parse.GetValue(place)!, null, stop);
            if (parse.GetValue(json)) CliHost.PrintJson(new { printed, file = to.FullName, bytes = new FileInfo(to.FullName).Length });
            else Console.WriteLine($"{printed} cards: {to.FullName}");
            return 0;
        });
    }

    private static Command Revoke(CliHost host)
    {
        var serial = new Argument<string>("serial") { Description = "Number on the card" };
        var reason = new Option<string>("--reason") { Description = "Why; kept in its history", Required = true };
        return host.Runs(new Command("revoke", "Revoke a pass for good") { serial, reason }, async (parse, services, stop) =>
        {
            var typed = HumanCode.Typed(parse.GetValue(serial)!);
            var pass = Rule.Found(await services.GetRequiredService<PassesDb>().Passes.AsNoTracking().SingleOrDefaultAsync(p => p.Serial == typed, stop), "passes.no-pass");
            await services.GetRequiredService<RevokePass>().RunAsync(pass.Id, new(parse.GetValue(reason)!), stop);
            return 0;
        });
    }

    private static Command Key(CliHost host)
    {
        var json = CliHost.JsonOption();
        var list = host.Runs(new Command("list", "All keys and where they stand") { json }, async (parse, services, stop) =>
        {
            var rows = await services.GetRequiredService<ManageKeys>().ListAsync(stop);
            if (parse.GetValue(json)) CliHost.PrintJson(new { keys = rows });
            else foreach (var k in rows) Console.WriteLine($"{k.Kid}  {k.Role,-4}  {k.Algorithm,-5}  {k.State,-10}  {k.NotAfter:yyyy-MM-dd}  {k.Place}");
            return 0;
        });
        var place = new Argument<string>("community") { Description = "Path of the community" };
        var role = new Option<KeyRole>("--role") { Description = "Pass or List", DefaultValueFactory = _ => KeyRole.Pass };
        var rotate = host.Runs(new Command("rotate", "A new key signs from now on; the one before only verifies") { place, role }, async (parse, services, stop) =>
        {
            Console.WriteLine((await services.GetRequiredService<ManageKeys>().RotateAsync(new(parse.GetValue(role), parse.GetValue(place)!), stop)).Kid);
            return 0;
        });
        var kid = new Argument<string>("kid") { Description = "Key id, as key list shows it" };
        var revoke = host.Runs(new Command("revoke", "Compromised: nothing it signed is good any more") { kid }, async (parse, services, stop) =>
        {
            await services.GetRequiredService<ManageKeys>().RevokeAsync(parse.GetValue(kid)!, stop);
            return 0;
        });
        var trust = host.Runs(new Command("trust", "Print this installation's trust file, for `pass verify --trust`"), async (parse, services, stop) =>
        {
            var (_, envelope) = await services.GetRequiredService<GetTrust>().RunAsync(stop);
            var (root, _) = await services.GetRequiredService<Keyring>().SignerAsync(KeyRole.Root, "", stop);
            CliHost.PrintJson(new { root = Convert.ToBase64String(root.Spki), list = Convert.ToBase64String(envelope) });
            return 0;
        });
        var key = new Command("key", "Signing keys") { list, rotate, revoke, trust };
        foreach (var verb in CeremonyVerbs.All(host)) key.Add(verb);
        return key;
    }
}
