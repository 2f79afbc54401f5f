using Liren.Contracts.Places;
using Liren.Sdk;

namespace Liren.Places.Domain;

/// <summary>What a room is used for (用途).</summary>
internal enum RoomUse
{
    /// <summary>住宅.</summary>
    Home,
    /// <summary>商铺.</summary>
    Shop,
    /// <summary>车位.</summary>
    Parking,
    /// <summary>储藏间.</summary>
    Store,
}

/// <summary>Whether a place is in use (状态).</summary>
internal enum PlaceState
{
    /// <summary>在用.</summary>
    Open,
    /// <summary>已注销.</summary>
    Closed,
}

/// <summary>Where a room's area is taken from (面积来源); a better source is not overwritten by a worse one.</summary>
internal enum AreaSource
{
    /// <summary>合同.</summary>
    Contract,
    /// <summary>实测.</summary>
    Survey,
    /// <summary>产权证.</summary>
    Registry,
}

/// <summary>What people may change of a place; what does not concern its kind is ignored. <paramref name="Area"/> in hundredths of a square metre.</summary>
internal sealed record PlaceDetails(string? Name, string? AreaKind = null, string? Floor = null, RoomUse? Use = null, int? Area = null, AreaSource? AreaSource = null,
    double? Longitude = null, double? Latitude = null, string? OtherCodes = null);

/// <summary>A place below a community: compound 小区, building 楼栋, unit 单元, room 房屋 or public area 公共区域.</summary>
internal sealed class Place : Entity
{
    public const int MaxNameLength = 40;

    private Place() { }

    /// <summary>Its name in the tree; never changes.</summary>
    public string Path { get; private init; } = "";
    public string ParentPath { get; private init; } = "";
    /// <summary>Last segment of the path.</summary>
    public string Code { get; private init; } = "";
    public PlaceKind Kind { get; private init; }
    /// <summary>What people call it, apart from the code.</summary>
    public string Name { get; private set; } = "";
    public string SortKey { get; private set; } = "";
    /// <summary>Natural order of the path: lists over several buildings count 2, 10 like people do.</summary>
    public string PathKey { get; private init; } = "";
    /// <summary>For areas: plaza, gate, lift, pool ... (<see cref="AreaKinds"/>).</summary>
    public string? AreaKind { get; private set; }
    /// <summary>WGS-84 degrees of a point inside.</summary>
    public double? Longitude { get; private set; }
    public double? Latitude { get; private set; }
    /// <summary>GeoJSON geometry (RFC 7946), checked.</summary>
    public string? Geometry { get; private set; }
    /// <summary>As the lift's button says: "3", "3A", "B1". Written by people, never guessed from the room's number.</summary>
    public string? Floor { get; private set; }
    /// <summary>Floor area in hundredths of a square metre.</summary>
    public int? Area { get; private set; }
    public AreaSource? AreaSource { get; private set; }
    public RoomUse? Use { get; private set; }
    /// <summary>Its numbers in other systems (不动产单元号, 门牌号 ...): one "name=value" a line.</summary>
    public string? OtherCodes { get; private set; }
    public DateTimeOffset AddedAt { get; private init; }
    public DateTimeOffset? ClosedAt { get; private set; }
    public string? CloseReason { get; private set; }

    /// <summary>Adds a place below another.</summary>
    public static Place Add(Guid id, string parentPath, PlaceKind parentKind, PlaceKind kind, string code, string? name, DateTimeOffset now, bool tell = true)
    {
        Rule.Require(MayLieIn(kind, parentKind), "places.wrong-parent", "kind");
        var path = $"{parentPath}.{code}";
        Rule.Require(PlacePath.IsValid(path), "places.path-too-long", "code", PlacePath.MaxLength);
        var place = new Place { Id = id, Path = path, PathKey = NaturalOrder.KeyOf(path), ParentPath = parentPath, Code = code, Kind = kind, AddedAt = now, Use = kind == PlaceKind.Room ? RoomUse.Home : null };
        place.SetName(name);
        if (tell) place.Raise(new PlaceAdded(path, kind, now));
        return place;
    }

    /// <summary>Which kinds lie directly in which.</summary>
    public static bool MayLieIn(PlaceKind kind, PlaceKind parent) => kind switch
    {
        PlaceKind.Compound => parent is PlaceKind.Community or PlaceKind.Street,
        PlaceKind.Building => parent is PlaceKind.Compound,
        PlaceKind.Unit => parent is PlaceKind.Building,
        PlaceKind.Room => parent is PlaceKind.Building or PlaceKind.Unit,
        PlaceKind.Area => parent is PlaceKind.Street or PlaceKind.Community or PlaceKind.Compound or PlaceKind.Building or PlaceKind.Unit,
        _ => false,
    };

    /// <summary>Changes what is known of it; one event, whatever changed.</summary>
    public void Edit(PlaceDetails details, DateTimeOffset now)
    {
        MustBeOpen();
        SetName(details.Name);
        if (Kind == PlaceKind.Area) DescribeArea(details.AreaKind);
        if (Kind == PlaceKind.Room) DescribeRoom(details.Floor, details.Use ?? RoomUse.Home, details.Area, details.AreaSource);
        Locate(details.Longitude, details.Latitude, Geometry);
        var codes = string.IsNullOrWhiteSpace(details.OtherCodes) ? null : details.OtherCodes.Trim();
        Rule.Require(codes is null || codes.Length <= 400, "places.other-codes", "otherCodes");
        OtherCodes = codes;
        Raise(new PlaceChanged(Path, now));
    }

