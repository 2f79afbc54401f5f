using System.Text.Json;
using Liren.Codes;

namespace Liren.Passes.Domain;

/// <summary>A visitor as the guard wrote them down.</summary>
internal sealed record VisitorNote(string? Name, string? Phone, string? Plate, string? Unit, string? Reason)
{
    /// <summary>Whether a text may be a telephone number: 5–20 digits, with plus, hyphens and spaces.</summary>
    public static bool IsPhone(string text) => text.Length is >= 5 and <= 20 && text.All(c => char.IsAsciiDigit(c) || c is '+' or '-' or ' ');
}

/// <summary>One look at a code, as the gate sends it. Nothing but the id and the time is needed; what is too long is cut, what is unknown stays out.
/// A class with plain setters: the reader made for it at build fills it without a detour.</summary>
internal sealed class GateEntryLine
{
    /// <summary>UUIDv7 made by the gate: the same line sent twice is one line.</summary>
    public Guid Id { get; set; }
    /// <summary>Milliseconds since 1970 by the gate's clock.</summary>
    public long At { get; set; }
    /// <summary>How far the gate believes its clock to be off, milliseconds.</summary>
    public long Offset { get; set; }
    public string? Direction { get; set; }
    public string? Verdict { get; set; }
    public string? Reason { get; set; }
    public string? Cti { get; set; }
    public int Kind { get; set; }
    public int Form { get; set; }
    /// <summary>Time of the live proof, Unix seconds.</summary>
    public long T { get; set; }
    public string? Nonce { get; set; }
    public int Members { get; set; }
    public string? Plate { get; set; }
    public string? Serial { get; set; }
    public string? Guard { get; set; }
    /// <summary>Tenths of a degree Celsius.</summary>
    public int? Temperature { get; set; }
    public Dictionary<string, string>? Answers { get; set; }
    /// <summary>match, mismatch or null.</summary>
    public string? IdChecked { get; set; }
    public VisitorNote? Visitor { get; set; }
    public bool Manual { get; set; }
    /// <summary>Age of the gate's lists, seconds.</summary>
    public long ListAge { get; set; }
}

/// <summary>One line of the gate log (通行记录) as it is kept.</summary>
internal sealed class GateEntry
{
    /// <summary>Order of arrival.</summary>
    public long Seq { get; set; }
    public Guid Id { get; init; }
    public Guid GateId { get; init; }
    public string PlacePath { get; init; } = "";
    /// <summary>By the gate's clock, corrected by the offset it knows of.</summary>
    public DateTimeOffset At { get; init; }
    public DateTimeOffset ArrivedAt { get; init; }
    public Direction Direction { get; init; }
    public Verdict Verdict { get; init; }
    public string Reason { get; init; } = "";
    public string? Cti { get; init; }
    public int Kind { get; init; }
    public int Form { get; init; }
    public long ProofAt { get; init; }
    public int Members { get; init; }
    public string? Plate { get; init; }
    public string? Serial { get; init; }
    public string? Guard { get; init; }
    public int? Temperature { get; init; }
    public string? IdChecked { get; init; }
    public bool Manual { get; init; }
    public long ListAge { get; init; }
    /// <summary>Answers and visitor, sealed; null when there are none.</summary>
    public byte[]? Sealed { get; init; }

    /// <summary>The store had this line already; said by the store, kept nowhere.</summary>
    public bool Known { get; set; }

    private static readonly HashSet<string> Reasons = [.. Enum.GetNames<PassReason>(), "Manual", "Visitor", "Temperature", "NotEnrolled", "ConsentWithdrawn"];

    /// <summary>The first field that makes the line unusable; null when it can be kept.</summary>
    public static string? Fault(GateEntryLine line) =>
        line.Id == Guid.Empty ? "id"
        // A clock that stood still in 2020 is believed and shown; one outside a century is no clock.
        : line.At is < 1_500_000_000_000 or > 4_600_000_000_000 || Math.Abs(line.Offset) > 4_000_000_000_000 ? "at"
        : null;

