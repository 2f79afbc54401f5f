using System.Security.Cryptography;
using Liren.Contracts.Places;
using Liren.Places.Data;
using Liren.Places.Domain;
using Liren.Sdk;
using Liren.Sdk.Data;
using Microsoft.EntityFrameworkCore;

namespace Liren.Places.Features;

/// <summary>
/// Rooms of one compound by what a roster calls them. The caller has checked that the actor may do so. Rooms that are closed, or that
/// a roster names without the unit while several units have such a room, are left out. Call it outside a transaction of one's own:
/// on SQLite two writers would wait for each other.
/// </summary>
internal sealed class RoomRegister(PlacesDb db, TimeProvider clock) : IRoomRegister
{
    private const int MostTries = 10, LongestPause = 40;

    public async Task<IReadOnlyDictionary<RoomName, string>> ResolveAsync(string compound, IReadOnlyCollection<RoomName> rooms, bool make, CancellationToken cancellation = default)
    {
        var self = Rule.Found(await db.Places.AsNoTracking().SingleOrDefaultAsync(p => p.Path == compound, cancellation), "places.not-found", compound);
        Rule.State(self.Kind == PlaceKind.Compound, "places.not-a-compound", self.Name);
        for (var attempt = 1; ; attempt++)
        {
            var plan = await Tree.ReadAsync(db, compound, cancellation);
            var answer = plan.Resolve(rooms, make);
            if (plan.Missing.Count == 0) return answer;
            Rule.State(self.ClosedAt is null, "places.closed", self.Name);
            var now = clock.GetUtcNow();
            db.AddRange(plan.Missing.Select(m => Place.Add(Guid.CreateVersion7(), m.Parent, m.ParentKind, m.Kind, m.Code, m.Name, now, tell: false)));
            db.Raise(new PlacesAdded(compound, plan.Missing.Count, now));
            try
            {
                await db.SaveChangesAsync(cancellation);
                db.ChangeTracker.Clear();
                return answer;
            }
            // Somebody else has just made some of them: read again and make the rest. PostgreSQL may end a deadlock of the two instead, and then
            // the provider wraps the failure. Those who met must not meet again in step.
            catch (Exception e) when (attempt < MostTries && (e is DbUpdateException || e.InnerException is DbUpdateException))
            {
                db.ChangeTracker.Clear();
                await Task.Delay(TimeSpan.FromMilliseconds(RandomNumberGenerator.GetInt32(1, attempt * LongestPause)), TimeProvider.System, cancellation);
            }
        }
    }

    public async Task<IReadOnlyDictionary<RoomName, RoomAbsence>> WhyAbsentAsync(string compound, IReadOnlyCollection<RoomName> rooms, CancellationToken cancellation = default)
    {
        var tree = await Tree.ReadAsync(db, compound, cancellation);
        var answer = new Dictionary<RoomName, RoomAbsence>();
        foreach (var room in rooms)
            if (tree.WhyAbsent(room) is { } why) answer[room] = why;
        return answer;
    }

    private sealed record New(string Parent, PlaceKind ParentKind, PlaceKind Kind, string Code, string Name)
    {
        public string Path => $"{Parent}.{Code}";
    }

    /// <summary>What stands in the compound, found by path and by what it is called.</summary>
    private sealed class Tree(string compound)
    {
        private sealed record Known(string Path, bool Open);

        private readonly Dictionary<string, Known> byPath = [];
        private readonly Dictionary<(string Parent, PlaceKind Kind, string Bare), Known> byName = [];
        private readonly Dictionary<string, List<string>> units = [];

        public List<New> Missing { get; } = [];

        public static async Task<Tree> ReadAsync(PlacesDb db, string compound, CancellationToken cancellation)
        {
            PlaceKind[] kinds = [PlaceKind.Building, PlaceKind.Unit, PlaceKind.Room];
            var tree = new Tree(compound);
            foreach (var p in await db.Places.Where(p => kinds.Contains(p.Kind)).WhereWithin(p => p.Path, [compound])
                .Select(p => new { p.Path, p.ParentPath, p.Kind, p.Name, Open = p.ClosedAt == null }).ToListAsync(cancellation))
                tree.Know(p.Path, p.ParentPath, p.Kind, p.Name, p.Open);
            return tree;
        }

