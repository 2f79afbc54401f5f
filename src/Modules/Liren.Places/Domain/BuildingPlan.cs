using System.Globalization;
using Liren.Contracts.Places;
using Liren.Sdk;

namespace Liren.Places.Domain;

/// <summary>What is done with floors that a superstitious builder does not call by their number.</summary>
internal enum UnluckyFloors
{
    /// <summary>照常编号: 4 is called 4.</summary>
    Keep,
    /// <summary>跳过: there is no 4, 13, 14.</summary>
    LeaveOut,
    /// <summary>改称: 4 is called 3A, 13 is 12A, 14 is 13A.</summary>
    Rename,
}

/// <summary>
/// Buildings that are built alike (批量生成楼栋): "1–17号楼 × 3单元 × 6层 × 2户". Expanding it is pure, so that the preview shows exactly
/// what will be written.
/// </summary>
/// <param name="Buildings">Numbers: "1-17", "A-D".</param>
/// <param name="Units">Units of each; 0 when the buildings have none.</param>
/// <param name="Floors">Floors: "1-6", "B1,1-3,3A,5-12".</param>
/// <param name="RoomsPerFloor">Rooms on each floor of each unit.</param>
/// <param name="Pattern">Room number: {F} floor, {N} number within the unit in two digits, {n} without zero, {M} number counted through all units, {U} unit.</param>
/// <param name="Unlucky">What is done with 4, 13 and 14.</param>
/// <param name="Use">What the rooms are used for.</param>
internal sealed record BuildingPlan(string? Buildings, int Units, string? Floors, int RoomsPerFloor, string? Pattern = BuildingPlan.DefaultPattern, UnluckyFloors Unlucky = UnluckyFloors.Keep, RoomUse Use = RoomUse.Home)
{
    public const string DefaultPattern = "{F}{N}";
    public const int MostRooms = 20_000;

    /// <summary>One place to be made.</summary>
    public sealed record Item(string ParentPath, PlaceKind ParentKind, PlaceKind Kind, string Code, string Name, string? Floor)
    {
        public string Path => $"{ParentPath}.{Code}";
    }

    /// <summary>Every building, unit and room, parents first; each path once.</summary>
    public IReadOnlyList<Item> Expand(string compound)
    {
        var buildings = Ranges.Read(Buildings, 500, "buildings");
        var floors = FloorNames();
        Rule.Require(Units is >= 0 and <= 50, "places.plan-units", "units");
        Rule.Require(RoomsPerFloor is >= 1 and <= 200, "places.plan-rooms", "roomsPerFloor");
        var pattern = string.IsNullOrWhiteSpace(Pattern) ? DefaultPattern : Pattern.Trim();
        Rule.Require(pattern.Length is >= 1 and <= 40 && (pattern.Contains("{F}", StringComparison.Ordinal) || floors.Count == 1)
            && (RoomsPerFloor == 1 || pattern.Contains("{N}", StringComparison.Ordinal) || pattern.Contains("{n}", StringComparison.Ordinal) || pattern.Contains("{M}", StringComparison.Ordinal)), "places.plan-pattern", "pattern");
        Rule.Require((long)buildings.Count * Math.Max(1, Units) * floors.Count * RoomsPerFloor <= MostRooms, "places.plan-too-many", "buildings", MostRooms);
        var items = new List<Item>();
        foreach (var building in buildings)
        {
            var own = new Item(compound, PlaceKind.Compound, PlaceKind.Building, PlaceCode.Of(PlaceKind.Building, building), PlaceCode.NameOf(PlaceKind.Building, building), null);
            items.Add(own);
            for (var unit = Units == 0 ? 0 : 1; unit <= Units; unit++) Unit(items, own.Path, unit, floors, pattern);
        }
        var distinct = items.DistinctBy(i => i.Path).ToList();
        Rule.Require(distinct.Count == items.Count, "places.plan-twice", "pattern", items.GroupBy(i => i.Path).FirstOrDefault(g => g.Count() > 1)?.First().Name ?? "");
        return items;
    }

    private void Unit(List<Item> items, string building, int unit, IReadOnlyList<string> floors, string pattern)
    {
        var (parent, kind) = (building, PlaceKind.Building);
        if (unit > 0)
        {
            var number = unit.ToString(CultureInfo.InvariantCulture);
            var own = new Item(building, PlaceKind.Building, PlaceKind.Unit, PlaceCode.Of(PlaceKind.Unit, number), PlaceCode.NameOf(PlaceKind.Unit, number), null);
            items.Add(own);
            (parent, kind) = (own.Path, PlaceKind.Unit);
        }
        foreach (var floor in floors)
            for (var n = 1; n <= RoomsPerFloor; n++)
            {
                var running = (Math.Max(0, unit - 1) * RoomsPerFloor) + n;
                var number = pattern.Replace("{F}", floor, StringComparison.Ordinal).Replace("{N}", n.ToString("00", CultureInfo.InvariantCulture), StringComparison.Ordinal)
                    .Replace("{n}", n.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal).Replace("{M}", running.ToString("00", CultureInfo.InvariantCulture), StringComparison.Ordinal)
                    .Replace("{U}", unit.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);
                items.Add(new(parent, kind, PlaceKind.Room, PlaceCode.Of(PlaceKind.Room, number), PlaceCode.NameOf(PlaceKind.Room, number), floor));
            }
    }

    private IReadOnlyList<string> FloorNames()
    {
        var floors = Ranges.Read(Floors, 200, "floors").Select(f => Domain.Floors.Check(f)!);
        floors = Unlucky switch
        {
            UnluckyFloors.LeaveOut => floors.Where(f => !IsUnlucky(f)),
            UnluckyFloors.Rename => floors.Select(f => IsUnlucky(f) ? $"{int.Parse(f, CultureInfo.InvariantCulture) - 1}A" : f),
            _ => floors,
        };
        var named = floors.Distinct().ToList();
        Rule.Require(named.Count > 0, "places.range-empty", "floors");
        return named;
    }

    private static bool IsUnlucky(string floor) => floor.All(char.IsAsciiDigit) && (floor[^1] == '4' || floor == "13");
}
