using Liren.Contracts.Places;

namespace Liren.People.Features;

/// <summary>Rooms as people call them: "里仁花园 8号楼 1单元 2602".</summary>
internal sealed class RoomNames(IPlaceDirectory places)
{
    /// <summary>Names of the rooms from the compound down; the path where a place is unknown.</summary>
    public async Task<IReadOnlyDictionary<string, string>> OfAsync(IEnumerable<string?> rooms, CancellationToken stop)
    {
        var wanted = rooms.OfType<string>().Distinct().ToList();
        var cards = await places.FindManyAsync(wanted.SelectMany(PlacePath.SelfAndAncestors).Where(p => p.Length > 0).Distinct(), stop);
        return wanted.ToDictionary(r => r, r => cards.ContainsKey(r)
            ? string.Join(' ', PlacePath.SelfAndAncestors(r).Reverse().Where(p => cards.TryGetValue(p, out var c) && c.Kind >= PlaceKind.Compound).Select(p => cards[p].Name))
            : r);
    }

    /// <summary>Name of one room.</summary>
    public async Task<string> OfAsync(string room, CancellationToken stop) => (await OfAsync([room], stop))[room];
}
