using System.Globalization;
using System.Text.Json;
using Liren.Codes;
using Liren.Passes.Domain;
using Liren.Sdk.Web;
using Liren.Sdk;
using Microsoft.AspNetCore.Http;

namespace Liren.Passes.Features;

/// <summary>Speaks the language of a kind of terminal: reads what it pushes as looks, and says the answers so that it understands them.</summary>
internal interface ITerminalAdapter
{
    /// <summary>Its name: what a terminal is set to.</summary>
    string Kind { get; }

    /// <summary>The looks in a push; empty for a sign of life. Throws a broken rule when it is none of this maker's.</summary>
    Task<IReadOnlyList<TerminalLook>> ReadAsync(HttpRequest request, Terminal terminal, CancellationToken stop);

    /// <summary>The answer to a push.</summary>
    /// <param name="looks">What was read.</param>
    /// <param name="answers">Answers to those that asked, in their order.</param>
    object Answer(IReadOnlyList<TerminalLook> looks, IReadOnlyList<TerminalAnswer> answers);
}

/// <summary>A look as the documented protocol says it; every member may be missing and is then named.</summary>
/// <param name="Id">ULID or UUID of the event, made by the terminal.</param>
/// <param name="Kind">qr, card or face.</param>
/// <param name="Value">Text of the code as scanned; number of the card; number of the person.</param>
/// <param name="At">Unix milliseconds by the terminal's clock.</param>
/// <param name="Direction">in or out; the terminal's own when left out.</param>
/// <param name="Temperature">Degrees Celsius.</param>
/// <param name="Opened">What the terminal decided by itself; only for looks sent afterwards.</param>
internal sealed record TerminalLookLine(string? Id = null, string? Kind = null, string? Value = null, long At = 0, string? Direction = null, decimal? Temperature = null, bool? Opened = null)
{
    /// <summary>The look; a broken rule names the first field that makes it unusable.</summary>
    public TerminalLook Read(Terminal terminal)
    {
        Rule.Require(EventId.TryRead(Id, out var id), "passes.look-id", "id");
        Rule.Require(Enum.TryParse<LookKind>(Kind, ignoreCase: true, out var kind) && Enum.IsDefined(kind) && !char.IsAsciiDigit(Kind![0]), "passes.look-kind", "kind");
        Rule.Require(Value is { Length: > 0 and <= PassToken.MostCharacters }, "passes.look-value", "value");
        Rule.Require(At is > 1_500_000_000_000 and < 4_600_000_000_000, "passes.look-at", "at");
        Rule.Require(Direction is null or "in" or "out", "passes.look-direction", "direction");
        Rule.Require(Temperature is null or (>= 20 and <= 50), "passes.look-temperature", "temperature");
        return new(id, kind, Value!, At, Direction switch { "in" => Codes.Direction.In, "out" => Codes.Direction.Out, _ => terminal.Direction }, Temperature is { } t ? (int)Math.Round(t * 10) : null, Opened);
    }
}

/// <summary>Ids of events: a ULID (26 characters, Crockford base32) or a UUID.</summary>
internal static class EventId
{
    private const string Crockford = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

    public static bool TryRead(string? text, out Guid id)
    {
        id = default;
        if (text is not { Length: 26 }) return Guid.TryParse(text, out id) && id != Guid.Empty;
        UInt128 value = 0;
        foreach (var c in text)
        {
            var digit = Crockford.IndexOf(char.ToUpperInvariant(c), StringComparison.Ordinal);
            // 26 digits hold 130 bits: the first has only three.
            if (digit < 0 || value >> 123 != 0) return false;
            value = (value << 5) | (uint)digit;
        }
        Span<byte> bytes = stackalloc byte[16];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt128BigEndian(bytes, value);
        id = new Guid(bytes, bigEndian: true);
        return id != Guid.Empty;
    }

    /// <summary>The id of an event that has only a number of its own: the same event gives the same id.</summary>
    public static Guid Of(Guid terminal, string number) => NewId.Made($"{terminal:N}\n{number}");
}

/// <summary>The documented protocol itself (docs/integrators/terminals.md): one look or a list of looks as JSON.</summary>
internal sealed class LirenTerminalAdapter : ITerminalAdapter
{
    public string Kind => "liren";

    public async Task<IReadOnlyList<TerminalLook>> ReadAsync(HttpRequest request, Terminal terminal, CancellationToken stop)
    {
        try
        {
            using var body = await JsonDocument.ParseAsync(request.Body, cancellationToken: stop);
            var lines = body.RootElement.ValueKind == JsonValueKind.Array
                ? body.RootElement.Deserialize<TerminalLookLine[]>(JsonSerializerOptions.Web)! : [body.RootElement.Deserialize<TerminalLookLine>(JsonSerializerOptions.Web)!];
            return lines.Contains(null) ? throw new JsonException() : [.. lines.Select(l => l.Read(terminal))];
        }
        catch (JsonException) { throw new RuleBrokenException("passes.look-body", null, 400); }
    }

