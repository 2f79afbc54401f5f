using System.Linq.Expressions;
using Liren.Codes;
using Liren.Contracts.Identity;
using Liren.Contracts.Places;
using Liren.Passes.Data;
using Liren.Passes.Domain;
using Liren.Sdk;
using Liren.Sdk.Data;
using Liren.Sdk.Security;
using Liren.Sdk.Text;
using Liren.Sdk.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;

namespace Liren.Passes.Features;

/// <summary>A gate in a list.</summary>
/// <param name="Id">Which.</param>
/// <param name="Number">Its number.</param>
/// <param name="Name">As people call it.</param>
/// <param name="Compound">Path of the compound.</param>
/// <param name="CompoundName">Its name.</param>
/// <param name="Level">What it asks of phones.</param>
/// <param name="State">closed, unpaired, online, away (silent for more than two minutes).</param>
/// <param name="Device">Name of the paired device.</param>
/// <param name="LastSeen">When it last spoke to the server.</param>
/// <param name="ListAge">Age of its lists when it last sent a line, seconds.</param>
/// <param name="Today">Lines of today.</param>
/// <param name="Version">For edits.</param>
internal sealed record GateRow(Guid Id, int Number, string Name, string Compound, string CompoundName, ProofLevel Level, string State, string? Device, DateTimeOffset? LastSeen, long? ListAge, int Today, int Version);

/// <summary>Gates (门岗). Filters: open, closed.</summary>
[Needs("passes.gates-read")]
internal sealed class ListGates(PassesDb db, GateBook book, IPlaceDirectory places, TimeProvider clock) : IFeature
{
    private static readonly Dictionary<string, Expression<Func<Gate, object?>>> Columns = new() { ["number"] = g => g.Number, ["name"] = g => g.Name, ["level"] = g => g.Level, ["compound"] = g => g.CompoundPath };

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/gates", ([AsParameters] ListQuery query, HttpContext http, Texts texts, ListGates feature, CancellationToken stop) =>
            ListAnswer.AnswerAsync(http, texts, "gates", query, q => feature.RunAsync(q, stop)));

    public async Task<Page<GateRow>> RunAsync(ListQuery query, CancellationToken stop)
    {
        var rows = db.Gates.AsNoTracking().WhereWithin(g => g.CompoundPath, Actor.Current.ScopesFor("passes.gates-read"));
        if (!string.IsNullOrEmpty(query.Place)) rows = rows.WhereWithin(g => g.CompoundPath, [query.Place]);
        rows = query.Filter switch
        {
            null or "" => rows,
            "open" => rows.Where(g => g.ClosedAt == null),
            "closed" => rows.Where(g => g.ClosedAt != null),
            _ => throw new RuleBrokenException("passes.filter", "filter", 422, query.Filter),
        };
        if (query.Text is { } text) rows = rows.Where(g => g.Name.Contains(text));
        var page = await rows.PageAsync(query, Columns, "number", g => g, stop);
        var names = await places.FindManyAsync(page.Items.Select(g => g.CompoundPath).Distinct(), stop);
        var now = clock.GetUtcNow();
        var midnight = Show.StartOf(Show.Day(now));
        var ids = page.Items.Select(g => g.Id).ToList();
        var counts = await db.Entries.Where(e => ids.Contains(e.GateId) && e.At >= midnight).GroupBy(e => e.GateId).Select(e => new { e.Key, Count = e.Count() }).ToDictionaryAsync(e => e.Key, e => e.Count, stop);
        return new([.. page.Items.Select(g =>
        {
            var (seen, age) = book.Seen(g.Id);
            var state = g.ClosedAt is not null ? "closed" : book.StateOf(g.Id, g.KeyId is not null, now);
            return new GateRow(g.Id, g.Number, g.Name, g.CompoundPath, names.TryGetValue(g.CompoundPath, out var card) ? card.Name : g.CompoundPath, g.Level, state, g.DeviceName, seen, age, counts.GetValueOrDefault(g.Id), g.Version);
        })], page.Total, page.PageNumber, page.Size);
    }
}

/// <summary>Adds a gate to a compound.</summary>
[Needs("passes.gates")]
internal sealed class AddGate(PassesDb db, IPlaceDirectory places, TimeProvider clock) : IFeature
{
    /// <param name="Compound">Path of the compound.</param>
    /// <param name="Policy">How it works.</param>
    /// <param name="Place">The area it stands in; the compound when left out.</param>
    public sealed record Request(string Compound, GatePolicy Policy, string? Place = null);

