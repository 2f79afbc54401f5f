using Liren.Codes;
using Liren.Contracts.Passes;
using Liren.Passes.Data;
using Liren.Passes.Domain;
using Liren.Sdk;
using Liren.Sdk.Security;
using Liren.Sdk.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;

namespace Liren.Passes.Features;

/// <summary>Visitors one has invited (我的访客): where each is now.</summary>
[Needs("passes.own")]
internal sealed class ListOwnVisitors(PassesDb db, Myself myself, TimeProvider clock) : IFeature
{
    /// <summary>Where a visitor is: expected, inside, overstayed (超时未离), left, missed (未到), cancelled.</summary>
    public sealed record Visitor(Guid Id, string Name, string? Plate, string Gate, DateTimeOffset From, DateTimeOffset Until, string Where, DateTimeOffset? Entered, DateTimeOffset? Left, string Link);

    /// <param name="Id">Gate.</param>
    /// <param name="Name">As people call it.</param>
    public sealed record Door(Guid Id, string Name);

    /// <param name="Visitors">Of the last week and to come, newest first.</param>
    /// <param name="Gates">Gates a visitor can be invited to.</param>
    public sealed record Response(IReadOnlyList<Visitor> Visitors, IReadOnlyList<Door> Gates);

    public static void Map(IEndpointRouteBuilder api) => api.MapGet("/my/visitors", (ListOwnVisitors feature, CancellationToken stop) => feature.RunAsync(stop));

    public async Task<Response> RunAsync(CancellationToken stop)
    {
        var self = await myself.SelfAsync(stop);
        var compound = (await myself.CompoundAsync(self, stop)).Path;
        var (now, me) = (clock.GetUtcNow(), self.PersonId);
        var week = now.AddDays(-7);
        var passes = await db.Passes.AsNoTracking().Where(p => p.KeeperId == me && p.Kind == PassKind.Visitor && p.Until > week).OrderByDescending(p => p.From).ThenByDescending(p => p.Id).Take(50).ToListAsync(stop);
        var ctis = passes.Select(p => p.Cti).ToList();
        var ways = (await db.EntriesOf(db.Passes.Where(p => ctis.Contains(p.Cti)).Select(p => p.Cti)).Where(e => e.Verdict == Verdict.Admit).Select(e => new { e.Cti, e.At, e.Direction }).ToListAsync(stop)).ToLookup(e => e.Cti!);
        var gates = await db.Gates.AsNoTracking().Where(g => g.CompoundPath == compound).OrderBy(g => g.Number).Select(g => new { g.Id, g.Name, g.Bit, g.ClosedAt }).ToListAsync(stop);
        return new([.. passes.Select(p =>
        {
            var entered = ways[p.Cti].Where(w => w.Direction == Direction.In).Select(w => (DateTimeOffset?)w.At).Min();
            var left = ways[p.Cti].Where(w => w.Direction == Direction.Out).Select(w => (DateTimeOffset?)w.At).Max();
            var where = entered is not null ? left > entered ? "left" : now > p.Until ? "overstayed" : "inside" : p.State is PassState.Revoked ? "cancelled" : now > p.Until ? "missed" : "expected";
            return new Visitor(p.Id, p.Name, p.Plate, string.Join("、", gates.Where(g => p.Opens(g.Bit)).Select(g => g.Name)), p.From, p.Until, where, entered, left, $"/visit/{p.Id}/{myself.LinkKey(p.Id)}");
        })], [.. gates.Where(g => g.ClosedAt is null).Select(g => new Door(g.Id, g.Name))]);
    }
}

/// <summary>Invites a visitor (邀请访客): one gate, one entry, one day at most, so that the gate alone can keep it single without network.</summary>
[Needs("passes.own")]
internal sealed class InviteVisitor(PassesDb db, Myself myself, Keyring keyring, TimeProvider clock) : IFeature
{
    private const int MostAtOnce = 8, AheadDays = 14;

    /// <param name="Name">As on the visitor's document.</param>
    /// <param name="Gate">The gate they come to.</param>
    /// <param name="From">From when; now when left out. At most two weeks ahead.</param>
    /// <param name="Hours">How long, 1–24.</param>
    /// <param name="Phone">Telephone.</param>
    /// <param name="Plate">Number plate, when they come by car.</param>
    /// <param name="Reason">What for.</param>
    public sealed record Request(string Name, Guid Gate, DateTimeOffset? From = null, int Hours = 4, string? Phone = null, string? Plate = null, string? Reason = null);

    /// <param name="Id">The pass.</param>
    /// <param name="Link">Address to send to the visitor: whoever has it can show the code, once, at that gate, with the document.</param>
    public sealed record Response(Guid Id, string Link);

    public static void Map(IEndpointRouteBuilder api) => api.MapPost("/my/visitors", async (Request request, NewId id, InviteVisitor feature, CancellationToken stop) =>
    {
        var made = await feature.RunAsync(request, id, stop);
        return TypedResults.Created(made.Link, made);
    });

