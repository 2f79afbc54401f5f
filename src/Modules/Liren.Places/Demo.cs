using System.Globalization;
using Liren.Contracts.Places;
using Liren.Places.Data;
using Liren.Places.Domain;
using Liren.Places.Features;
using Liren.Sdk.Web;
using Microsoft.EntityFrameworkCore;

namespace Liren.Places;

/// <summary>The demo compound 里仁花园: invented, at coordinates that could be in 花木街道. The same on every machine.</summary>
internal sealed class Demo(PlacesDb db, ImportDivisions divisions, TimeProvider clock)
{
    public const string Compound = "31.01.15.016.037.liren";

    // South-west corner of the compound, and degrees for one metre there.
    private const double West = 121.55310, South = 31.22460, PerMetreEast = 1 / 95_200d, PerMetreNorth = 1 / 110_900d;

    /// <summary>Left edge, lower edge, floors and units of each building, in metres from the corner; 46 by 13 metres each.</summary>
    private static readonly (int East, int North, string Floors, int Units, bool Lifts)[] Buildings =
    [
        (20, 26, "1-6", 3, false), (82, 26, "1-6", 3, false), (212, 26, "1-6", 3, false), (274, 26, "1-6", 3, false),
        (20, 76, "1-6", 3, false), (82, 76, "1-6", 2, false), (212, 76, "1-6", 2, false), (274, 76, "1-6", 3, true),
        (20, 134, "1-6", 2, true), (274, 134, "1-3,3A,5-6", 2, true),
        (20, 192, "1-6", 3, false), (82, 192, "1-6", 2, false), (212, 192, "1-6", 2, false), (274, 192, "1-6", 3, false),
        (20, 244, "1-6", 3, false), (144, 244, "1-6", 0, false), (274, 244, "1-6", 3, false),
    ];

    public async Task SeedAsync(CancellationToken cancellation)
    {
        await SeedDivisionsAsync(cancellation);
        if (await db.Places.AnyAsync(p => p.Path == Compound, cancellation)) return;
        var now = clock.GetUtcNow();
        var compound = Add(PlacePath.Parent(Compound), PlaceKind.Community, PlaceKind.Compound, "liren", "里仁花园", now, tell: true);
        compound.Locate(East(170), North(145), Polygon([(0, 0), (340, 0), (340, 290), (0, 290)]));
        var rooms = 0;
        for (var i = 0; i < Buildings.Length; i++) rooms += Building(i, now);
        foreach (var (code, kind, name, east, north, shape) in Areas)
        {
            var area = Add(Compound, PlaceKind.Compound, PlaceKind.Area, code, name, now, tell: true);
            area.DescribeArea(kind);
            area.Locate(East(east), North(north), shape.Length == 0 ? null : Polygon(shape));
        }
        db.Raise(new PlacesAdded(Compound, rooms, now));
        await db.SaveChangesAsync(cancellation);
    }

    private int Building(int index, DateTimeOffset now)
    {
        var (east, north, floors, units, lifts) = Buildings[index];
        var number = (index + 1).ToString(CultureInfo.InvariantCulture);
        var made = 0;
        var plan = new BuildingPlan(number, units, floors, units == 0 ? 4 : 2);
        foreach (var item in plan.Expand(Compound))
        {
            var place = Add(item.ParentPath, item.ParentKind, item.Kind, item.Code, item.Name, now);
            made++;
            if (item.Kind == PlaceKind.Building) place.Locate(East(east + 23), North(north + 6.5), Polygon([(east, north), (east + 46, north), (east + 46, north + 13), (east, north + 13)]));
            // Shops along the south road; areas of homes as the contracts say.
            else if (item.Kind == PlaceKind.Room) place.DescribeRoom(item.Floor, number == "3" && item.Floor == "1" ? RoomUse.Shop : RoomUse.Home, units == 0 ? 5_860 : 8_420 + (index % 4 * 650), AreaSource.Contract);
            else if (lifts)
            {
                var lift = Add(item.Path, PlaceKind.Unit, PlaceKind.Area, "lift", $"{number}号楼{item.Name}电梯", now, tell: true);
                lift.DescribeArea("lift");
                lift.Locate(East(east + (item.Code == "u1" ? 12 : 34)), North(north + 6.5), null);
            }
        }
        // Building 9 stands on a basement with parking.
        if (number == "9")
            for (var n = 1; n <= 40; n++, made++)
                Add($"{Compound}.b9", PlaceKind.Building, PlaceKind.Room, $"rb1-{n:D3}", $"B1-{n:D3}", now).DescribeRoom("B1", RoomUse.Parking, 1_325, AreaSource.Survey);
        return made;
    }

    private static readonly (string Code, string Kind, string Name, double East, double North, (double, double)[] Shape)[] Areas =
    [
        ("plaza", "plaza", "中心广场", 170, 146, [(110, 118), (232, 118), (232, 174), (110, 174)]),
        ("pool", "pool", "游泳池", 170, 88, [(148, 78), (192, 78), (192, 98), (148, 98)]),
        ("playground", "playground", "儿童乐园", 170, 205, [(146, 194), (194, 194), (194, 216), (146, 216)]),
        ("gate-south", "gate", "南门", 170, 1, []),
        ("gate-east", "gate", "东门", 339, 152, []),
        ("gate-west", "gate", "西门", 1, 116, []),
    ];

    private Place Add(string parent, PlaceKind parentKind, PlaceKind kind, string code, string name, DateTimeOffset now, bool tell = false)
    {
        var place = Place.Add(NewId.Of($"demo:{parent}.{code}", null).Value, parent, parentKind, kind, code, name, now, tell);
        db.Add(place);
        return place;
    }

    private static double East(double metres) => Math.Round(West + (metres * PerMetreEast), 6);
    private static double North(double metres) => Math.Round(South + (metres * PerMetreNorth), 6);

    private static string Polygon((double East, double North)[] corners) =>
        "{\"type\":\"Polygon\",\"coordinates\":[[" + string.Join(',', corners.Append(corners[0]).Select(c => string.Create(CultureInfo.InvariantCulture, $"[{East(c.East)},{North(c.North)}]"))) + "]]}";

    /// <summary>The real divisions around it, and 宝塔区: a part of the national table, carried in the program.</summary>
    private async Task SeedDivisionsAsync(CancellationToken cancellation)
    {
        await using var table = typeof(Demo).Assembly.GetManifestResourceStream("demo.divisions.csv")!;
        await divisions.RunAsync(table, dryRun: false, progress: null, cancellation);
    }
}
