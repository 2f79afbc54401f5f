using Liren.Contracts.Places;

namespace Liren.People.Domain;

/// <summary>What only shows when the rows of a roster are seen together.</summary>
internal static class RosterChecks
{
    /// <summary>The same person in the same room once more.</summary>
    public const string Duplicate = "people.row-duplicate";
    /// <summary>One number, two names.</summary>
    public const string IdTwice = "people.id-twice";
    /// <summary>Two heads in one room.</summary>
    public const string HeadTwice = "people.head-twice";
    /// <summary>Owners' shares of one room above the whole.</summary>
    public const string ShareSum = "people.share-sum";

    /// <summary>Marks the rows that contradict an earlier one; the earlier one stays good.</summary>
    public static void Across(IEnumerable<RosterRow> rows, RosterMapping mapping)
    {
        var byId = new Dictionary<(IdentifierKind, string), RosterRow>();
        var places = new Dictionary<(string Who, RoomName Room), RosterRow>();
        var heads = new Dictionary<RoomName, RosterRow>();
        var shares = new Dictionary<RoomName, List<Share>>();
        foreach (var row in rows.Where(r => r.IsGood))
        {
            if (row.IdNumber is not null)
            {
                if (!byId.TryAdd((row.IdKind, row.IdNumber), row) && byId[(row.IdKind, row.IdNumber)] is var first && first.Name.Key != row.Name.Key)
                {
                    Wrong(row, mapping, RosterField.IdNumber, IdTwice, first.Number);
                    continue;
                }
            }
            var who = row.IdNumber is null ? "name:" + row.Name.Key : $"{row.IdKind}:{row.IdNumber}";
            if (!places.TryAdd((who, row.Room), row))
            {
                Wrong(row, mapping, null, Duplicate, places[(who, row.Room)].Number);
                continue;
            }
            if (row.Until is not null) continue;
            if (row.IsHead && !heads.TryAdd(row.Room, row))
            {
                Wrong(row, mapping, RosterField.Relation, HeadTwice, heads[row.Room].Number);
                continue;
            }
            if (row.Share is not { } share) continue;
            if (!shares.TryGetValue(row.Room, out var held)) shares[row.Room] = held = [];
            if (Share.Fit([.. held, share])) held.Add(share);
            else Wrong(row, mapping, RosterField.Share, ShareSum, null);
        }
    }

    private static void Wrong(RosterRow row, RosterMapping mapping, RosterField? field, string code, int? other) =>
        row.Problems.Add(new(row.Number, field is null ? null : mapping.Of(field.Value), field switch
        {
            RosterField.IdNumber => RosterRow.Masked(field, row.IdNumber ?? ""),
            RosterField.Share => row.Share?.ToString(),
            _ => null,
        }, code, other));
}
