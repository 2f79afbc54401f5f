using Liren.Contracts.Wall;

namespace Liren.Wall.Model;

/// <summary>Makes what a wall shows of a place out of the model: pure counting, the same for now and for a story.</summary>
internal static class Board
{
    /// <summary>Fewer people than this are not told (小格抑制).</summary>
    public const int Few = 5;

    /// <summary>More gates or devices than this are drawn only when something is wrong with them.</summary>
    private const int All = 60;
    private const int MostIncidents = 100, MostTrouble = 200;
    private static readonly string[] Levels = ["I", "II", "III", "IV"];

    /// <summary>The wall of a place at an instant, without its feed.</summary>
    public static Snapshot Of(WallModel model, string place, PlaceBook places, DateTimeOffset now)
    {
        var incidents = model.Within(WallKinds.Incident, place).OrderBy(i => Array.IndexOf(Levels, i.Level)).ThenBy(i => i.Since).ToList();
        var gates = model.Within(WallKinds.Gate, place).ToList();
        var devices = model.Within(WallKinds.Device, place).ToList();
        Tile[] tiles =
        [
            Incidents(model, incidents, now), Passed(model, place, gates.Count(g => g.State != "unpaired"), now), Gates(model, gates, now), Devices(model, devices, now),
            Cases(model, [.. model.Within(WallKinds.Case, place)], now), Modes(model, [.. model.Concerning(WallKinds.Order, place).Where(o => o.Due > now)], now),
            Plans(model, [.. model.Concerning(WallKinds.Plan, place)], now),
        ];
        var wanted = incidents.Take(MostIncidents).Concat(Shown(gates)).Concat(Shown(devices)).ToList();
        var drawn = wanted.ConvertAll(t => Draw(t, model, places, now));
        var all = incidents.Count + Worth(gates) + Worth(devices);
        return new(now, tiles, drawn, all - drawn.Count, drawn.Count(d => d.At is null), places.Version, []);
    }

    private static int Worth(List<WallThing> things) => things.Count <= All ? things.Count : things.Count(t => t.Trouble);

    private static IEnumerable<WallThing> Shown(List<WallThing> things) => things.Count <= All ? things : things.Where(t => t.Trouble).OrderBy(t => t.Since).Take(MostTrouble);

    private static Drawn Draw(WallThing t, WallModel model, PlaceBook places, DateTimeOffset now)
    {
        var spot = places.Spot(t.Place);
        var (entered, left) = t.Kind == WallKinds.Gate ? model.Passages.Of(t.Id, now) : default;
        return new(t.Id, t.Kind, t.State, t.Since)
        {
            Level = t.Level, Zh = t.Name?.Zh, En = t.Name?.En, Code = t.Code, Place = spot.Name, Area = spot.Area, At = spot.At, Due = t.Due,
            People = t.People >= Few ? t.People : null, Few = t.People is > 0 and < Few, Sent = t.Sent is { } sent ? [Math.Round(sent.Longitude, 5), Math.Round(sent.Latitude, 5)] : null,
            Trouble = t.Trouble, Passed = entered + left is var passed && (passed >= Few || (passed == 0 && t.Kind == WallKinds.Gate)) ? passed : null,
        };
    }

    private static Tile Incidents(WallModel model, List<WallThing> open, DateTimeOffset now)
    {
        var late = open.Count(i => i.Due < now);
        var tone = open.Any(i => i.Level is "I" or "II") ? Tone.Alarm : late > 0 || open.Any(i => i.Level == "III") ? Tone.Warn : open.Count > 0 ? Tone.Info : Tone.Calm;
        return Make(model, "incidents", WallKinds.Incident, now, tone, open.Count) with
        {
            Parts = [.. Levels.Select(l => new Part(l, open.Count(i => i.Level == l))).Where(p => p.Count > 0)], Late = late, Oldest = open.Count == 0 ? null : open.Min(i => i.Since),
        };
    }

