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

/// <summary>A terminal in a list.</summary>
/// <param name="Id">Which.</param>
/// <param name="Name">As people call it.</param>
/// <param name="Gate">Name of its gate.</param>
/// <param name="CompoundName">Name of the compound.</param>
/// <param name="Maker">Who built it, and which model.</param>
/// <param name="Adapter">How it speaks.</param>
/// <param name="State">online, away (silent for more than five minutes), disabled.</param>
/// <param name="LastSeen">When it last spoke.</param>
/// <param name="People">Cards and faces enrolled.</param>
/// <param name="Version">For edits.</param>
internal sealed record TerminalRow(Guid Id, string Name, string Gate, string CompoundName, string? Maker, string Adapter, string State, DateTimeOffset? LastSeen, int People, int Version);

/// <summary>Terminals of other makers (一体机). Filters: enabled, disabled.</summary>
[Needs("passes.gates-read")]
internal sealed class ListTerminals(PassesDb db, IPlaceDirectory places, TimeProvider clock) : IFeature
{
    private static readonly TimeSpan Silent = TimeSpan.FromMinutes(5);
    private static readonly Dictionary<string, Expression<Func<Terminal, object?>>> Columns = new() { ["name"] = t => t.Name, ["maker"] = t => t.Maker, ["adapter"] = t => t.Adapter, ["lastSeen"] = t => t.LastSeenAt };

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/terminals", ([AsParameters] ListQuery query, HttpContext http, Texts texts, ListTerminals feature, CancellationToken stop) =>
            ListAnswer.AnswerAsync(http, texts, "terminals", query, q => feature.RunAsync(q, stop)));

    public async Task<Page<TerminalRow>> RunAsync(ListQuery query, CancellationToken stop)
    {
        var rows = db.Terminals.AsNoTracking().WhereWithin(t => t.CompoundPath, Actor.Current.ScopesFor("passes.gates-read"));
        if (!string.IsNullOrEmpty(query.Place)) rows = rows.WhereWithin(t => t.CompoundPath, [query.Place]);
        rows = query.Filter switch
        {
            null or "" => rows,
            "enabled" => rows.Where(t => t.KeyId != null),
            "disabled" => rows.Where(t => t.KeyId == null),
            _ => throw new RuleBrokenException("passes.filter", "filter", 422, query.Filter),
        };
        if (query.Text is { } text) rows = rows.Where(t => t.Name.Contains(text) || (t.Maker != null && t.Maker.Contains(text)) || (t.Model != null && t.Model.Contains(text)));
        var page = await rows.PageAsync(query, Columns, "name", t => t, stop);
        var names = await places.FindManyAsync(page.Items.Select(t => t.CompoundPath).Distinct(), stop);
        var (ids, atGates) = (page.Items.Select(t => t.Id).ToList(), page.Items.Select(t => t.GateId).Distinct().ToList());
        var gates = await db.Gates.AsNoTracking().Where(g => atGates.Contains(g.Id)).ToDictionaryAsync(g => g.Id, g => g.Name, stop);
        var people = await db.Enrolments.Where(e => ids.Contains(e.TerminalId) && e.WithdrawnAt == null).GroupBy(e => e.TerminalId).Select(e => new { e.Key, Count = e.Count() }).ToDictionaryAsync(e => e.Key, e => e.Count, stop);
        var now = clock.GetUtcNow();
        return new([.. page.Items.Select(t => new TerminalRow(t.Id, t.Name, gates.GetValueOrDefault(t.GateId, ""), names.TryGetValue(t.CompoundPath, out var card) ? card.Name : t.CompoundPath,
            t.Model is null ? t.Maker : $"{t.Maker} {t.Model}".Trim(), t.Adapter, t.KeyId is null ? "disabled" : t.LastSeenAt is { } at && now - at < Silent ? "online" : "away", t.LastSeenAt, people.GetValueOrDefault(t.Id), t.Version))],
            page.Total, page.PageNumber, page.Size);
    }
}

/// <summary>Adds, changes and disables terminals, and gives them keys. A key is shown once.</summary>
[Needs("passes.gates")]
internal sealed class ManageTerminals(PassesDb db, IKeyRing keys, IEnumerable<ITerminalAdapter> adapters, TimeProvider clock) : IFeature
{
    private const int KeyDays = 730;

    /// <param name="Gate">Id of the gate it stands at.</param>
    /// <param name="Name">As people call it.</param>
    /// <param name="Maker">Who built it.</param>
    /// <param name="Model">Which model.</param>
    /// <param name="Adapter">How it speaks: liren or isapi.</param>
    /// <param name="Direction">Which way people go past it, where it does not say itself.</param>
    public sealed record Request(Guid Gate, string Name, string? Maker = null, string? Model = null, string Adapter = "liren", Direction Direction = Direction.In);

    /// <param name="Id">The terminal.</param>
    /// <param name="Key">Its key, shown this once; null when it was shown before.</param>
    public sealed record Made(Guid Id, string? Key);

