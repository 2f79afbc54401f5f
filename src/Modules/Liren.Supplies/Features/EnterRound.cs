using System.Buffers;
using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Liren.Draws;
using Liren.Sdk;
using Liren.Sdk.Security;
using Liren.Sdk.Text;
using Liren.Supplies.Domain;
using Liren.Supplies.Rush;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Liren.Supplies.Features;

/// <summary>The one small request of the opening second (抢约): a token that was fetched before, and a key so that asking again is the same request.</summary>
[OpenToAll("the signed token says who may enter what; it is handed out by features that need a permission")]
internal sealed class EnterRound : IFeature
{
    private const int MostBytes = 1024;

    /// <param name="Token">From the resident's own page, or the personal link.</param>
    /// <param name="Key">UUID made by the client: sent again, it gets the same answer.</param>
    public sealed record Request(string Token, Guid Key);

    /// <param name="Outcome">requested, confirmed, waiting, collected, cancelled, noShow or notDrawn.</param>
    /// <param name="Receipt">The tag on the receipt, 32 hex digits.</param>
    /// <param name="Seat">In which order it came.</param>
    /// <param name="Point">Pickup point, by its number within the round.</param>
    /// <param name="Turn">Turn at the point; 0 while no share is kept.</param>
    public sealed record Response(string Outcome, string Receipt, int Seat, int Point, int Turn);

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/enter", (HttpContext http, CancellationToken _) => AnswerAsync(http)).Produces<Response>(201).Produces<Response>(200).Accepts<Request>("application/json").WithMetadata(new RequestSizeLimitAttribute(MostBytes));

    /// <summary>Reads, enters and answers; also the hot path.</summary>
    public static async Task AnswerAsync(HttpContext http)
    {
        var services = http.RequestServices;
        var (serial, no, key) = await ReadAsync(http, services.GetRequiredService<EntryTokens>());
        Ask ask;
        try { ask = await services.GetRequiredService<RoundBook>().RunAsync(serial, new(Act.Enter, no) { Key = key }); }
        catch (RuleBrokenException full) when (full.Status == 503)
        {
            // Not all at once again.
            http.Response.Headers.RetryAfter = RandomNumberGenerator.GetInt32(1, 4).ToString(CultureInfo.InvariantCulture);
            throw;
        }
        if (ask.Outcome is not (Outcome.Done or Outcome.Same))
        {
            await RefuseAsync(http, ask.Outcome);
            return;
        }
        http.Response.StatusCode = ask.Outcome == Outcome.Done ? StatusCodes.Status201Created : StatusCodes.Status200OK;
        await WriteAsync(http.Response, ask.Seen!, http.RequestAborted);
    }

    /// <summary>The entry as it is told to whoever entered it.</summary>
    public static Response Of(Standing seen) => new(JsonNamingPolicy.CamelCase.ConvertName(seen.State.ToString()), Hex.Of(seen.Tag), seen.Seat, seen.Point, seen.Turn);

    /// <summary>What a refusal is called.</summary>
    public static RuleBrokenException Refusal(Outcome outcome) => outcome switch
    {
        Outcome.Already => new("supplies.already", null, 409),
        Outcome.KeyReused => new("supplies.key-reused", "key", 409),
        Outcome.NotOpen => new("supplies.not-open", null, 409),
        Outcome.Closed => new("supplies.closed", null, 410),
        Outcome.SoldOut => new("supplies.sold-out", null, 410),
        Outcome.HeldBack => new("supplies.held-back", null, 410),
        Outcome.NotEntitled => new("supplies.not-entitled", null, 403),
        Outcome.NoShare => new("supplies.no-share", null, 409),
        Outcome.CollectedAlready => new("supplies.collected", null, 409),
        Outcome.OtherPoint => new("supplies.other-point", null, 409),
        Outcome.TooLate => new("supplies.too-late", null, 409),
        Outcome.SlotFull => new("supplies.slot-full", "begins", 409),
        Outcome.ChangedBefore => new("supplies.slot-changed", "begins", 409),
        _ => throw new ArgumentOutOfRangeException(nameof(outcome), outcome, null),
    };

