using Liren.Sdk;

namespace Liren.Supplies.Domain;

/// <summary>How a try to deliver ended.</summary>
internal enum DeliveryOutcome
{
    /// <summary>已送达: at the door, with a photo of the parcel.</summary>
    Delivered,
    /// <summary>无人应答.</summary>
    NobodyThere,
    /// <summary>地址有误.</summary>
    WrongDoor,
    /// <summary>不要了.</summary>
    Declined,
}

/// <summary>A try to bring a share to the door (配送). A failed one is tried once more; after the second it is for the grid worker (网格员).</summary>
internal sealed class DeliveryTry : Entity
{
    /// <summary>After so many it is for the grid worker.</summary>
    public const int Most = 2;

    /// <summary>Serial of the round.</summary>
    public int Round { get; private init; }
    /// <summary>Number of the entitlement.</summary>
    public int No { get; private init; }
    /// <summary>Which try, from 1.</summary>
    public int Try { get; private init; }
    public DeliveryOutcome Outcome { get; private init; }
    /// <summary>Photo of the parcel at the door, by its SHA-256.</summary>
    public string? PhotoSha { get; private init; }
    public string? PhotoType { get; private init; }
    public string? Note { get; private init; }
    public string By { get; private init; } = "";
    public DateTimeOffset At { get; private init; }

    private DeliveryTry() { }

    /// <summary>Where a share stands after so many failed tries.</summary>
    public static DeliveryStage StageAfter(int tries) => tries switch { 0 => DeliveryStage.ToDo, < Most => DeliveryStage.Again, _ => DeliveryStage.GridWorker };

    /// <summary>Notes a try.</summary>
    public static DeliveryTry Of(Guid id, int round, int no, int number, DeliveryOutcome outcome, (string Sha, string Type)? photo, string? note, string by, DateTimeOffset now)
    {
        Rule.Require(Enum.IsDefined(outcome), "supplies.delivery-outcome", "outcome");
        Rule.Require(outcome != DeliveryOutcome.Delivered || photo is not null, "supplies.delivery-photo", "photos");
        Rule.Require(outcome is not (DeliveryOutcome.WrongDoor or DeliveryOutcome.Declined) || !string.IsNullOrWhiteSpace(note), "supplies.delivery-note", "note");
        Rule.Require(note is null or { Length: <= 200 }, "supplies.note", "note");
        return new() { Id = id, Round = round, No = no, Try = number, Outcome = outcome, PhotoSha = photo?.Sha, PhotoType = photo?.Type, Note = string.IsNullOrWhiteSpace(note) ? null : note.Trim(), By = by, At = now };
    }
}

/// <summary>Where a share stands that is brought to the door.</summary>
internal enum DeliveryStage
{
    /// <summary>待配送.</summary>
    ToDo,
    /// <summary>再送: the first try failed.</summary>
    Again,
    /// <summary>转网格员: the second failed too.</summary>
    GridWorker,
    /// <summary>已送达 or collected.</summary>
    Done,
}