    // Below five nothing is said; nor how a figure is made up when a part of it is below five.
    private static Tile Passed(WallModel model, string place, int gates, DateTimeOffset now)
    {
        var (entered, left) = model.Passages.Within(place, now);
        var sum = entered + left;
        var hidden = sum is > 0 and < Few;
        var tile = Make(model, "passages", Kinds.Passages, now, Tone.Calm, gates == 0 && sum == 0 && model.MarkOf(WallKinds.Gate).AsOf is not null ? null : sum);
        return hidden ? tile with { Value = null, Hidden = true }
            : tile with { Parts = tile.Value is not null && entered is 0 or >= Few && left is 0 or >= Few ? [new("in", entered), new("out", left)] : null };
    }

    private static Tile Gates(WallModel model, List<WallThing> gates, DateTimeOffset now)
    {
        var paired = gates.Count(g => g.State != "unpaired");
        var away = gates.Count(g => g.Trouble);
        return Make(model, "gates", WallKinds.Gate, now, away > 0 ? Tone.Warn : Tone.Calm, paired == 0 ? null : away) with
        {
            Of = paired > 0 ? paired : null, Parts = gates.Count > paired ? [new("unpaired", gates.Count - paired)] : null, Oldest = gates.Where(g => g.Trouble && g.Since > DateTimeOffset.UnixEpoch).Select(g => (DateTimeOffset?)g.Since).Min(),
        };
    }

    private static Tile Devices(WallModel model, List<WallThing> devices, DateTimeOffset now)
    {
        var blind = devices.Where(d => d.Trouble).ToList();
        return Make(model, "devices", WallKinds.Device, now, blind.Count > 0 ? Tone.Warn : Tone.Calm, devices.Count == 0 ? null : blind.Count) with
        {
            Of = devices.Count, Parts = [.. blind.GroupBy(d => d.State).OrderByDescending(g => g.Count()).ThenBy(g => g.Key, StringComparer.Ordinal).Take(2).Select(g => new Part(g.Key, g.Count()))],
            Oldest = blind.Count == 0 ? null : blind.Min(d => d.Since),
        };
    }

    private static Tile Cases(WallModel model, List<WallThing> open, DateTimeOffset now)
    {
        var late = open.Count(c => c.Due < now);
        return Make(model, "cases", WallKinds.Case, now, late > 0 ? Tone.Warn : open.Count > 0 ? Tone.Info : Tone.Calm, open.Count) with { Late = late, Oldest = open.Count == 0 ? null : open.Min(c => c.Since) };
    }

    // The gravest order speaks for the wall; among equals the one that ends first.
    private static Tile Modes(WallModel model, List<WallThing> orders, DateTimeOffset now)
    {
        var first = orders.OrderBy(o => Array.IndexOf(Levels, o.Level)).ThenBy(o => o.Due).FirstOrDefault();
        return Make(model, "modes", WallKinds.Order, now, first is null ? Tone.Calm : Tone.Warn, orders.Count) with { Due = first?.Due, Name = first?.Name?.Zh, Level = first?.Level };
    }

    private static Tile Plans(WallModel model, List<WallThing> plans, DateTimeOffset now)
    {
        var emergency = plans.Count(p => p.Trouble);
        return Make(model, "plans", WallKinds.Plan, now, Tone.Calm, plans.Count) with { Parts = emergency > 0 ? [new("emergency", emergency)] : null };
    }

    private static Tile Make(WallModel model, string id, string kind, DateTimeOffset now, Tone tone, int? value)
    {
        var mark = model.MarkOf(kind);
        if (mark.AsOf is not { } asOf) return new(id, Freshness.Missing, Tone.Calm, null);
        var age = now - asOf;
        return age <= mark.Within ? new(id, Freshness.Fresh, tone, value) : new(id, age <= 10 * mark.Within ? Freshness.Late : Freshness.Stale, tone, value) { AsOf = asOf };
    }
}

/// <summary>Marks of the model that are no kind of thing.</summary>
internal static class Kinds
{
    /// <summary>People through gates.</summary>
    public const string Passages = "passages";
}
