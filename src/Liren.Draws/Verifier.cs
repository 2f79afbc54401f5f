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
        var terms = new DrawTerms(file.MostTickets ?? 1, file.Reserved ?? []);
        if (file.Format != terms.Format || terms.IsPlain && (file.MostTickets is not null || file.Reserved is not null)) return [new("format", file.Format)];
        if (ListOf(file, found) is not { } list) return found;
        if (file.Entries != list.Count) found.Add(new("entries", file.Entries.ToString(CultureInfo.InvariantCulture)));
        if (file.Root != Hex.Of(list.Root)) found.Add(new("root", file.Root));
        if (printedRoot is not null && !string.Equals(printedRoot.Trim(), file.Root, StringComparison.OrdinalIgnoreCase)) found.Add(new("printed-root", printedRoot));
        if (promised is not null) Compare(file, promised, found);
        if (!ReservesHold(terms, list, found)) return found;
        if (file.Waiting < 0) found.Add(new("waiting", file.Waiting.ToString(CultureInfo.InvariantCulture)));
        var custodians = file.Custodians.Select(c => new Custodian(c.Name, Hex.Read(c.Commit, 32) ?? [], c.Secret is null ? null : Hex.Read(c.Secret, Custodian.SecretSize) ?? [])).ToList();
        byte[] seed;
        try { seed = Draw.Seed(Draw.SeedLines(file.Round, list.Count, file.Winners, list.Root, custodians, file.Beacon, terms)); }
        catch (DrawFaultException fault) { found.Add(new(fault.Fault, fault.At)); return found; }
        if (file.Seed != Hex.Of(seed)) found.Add(new("seed", file.Seed));
        CompareSteps(file, DrawFile.StepsOf(list, seed, file.Winners, Math.Max(0, file.Waiting), terms), found);
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
        if ((promised.MostTickets, promised.Reserved?.Count) != (file.MostTickets, file.Reserved?.Count) || !(promised.Reserved ?? []).SequenceEqual((file.Reserved ?? []).Select(r => r with { Numbers = null })))
            found.Add(new("promised-reserve", promised.Round));
        var before = promised.Custodians.Select(c => (c.Name, c.Commit)).OrderBy(c => c.Name, StringComparer.Ordinal);
        if (!before.SequenceEqual(file.Custodians.Select(c => (c.Name, c.Commit)).OrderBy(c => c.Name, StringComparer.Ordinal))) found.Add(new("promised-secrets", promised.Round));
    }

    // Who is of a class was committed to like the list itself; nobody is of two.
    private static bool ReservesHold(DrawTerms terms, TagList list, List<DrawFinding> found)
    {
        var taken = new HashSet<int>();
        foreach (var reserve in terms.Reserved)
        {
            var numbers = reserve.Numbers ?? [];
            var right = numbers.All(n => n >= 0 && n < list.Count && taken.Add(n)) && numbers.Count == reserve.Entries;
            if (right && numbers.Count > 0) right = Hex.Of(TagList.Of(numbers.Select(n => list[n].ToArray())).Root) == reserve.Root;
            if (right) continue;
            found.Add(new("reserve", reserve.Name));
            return false;
        }
        return true;
    }

    // Several tickets of one holder follow from the first, and classes are committed to: the whole result comes out again, skipped tickets included.
    private static void CompareSteps(DrawFile file, IReadOnlyList<PublishedStep> due, List<DrawFinding> found)
    {
        for (var i = 0; i < Math.Max(due.Count, file.Steps.Count); i++)
        {
            if (i < due.Count && i < file.Steps.Count && due[i] == file.Steps[i]) continue;
            found.Add(new(i < file.Steps.Count ? "result" : "result-incomplete", (i + 1).ToString(CultureInfo.InvariantCulture)));
            return;
        }
    }
}