    public sealed record Response(Guid Id, int Number);

    public static void Map(IEndpointRouteBuilder api) => api.MapPost("/gates", async (Request request, NewId id, AddGate feature, CancellationToken stop) =>
    {
        var made = await feature.RunAsync(request, id, stop);
        return TypedResults.Created($"/api/passes/gates/{made.Id}", made);
    });

    public async Task<Response> RunAsync(Request request, NewId id, CancellationToken stop)
    {
        Actor.Current.Require("passes.gates", request.Compound);
        if (await db.Gates.SingleOrDefaultAsync(g => g.Id == id.Value, stop) is { } before) return new(before.Id, before.Number);
        var compound = Rule.Found(await places.FindAsync(request.Compound, stop), "passes.no-place", request.Compound);
        Rule.Require(compound.Kind == PlaceKind.Compound, "passes.no-compound", "compound");
        var place = request.Place ?? request.Compound;
        Rule.Require(PlacePath.IsWithin(place, request.Compound) && (place == request.Compound || await places.FindAsync(place, stop) is not null), "passes.no-place", "place", place);
        var bits = await db.Gates.Where(g => g.CompoundPath == request.Compound).Select(g => g.Bit).ToListAsync(stop);
        var number = (await db.Gates.MaxAsync(g => (int?)g.Number, stop) ?? 0) + 1;
        var gate = Gate.Add(id.Value, number, Enumerable.Range(0, 63).First(b => !bits.Contains(b)), request.Compound, place, request.Policy, clock.GetUtcNow());
        db.Add(gate);
        await db.SaveChangesAsync(stop);
        return new(gate.Id, gate.Number);
    }
}

/// <summary>Changes, closes, parts a gate from its device, and makes codes for pairing.</summary>
[Needs("passes.gates")]
internal sealed class ManageGate(PassesDb db, IKeyRing keys, GetTrust trust, Keyring keyring, TimeProvider clock) : IFeature
{
    /// <param name="Code">Eight characters to type, valid for ten minutes, once.</param>
    /// <param name="Link">What the QR code says, below the server's address.</param>
    /// <param name="Until">Valid until.</param>
    /// <param name="RootFingerprint">The gate shows the same: read it aloud.</param>
    public sealed record Pairing(string Code, string Link, DateTimeOffset Until, string RootFingerprint);

    /// <summary>A gate as it is edited.</summary>
    public sealed record Response(Guid Id, int Number, string Compound, string Place, GatePolicy Policy, bool Paired, string? Device, bool Closed, int Version);

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/gates/{id:guid}", (Guid id, ManageGate feature, CancellationToken stop) => feature.ShowAsync(id, stop));
        api.MapPut("/gates/{id:guid}", (Guid id, GatePolicy policy, IfMatch match, ManageGate feature, CancellationToken stop) => feature.EditAsync(id, policy, match, stop));
        api.MapPost("/gates/{id:guid}/pairing", (Guid id, ManageGate feature, CancellationToken stop) => feature.PairingAsync(id, stop));
        api.MapDelete("/gates/{id:guid}/device", (Guid id, ManageGate feature, CancellationToken stop) => feature.UnpairAsync(id, stop));
        api.MapDelete("/gates/{id:guid}", (Guid id, ManageGate feature, CancellationToken stop) => feature.CloseAsync(id, stop));
    }

    private async Task<Gate> FindAsync(Guid id, CancellationToken stop)
    {
        var gate = Rule.Found(await db.Gates.SingleOrDefaultAsync(g => g.Id == id, stop), "passes.no-gate");
        Actor.Current.Require("passes.gates", gate.CompoundPath);
        return gate;
    }

    public async Task<Response> ShowAsync(Guid id, CancellationToken stop)
    {
        var g = await FindAsync(id, stop);
        return new(g.Id, g.Number, g.CompoundPath, g.PlacePath, new(g.Name, g.Level, g.IdCheckPercent, g.Questions.Length == 0 ? [] : g.Questions.Split('\n'), g.AskTemperature, g.TemperatureLimit, g.AmberAfterMinutes, g.RedAfterHours),
            g.KeyId is not null, g.DeviceName, g.ClosedAt is not null, g.Version);
    }

    public async Task EditAsync(Guid id, GatePolicy policy, IfMatch match, CancellationToken stop)
    {
        var gate = await FindAsync(id, stop);
        match.Check(gate);
        gate.Edit(policy, clock.GetUtcNow());
        await db.SaveChangesAsync(stop);
    }

    public async Task<Pairing> PairingAsync(Guid id, CancellationToken stop)
    {
        var gate = await FindAsync(id, stop);
        var code = gate.NewPairing(clock.GetUtcNow());
        await db.SaveChangesAsync(stop);
        await trust.RunAsync(stop);
        var (root, _) = await keyring.SignerAsync(KeyRole.Root, "", stop);
        var fingerprint = PairGate.FingerprintOf(root.Spki);
        return new(code, $"/gate/#pair={code}&root={fingerprint}", gate.PairingUntil!.Value, fingerprint);
    }

    public async Task UnpairAsync(Guid id, CancellationToken stop) => await EndAsync(await FindAsync(id, stop), gate => gate.Unpair(clock.GetUtcNow()), stop);

    public async Task CloseAsync(Guid id, CancellationToken stop) => await EndAsync(await FindAsync(id, stop), gate => gate.Close(clock.GetUtcNow()), stop);

    private async Task EndAsync(Gate gate, Func<Gate, Guid?> end, CancellationToken stop)
    {
        var key = end(gate);
        await db.SaveChangesAsync(stop);
        if (key is not { } old) return;
        // Whoever may part a gate from its device may end the device's key, whatever else they may do with keys.
        using var _ = Actor.Use(Actor.System);
        await keys.RevokeAsync(old, stop);
    }
}

