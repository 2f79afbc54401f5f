using System.Buffers;
using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Liren.Devices.Hub;

namespace Liren.Devices.Adapters;

/// <summary>
/// Turns events of makers into rows of our own protocol and hands them to the <see cref="Intake"/>: from there on nobody knows the brand. Finds whose an event is,
/// tells the beginning of one that goes on from its repetitions, and gives each a number that is the same when it is sent again.
/// </summary>
internal sealed class EventTranslator(DeviceBook book, Intake intake, Refusals refusals, EventMappings mappings, TimeProvider clock)
{
    /// <summary>Events of one message.</summary>
    public const int Most = 200;

    private const int MostOpen = 20_000;
    private static readonly TimeSpan Silence = TimeSpan.FromMinutes(2);
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    // Events that go on, and when they were last told; channels whose picture their recorder says is lost.
    private readonly ConcurrentDictionary<(long Device, string Type, string Rule), long> open = new();
    private readonly ConcurrentDictionary<long, bool> lost = new();

    private sealed record Row(string D, string C, long Seq, DateTimeOffset? Ts, Dictionary<string, double>? V = null, string[]? Q = null, string? Type = null, Dictionary<string, object>? Fields = null);

    /// <summary>Takes the events of one message of a device that was let in; answers for each why it was refused, or null, when all is on disk.</summary>
    public async Task<IReadOnlyList<string?>> TakeAsync(LiveDevice sender, string adapter, IReadOnlyList<MakerEvent> events, CancellationToken stop)
    {
        var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        if (events.Count > Most) { refusals.Add(sender.Code, sender.Address?.ToString(), "too-many-rows"); return [.. events.Select(_ => "too-many-rows")]; }
        var refused = new string?[events.Count];
        var rows = new List<(int Event, Row Row)>();
        var heard = new List<(int Event, LiveDevice Device)>();
        for (var i = 0; i < events.Count; i++)
        {
            var (said, mapping) = (events[i], mappings.Find(adapter, events[i].Type));
            DateTimeOffset? at = null;
            string? what;
            (refused[i], what) = mapping is null ? ("unknown-event", said.Type) : mapping.Refuse is { } why ? (why, said.Type) : said.Time is { } time && !MakerTime.TryRead(time, out at) ? ("ts", time) : (null, null);
            if (said.IsState) at = clock.GetUtcNow();
            if (refused[i] is null && mapping!.Alive) { Alive(sender, now); continue; }
            var device = refused[i] is null ? await WhoseAsync(sender, said, stop) : null;
            if (refused[i] is null && device is null) (refused[i], what) = ("unknown-channel", said.Channels is [var channel, ..] ? channel : "-");
            if (refused[i] is null && !RowsOf(device!, said, mapping!, at, now, row => rows.Add((i, row)))) (refused[i], what) = ("value", said.Type);
            if (refused[i] is { } reason) refusals.Add(sender.Code, sender.Address?.ToString(), reason, what);
            else heard.Add((i, device!));
        }
        if (rows.Count > 0)
        {
            var results = await intake.TakeBatchAsync(sender, new ReadOnlySequence<byte>(JsonSerializer.SerializeToUtf8Bytes(rows.Select(r => r.Row), Json)), stop);
            for (var r = 0; r < rows.Count; r++) if (results[r].Result == "refused") refused[rows[r].Event] ??= results[r].Reason;
        }
        // Only what is on disk was told: what failed is sent again and must be told then.
        foreach (var (i, device) in heard) if (refused[i] is null) Note(device, events[i], mappings.Find(adapter, events[i].Type)!, now);
        if (heard.Count > 0) Hear(sender, now);
        return refused;
    }

    /// <summary>The sender is there, and with it the channels that it has not said it lost.</summary>
    public void Alive(LiveDevice sender, long now)
    {
        Hear(sender, now);
        foreach (var child in book.Children(sender.Code)) if (!lost.ContainsKey(child.Number)) Hear(child, now);
    }

    private async ValueTask<LiveDevice?> WhoseAsync(LiveDevice sender, MakerEvent said, CancellationToken stop)
    {
        foreach (var channel in said.Channels)
        {
            if (sender.Channel == channel) return sender;
            if (await book.FindChildAsync(sender.Code, channel, stop) is { } child) return child;
        }
        return said.OfSender && sender is { Channel: null, Kind.IsGateway: false } ? sender : null;
    }

    // False: it should carry a number and does not.
    private bool RowsOf(LiveDevice device, MakerEvent said, EventMapping mapping, DateTimeOffset? at, long now, Action<Row> add)
    {
        double? count = null;
        if (mapping.Metric is { } metric)
        {
            if (double.TryParse(said.Of(mapping.Value), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)) count = number;
            else if (mapping.Event is null) return false;
            if (count is { } value) add(new(device.Code, "tm", Number(metric), at, V: new() { [metric] = value }, Q: value >= mapping.Cap ? ["lowerBound"] : null));
        }
        if ((said.Active ? IsNews(device, said, now) ? mapping.Event : null : mapping.Ended) is { } type)
        {
            var fields = new Dictionary<string, object> { ["said"] = said.Type };
            if (count is { } number) fields["count"] = number;
            if (said.Rule.Length > 0) fields["rule"] = said.Rule;
            add(new(device.Code, "ev", Number(type), at, Type: type, Fields: fields));
        }
        return true;

        // Makers give no numbers. The time does, with what is said in its last twelve bits: the same message has the same number, two at once do not.
        long Number(string name)
        {
            var hash = 2_166_136_261u;
            foreach (var c in $"{name}\n{said.Rule}") hash = (hash ^ c) * 16_777_619u;
            return (at?.ToUnixTimeMilliseconds() ?? now) << 12 | ((hash ^ hash >> 16) & 0xFFF);
        }
    }

    private bool IsNews(LiveDevice device, MakerEvent said, long now) =>
        !said.IsState && (said.Post == 1 || !open.TryGetValue(KeyOf(device, said), out var last) || now - last > Silence.TotalMilliseconds);

    private void Note(LiveDevice device, MakerEvent said, EventMapping mapping, long now)
    {
        if (said.Active)
        {
            // Bounded, whatever rules a device invents: the price is that an event that goes on may be told twice.
            if (open.Count >= MostOpen) open.Clear();
            open[KeyOf(device, said)] = now;
        }
        else open.TryRemove(KeyOf(device, said), out _);
        if (said.Active && mapping.Event == "video.lost") lost[device.Number] = true;
        else
        {
            lost.TryRemove(device.Number, out _);
            Hear(device, now);
        }
    }

    private static (long, string, string) KeyOf(LiveDevice device, MakerEvent said) => (device.Number, said.Type, said.Rule);

    private static void Hear(LiveDevice device, long now)
    {
        lock (device) device.HeardAt = now;
    }
}
