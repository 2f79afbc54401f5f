using Liren.Contracts.Organisation;
using Liren.Contracts.Places;
using Liren.Sdk;

namespace Liren.Cases.Domain;

/// <summary>
/// Limits of a jurisdiction for a type (办理时限) from a day on. An empty one is taken from the next rule that has it: first the deeper jurisdiction, in it the
/// exact type before "*", of several the latest that is in force.
/// </summary>
internal sealed class CaseLimit : Entity
{
    /// <summary>All types.</summary>
    public const string AnyType = "*";

    private CaseLimit() { }

    /// <summary>The jurisdiction; "" is everywhere.</summary>
    public required string PlacePath { get; init; }
    /// <summary>Event type, or "*".</summary>
    public required string Type { get; init; }
    /// <summary>First day it holds.</summary>
    public DateOnly From { get; init; }
    /// <summary>Last day it holds; null when it has no end.</summary>
    public DateOnly? Until { get; private set; }
    public string? Register { get; private set; }
    public string? Assign { get; private set; }
    public string? Handle { get; private set; }
    public string? Verify { get; private set; }
    /// <summary>On what grounds.</summary>
    public string Basis { get; private set; } = "";

    public static CaseLimit Set(Guid id, LimitLine line)
    {
        var made = new CaseLimit { Id = id, PlacePath = line.Place, Type = line.Type, From = line.From };
        made.Change(line);
        return made;
    }

    public void Change(LimitLine line)
    {
        Rule.Require(line.Type.Length is > 0 and <= 60, "cases.limit-type", "type", line.Type);
        Rule.Require(line.Until is null || line.Until >= line.From, "cases.limit-until", "until");
        Rule.Require(line.Basis?.Length is null or <= 120, "cases.limit-basis", "basis");
        (Register, Assign, Handle, Verify) = (Read(line.Register, "register"), Read(line.Assign, "assign"), Read(line.Handle, "handle"), Read(line.Verify, "verify"));
        Rule.Require(Register is not null || Assign is not null || Handle is not null || Verify is not null, "cases.limit-none", "handle");
        (Until, Basis) = (line.Until, line.Basis?.Trim() ?? "");
    }

    private static string? Read(string? text, string field)
    {
        if (string.IsNullOrWhiteSpace(text)) return null;
        Rule.Require(TimeLimit.Parse(text) is { Amount: > 0 }, "cases.limit-bad", field, text);
        return TimeLimit.Parse(text)!.Value.ToString();
    }

    public bool InForce(DateOnly day) => From <= day && !(Until < day);

    /// <summary>The limit for a clock; null when this rule has none.</summary>
    public TimeLimit? Of(string clock) => TimeLimit.Parse(clock switch { Clocks.Register => Register, Clocks.Assign => Assign, Clocks.Handle => Handle, Clocks.Verify => Verify, _ => null });
}

/// <summary>A rule as it is typed or imported.</summary>
internal sealed record LimitLine(string Place, string Type, DateOnly From, string? Register, string? Assign, string? Handle, string? Verify, string? Basis = null, DateOnly? Until = null);

/// <summary>All rules; pure.</summary>
internal sealed class LimitBook(IEnumerable<CaseLimit> own, IEnumerable<CaseLimit> shipped)
{
    private readonly List<(CaseLimit Rule, int Rank)> rules = [.. own.Select(r => (r, 1)), .. shipped.Select(r => (r, 0))];

    /// <summary>The limit of a clock for a type at a place on a day, with the rule it comes from; null when there is none.</summary>
    public (TimeLimit Limit, CaseLimit Rule)? Find(string clock, string type, string place, DateOnly day)
    {
        var best = rules.Where(r => (r.Rule.Type == type || r.Rule.Type == CaseLimit.AnyType) && PlacePath.IsWithin(place, r.Rule.PlacePath) && r.Rule.InForce(day) && r.Rule.Of(clock) is not null)
            .OrderByDescending(r => r.Rank).ThenByDescending(r => PlacePath.Depth(r.Rule.PlacePath)).ThenByDescending(r => r.Rule.Type == type).ThenByDescending(r => r.Rule.From).FirstOrDefault();
        return best.Rule is { } rule ? (rule.Of(clock)!.Value, rule) : null;
    }
}