    /// <summary>Draws it anew; a shape brings its own point, and without a shape the point stays.</summary>
    public void Draw(Shape? shape, DateTimeOffset now)
    {
        MustBeOpen();
        Geometry = shape?.GeoJson;
        if (shape is not null) (Longitude, Latitude) = (shape.Longitude, shape.Latitude);
        Raise(new PlaceChanged(Path, now));
    }

    /// <summary>What an area is.</summary>
    public void DescribeArea(string? kind)
    {
        Rule.Require(kind is null || AreaKinds.All.Contains(kind), "places.area-kind", "areaKind", string.Join(", ", AreaKinds.All));
        AreaKind = kind ?? AreaKinds.Other;
    }

    /// <summary>What a room is: floor, use, area.</summary>
    public void DescribeRoom(string? floor, RoomUse use, int? area = null, AreaSource? source = null)
    {
        Floor = Floors.Check(floor);
        Rule.Require(area is null or (> 0 and <= 10_000_000), "places.floor-area", "area");
        Rule.Require(area is null == source is null, "places.area-source", "areaSource");
        // A figure from the title deed is not replaced by one from a contract.
        Rule.Require(source is null || AreaSource is null || source >= AreaSource || area == Area, "places.area-weaker", "areaSource");
        (Use, Area, AreaSource) = (use, area, source);
    }

    /// <summary>Writes the floor of a room that has none; one that somebody has written stays. True when it was written.</summary>
    public bool FillFloor(string? floor)
    {
        Rule.State(Kind == PlaceKind.Room, "places.not-a-room");
        if (Floor is not null || ClosedAt is not null) return false;
        Floor = Floors.Check(floor);
        return Floor is not null;
    }

    /// <summary>Where it is: a point, and the shape if known, already checked.</summary>
    public void Locate(double? longitude, double? latitude, string? geometry = null)
    {
        Rule.Require(longitude is null == latitude is null, "places.point-half", longitude is null ? "longitude" : "latitude");
        Rule.Require(longitude is null or (>= -180 and <= 180), "places.longitude", "longitude");
        Rule.Require(latitude is null or (>= -90 and <= 90), "places.latitude", "latitude");
        (Longitude, Latitude, Geometry) = (longitude, latitude, geometry);
    }

    /// <summary>Stays in history with everything below it; nothing new happens there.</summary>
    public void Close(string? reason, DateTimeOffset now)
    {
        CloseQuietly(reason, now);
        Raise(new PlaceClosed(Path, CloseReason!, now));
    }

    /// <summary>Closes what lies below a place that is being closed: one event tells of all.</summary>
    public void CloseQuietly(string? reason, DateTimeOffset now)
    {
        MustBeOpen();
        reason = reason?.Trim() ?? "";
        Rule.Require(reason.Length is >= 2 and <= 100, "places.reason", "reason");
        (ClosedAt, CloseReason) = (now, reason);
    }

    /// <summary>Closed by mistake: open again, and the journal keeps both.</summary>
    public void Reopen(DateTimeOffset now, bool tell = true)
    {
        Rule.State(ClosedAt is not null, "places.not-closed");
        (ClosedAt, CloseReason) = (null, null);
        if (tell) Raise(new PlaceChanged(Path, now));
    }

    /// <summary>
    /// Rooms become other rooms (拆分、合并): those before are closed and stay in history, those after lie where they lay and take over floor and use.
    /// </summary>
    public static IReadOnlyList<Place> Redraw(IReadOnlyList<Place> before, IReadOnlyList<string> names, PlaceKind parentKind, Guid firstId, string reason, DateTimeOffset now)
    {
        Rule.State(before.All(r => r.Kind == PlaceKind.Room), "places.not-a-room");
        Rule.Require(before.Count > 0 && before.Select(r => r.ParentPath).Distinct().Count() == 1, "places.merge-apart", "rooms");
        Rule.Require(before.Count == 1 ? names.Count is >= 2 and <= 20 : before.Count is <= 20 && names.Count == 1, before.Count == 1 ? "places.split-names" : "places.merge-rooms", before.Count == 1 ? "names" : "rooms");
        Rule.Require(names.Select(n => PlaceCode.Of(PlaceKind.Room, n)).Distinct().Count() == names.Count, "places.split-twice", "names");
        var after = names.Select((name, i) => Add(i == 0 ? firstId : Guid.CreateVersion7(), before[0].ParentPath, parentKind, PlaceKind.Room, PlaceCode.Of(PlaceKind.Room, name), PlaceCode.NameOf(PlaceKind.Room, name), now)).ToList();
        foreach (var room in after) room.DescribeRoom(before[0].Floor, before[0].Use ?? RoomUse.Home);
        foreach (var room in before) room.Close(reason, now);
        return after;
    }

    private void MustBeOpen() => Rule.State(ClosedAt is null, "places.closed", Name);

    private void SetName(string? name)
    {
        name = name?.Trim() ?? "";
        Rule.Require(name.Length is >= 1 and <= MaxNameLength, "places.name", "name", MaxNameLength);
        (Name, SortKey) = (name, NaturalOrder.KeyOf(name));
    }
}

/// <summary>Kinds of public areas (公共区域); text keys "places.area.{code}".</summary>
internal static class AreaKinds
{
    public const string Other = "other";

    public static readonly IReadOnlyList<string> All =
        ["plaza", "gate", "lift", "pool", "playground", "parking", "corridor", "roof", "basement", "garden", "road", "clinic", "shop", "office", Other];
}
