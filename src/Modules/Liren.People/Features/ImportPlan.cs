using Liren.Contracts.Places;
using Liren.People.Domain;

namespace Liren.People.Features;

/// <summary>Where the rows of a roster belong: rooms found or made, and the chunks in which they are written.</summary>
internal sealed class ImportPlan
{
    // Small enough that a chunk holds the write lock for a fraction of a second and an incident is not kept waiting.
    private const int ChunkRows = 400;

    private ImportPlan(IReadOnlyList<RosterRow> rows, IReadOnlyDictionary<RoomName, string> rooms, int newRooms) => (Rows, Rooms, NewRooms) = (rows, rooms, newRooms);

    public IReadOnlyList<RosterRow> Rows { get; }
    public IReadOnlyDictionary<RoomName, string> Rooms { get; }
    /// <summary>Rooms that are not in the register yet and will be made.</summary>
    public int NewRooms { get; }

    /// <summary>Looks the rooms up and changes nothing; rooms that would be made get a stand-in path.</summary>
    public static async Task<ImportPlan> PreviewAsync(IRoomRegister register, Roster roster, IReadOnlyList<RosterRow> rows, CancellationToken stop)
    {
        var names = Names(rows);
        var paths = new Dictionary<RoomName, string>(await register.ResolveAsync(roster.Compound.Path, names, make: false, stop));
        var absent = names.Where(n => !paths.ContainsKey(n)).ToList();
        var why = await register.WhyAbsentAsync(roster.Compound.Path, absent, stop);
        var fresh = 0;
        foreach (var name in absent)
            if (roster.Mapping.MakeRooms && why.TryGetValue(name, out var reason) && reason is RoomAbsence.NoBuilding or RoomAbsence.NoRoom) paths[name] = $"{roster.Compound.Path}.preview-{++fresh}";
        RefuseRoomless(rows, roster.Mapping, paths, why);
        return new(rows, paths, fresh);
    }

    /// <summary>Looks the rooms up and makes those that are missing, if the mapping says so; a sign of life after every batch.</summary>
    public static async Task<ImportPlan> MakeAsync(IRoomRegister register, Roster roster, IReadOnlyList<RosterRow> rows, Func<Task> beat, CancellationToken stop)
    {
        var names = Names(rows);
        var paths = new Dictionary<RoomName, string>(await register.ResolveAsync(roster.Compound.Path, names, make: false, stop));
        await beat();
        var absent = names.Where(n => !paths.ContainsKey(n)).ToList();
        var why = await register.WhyAbsentAsync(roster.Compound.Path, absent, stop);
        await beat();
        if (roster.Mapping.MakeRooms)
            foreach (var batch in absent.OrderBy(n => n.Building, StringComparer.Ordinal).Chunk(3_000))
            {
                foreach (var (name, path) in await register.ResolveAsync(roster.Compound.Path, batch, make: true, stop)) paths[name] = path;
                await beat();
            }
        RefuseRoomless(rows, roster.Mapping, paths, why);
        return new(rows, paths, absent.Count(paths.ContainsKey));
    }

    /// <summary>Chunks of good rows: by room, its head first, and no room in two chunks.</summary>
    public IEnumerable<IReadOnlyList<RosterRow>> Chunks(IReadOnlySet<int> done)
    {
        var chunk = new List<RosterRow>(ChunkRows + 20);
        foreach (var room in Rows.Where(r => r.IsGood && !done.Contains(r.Number)).GroupBy(r => Rooms[r.Room]).OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            if (chunk.Count >= ChunkRows)
            {
                yield return chunk;
                chunk = new(ChunkRows + 20);
            }
            chunk.AddRange(room.OrderByDescending(r => r.IsHead).ThenBy(r => r.Number));
        }
        if (chunk.Count > 0) yield return chunk;
    }

    private static List<RoomName> Names(IReadOnlyList<RosterRow> rows) => [.. rows.Where(r => r.IsGood).Select(r => r.Room).Distinct()];

    private static void RefuseRoomless(IReadOnlyList<RosterRow> rows, RosterMapping mapping, Dictionary<RoomName, string> paths, IReadOnlyDictionary<RoomName, RoomAbsence> why)
    {
        foreach (var row in rows.Where(r => r.IsGood && !paths.ContainsKey(r.Room)))
        {
            var (code, field) = why.TryGetValue(row.Room, out var reason) ? reason switch
            {
                RoomAbsence.NoBuilding => ("people.building-unknown", RosterField.Building),
                RoomAbsence.NoRoom => ("people.room-unknown", RosterField.Room),
                RoomAbsence.Closed => ("people.room-closed", RosterField.Room),
                _ => ("people.room-unit-needed", RosterField.Unit),
            } : (RoomText.Unreadable, RosterField.Room);
            row.Problems.Add(new(row.Number, mapping.Of(field) ?? mapping.Of(RosterField.Room) ?? mapping.Of(RosterField.Address), $"{row.Room.Building}-{(row.Room.Unit is null ? "" : row.Room.Unit + "-")}{row.Room.Room}", code));
        }
    }
}