    public async Task<Response> RunAsync(Request request, NewId id, CancellationToken stop)
    {
        var self = await myself.SelfAsync(stop);
        var response = new Response(id.Value, $"/visit/{id.Value}/{myself.LinkKey(id.Value)}");
        if (await db.Passes.AnyAsync(p => p.Id == id.Value && p.KeeperId == self.PersonId, stop)) return response;
        var compound = (await myself.CompoundAsync(self, stop)).Path;
        var name = (request.Name ?? "").Trim();
        Rule.Require(name.Length is >= 1 and <= 40, "passes.visitor-name", "name");
        var phone = request.Phone?.Trim() is { Length: > 0 } typed ? typed : null;
        Rule.Require(phone is null || VisitorNote.IsPhone(phone), "passes.visitor-phone", "phone");
        var plate = string.IsNullOrWhiteSpace(request.Plate) ? null : Plate.Read(request.Plate);
        Rule.Require(string.IsNullOrWhiteSpace(request.Plate) || plate is not null, "passes.plate", "plate");
        Rule.Require((request.Reason ?? "").Length <= 120, "passes.note", "reason");
        Rule.Require(request.Hours is >= 1 and <= 24, "passes.visit-hours", "hours");
        var now = clock.GetUtcNow();
        var from = request.From is { } asked && asked > now ? asked.ToUniversalTime() : now;
        Rule.Require(from <= now.AddDays(AheadDays), "passes.visit-ahead", "from", AheadDays);
        var gate = await db.Gates.AsNoTracking().SingleOrDefaultAsync(g => g.Id == request.Gate && g.CompoundPath == compound && g.ClosedAt == null, stop);
        Rule.Require(gate is not null, "passes.no-gate", "gate");
        Rule.State(await db.Passes.CountAsync(p => p.Kind == PassKind.Visitor && p.PlacePath == self.Room && p.State == PassState.Active && p.Until > now, stop) < MostAtOnce, "passes.too-many-visitors", MostAtOnce);
        await keyring.SignerAsync(KeyRole.Pass, IssuePass.CommunityOf(compound), stop);
        db.Add(Pass.Issue(new(id.Value, IssuePass.CommunityOf(compound), compound, self.Room!, null, Mask.Name(name), null, null, PassKind.Visitor, PassForm.Strip, from, from.AddHours(request.Hours))
        {
            Gates = 1L << gate!.Bit, MostUses = 1, Plate = plate, HostUnit = self.Unit, Keeper = self.PersonId, Sealed = myself.Seal(id.Value, new(name, phone, plate, self.Unit, request.Reason?.Trim())),
        }, Actor.Current.Name, now));
        await db.SaveChangesAsync(stop);
        return response;
    }
}

/// <summary>Takes an invitation back (取消邀请).</summary>
[Needs("passes.own")]
internal sealed class CancelVisitor(PassesDb db, Myself myself, TimeProvider clock) : IFeature
{
    public static void Map(IEndpointRouteBuilder api) => api.MapDelete("/my/visitors/{id:guid}", (Guid id, CancelVisitor feature, CancellationToken stop) => feature.RunAsync(id, stop));

    public async Task RunAsync(Guid id, CancellationToken stop)
    {
        var pass = await myself.PassAsync(id, stop);
        Rule.Found(pass.Kind == PassKind.Visitor ? pass : null, "passes.no-pass");
        pass.Revoke("住户取消", Actor.Current.Name, clock.GetUtcNow());
        await db.SaveChangesAsync(stop);
    }
}

/// <summary>A visitor's code, by the link their host sent (访客码).</summary>
[OpenToAll("Whoever holds the link is the visitor; it says a masked name, a gate and a time, and the gate asks for the document.")]
internal sealed class ShowVisit(PassesDb db, Myself myself, Keyring keyring, Contracts.Places.IPlaceDirectory places, TimeProvider clock) : IFeature
{
    /// <param name="Code">What the gate scans; null when it is not good now or no more.</param>
    public sealed record Response(string? Code, PassState State, string Name, string? HostUnit, string Compound, string Gate, string? Plate, DateTimeOffset From, DateTimeOffset Until);

    public static void Map(IEndpointRouteBuilder api) => api.MapGet("/visits/{id:guid}/{key}", (Guid id, string key, ShowVisit feature, CancellationToken stop) => feature.RunAsync(id, key, stop));

    public async Task<Response> RunAsync(Guid id, string key, CancellationToken stop)
    {
        var right = System.Security.Cryptography.CryptographicOperations.FixedTimeEquals(System.Text.Encoding.UTF8.GetBytes(key), System.Text.Encoding.UTF8.GetBytes(myself.LinkKey(id)));
        var pass = Rule.Found(right ? await db.Passes.AsNoTracking().SingleOrDefaultAsync(p => p.Id == id && p.Kind == PassKind.Visitor, stop) : null, "passes.no-visit");
        var gates = await db.Gates.AsNoTracking().Where(g => g.CompoundPath == pass.CompoundPath).Select(g => new { g.Bit, g.Name }).ToListAsync(stop);
        var good = pass.State == PassState.Active && pass.Until >= clock.GetUtcNow();
        return new(good ? await keyring.SignAsync(pass, stop) : null, pass.State, pass.Name, pass.HostUnit, (await places.FindAsync(pass.CompoundPath, stop))?.Name ?? "",
            string.Join("、", gates.Where(g => pass.Opens(g.Bit)).Select(g => g.Name)), pass.Plate, pass.From, pass.Until);
    }
}

/// <summary>What a visitor said of themselves, opened on purpose by those who keep the gate log.</summary>
[Needs("passes.log")]
[PersonalData]
internal sealed class ShowVisitor(PassesDb db, Myself myself, IAccessLog log) : IFeature
{
    public static void Map(IEndpointRouteBuilder api) => api.MapGet("/{id:guid}/visitor", (Guid id, ShowVisitor feature, CancellationToken stop) => feature.RunAsync(id, stop));

    public async Task<VisitorNote> RunAsync(Guid id, CancellationToken stop)
    {
        var pass = await Passes.FindAsync(db, id, "passes.log", stop);
        await log.RecordAsync([new(pass.KeeperId ?? pass.Id, Purpose.Required, "visitor", "plain")], stop);
        return Rule.Found(myself.Open(pass), "passes.no-visitor");
    }
}
