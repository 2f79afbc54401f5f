namespace Liren.Contracts.People;

/// <summary>Where somebody lives and with whom: ids and places, no names.</summary>
/// <param name="PersonId">Who.</param>
/// <param name="HouseholdId">Their household; null when none is recorded.</param>
/// <param name="Room">Path of the room.</param>
/// <param name="Born">Day of birth, if known.</param>
public sealed record ResidentUnit(Guid PersonId, Guid? HouseholdId, string Room, DateOnly? Born)
{
    /// <summary>Known to be of this age or more on a day.</summary>
    public bool IsOfAge(int years, DateOnly on) => Born is { } born && born.AddYears(years) <= on;
}

/// <summary>Somebody who agreed that a tag is noted of them.</summary>
public readonly record struct PersonTagged(Guid PersonId, string Tag);

/// <summary>A kind of tag (标签), to choose from.</summary>
public sealed record TagChoice(string Code, string NameZh, string NameEn);

/// <summary>Who lives where, for lists of entitlement (资格名单). Bulk reads of ids: the caller keeps a record of each list it makes.</summary>
public interface IResidentUnits
{
    /// <summary>Everybody who lives at or below the place now, in order of rooms and persons.</summary>
    Task<IReadOnlyList<ResidentUnit>> LivingAtAsync(string place, CancellationToken cancellation = default);

    /// <summary>Where a person lives; null when nowhere here.</summary>
    Task<ResidentUnit?> OfAsync(Guid person, CancellationToken cancellation = default);

    /// <summary>Who of those who live at or below the place agreed that one of the tags is noted of them, for this purpose. A read of personal data: it is logged for each.</summary>
    Task<IReadOnlyList<PersonTagged>> TaggedAtAsync(string place, IReadOnlyCollection<string> tags, string purpose, CancellationToken cancellation = default);

    /// <summary>Kinds of tags there are, in order.</summary>
    Task<IReadOnlyList<TagChoice>> TagKindsAsync(CancellationToken cancellation = default);
}
