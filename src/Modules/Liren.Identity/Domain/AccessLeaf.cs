using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Liren.Identity.Domain;

/// <summary>One line of the access log: who read whose data, why; each line's hash covers the one before (ADR 4).</summary>
internal sealed class AccessLeaf
{
    /// <summary>Hash before the first line.</summary>
    public static readonly byte[] Genesis = new byte[32];

    private static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public long Seq { get; init; }
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
    public byte[] Salt { get; init; } = [];
    public byte[] Hash { get; init; } = [];

    /// <summary>SHA-256 of the previous hash and this line's canonical JSON.</summary>
    public byte[] Compute(byte[] previous)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(new object?[]
            { 1, Seq, At.ToUnixTimeMilliseconds(), ActorId, Actor, ActorKind, OrgId, Purpose, Subject, Fields, Disclosure, Allowed, Convert.ToHexString(Salt) }, Json);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(previous);
        hash.AppendData(body);
        return hash.GetHashAndReset();
    }
}