    /// <summary>A terminal as it is edited.</summary>
    public sealed record Response(Guid Id, Guid Gate, string Compound, TerminalDetails Details, bool Enabled, DateTimeOffset? LastSeen, string? Firmware, int Version);

    /// <summary>Kinds of terminals this server speaks with.</summary>
    public IReadOnlyList<string> Kinds => [.. adapters.Select(a => a.Kind)];

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost("/terminals", async (Request request, NewId id, ManageTerminals feature, CancellationToken stop) =>
        {
            var made = await feature.AddAsync(request, id, stop);
            return TypedResults.Created($"/api/passes/terminals/{made.Id}", made);
        });
        api.MapGet("/terminals/{id:guid}", (Guid id, ManageTerminals feature, CancellationToken stop) => feature.ShowAsync(id, stop));
        api.MapPut("/terminals/{id:guid}", (Guid id, TerminalDetails details, IfMatch match, ManageTerminals feature, CancellationToken stop) => feature.EditAsync(id, details, match, stop));
        api.MapPost("/terminals/{id:guid}/key", (Guid id, ManageTerminals feature, CancellationToken stop) => feature.RekeyAsync(id, stop));
        api.MapPost("/terminals/{id:guid}/disable", (Guid id, ManageTerminals feature, CancellationToken stop) => feature.DisableAsync(id, stop));
    }

    public async Task<Made> AddAsync(Request request, NewId id, CancellationToken stop)
    {
        var gate = Rule.Found(await db.Gates.AsNoTracking().SingleOrDefaultAsync(g => g.Id == request.Gate, stop), "passes.no-gate");
        Actor.Current.Require("passes.gates", gate.CompoundPath);
        if (await db.Terminals.AnyAsync(t => t.Id == id.Value, stop)) return new(id.Value, null);
        var details = new TerminalDetails(request.Name, request.Maker, request.Model, request.Adapter, request.Direction);
        Terminal.CheckDetails(details, Kinds);
        // The rules are asked before a key exists.
        Terminal.Add(id.Value, gate, details, Guid.Empty, clock.GetUtcNow());
        var made = await KeyAsync(details.Name, gate.CompoundPath, stop);
        db.Add(Terminal.Add(id.Value, gate, details, made.Id, clock.GetUtcNow()));
        await db.SaveChangesAsync(stop);
        return new(id.Value, made.Key);
    }

    public async Task<Response> ShowAsync(Guid id, CancellationToken stop)
    {
        var t = await FindAsync(db, id, "passes.gates", stop);
        return new(t.Id, t.GateId, t.CompoundPath, new(t.Name, t.Maker, t.Model, t.Adapter, t.Direction), t.KeyId is not null, t.LastSeenAt, t.Firmware, t.Version);
    }

    public async Task EditAsync(Guid id, TerminalDetails details, IfMatch match, CancellationToken stop)
    {
        var terminal = await FindAsync(db, id, "passes.gates", stop);
        match.Check(terminal);
        Terminal.CheckDetails(details, Kinds);
        terminal.Edit(details, clock.GetUtcNow());
        await db.SaveChangesAsync(stop);
    }

    /// <summary>A new key; the old one is worth nothing from now on. Enables a disabled terminal again.</summary>
    public async Task<Made> RekeyAsync(Guid id, CancellationToken stop)
    {
        var terminal = await FindAsync(db, id, "passes.gates", stop);
        var made = await KeyAsync(terminal.Name, terminal.CompoundPath, stop);
        await EndAsync(terminal.Rekey(made.Id, clock.GetUtcNow()), stop);
        return new(id, made.Key);
    }

    public async Task DisableAsync(Guid id, CancellationToken stop)
    {
        var terminal = await FindAsync(db, id, "passes.gates", stop);
        await EndAsync(terminal.Disable(clock.GetUtcNow()), stop);
    }

    /// <summary>A terminal, with the permission at its place.</summary>
    internal static async Task<Terminal> FindAsync(PassesDb db, Guid id, string permission, CancellationToken stop)
    {
        var terminal = Rule.Found(await db.Terminals.SingleOrDefaultAsync(t => t.Id == id, stop), "passes.no-terminal");
        Actor.Current.Require(permission, terminal.CompoundPath);
        return terminal;
    }

    // Whoever may add a terminal may give it a key, whatever else they may do with keys.
    private async Task<(Guid Id, string Key)> KeyAsync(string name, string compound, CancellationToken stop)
    {
        using var _ = Actor.Use(Actor.System);
        return await keys.MakeAsync(name.Trim(), BuiltInRoles.Gate, compound, KeyDays, stop);
    }

    private async Task EndAsync(Guid? key, CancellationToken stop)
    {
        await db.SaveChangesAsync(stop);
        if (key is not { } old) return;
        using var _ = Actor.Use(Actor.System);
        await keys.RevokeAsync(old, stop);
    }
}