    /// <summary>The line as it is kept.</summary>
    public static GateEntry Of(GateEntryLine line, Gate gate, DateTimeOffset now, byte[]? sealedRest) => new()
    {
        Id = line.Id, GateId = gate.Id, PlacePath = gate.CompoundPath, ArrivedAt = now, At = DateTimeOffset.FromUnixTimeMilliseconds(line.At - line.Offset),
        Direction = line.Direction == "out" ? Direction.Out : Direction.In,
        Verdict = Enum.TryParse<Verdict>(line.Verdict, ignoreCase: true, out var verdict) && Enum.IsDefined(verdict) ? verdict : Verdict.Refuse,
        Reason = line.Reason is { } reason && Reasons.Contains(reason) ? reason : "Unknown",
        Cti = line.Cti is { Length: 16 } cti && cti.All(char.IsAsciiHexDigitLower) ? cti : null,
        Kind = line.Kind is >= 0 and <= 7 ? line.Kind : 0, Form = line.Form is >= 0 and <= 3 ? line.Form : 0, ProofAt = line.T, Members = Math.Clamp(line.Members, 0, 50),
        Plate = Cut(line.Plate, 12), Serial = Cut(line.Serial, 12), Guard = Cut(line.Guard, 40),
        Temperature = line.Temperature is >= 250 and <= 450 ? line.Temperature : null,
        IdChecked = line.IdChecked is "match" or "mismatch" ? line.IdChecked : null, Manual = line.Manual, ListAge = Math.Clamp(line.ListAge, 0, int.MaxValue), Sealed = sealedRest,
    };

    /// <summary>What is sealed of a line: what people said, and who visits.</summary>
    public static string? Rest(GateEntryLine line)
    {
        var answers = line.Answers?.Take(6).ToDictionary(a => Cut(a.Key, 60)!, a => Cut(a.Value, 120)!);
        var visitor = line.Visitor is { } v ? new VisitorNote(Cut(v.Name, 40), Cut(v.Phone, 20), Cut(v.Plate, 12), Cut(v.Unit, 60), Cut(v.Reason, 120)) : null;
        return answers is { Count: > 0 } || visitor is not null ? JsonSerializer.Serialize(new { answers, visitor }, JsonSerializerOptions.Web) : null;
    }

    private static string? Cut(string? text, int most) => text is null || text.Length <= most ? text : text[..most];
}

/// <summary>A guard's shift with its counts (交接班).</summary>
internal sealed class Shift
{
    public Guid Id { get; init; }
    public Guid GateId { get; init; }
    public string PlacePath { get; init; } = "";
    public string Guard { get; init; } = "";
    public DateTimeOffset From { get; init; }
    public DateTimeOffset To { get; init; }
    public int Admitted { get; init; }
    public int Checked { get; init; }
    public int Refused { get; init; }
    public int In { get; init; }
    public int Out { get; init; }
    public string? Note { get; init; }
}

/// <summary>One entry in the history of a partition's revocation list.</summary>
internal sealed class RevocationEntry
{
    public string PlacePath { get; init; } = "";
    /// <summary>Number within the partition, from 1, without gaps.</summary>
    public long Seq { get; init; }
    public string Cti { get; init; } = "";
    /// <summary>0: leaves the list.</summary>
    public int State { get; init; }
    public DateTimeOffset At { get; init; }
}

/// <summary>How far the log has been taken in by something that follows it.</summary>
internal sealed class LogCursor
{
    /// <summary>Looked through for what must follow from it; entered into the index of passes.</summary>
    public const int Watched = 1, Indexed = 2;

    public int Id { get; init; }
    public long Seq { get; set; }
}

/// <summary>
/// Which lines of the log are about a pass (通行证索引). Written behind the log by <see cref="Features.LogWatch"/>, many lines at a time: passes come in no order, so an index
/// on the log itself would touch a page for each line before the gate is answered. Read through <see cref="Data.PassesDb.EntriesOf"/>.
/// </summary>
internal sealed class Passage
{
    public required string Cti { get; init; }

    /// <summary>When it was at the gate: what is near in time is found without opening a line.</summary>
    public DateTimeOffset At { get; init; }

    public long Seq { get; init; }
}
