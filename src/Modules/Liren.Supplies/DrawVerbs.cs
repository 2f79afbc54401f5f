using System.CommandLine;
using System.Globalization;
using System.Security.Cryptography;
using Liren.Draws;
using Liren.Sdk.Cli;

namespace Liren.Supplies;

/// <summary>Verbs: draw verify, draw prove, draw commit, draw rfc3797. They need neither server nor database: whoever doubts a draw needs none of ours.</summary>
internal static class DrawVerbs
{
    public static IEnumerable<Command> All()
    {
        yield return new Command("draw", "Draws that anybody can do again") { Verify(), Prove(), Commit(), Rfc() };
    }

    private static Command Verify()
    {
        var file = new Argument<string>("file") { Description = "The published draw, JSON" };
        var commitment = new Option<string?>("--commitment") { Description = "What was published before the public number existed, JSON" };
        var root = new Option<string?>("--root") { Description = "Root as it was printed on the notice board, hex" };
        var json = CliHost.JsonOption();
        return CliHost.RunsAlone(new Command("verify", "Does a published draw again; exit 0 when it holds, 1 when it does not") { file, commitment, root, json }, async (parse, stop) =>
        {
            var draw = Read(parse.GetValue(file)!, DrawFile.Read, await File.ReadAllTextAsync(parse.GetValue(file)!, stop));
            var promised = parse.GetValue(commitment) is { } path ? Read(path, DrawFile.ReadCommitment, await File.ReadAllTextAsync(path, stop)) : null;
            var found = Verifier.Check(draw, promised, parse.GetValue(root));
            if (parse.GetValue(json)) CliHost.PrintJson(new { holds = found.Count == 0, round = draw.Round, entries = draw.Entries, winners = draw.Winners, waiting = draw.Waiting, root = draw.Root, seed = draw.Seed, checkedAgainstCommitment = promised is not null, findings = found });
            else
            {
                Console.WriteLine($"{draw.Round}: {draw.Winners} of {draw.Entries}, waiting list {draw.Waiting}, root {draw.Root}");
                foreach (var finding in found) Console.WriteLine($"  {finding.Fault}  {finding.At}");
                Console.WriteLine(found.Count == 0 ? "The draw holds: list, secrets, seed and result come out the same again." : $"The draw does NOT hold: {found.Count} finding(s).");
                if (found.Count == 0 && promised is null) Console.WriteLine("Not compared with what was promised before the draw; give --commitment or --root for that.");
            }
            return found.Count == 0 ? 0 : 1;
        });
    }

    private static Command Prove()
    {
        var file = new Argument<string>("file") { Description = "The published draw, JSON" };
        var receipt = new Argument<string>("receipt") { Description = "Tag on the receipt, 32 hex digits" };
        var json = CliHost.JsonOption();
        return CliHost.RunsAlone(new Command("prove", "Where a receipt stands on the list and in the draw") { file, receipt, json }, async (parse, stop) =>
        {
            var draw = Read(parse.GetValue(file)!, DrawFile.Read, await File.ReadAllTextAsync(parse.GetValue(file)!, stop));
            var tag = Hex.Read(parse.GetValue(receipt)!.ToLowerInvariant(), TagList.TagSize) ?? throw new CliFailureException("A receipt is 32 hex digits");
            TagList list;
            try { list = TagList.Of(draw.Tags.Select(t => Hex.Read(t, TagList.TagSize) ?? throw new DrawFaultException("tag-size", t))); }
            catch (DrawFaultException fault) { throw new CliFailureException($"The list of the draw is not one: {fault.Message}"); }
            var index = list.IndexOf(tag);
            if (index < 0) throw new CliFailureException("This receipt is not on the list");
            var proof = list.Proof(index);
            var holds = Hex.Read(draw.Root, 32) is { } root && MerkleTree.Proves(tag, index, list.Count, proof, root);
            var step = draw.Steps.FirstOrDefault(s => s.Tag == Hex.Of(tag));
            if (parse.GetValue(json)) CliHost.PrintJson(new { holds, index, entries = list.Count, root = draw.Root, path = proof.Select(h => Hex.Of(h)), outcome = step?.Outcome.ToString() ?? "NotDrawn", with = step?.With });
            else Console.WriteLine($"number {index} of {list.Count}; {(holds ? "on the committed list" : "NOT under the root")}; {step?.Outcome.ToString() ?? "not drawn"}\n{string.Join('\n', proof.Select(h => Hex.Of(h)))}");
            return holds ? 0 : 1;
        });
    }

    private static Command Commit()
    {
        var secret = new Option<string?>("--secret") { Description = "32 bytes, hex; made at random when not given" };
        var json = CliHost.JsonOption();
        return CliHost.RunsAlone(new Command("commit", "A custodian's secret and its promise: keep the one, hand in the other") { secret, json }, (parse, _) =>
        {
            var bytes = parse.GetValue(secret) is { } given ? Hex.Read(given, Custodian.SecretSize) ?? throw new CliFailureException("A secret is 64 lower-case hex digits") : RandomNumberGenerator.GetBytes(Custodian.SecretSize);
            var (kept, promise) = (Hex.Of(bytes), Hex.Of(Custodian.CommitTo(bytes)));
            if (parse.GetValue(json)) CliHost.PrintJson(new { secret = kept, commit = promise });
            else Console.WriteLine($"secret {kept}  (keep it until the list is closed)\ncommit {promise}  (hand it in before the round opens)");
            return Task.FromResult(0);
        });
    }

    private static Command Rfc()
    {
        var key = new Argument<string>("key") { Description = "Key string, e.g. 9319./2.5.8.10.12./9.18.26.34.41.45./" };
        var pool = new Option<int>("--pool") { Description = "How many there are", Required = true };
        var count = new Option<int>("--count") { Description = "How many to select", Required = true };
        var json = CliHost.JsonOption();
        return CliHost.RunsAlone(new Command("rfc3797", "Selection as RFC 3797 has it, to check draws made elsewhere") { key, pool, count, json }, (parse, _) =>
        {
            IReadOnlyList<int> selected;
            try { selected = Rfc3797.Select(parse.GetValue(key)!, parse.GetValue(pool), parse.GetValue(count)); }
            catch (DrawFaultException fault) { throw new CliFailureException(fault.Message); }
            if (parse.GetValue(json)) CliHost.PrintJson(new { selected });
            else Console.WriteLine(string.Join(' ', selected.Select(s => s.ToString(CultureInfo.InvariantCulture))));
            return Task.FromResult(0);
        });
    }

    private static T Read<T>(string path, Func<string, T> read, string text)
    {
        try { return read(text); }
        catch (DrawFaultException fault) { throw new CliFailureException($"{path}: {fault.Message}"); }
    }
}
