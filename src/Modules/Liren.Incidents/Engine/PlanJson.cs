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