    public object Answer(IReadOnlyList<TerminalLook> looks, IReadOnlyList<TerminalAnswer> answers) => answers.Select(CheckAtTerminal.Response.Of).ToList();
}

/// <summary>
/// Terminals that push access events in the shape of ISAPI's AccessControllerEvent: JSON or XML, bare or as a part of multipart/form-data beside a picture. The
/// picture is never read. Events that ask for a remote check are decided here; the others are kept as the terminal decided them.
/// </summary>
internal sealed class IsapiTerminalAdapter : ITerminalAdapter
{
    // Major 5 are events of access; of their minors these mean "let in": card, card with code, face. Every other with a person or card means "not".
    private const string AccessEvent = "5";
    private static readonly HashSet<string> LetIn = ["1", "2", "75"];

    public string Kind => "isapi";

    public async Task<IReadOnlyList<TerminalLook>> ReadAsync(HttpRequest request, Terminal terminal, CancellationToken stop)
    {
        var looks = new List<TerminalLook>();
        try
        {
            await foreach (var text in PushedMessages.TextsAsync(request, stop))
                if (LookOf(Fields(text), terminal) is { } look) looks.Add(look);
        }
        catch (UnreadablePushException e) { throw new RuleBrokenException("passes.look-body", null, e.Reason == "too-large" ? 413 : 400); }
        return looks;
    }

    public object Answer(IReadOnlyList<TerminalLook> looks, IReadOnlyList<TerminalAnswer> answers)
    {
        var checks = answers.Select(a => new { serialNo = looks.First(l => l.Id == a.Id).Reference, checkResult = a.Open ? "success" : "failed", info = a.Words }).ToList();
        // A dictionary, because its names go out as they are: the maker's begin with a capital.
        var said = new Dictionary<string, object> { ["statusCode"] = 1, ["statusString"] = "OK" };
        if (checks is [var check, ..]) said["RemoteCheck"] = check;
        return said;
    }

    // The leaves by their own name, the first of each: what counts stands before its repetitions.
    private static Dictionary<string, string> Fields(string text)
    {
        var fields = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var leaf in PushedMessages.Leaves(text)) fields.TryAdd(leaf.Name, leaf.Value);
        return fields;
    }

    private static TerminalLook? LookOf(Dictionary<string, string> fields, Terminal terminal)
    {
        string? Of(string name) => fields.GetValueOrDefault(name)?.Trim() is { Length: > 0 } value ? value : null;
        if (!string.Equals(Of("eventType"), "AccessControllerEvent", StringComparison.OrdinalIgnoreCase) || Of("majorEventType") != AccessEvent) return null;
        var (code, card, person) = (Of("QRCodeInfo"), Of("cardNo"), Of("employeeNoString") ?? Of("employeeNo"));
        // Doors, tampering and the like are events of the same kind without anybody in them.
        if ((code ?? card ?? person) is null) return null;
        var mode = Of("currentVerifyMode") ?? "";
        var (kind, value) = code is not null ? (LookKind.Qr, code)
            : card is not null && (person is null || Of("subEventType") is "1" or "2" || mode.Equals("card", StringComparison.OrdinalIgnoreCase)) ? (LookKind.Card, card) : (LookKind.Face, person!);
        Rule.Require(value.Length <= PassToken.MostCharacters, "passes.look-value", "value");
        Rule.Require(DateTimeOffset.TryParse(Of("dateTime"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at), "passes.look-at", "dateTime");
        var number = Of("serialNo");
        var way = Of("attendanceStatus") switch { "checkIn" or "breakIn" or "overtimeIn" => Direction.In, "checkOut" or "breakOut" or "overtimeOut" => Direction.Out, _ => Of("cardReaderNo") == "2" ? Direction.Out : terminal.Direction };
        int? heat = decimal.TryParse(Of("currTemperature"), CultureInfo.InvariantCulture, out var celsius) && celsius is >= 20 and <= 50 ? (int)Math.Round(celsius * 10) : null;
        var asks = string.Equals(Of("remoteCheck"), "true", StringComparison.OrdinalIgnoreCase);
        return new(EventId.Of(terminal.Id, $"{number}\n{at.ToUnixTimeMilliseconds()}\n{kind}\n{value}"), kind, value, at.ToUnixTimeMilliseconds(), way, heat, asks ? null : LetIn.Contains(Of("subEventType") ?? ""), number);
    }
}
