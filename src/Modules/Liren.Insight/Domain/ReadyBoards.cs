using Liren.Sdk.Security;
using static Liren.Insight.Domain.TileForm;

namespace Liren.Insight.Domain;

/// <summary>The boards nobody has to make (岗位工作台): one for each role, named by its code. They are copied, not changed.</summary>
internal static class ReadyBoards
{
    /// <summary>Role and its tiles, in the order of the list.</summary>
    public static readonly IReadOnlyList<(string Role, IReadOnlyList<BoardTile> Tiles)> All =
    [
        // What burns now, then what came in.
        (BuiltInRoles.DutyOfficer,
        [
            new("incidents.filter-open"), new("incidents.filter-overdue"), new("organisation.tile-on-duty"),
            new("incidents.opened", Bars, 7, 2), new("incidents.sense-to-close", Number, 7),
            new("cases.tile.open"), new("cases.tile.overdue"), new("cases.overdue", Number, 7),
            new("cases.reported", Bars, 7, 2), new("incidents.no-owner", Number, 30),
        ]),
        // The three rates of supervision, what must be zero, and whether the platform is used.
        (BuiltInRoles.StreetLeader,
        [
            new("cases.response-rate", Number, 30), new("cases.solved-rate", Number, 30), new("cases.satisfied-rate", Number, 30),
            new("cases.reported", Bars, 30, 2), new("incidents.sense-to-close", Number, 30),
            new("incidents.filter-open"), new("incidents.filter-overdue"), new("cases.tile.overdue"),
            new("incidents.no-owner", Number, 30), new("incidents.closed-alone", Number, 30), new("cases.closed-alone", Number, 30),
            new("passes.people", Bars, 7, 2), new("insight.use", Number, 30),
        ]),
        // The gates and the cases of a compound.
        (BuiltInRoles.PropertyManager,
        [
            new("passes.people", Bars, 7, 2), new("passes.stopped", Number, 7),
            new("cases.tile.open"), new("cases.tile.overdue"), new("cases.satisfied-rate", Number, 30),
            new("cases.reported", Bars, 30, 2), new("cases.minutes", Number, 30),
            new("incidents.filter-open"), new("incidents.filter-overdue"), new("passes.odd-clock", Number, 7),
        ]),
        // The people of a community and what they report.
        (BuiltInRoles.CommunityWorker,
        [
            new("people.tile.residents"), new("people.tile.households"), new("organisation.tile-on-duty"),
            new("cases.reported", Bars, 30, 2), new("cases.solved-rate", Number, 30),
            new("cases.tile.open"), new("cases.tile.overdue"), new("incidents.filter-open"),
            new("passes.people", Bars, 7, 2), new("passes.residents", Number, 1),
        ]),
    ];

    /// <summary>Tiles of the board of a role; null when there is none.</summary>
    public static IReadOnlyList<BoardTile>? Find(string role) => All.FirstOrDefault(b => b.Role == role).Tiles;
}
