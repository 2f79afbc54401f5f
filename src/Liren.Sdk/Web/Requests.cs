using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using Liren.Sdk.Security;
using Microsoft.AspNetCore.Http;

namespace Liren.Sdk.Web;

/// <summary>
/// The id of a thing about to be created. From the header <c>Idempotency-Key</c> when given: the same key of the same caller makes the
/// same id, so a repeated create finds the first one instead of making a second, also after a crash. Otherwise a new UUIDv7.
/// </summary>
/// <param name="Value">The id.</param>
/// <param name="Repeatable">True when it came from a key.</param>
public readonly record struct NewId(Guid Value, bool Repeatable)
{
    /// <summary>A fresh id, for pages and handlers.</summary>
    public static NewId Fresh => new(Guid.CreateVersion7(), false);

    /// <summary>The id of this key for this caller and act: one key used for two different acts makes two things.</summary>
    public static NewId Of(string key, Guid? caller, string act = "")
    {
        Rule.Require(key.Length is > 0 and <= 200, "sdk.idempotency-key", "Idempotency-Key");
        return new(Made($"{caller}\n{act}\n{key}"), true);
    }

    /// <summary>The id of a form, by the key it was shown with; a fresh one when it has none.</summary>
    public static NewId OfForm(string? key) => string.IsNullOrEmpty(key) ? Fresh : Of(key, Actor.Current.Id);

    /// <summary>An id made from a text: the same text, the same id. UUID version 8 (own scheme) of its SHA-256, with the variant of RFC 9562.</summary>
    public static Guid Made(string text)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(text));
        hash[6] = (byte)((hash[6] & 0x0F) | 0x80);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash.AsSpan(0, 16), bigEndian: true);
    }

    /// <summary>Binds from the request.</summary>
    public static ValueTask<NewId> BindAsync(HttpContext context, ParameterInfo parameter) =>
        ValueTask.FromResult(context.Request.Headers["Idempotency-Key"].FirstOrDefault() is { Length: > 0 } key ? Of(key, Actor.Current.Id, $"{context.Request.Method} {context.Request.Path}") : Fresh);
}

/// <summary>The version the caller has seen, from the header <c>If-Match</c>; edits need it.</summary>
/// <param name="Version">Entity version; null when the header is absent.</param>
public readonly record struct IfMatch(int? Version)
{
    /// <summary>Throws 412 when the entity has changed since, 428 when the header is missing.</summary>
    public void Check(Entity entity)
    {
        if (Version is null) throw new RuleBrokenException("sdk.if-match-missing", "If-Match", 428);
        if (Version != entity.Version) throw new RuleBrokenException("sdk.changed-meanwhile", null, 412);
    }

    /// <summary>Binds from the request.</summary>
    public static ValueTask<IfMatch> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        var header = context.Request.Headers.IfMatch.FirstOrDefault()?.Trim('"');
        if (header is null) return ValueTask.FromResult(default(IfMatch));
        return int.TryParse(header, out var version) ? ValueTask.FromResult(new IfMatch(version)) : throw new RuleBrokenException("sdk.if-match-bad", "If-Match", 400);
    }
}