/// <summary>A device becomes the gate's (配对): with the one-time code, without anybody signed in.</summary>
[OpenToAll("The one-time code is the permission; guessing is slowed down.")]
internal sealed class PairGate(PassesDb db, IKeyRing keys, Keyring keyring, TimeProvider clock) : IFeature
{
    private const int KeyDays = 730;

    /// <param name="Code">As shown in the console.</param>
    /// <param name="Name">What the device is called, for the console.</param>
    public sealed record Request(string Code, string Name);

    /// <param name="DeviceKey">The gate's key; kept by the device, shown to nobody.</param>
    /// <param name="GateId">Which gate.</param>
    /// <param name="Root">The root's public key (SubjectPublicKeyInfo, base64): pinned by the gate.</param>
    /// <param name="RootFingerprint">SHA-256 of it, hex.</param>
    public sealed record Response(string DeviceKey, Guid GateId, string Root, string RootFingerprint);

    public static void Map(IEndpointRouteBuilder api) => api.MapPost("/gates/pair", (Request request, PairGate feature, CancellationToken stop) => feature.RunAsync(request, stop)).RequireRateLimiting("sign-in");

    public async Task<Response> RunAsync(Request request, CancellationToken stop)
    {
        var code = HumanCode.Typed(request.Code ?? "");
        var now = clock.GetUtcNow();
        var hash = Gate.HashOf(code);
        var gate = code.Length == 8 ? await db.Gates.SingleOrDefaultAsync(g => g.PairingHash == hash && g.PairingUntil > now && g.ClosedAt == null, stop) : null;
        Rule.Require(gate is not null, "passes.pairing-code", "code");
        var name = (request.Name ?? "").Trim();
        Rule.Require(name.Length is > 0 and <= 60, "passes.device-name", "name");
        using var _ = Actor.Use(Actor.System);
        var made = await keys.MakeAsync($"{gate!.Name} · {name}"[..Math.Min(60, gate.Name.Length + 3 + name.Length)], BuiltInRoles.Gate, gate.CompoundPath, KeyDays, stop);
        var before = gate.Pair(made.Id, name, now);
        await db.SaveChangesAsync(stop);
        if (before is { } old) await keys.RevokeAsync(old, stop);
        var (root, _) = await keyring.SignerAsync(KeyRole.Root, "", stop);
        await keyring.SignerAsync(KeyRole.Pass, IssuePass.CommunityOf(gate.CompoundPath), stop);
        return new(made.Key, gate.Id, Convert.ToBase64String(root.Spki), FingerprintOf(root.Spki));
    }

    internal static string FingerprintOf(byte[] spki) => Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(spki));
}
