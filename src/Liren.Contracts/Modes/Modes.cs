using Liren.Contracts.Organisation;

namespace Liren.Contracts.Modes;

/// <summary>The mode of a place at an instant: peace, or emergency by the order that decides there.</summary>
/// <param name="Mode">平时 or 急时.</param>
/// <param name="OrderId">The deciding order; null in peace.</param>
/// <param name="OrderNo">Its number (文号).</param>
/// <param name="Level">"IV" to "I"; null in peace.</param>
/// <param name="Area">The place the order was given for: this one or one above it.</param>
/// <param name="Since">In force since (UTC).</param>
/// <param name="Until">Ends by itself at (UTC), exclusive.</param>
public sealed record ModeNow(Mode Mode, Guid? OrderId = null, string? OrderNo = null, string? Level = null, string? Area = null, DateTimeOffset? Since = null, DateTimeOffset? Until = null)
{
    /// <summary>平时.</summary>
    public static readonly ModeNow Peace = new(Mode.Peace);
}

/// <summary>Asks which mode holds where (平战状态). Answered from memory, by the clock: an order ends at its instant even when nothing runs.</summary>
public interface IModes
{
    /// <summary>The one mode of a place at an instant, past or coming; the deepest order decides, among those the latest begun.</summary>
    /// <param name="place">Path of the place.</param>
    /// <param name="at">Instant.</param>
    /// <param name="cancellation">Stops.</param>
    ValueTask<ModeNow> ModeAtAsync(string place, DateTimeOffset at, CancellationToken cancellation = default);
}

/// <summary>Whether something extra may be collected, under which order, for what and until when.</summary>
/// <param name="Allowed">False in peace, and for whatever no order in force names.</param>
/// <param name="OrderId">The order what is collected belongs to: keep it with the data.</param>
/// <param name="Purpose">What it is collected for, as the order says.</param>
/// <param name="Until">When the leave ends (UTC), exclusive.</param>
/// <param name="DestroyBy">When what was collected must be gone (UTC), if the order is not cut short.</param>
public sealed record CollectionLeave(bool Allowed, Guid? OrderId = null, string? Purpose = null, DateTimeOffset? Until = null, DateTimeOffset? DestroyBy = null)
{
    /// <summary>Deny by default.</summary>
    public static readonly CollectionLeave No = new(false);
}

/// <summary>Asks whether extra data may be collected (紧急采集). Deny by default: only an order in force allows, and only what it names.</summary>
public interface ICollections
{
    /// <summary>Whether a collection is allowed at a place at an instant.</summary>
    /// <param name="collection">Code of <see cref="Collections"/> or of a registered <see cref="IDestroysCollected"/>.</param>
    /// <param name="place">Path of the place.</param>
    /// <param name="at">Instant.</param>
    /// <param name="cancellation">Stops.</param>
    ValueTask<CollectionLeave> MayAsync(string collection, string place, DateTimeOffset at, CancellationToken cancellation = default);
}

/// <summary>Codes of the collections that Liren knows itself.</summary>
public static class Collections
{
    /// <summary>门岗测温: temperature with identity at gates.</summary>
    public const string GateTemperature = "gate.temperature";
    /// <summary>行程史: where a person comes from.</summary>
    public const string Itinerary = "visitor.itinerary";
    /// <summary>访客健康询问.</summary>
    public const string VisitorHealth = "visitor.health";
    /// <summary>居民每日健康申报.</summary>
    public const string ResidentHealth = "resident.health";
    /// <summary>入户排查登记.</summary>
    public const string HouseholdSurvey = "household.survey";
    /// <summary>密切接触者: contacts of cases.</summary>
    public const string Contacts = "case.contacts";

    /// <summary>All of them.</summary>
    public static readonly IReadOnlyList<string> Known = [GateTemperature, Itinerary, VisitorHealth, ResidentHealth, HouseholdSurvey, Contacts];
}

/// <summary>
/// Destroys what a module has collected under an order (销毁). Registered by the module that keeps the data; where none is registered, people
/// destroy by hand, with two names. Both calls may be repeated: after a crash they are.
/// </summary>
public interface IDestroysCollected
{
    /// <summary>Code of the collection.</summary>
    string Collection { get; }

    /// <summary>How many records collected under the order still exist.</summary>
    Task<long> CountAsync(Guid orderId, CancellationToken cancellation = default);

    /// <summary>Deletes every record collected under the order, and whatever was derived from it with a name.</summary>
    Task DestroyAsync(Guid orderId, CancellationToken cancellation = default);
}