        private void Know(string path, string parent, PlaceKind kind, string name, bool open)
        {
            var known = new Known(path, open);
            byPath[path] = known;
            var key = (parent, kind, PlaceCode.Bare(name));
            // An open place is meant rather than a closed one of the same name.
            if (open || !byName.ContainsKey(key)) byName[key] = known;
            if (kind == PlaceKind.Unit && open) (units.TryGetValue(parent, out var list) ? list : units[parent] = []).Add(path);
        }

        public Dictionary<RoomName, string> Resolve(IEnumerable<RoomName> rooms, bool make)
        {
            var answer = new Dictionary<RoomName, string>();
            foreach (var room in rooms)
                if (Path(room, make) is { } path) answer[room] = path;
            return answer;
        }

        private string? Path(RoomName room, bool make)
        {
            if (PlaceCode.Bare(room.Building).Length == 0 || PlaceCode.Bare(room.Room).Length == 0) return null;
            if (Step(compound, PlaceKind.Compound, PlaceKind.Building, room.Building, make) is not { } building) return null;
            if (!string.IsNullOrWhiteSpace(room.Unit))
                return Step(building, PlaceKind.Building, PlaceKind.Unit, room.Unit, make) is { } unit ? Step(unit, PlaceKind.Unit, PlaceKind.Room, room.Room, make) : null;
            if (Find(building, PlaceKind.Room, room.Room) is { } direct) return direct.Open ? direct.Path : null;
            var among = (units.GetValueOrDefault(building) ?? []).Select(u => Find(u, PlaceKind.Room, room.Room)).OfType<Known>().Where(k => k.Open).ToList();
            return among.Count switch
            {
                1 => among[0].Path,
                0 => Step(building, PlaceKind.Building, PlaceKind.Room, room.Room, make),
                _ => null,
            };
        }

        public RoomAbsence? WhyAbsent(RoomName room)
        {
            if (Path(room, make: false) is not null) return null;
            if (Find(compound, PlaceKind.Building, room.Building) is not { } building) return RoomAbsence.NoBuilding;
            if (!building.Open) return RoomAbsence.Closed;
            if (!string.IsNullOrWhiteSpace(room.Unit))
            {
                if (Find(building.Path, PlaceKind.Unit, room.Unit) is not { } unit) return RoomAbsence.NoRoom;
                return !unit.Open || Find(unit.Path, PlaceKind.Room, room.Room) is not null ? RoomAbsence.Closed : RoomAbsence.NoRoom;
            }
            if (Find(building.Path, PlaceKind.Room, room.Room) is not null) return RoomAbsence.Closed;
            var among = (units.GetValueOrDefault(building.Path) ?? []).Select(u => Find(u, PlaceKind.Room, room.Room)).OfType<Known>().ToList();
            return among.Count(k => k.Open) > 1 ? RoomAbsence.UnitNeeded : among.Count > 0 ? RoomAbsence.Closed : RoomAbsence.NoRoom;
        }

        private Known? Find(string parent, PlaceKind kind, string name) =>
            byName.GetValueOrDefault((parent, kind, PlaceCode.Bare(name))) ?? byPath.GetValueOrDefault($"{parent}.{PlaceCode.Of(kind, name)}");

        private string? Step(string parent, PlaceKind parentKind, PlaceKind kind, string name, bool make)
        {
            if (Find(parent, kind, name) is { } known) return known.Open ? known.Path : null;
            if (!make) return null;
            var fresh = new New(parent, parentKind, kind, PlaceCode.Of(kind, name), PlaceCode.NameOf(kind, name));
            Missing.Add(fresh);
            Know(fresh.Path, parent, kind, fresh.Name, open: true);
            return fresh.Path;
        }
    }
}
