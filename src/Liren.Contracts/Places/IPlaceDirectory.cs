namespace Liren.Contracts.Places;

/// <summary>Kinds of places, from the country down.</summary>
public enum PlaceKind
{
    /// <summary>省、自治区、直辖市.</summary>
    Province,
    /// <summary>市.</summary>
    City,
    /// <summary>区县.</summary>
    District,
    /// <summary>街道、镇、乡.</summary>
    Street,
    /// <summary>社区（居委会、村委会）.</summary>
    Community,
    /// <summary>小区.</summary>
    Compound,
    /// <summary>楼栋.</summary>
    Building,
    /// <summary>单元.</summary>
    Unit,
    /// <summary>房屋.</summary>
    Room,
    /// <summary>公共区域: plaza, gate, lift, pool ...</summary>
    Area,
}

/// <summary>A place as other modules see it.</summary>
/// <param name="Path">Its name in the tree (<see cref="PlacePath"/>).</param>
/// <param name="Kind">What it is.</param>
/// <param name="Name">Name shown to people ("3号楼").</param>
/// <param name="AreaKind">For areas: plaza, gate, lift, pool ...</param>
/// <param name="Longitude">WGS-84 degrees of a point inside, if known.</param>
/// <param name="Latitude">WGS-84 degrees of a point inside, if known.</param>
public sealed record PlaceCard(string Path, PlaceKind Kind, string Name, string? AreaKind = null, double? Longitude = null, double? Latitude = null);

/// <summary>What other modules may ask of places.</summary>
public interface IPlaceDirectory
{
    /// <summary>The place, or null.</summary>
    Task<PlaceCard?> FindAsync(string path, CancellationToken cancellation = default);

    /// <summary>The places found among <paramref name="paths"/>, by path.</summary>
    Task<IReadOnlyDictionary<string, PlaceCard>> FindManyAsync(IEnumerable<string> paths, CancellationToken cancellation = default);

    /// <summary>Names from the community down ("联洋社区 联洋花园 3号楼"); the path itself when unknown.</summary>
    Task<string> FullNameAsync(string path, CancellationToken cancellation = default);

    /// <summary>Places directly below, ordered by natural order of name.</summary>
    Task<IReadOnlyList<PlaceCard>> ChildrenAsync(string path, CancellationToken cancellation = default);

    /// <summary>Every place at or below <paramref name="scope"/> of the kinds, at most <paramref name="take"/>.</summary>
    Task<IReadOnlyList<PlaceCard>> WithinAsync(string scope, IReadOnlyCollection<PlaceKind> kinds, int take = 10_000, CancellationToken cancellation = default);

    /// <summary>Places whose name or code contains the text, inside any of the scopes.</summary>
    Task<IReadOnlyList<PlaceCard>> SearchAsync(string text, IReadOnlyCollection<string> scopes, int take = 20, CancellationToken cancellation = default);
}

/// <summary>A room as written in a roster: what a sheet says, apart from the codes.</summary>
/// <param name="Building">楼号, e.g. "8" or "A"; required.</param>
/// <param name="Unit">单元, null when the building has none or none is written.</param>
/// <param name="Room">房号, e.g. "2602", "B1-118".</param>
public readonly record struct RoomName(string Building, string? Unit, string Room);

/// <summary>Why a room of a roster is not found.</summary>
public enum RoomAbsence
{
    /// <summary>The compound has no such building; it could be made.</summary>
    NoBuilding,
    /// <summary>The building has no such unit or room; it could be made.</summary>
    NoRoom,
    /// <summary>Building, unit or room is closed.</summary>
    Closed,
    /// <summary>Several units have such a room and the roster does not say which.</summary>
    UnitNeeded,
}

/// <summary>Finds and, for imports, makes rooms in bulk.</summary>
public interface IRoomRegister
{
    /// <summary>Paths of the rooms in the compound; missing buildings, units and rooms are made when <paramref name="make"/>, else left out.</summary>
    Task<IReadOnlyDictionary<RoomName, string>> ResolveAsync(string compound, IReadOnlyCollection<RoomName> rooms, bool make, CancellationToken cancellation = default);

    /// <summary>For each of the rooms that cannot be found as things are: why.</summary>
    Task<IReadOnlyDictionary<RoomName, RoomAbsence>> WhyAbsentAsync(string compound, IReadOnlyCollection<RoomName> rooms, CancellationToken cancellation = default);
}
