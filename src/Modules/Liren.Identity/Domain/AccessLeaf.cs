using System.Buffers;
using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Liren.Identity.Domain;

/// <summary>One line of the access log: who read whose data, why; each line's hash covers the one before (ADR 4).</summary>
internal sealed class AccessLeaf
{
    /// <summary>Hash before the first line.</summary>
    public static readonly byte[] Genesis = new byte[32];

    private static readonly JsonWriterOptions Writing = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    public long Seq { get; set; }
    public DateTimeOffset At { get; init; }
    public Guid? ActorId { get; init; }
    public string Actor { get; init; } = "";
    public string ActorKind { get; init; } = "";
    public Guid? OrgId { get; init; }
    public string Purpose { get; init; } = "";
    public Guid Subject { get; init; }
    public string Fields { get; init; } = "";
    public string Disclosure { get; init; } = "";
    public bool Allowed { get; init; }
    /// <summary>Keeps a purged line from being guessed from its hash.</summary>
    public byte[] Salt { get; set; } = [];
    public byte[] Hash { get; init; } = [];

    /// <summary>SHA-256 of the previous hash and this line's canonical JSON.</summary>
    public byte[] Compute(byte[] previous)
    {
        var body = new ArrayBufferWriter<byte>(512);
        body.Write(previous);
        using (var json = new Utf8JsonWriter(body, Writing))
        {
            json.WriteStartArray();
            json.WriteNumberValue(1);
            json.WriteNumberValue(Seq);
            json.WriteNumberValue(At.ToUnixTimeMilliseconds());
            Write(json, ActorId);
            json.WriteStringValue(Actor);
            json.WriteStringValue(ActorKind);
            Write(json, OrgId);
            json.WriteStringValue(Purpose);
            json.WriteStringValue(Subject);
            json.WriteStringValue(Fields);
            json.WriteStringValue(Disclosure);
            json.WriteBooleanValue(Allowed);
            json.WriteStringValue(Convert.ToHexString(Salt));
            json.WriteEndArray();
        }
        return SHA256.HashData(body.WrittenSpan);
    }

    private static void Write(Utf8JsonWriter json, Guid? id)
    {
        if (id is { } value) json.WriteStringValue(value);
        else json.WriteNullValue();
    }
}
