namespace Liren.Contracts.People;

/// <summary>Where somebody lives and with whom: ids and places, no names.</summary>
/// <param name="PersonId">Who.</param>
/// <param name="HouseholdId">Their household; null when none is recorded.</param>
/// <param name="Room">Path of the room.</param>
/// <param name="Born">Day of birth, if known.</param>
public sealed record ResidentUnit(Guid PersonId, Guid? HouseholdId, string Room, DateOnly? Born);

/// <summary>Who lives where, for lists of entitlement (资格名单). Bulk reads of ids: the caller keeps a record of each list it makes.</summary>
public interface IResidentUnits
{
    /// <summary>Everybody who lives at or below the place now, in order of rooms and persons.</summary>
    Task<IReadOnlyList<ResidentUnit>> LivingAtAsync(string place, CancellationToken cancellation = default);

    /// <summary>Where a person lives; null when nowhere here.</summary>
    Task<ResidentUnit?> OfAsync(Guid person, CancellationToken cancellation = default);
}
