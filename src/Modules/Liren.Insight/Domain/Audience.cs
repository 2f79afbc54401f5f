using Liren.Sdk.Security;

namespace Liren.Insight.Domain;

/// <summary>Whom a board is shared with (共享范围): everybody of the installation, those in a role, or those of an organisation unit.</summary>
/// <param name="Role">Code of a role; null otherwise.</param>
/// <param name="Unit">Id of an organisation unit; null otherwise.</param>
internal sealed record Audience(string? Role, Guid? Unit)
{
    private const string All = "everybody", OfRole = "role:", OfUnit = "unit:";

    /// <summary>Everybody who may see figures at all.</summary>
    public static readonly Audience Everybody = new(null, null);

    /// <summary>The audience written so; null when it is none.</summary>
    public static Audience? Parse(string? text) => text switch
    {
        All => Everybody,
        not null when text.StartsWith(OfRole, StringComparison.Ordinal) && text.Length > OfRole.Length => new(text[OfRole.Length..], null),
        not null when text.StartsWith(OfUnit, StringComparison.Ordinal) && Guid.TryParse(text.AsSpan(OfUnit.Length), out var unit) => new(null, unit),
        _ => null,
    };

    /// <summary>Every audience somebody belongs to, as text.</summary>
    public static IReadOnlyList<string> Of(Actor actor) =>
    [
        All,
        .. actor.Grants.Select(g => OfRole + g.Role).Distinct(),
        .. actor.Grants.Select(g => g.OrgId).Append(actor.OrgId).OfType<Guid>().Distinct().Select(unit => new Audience(null, unit).ToString()),
    ];

    /// <summary>"everybody", "role:street-leader", "unit:0197…".</summary>
    public override string ToString() => Role is not null ? OfRole + Role : Unit is { } unit ? $"{OfUnit}{unit}" : All;
}
