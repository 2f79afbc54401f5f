using System.Text.Json;
using System.Text.Json.Serialization;
using Liren.Codes;
using Liren.Passes.Data;
using Liren.Passes.Domain;
using Liren.Sdk;
using Liren.Sdk.Data;
using Liren.Sdk.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.EntityFrameworkCore;

namespace Liren.Passes.Features;

/// <summary>Lines of the gate log (上传通行记录): on disk before the answer, each once by its id, never refused for what it says.</summary>
[Needs("passes.gate")]
internal sealed class ReceiveEntries(GateLogStore store, GateBook book, Protector protector, TimeProvider clock) : IFeature
{
    /// <summary>Most lines of one request.</summary>
    public const int Most = 500;

    private const int MostBytes = 1_000_000;

    /// <param name="Index">Which line, from 0.</param>
    /// <param name="Field">What is wrong with it.</param>
    public sealed record Faulty(int Index, string Field);

    /// <param name="Accepted">New lines, now on disk.</param>
    /// <param name="Known">Lines that had arrived before.</param>
    /// <param name="Faulty">Lines without a usable id or time; sending them again is of no use.</param>
    public sealed record Response(int Accepted, int Known, IReadOnlyList<Faulty> Faulty);

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/gates/events", (HttpContext http, CancellationToken _) => AnswerAsync(http))
            .Produces<Response>().Accepts<GateEntryLine[]>("application/json").WithMetadata(new RequestSizeLimitAttribute(MostBytes));

    /// <summary>Reads, keeps and answers; also the hot path.</summary>
    public static async Task AnswerAsync(HttpContext http)
    {
        var stop = http.RequestAborted;
        var kept = await http.RequestServices.GetRequiredService<ReceiveEntries>().RunAsync(await ReadAsync(http.Request, stop), stop);
        var answer = JsonSerializer.SerializeToUtf8Bytes(kept, GateJson.Default.EntriesKept);
        http.Response.ContentType = "application/json";
        http.Response.ContentLength = answer.Length;
        await http.Response.Body.WriteAsync(answer, stop);
    }

    // Read here and not bound: whoever may not send is told so before the body is looked at.
    private static async ValueTask<GateEntryLine[]> ReadAsync(HttpRequest request, CancellationToken stop)
    {
        try
        {
            return await JsonSerializer.DeserializeAsync(request.BodyReader, GateJson.Default.GateEntryLineArray, stop) is { } lines && !lines.Contains(null) ? lines : throw new JsonException();
        }
        catch (JsonException)
        {
            throw new RuleBrokenException("passes.lines", "lines", 400);
        }
    }

    public async Task<Response> RunAsync(GateEntryLine[] lines, CancellationToken stop)
    {
        Rule.Require(lines.Length <= Most, "passes.too-many-lines", "lines", Most);
        var gate = await book.CurrentAsync(stop);
        var (kept, faulty) = await KeepAsync(gate, lines);
        book.Heard(gate.Id, kept.Count == 0 ? null : kept[^1].ListAge);
        var added = kept.Count(l => !l.Known);
        return new(added, kept.Count - added, faulty);
    }

