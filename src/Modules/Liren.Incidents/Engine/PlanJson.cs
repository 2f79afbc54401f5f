using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Liren.Plans.Running;

namespace Liren.Incidents.Engine;

/// <summary>Inputs and effects of the plan engine as JSON: in its journal, and line by line for <c>plan run</c>.</summary>
internal static class PlanJson
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        AllowOutOfOrderMetadataProperties = true,
        RespectRequiredConstructorParameters = true,
        RespectNullableAnnotations = true,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        MaxDepth = 16,
    };

    public static string Write<T>(T value) => JsonSerializer.Serialize(value, Options);

    public static T Read<T>(string text) => JsonSerializer.Deserialize<T>(text, Options) ?? throw new JsonException("null");

    /// <summary>Readings that led to nothing, many in one row of the journal: most of what comes in is that. Times are ticks: replayed, they lead to the same to the last digit.</summary>
    public static string WriteMany(IReadOnlyList<Reading> readings)
    {
        var buffer = new ArrayBufferWriter<byte>(96 * readings.Count);
        using (var json = new Utf8JsonWriter(buffer, new() { Encoder = Options.Encoder, SkipValidation = true }))
        {
            json.WriteStartArray();
            foreach (var r in readings)
            {
                json.WriteStartArray();
                json.WriteNumberValue(r.At.UtcTicks);
                json.WriteStringValue(r.Area);
                json.WriteStringValue(r.Metric);
                json.WriteStringValue(r.Source);
                json.WriteStringValue(r.Kind);
                json.WriteNumberValue(r.EventTime.UtcTicks);
                if (r.Value is { } value) json.WriteNumberValue(value);
                else json.WriteNullValue();
                json.WriteEndArray();
            }
            json.WriteEndArray();
        }
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>The inputs of a row of the journal: one, or many readings.</summary>
    public static IReadOnlyList<Input> ReadRow(string body)
    {
        if (!body.StartsWith('[')) return [Read<Input>(body)];
        using var json = JsonDocument.Parse(body);
        return [.. json.RootElement.EnumerateArray().Select(r => new Reading(Time(r[0]), r[1].GetString()!, r[2].GetString()!, r[3].GetString()!, r[4].GetString()!, Time(r[5]), r[6].ValueKind == JsonValueKind.Null ? null : r[6].GetDouble()))];

        static DateTimeOffset Time(JsonElement ticks) => new(ticks.GetInt64(), TimeSpan.Zero);
    }

    /// <summary>A line somebody wrote: as <see cref="Read{T}"/>, but when it arrived is ours to say.</summary>
    /// <exception cref="JsonException">It is no input; the message names the member.</exception>
    public static Func<DateTimeOffset, Input> ReadLine(string line)
    {
        if (JsonNode.Parse(line, documentOptions: new() { MaxDepth = 16 }) is not JsonObject written) throw new JsonException("not an object");
        if (written.ContainsKey("at")) throw new JsonException("\"at\" is the time of arrival; the engine writes it");
        if ((string?)written["input"] is "tick") throw new JsonException("\"input\": time passes by itself");
        written["at"] = DateTimeOffset.UnixEpoch;
        var input = written.Deserialize<Input>(Options)!;
        if (input is Reading { Value: { } value } && !double.IsFinite(value)) throw new JsonException("\"value\" is not finite");
        return at => input with { At = at };
    }

    /// <summary>Key of an effect; its answer bears the same.</summary>
    public static string KeyOf(Effect effect) => effect switch
    {
        Send send => send.Key,
        Resolve r => ResolveKey(r.Incident, r.Step, r.Occurrence, r.Round, r.Expression),
        _ => throw new InvalidOperationException($"No key for {effect.GetType()}"),
    };

    /// <summary>Key of the effect which an input answers, or null.</summary>
    public static string? Answers(Input input) => input switch
    {
        Receipt receipt => receipt.Key,
        Targets t => ResolveKey(t.Incident, t.Step, t.Occurrence, t.Round, t.Expression),
        _ => null,
    };

    private static string ResolveKey(Guid incident, string step, int occurrence, int round, string expression) => $"{incident:N}/{step}/{occurrence}/{round}/{expression}";
}