    private static async ValueTask<(int Serial, int No, Guid Key)> ReadAsync(HttpContext http, EntryTokens tokens)
    {
        var reader = http.Request.BodyReader;
        while (true)
        {
            var read = await reader.ReadAsync(http.RequestAborted);
            if (read.Buffer.Length > MostBytes) throw new RuleBrokenException("supplies.request", null, 413);
            if (!read.IsCompleted) { reader.AdvanceTo(read.Buffer.Start, read.Buffer.End); continue; }
            try { return Parse(read.Buffer, tokens); }
            finally { reader.AdvanceTo(read.Buffer.End); }
        }
    }

    private static (int, int, Guid) Parse(ReadOnlySequence<byte> body, EntryTokens tokens)
    {
        var (serial, no, key, signed) = (0, 0, Guid.Empty, false);
        try
        {
            var json = new Utf8JsonReader(body);
            if (!json.Read() || json.TokenType != JsonTokenType.StartObject) throw new JsonException();
            while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
            {
                var (isToken, isKey) = (json.ValueTextEquals("token"u8), json.ValueTextEquals("key"u8));
                json.Read();
                if (isToken && json.TokenType == JsonTokenType.String) signed = tokens.Read(json.HasValueSequence ? json.ValueSequence.ToArray() : json.ValueSpan, out serial, out no);
                else if (isKey && (json.TokenType != JsonTokenType.String || !json.TryGetGuid(out key))) throw new RuleBrokenException("supplies.key", "key", 422);
                else json.Skip();
            }
        }
        catch (JsonException) { throw new RuleBrokenException("sdk.bad-json", null, 400); }
        if (!signed) throw new RuleBrokenException("supplies.token", "token", 403);
        Rule.Require(key != Guid.Empty, "supplies.key", "key");
        return (serial, no, key);
    }

    // Most answers of a rush are refusals, always the same few: written once, and not thrown.
    private static Task RefuseAsync(HttpContext http, Outcome outcome)
    {
        var (status, body) = Refusals.GetOrAdd((outcome, CultureInfo.CurrentUICulture.Name), _ =>
        {
            var rule = Refusal(outcome);
            return (rule.Status, JsonSerializer.SerializeToUtf8Bytes(new { type = $"urn:liren:{rule.Code}", title = http.RequestServices.GetRequiredService<Texts>().Say(rule), status = rule.Status, code = rule.Code }));
        });
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/problem+json";
        http.Response.ContentLength = body.Length;
        http.Response.Headers.CacheControl = "no-store";
        return http.Response.Body.WriteAsync(body, http.RequestAborted).AsTask();
    }

    private static readonly ConcurrentDictionary<(Outcome, string), (int Status, byte[] Body)> Refusals = new();

    private static Task WriteAsync(HttpResponse response, Standing seen, CancellationToken stop)
    {
        var text = string.Create(CultureInfo.InvariantCulture, $$"""{"outcome":"{{Words[(int)seen.State]}}","receipt":"{{Hex.Of(seen.Tag)}}","seat":{{seen.Seat}},"point":{{seen.Point}},"turn":{{seen.Turn}}}""");
        response.ContentType = "application/json";
        response.ContentLength = text.Length;
        System.Text.Encoding.ASCII.GetBytes(text, response.BodyWriter.GetSpan(text.Length));
        response.BodyWriter.Advance(text.Length);
        return response.BodyWriter.FlushAsync(stop).AsTask();
    }

    // Every word is ASCII, so its length is the body's.
    private static readonly string[] Words = [.. Enumerable.Range(0, 8).Select(i => JsonNamingPolicy.CamelCase.ConvertName(((EntryState)i).ToString()))];
}
