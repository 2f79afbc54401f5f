using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Liren.Contracts.Devices;
using Liren.Devices.Data;

namespace Liren.Devices.Hub;

/// <summary>What became of one row.</summary>
/// <param name="Result">stored, duplicate, suspect, refused.</param>
/// <param name="Reason">Why, when refused or suspect.</param>
internal readonly record struct RowResult(string Result, string? Reason = null);

/// <summary>
/// Takes what devices send, by whichever way it comes: reads, judges number, clock and value, and returns when it is on disk. A bad row does not refuse
/// the others; a message that is no JSON is refused whole.
/// </summary>
internal sealed class Intake(ReadingJournal journal, DeviceBook book, Refusals refusals, HubOptions options, TimeProvider clock)
{
    public const int MostRows = 100, MostBatch = 500;
    private const long ClockTolerance = 5 * 60_000;
    internal static readonly JsonDocumentOptions Json = new() { MaxDepth = 16 };
    private static readonly RowResult Stored = new("stored"), Duplicate = new("duplicate");

    /// <summary>Rows of one device: readings (tm) or happenings (ev).</summary>
    public async Task<IReadOnlyList<RowResult>> TakeAsync(LiveDevice device, bool happenings, ReadOnlySequence<byte> payload, int most, CancellationToken stop)
    {
        using var json = Parse(device, payload);
        if (json is null) return [new("refused", "json")];
        return await TakeAsync(device.Address?.ToString(), json.RootElement, most, _ => new((device, happenings)), device.Code, stop);
    }

    /// <summary>Rows of the devices behind a gateway: each names its device (d) and what it is (c: tm or ev).</summary>
    public async Task<IReadOnlyList<RowResult>> TakeBatchAsync(LiveDevice gateway, ReadOnlySequence<byte> payload, CancellationToken stop)
    {
        using var json = Parse(gateway, payload);
        if (json is null) return [new("refused", "json")];
        return await TakeAsync(gateway.Address?.ToString(), json.RootElement, MostBatch, async row =>
        {
            if (!row.TryGetProperty("d", out var d) || d.ValueKind != JsonValueKind.String || await book.FindAsync(d.GetString()!, stop) is not { } child) return (null, false);
            return child.Gateway == gateway.Code || child == gateway ? (child, row.TryGetProperty("c", out var c) && c.ValueEquals("ev")) : (null, false);
        }, gateway.Code, stop);
    }

    private JsonDocument? Parse(LiveDevice device, ReadOnlySequence<byte> payload)
    {
        try { return JsonDocument.Parse(payload, Json); }
        catch (JsonException)
        {
            refusals.Add(device.Code, device.Address?.ToString(), "json");
            return null;
        }
    }

    private async Task<IReadOnlyList<RowResult>> TakeAsync(string? address, JsonElement root, int most, Func<JsonElement, ValueTask<(LiveDevice? Device, bool Happening)>> whose, string sender, CancellationToken stop)
    {
        var results = new List<RowResult>(1);
        var packet = new Packet();
        List<LiveDevice>? touched = null;
        Task? before = null;
        if (root.ValueKind == JsonValueKind.Array)
        {
            if (root.GetArrayLength() > most) { refusals.Add(sender, address, "too-many-rows"); return [new("refused", "too-many-rows")]; }
            foreach (var row in root.EnumerateArray()) await OneAsync(row);
        }
        else await OneAsync(root);

        if (!packet.IsEmpty)
        {
            var write = journal.WriteAsync(packet);
            foreach (var device in touched!) device.LastWrite = write;
            try { await write; }
            catch
            {
                // Not on disk: what memory noted as seen must not make the repetition a duplicate.
                foreach (var device in touched) lock (device) device.Seen.Forget();
                throw;
            }
        }
        if (before is not null) await before;
        return results;

        async ValueTask OneAsync(JsonElement row)
        {
            var (device, happening) = row.ValueKind == JsonValueKind.Object ? await whose(row) : (null, false);
            var result = row.ValueKind != JsonValueKind.Object ? new("refused", "json")
                : device is null ? new("refused", "unknown-device")
                : !device.MaySpeak ? new("refused", "not-in-service")
                : device.Simulated && !options.AllowsSimulated ? new("refused", "simulated")
                : await RowAsync(device, row, happening, packet, stop);
            results.Add(result);
            if (result.Result == "refused") refusals.Add(device?.Code ?? sender, address, result.Reason!);
            else if (result.Result == "duplicate") { if (!device!.LastWrite.IsCompletedSuccessfully) before = device.LastWrite; }
            else (touched ??= []).Add(device!);
        }
    }

