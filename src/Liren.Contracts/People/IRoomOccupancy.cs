namespace Liren.Contracts.People;

/// <summary>How many people live where; counts, no personal data.</summary>
public interface IRoomOccupancy
{
    /// <summary>People who live now in each room at or below the place, by path of the room; rooms where nobody lives are left out.</summary>
    Task<IReadOnlyDictionary<string, int>> ResidentsPerRoomAsync(string place, CancellationToken cancellation = default);
}
