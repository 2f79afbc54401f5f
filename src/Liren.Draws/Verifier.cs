using System.Globalization;

namespace Liren.Draws;

/// <summary>Something in a published draw that is not as it must be.</summary>
/// <param name="Fault">Stable word: "root", "seed", "secret-broken", "result" ...</param>
/// <param name="At">Where; may be empty.</param>
public sealed record DrawFinding(string Fault, string At);

/// <summary>Does a published draw again from nothing but the file, and what was promised before when that is at hand.</summary>
public static class Verifier
{
    /// <summary>Everything that is wrong with it; empty when the draw holds.</summary>
    /// <param name="file">The published draw.</param>
    /// <param name="promised">What was published before the public number existed.</param>
    /// <param name="printedRoot">Root as it was printed on the notice board, hex.</param>
    public static IReadOnlyList<DrawFinding> Check(DrawFile file, Commitment? promised = null, string? printedRoot = null)
    {
        var found = new List<DrawFinding>();
        if (file.Format != Draw.Format) return [new("format", file.Format)];
        if (ListOf(file, found) is not { } list) return found;
        if (file.Entries != list.Count) found.Add(new("entries", file.Entries.ToString(CultureInfo.InvariantCulture)));
        if (file.Root != Hex.Of(list.Root)) found.Add(new("root", file.Root));
        if (printedRoot is not null && !string.Equals(printedRoot.Trim(), file.Root, StringComparison.OrdinalIgnoreCase)) found.Add(new("printed-root", printedRoot));
        if (promised is not null) Compare(file, promised, found);
        if (file.Waiting < 0) found.Add(new("waiting", file.Waiting.ToString(CultureInfo.InvariantCulture)));
        var custodians = file.Custodians.Select(c => new Custodian(c.Name, Hex.Read(c.Commit, 32) ?? [], c.Secret is null ? null : Hex.Read(c.Secret, Custodian.SecretSize) ?? [])).ToList();
        byte[] seed;
        try { seed = Draw.Seed(Draw.SeedLines(file.Round, list.Count, file.Winners, list.Root, custodians, file.Beacon)); }
        catch (DrawFaultException fault) { found.Add(new(fault.Fault, fault.At)); return found; }
        if (file.Seed != Hex.Of(seed)) found.Add(new("seed", file.Seed));
        CheckSteps(file, list, seed, found);
        return found;
    }

    private static TagList? ListOf(DrawFile file, List<DrawFinding> found)
    {
        var tags = new List<byte[]>(file.Tags.Count);
        foreach (var text in file.Tags)
        {
            if (Hex.Read(text, TagList.TagSize) is not { } tag) { found.Add(new("tag-size", text)); return null; }
            tags.Add(tag);
        }
        try
        {
            var list = TagList.Of(tags);
            for (var i = 0; i < list.Count; i++)
                if (!list[i].SequenceEqual(Convert.FromHexString(file.Tags[i]))) { found.Add(new("order-of-list", i.ToString(CultureInfo.InvariantCulture))); return null; }
            return list;
        }
        catch (DrawFaultException fault) { found.Add(new(fault.Fault, fault.At)); return null; }
    }

    private static void Compare(DrawFile file, Commitment promised, List<DrawFinding> found)
    {
        if ((promised.Format, promised.Round, promised.Entries, promised.Winners, promised.Waiting, promised.BeaconRule) != (file.Format, file.Round, file.Entries, file.Winners, file.Waiting, file.BeaconRule))
            found.Add(new("promise", promised.Round));
        if (promised.Root != file.Root) found.Add(new("promised-root", promised.Root));
        var before = promised.Custodians.Select(c => (c.Name, c.Commit)).OrderBy(c => c.Name, StringComparer.Ordinal);
        if (!before.SequenceEqual(file.Custodians.Select(c => (c.Name, c.Commit)).OrderBy(c => c.Name, StringComparer.Ordinal))) found.Add(new("promised-secrets", promised.Round));
    }

    // Who holds which tickets is not in the list, so a skip is taken on trust only as far as everybody can see it: beside a tag that stands.
    private static void CheckSteps(DrawFile file, TagList list, byte[] seed, List<DrawFinding> found)
    {
        var standing = new HashSet<string>();
        using var order = Draw.Order(seed, list.Count).GetEnumerator();
        for (var i = 0; i < file.Steps.Count; i++)
        {
            var step = file.Steps[i];
            var full = standing.Count >= file.Winners + (long)file.Waiting;
            var due = standing.Count < file.Winners ? DrawOutcome.Won : DrawOutcome.Waiting;
            var outcome = step.Outcome == DrawOutcome.Skipped ? step.With is { } with && standing.Contains(with) : step.With is null && step.Outcome == due && standing.Add(step.Tag);
            if (full || !order.MoveNext() || order.Current != step.Index || Hex.Of(list[order.Current]) != step.Tag || !outcome)
            {
                found.Add(new("result", (i + 1).ToString(CultureInfo.InvariantCulture)));
                return;
            }
        }
        var complete = standing.Count == file.Winners + (long)file.Waiting || file.Steps.Count == list.Count;
        if (!complete || standing.Count < file.Winners) found.Add(new("result-incomplete", standing.Count.ToString(CultureInfo.InvariantCulture)));
    }
}