    private async ValueTask<RowResult> RowAsync(LiveDevice device, JsonElement row, bool happening, Packet packet, CancellationToken stop)
    {
        if (!row.TryGetProperty("seq", out var s) || s.ValueKind != JsonValueKind.Number || !s.TryGetInt64(out var number) || number < 0) return new("refused", "seq");
        var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        var given = row.TryGetProperty("ts", out var ts) ? Time(ts) : 0;
        if (given < 0) return new("refused", "ts");
        // What lay in a store while the network was away is late, not wrong; only a time to come, or none, is doubted. A clock far behind shows as soon as it speaks live.
        var doubt = given == 0 || given > now + ClockTolerance || (given < now - ClockTolerance && !row.TryGetProperty("late", out _));
        var quality = (doubt ? ReadingQuality.ClockDoubt : 0) | (device.Simulated ? ReadingQuality.Simulated : 0);
        if (!device.Seen.Loaded)
        {
            var stored = await journal.NumbersAsync(device.Number, stop);
            lock (device) if (!device.Seen.Loaded) device.Seen.Load(stored);
        }
        var at = doubt ? now : given;
        List<(string, double, bool)>? values = null;
        string? type = null, fields = null;
        if (happening)
        {
            if (!row.TryGetProperty("type", out var t) || t.ValueKind != JsonValueKind.String || t.GetString() is not { Length: > 0 and <= 60 } name) return new("refused", "type");
            type = name;
            if (row.TryGetProperty("fields", out var f) && f.ValueKind == JsonValueKind.Object) fields = f.GetRawText() is { Length: <= 4_096 } text ? text : null;
            if (!device.Kind.Events.Contains(name)) quality |= ReadingQuality.Suspect;
        }
        else
        {
            if (!row.TryGetProperty("v", out var v) || v.ValueKind != JsonValueKind.Object) return new("refused", "v");
            foreach (var value in v.EnumerateObject())
            {
                if (value.Value.ValueKind != JsonValueKind.Number || value.Value.GetDouble() is var d && !double.IsFinite(d)) return new("refused", "value");
                if (value.Name.Length is 0 or > 64) return new("refused", "metric");
                var known = device.Kind.Metrics.TryGetValue(value.Name, out var spec);
                (values ??= []).Add((value.Name, d, !known || d < spec!.Least || d > spec.Most));
            }
            if (values is null) return new("refused", "v");
            if (row.TryGetProperty("q", out var q) && q.ValueKind == JsonValueKind.Array && q.EnumerateArray().Any(e => e.ValueKind == JsonValueKind.String && e.ValueEquals("lowerBound"))) quality |= ReadingQuality.LowerBound;
        }

        Numbering numbering;
        lock (device) numbering = device.Seen.Judge(number, given);
        // A number from long ago: late, or sent again? Only the store knows.
        if (numbering == Numbering.AskStore && await journal.HasAsync(device.Number, number, at, stop)) numbering = Numbering.Duplicate;
        lock (device)
        {
            if (numbering is Numbering.Fresh or Numbering.Reset) numbering = device.Seen.Judge(number, given);
            if (numbering == Numbering.Duplicate) return Duplicate;
            if (numbering == Numbering.Reset) quality |= ReadingQuality.Reset;
            device.Seen.Note(number, given == 0 ? now : given, numbering == Numbering.Reset);
            device.HeardAt = now;
            device.ClockDoubt = doubt;
            if (happening)
            {
                if (type is "video.covered" or "removed" or "tampered") device.Covered = true;
                else if (type is "video.clear") device.Covered = false;
                packet.Happenings.Add(new(device, number, type!, fields, at, now, quality));
                return quality.HasFlag(ReadingQuality.Suspect) ? new("suspect", "type") : Stored;
            }
            var suspect = false;
            foreach (var (name, value, outside) in values!)
            {
                suspect |= outside;
                packet.Readings.Add(new(device, number, Shared(device, name), value, at, now, quality | (outside ? ReadingQuality.Suspect : 0)));
                if (value != device.LastValue) (device.LastValue, device.UnchangedSince) = (value, now);
            }
            device.Implausible = suspect;
            return suspect ? new("suspect", "range") : Stored;
        }
    }

    // The kind's own string, so that what is queued holds no copies.
    private static string Shared(LiveDevice device, string name) => device.Kind.Metrics.ContainsKey(name) ? string.Intern(name) : name;

    // 0: none given; -1: not a time.
    private static long Time(JsonElement ts) => ts.ValueKind switch
    {
        JsonValueKind.Null => 0,
        JsonValueKind.Number => ts.TryGetInt64(out var ms) && ms is > 0 and < 253_402_300_799_999 ? ms : -1,
        JsonValueKind.String => DateTimeOffset.TryParse(ts.GetString(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? Math.Max(1, at.ToUnixTimeMilliseconds()) : -1,
        _ => -1,
    };
}