    /// <summary>Puts lines of a gate on disk, whichever of its devices they come from, and tells the other gates; those known before are marked.</summary>
    public async Task<(IReadOnlyList<GateEntry> Kept, IReadOnlyList<Faulty> Faulty)> KeepAsync(Gate gate, IReadOnlyList<GateEntryLine> lines, bool byTerminal = false)
    {
        var now = clock.GetUtcNow();
        var kept = new List<GateEntry>(lines.Count);
        var nonces = new List<string?>(lines.Count);
        List<Faulty>? faulty = null;
        for (var i = 0; i < lines.Count; i++)
        {
            if (GateEntry.Fault(lines[i]) is { } field) { (faulty ??= []).Add(new(i, field)); continue; }
            kept.Add(GateEntry.Of(lines[i], gate, now, GateEntry.Rest(lines[i]) is { } rest ? protector.Encrypt(rest, ContextOf(lines[i].Id)) : null));
            nonces.Add(lines[i].Nonce is { Length: 12 } nonce ? nonce : null);
        }
        if (kept.Count > 0) await store.WriteAsync(kept);
        // The other gates learn at once who went through: replay and presence hold across gates while they are online.
        for (var i = 0; GateFeed.Shared.HasListeners && i < kept.Count; i++)
            if (kept[i] is { Known: false, Verdict: Verdict.Admit, Cti: not null } line)
                GateFeed.Shared.Publish(new("seen", gate.CompoundPath, new { line.Cti, t = line.ProofAt, nonce = nonces[i], gate = byTerminal ? 0 : gate.Number, at = line.At.ToUnixTimeMilliseconds(), direction = line.Direction == Direction.In ? "in" : "out" }, byTerminal ? null : gate.Id));
        return (kept, faulty ?? (IReadOnlyList<Faulty>)[]);
    }

    /// <summary>What seals the rest of a line to its id.</summary>
    public static string ContextOf(Guid id) => $"passes:entry:{id:N}";
}

/// <summary>Reads and writes what gates send without reflection: a line is read at every passage.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(GateEntryLine[]))]
[JsonSerializable(typeof(ReceiveEntries.Response), TypeInfoPropertyName = "EntriesKept")]
internal sealed partial class GateJson : JsonSerializerContext;

/// <summary>The end of a guard's shift (交接班), with its counts.</summary>
[Needs("passes.gate")]
internal sealed class HandOverShift(PassesDb db, GateBook book) : IFeature
{
    /// <param name="Admit">Let through.</param>
    /// <param name="Check">Looked at closer.</param>
    /// <param name="Refuse">Refused.</param>
    /// <param name="In">Entered.</param>
    /// <param name="Out">Left.</param>
    public sealed record Counts(int Admit, int Check, int Refuse, int In, int Out);

    /// <param name="Id">UUIDv7 of the gate: the same shift sent twice is one shift.</param>
    /// <param name="Guard">Name of the guard.</param>
    /// <param name="From">Begin, Unix milliseconds.</param>
    /// <param name="To">End, Unix milliseconds.</param>
    /// <param name="Counts">What happened.</param>
    /// <param name="Note">For whoever comes next.</param>
    public sealed record Request(Guid Id, string Guard, long From, long To, Counts Counts, string? Note = null);

    public static void Map(IEndpointRouteBuilder api) => api.MapPost("/gates/shift", (Request request, HandOverShift feature, CancellationToken stop) => feature.RunAsync(request, stop));

    public async Task RunAsync(Request request, CancellationToken stop)
    {
        var gate = await book.CurrentAsync(stop);
        Rule.Require(request.Id != Guid.Empty, "passes.shift-id", "id");
        Rule.Require(request.Guard is { Length: > 0 and <= 40 }, "passes.guard-name", "guard");
        Rule.Require(request.From is > 1_500_000_000_000 and < 4_600_000_000_000 && request.To >= request.From && request.To - request.From <= 172_800_000, "passes.shift-time", "to");
        if (await db.Shifts.AnyAsync(s => s.Id == request.Id, stop)) return;
        var counts = request.Counts ?? new(0, 0, 0, 0, 0);
        db.Add(new Shift
        {
            Id = request.Id, GateId = gate.Id, PlacePath = gate.CompoundPath, Guard = request.Guard, From = DateTimeOffset.FromUnixTimeMilliseconds(request.From), To = DateTimeOffset.FromUnixTimeMilliseconds(request.To),
            Admitted = counts.Admit, Checked = counts.Check, Refused = counts.Refuse, In = counts.In, Out = counts.Out, Note = request.Note is { Length: > 500 } ? request.Note[..500] : request.Note,
        });
        try { await db.SaveChangesAsync(stop); }
        catch (DbUpdateException)
        {
            // Sent again before the answer came, and the first was quicker: it is one shift.
            if (!await db.Shifts.AnyAsync(s => s.Id == request.Id, stop)) throw;
        }
    }
}
