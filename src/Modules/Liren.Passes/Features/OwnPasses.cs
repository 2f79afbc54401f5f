using Liren.Codes;
using Liren.Contracts.Passes;
using Liren.Contracts.People;
using Liren.Contracts.Places;
using Liren.Passes.Data;
using Liren.Passes.Domain;
using Liren.Sdk;
using Liren.Sdk.Security;
using Liren.Sdk.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;

namespace Liren.Passes.Features;

/// <summary>A pass as its holder sees it. A suspended one says so, never why.</summary>
/// <param name="Key">Public key of the phone it is bound to, as hex; the phone knows its own.</param>
/// <param name="Own">True for oneself, false for a pass carried for somebody of the household.</param>
/// <param name="Renewable">Ends so soon that it may be renewed.</param>
/// <param name="Why">Why a request was refused.</param>
internal sealed record OwnPass(Guid Id, string Serial, PassKind Kind, PassForm Form, PassState State, Guid? Person, string Name, string? Unit, DateTimeOffset From, DateTimeOffset Until, string? Key, bool Own, bool Renewable, string? Why);

/// <summary>One's own passes, those of the household that one carries, and who of the household has none (我的通行证).</summary>
[Needs("passes.own")]
internal sealed class ShowOwn(PassesDb db, Myself myself, TimeProvider clock) : IFeature
{
    /// <param name="Person">Which of the household.</param>
    /// <param name="Name">Masked.</param>
    /// <param name="Has">Has a phone's or paper pass that is good, or asked for one.</param>
    public sealed record Member(Guid Person, string Name, bool Has);

    /// <param name="Name">Masked name of who asks.</param>
    /// <param name="Unit">Home.</param>
    /// <param name="Compound">Name of the compound.</param>
    /// <param name="Passes">Good, asked for, and lately ended.</param>
    /// <param name="Household">Everybody at home, oneself first.</param>
    /// <param name="ServerTime">Unix milliseconds, for the phone to measure its clock by.</param>
    public sealed record Response(string Name, string? Unit, string Compound, IReadOnlyList<OwnPass> Passes, IReadOnlyList<Member> Household, long ServerTime);

    private const int RememberDays = 14;

    public static void Map(IEndpointRouteBuilder api) => api.MapGet("/my", (ShowOwn feature, CancellationToken stop) => feature.RunAsync(stop));

    public async Task<Response> RunAsync(CancellationToken stop)
    {
        var household = await myself.HouseholdAsync(stop);
        var self = household[0];
        var now = clock.GetUtcNow();
        var (me, ids, lately) = (self.PersonId, household.Select(h => (Guid?)h.PersonId).ToList(), now.AddDays(-RememberDays));
        var all = await db.Passes.AsNoTracking().Include(p => p.Changes).Where(p => p.Kind != PassKind.Visitor && (p.KeeperId == me || ids.Contains(p.PersonId)) && p.State != PassState.Replaced
            && (p.State == PassState.Active || p.State == PassState.Suspended || p.State == PassState.Requested || p.ChangedAt > lately)).OrderByDescending(p => p.IssuedAt).ToListAsync(stop);
        var alive = all.Where(p => p.Until >= now && p.State is PassState.Active or PassState.Suspended or PassState.Requested).Select(p => p.PersonId).ToHashSet();
        return new(self.Name, self.Unit, (await myself.CompoundAsync(self, stop)).Name, [.. all.Where(p => p.IsOf(me)).OrderByDescending(p => p.State is PassState.Active or PassState.Suspended).ThenByDescending(p => p.PersonId == me).Select(p => Of(p, me, now))],
            [.. household.Select(h => new Member(h.PersonId, h.Name, alive.Contains(h.PersonId)))], now.ToUnixTimeMilliseconds());
    }

    private static OwnPass Of(Pass p, Guid me, DateTimeOffset now) => new(p.Id, p.Serial, p.Kind, p.Form, p.State, p.PersonId, p.Name, p.Unit, p.From, p.Until, p.DeviceKey, p.PersonId == me, RenewOwn.IsSoon(p, now),
        p.State == PassState.Rejected ? p.Changes.First(c => c.To == PassState.Rejected).Reason : null);
}

/// <summary>Asks for a pass for oneself or somebody of the household (申请). What the rule allows is good at once, the rest waits for the office.</summary>
[Needs("passes.own")]
internal sealed class ApplyForPass(PassesDb db, Myself myself, Keyring keyring, IConfiguration configuration, TimeProvider clock) : IFeature
{
    private const int LookBackDays = 30;

    /// <param name="Form">Phone or paper. Paper is printed by the office.</param>
    /// <param name="Person">Whom it is for; oneself when left out. Somebody else's is carried by who asks (代持).</param>
    /// <param name="Note">For the office, up to 200 characters.</param>
    public sealed record Request(PassForm Form = PassForm.Phone, Guid? Person = null, string? Note = null);

    /// <param name="Id">The pass.</param>
    /// <param name="State">Active, or Requested when the office decides.</param>
    public sealed record Response(Guid Id, PassState State);

    public static void Map(IEndpointRouteBuilder api) => api.MapPost("/my/applications", async (Request request, NewId id, ApplyForPass feature, CancellationToken stop) =>
    {
        var made = await feature.RunAsync(request, id, stop);
        return TypedResults.Created($"/api/passes/{made.Id}", made);
    });

    public async Task<Response> RunAsync(Request request, NewId id, CancellationToken stop)
    {
        var household = await myself.HouseholdAsync(stop);
        var self = household[0];
        if (await db.Passes.SingleOrDefaultAsync(p => p.Id == id.Value, stop) is { } before) return new(before.IsOf(self.PersonId) ? before.Id : throw new RuleBrokenException("passes.no-pass", null, 404), before.State);
        Rule.Require(request.Form is PassForm.Phone or PassForm.Paper, "passes.form", "form");
        var note = request.Note?.Trim() ?? "";
        Rule.Require(note.Length <= 200, "passes.note", "note");
        var holder = household.FirstOrDefault(h => h.PersonId == (request.Person ?? self.PersonId));
        Rule.Require(holder is not null, "passes.not-household", "person");
        var (whose, now) = (holder!.PersonId, clock.GetUtcNow());
        var compound = (await myself.CompoundAsync(self, stop)).Path;
        var same = await db.Passes.Include(p => p.Changes).Where(p => p.PersonId == whose && p.CompoundPath == compound && p.Form == request.Form).ToListAsync(stop);
        Rule.State(!same.Any(p => p.State == PassState.Requested), "passes.requested-already");
        Rule.State(!same.Any(p => p.State == PassState.Active && p.Until > now && !RenewOwn.IsSoon(p, now)), "passes.has-one");
        Rule.State(!await db.Passes.AnyAsync(p => p.PersonId == whose && p.State == PassState.Suspended && p.Until >= now, stop), "passes.suspended-own");
        var mine = whose == self.PersonId;
        var pass = Pass.Request(new(id.Value, IssuePass.CommunityOf(compound), compound, self.Room!, whose, holder.Name, holder.Unit ?? self.Unit, holder.IdTail, mine ? PassKind.Resident : PassKind.Family, request.Form,
            now, now.AddDays(Pass.MostDays(request.Form))) { Keeper = mine ? null : self.PersonId }, note, Actor.Current.Name, now);
        if (await ByRuleAsync(pass, now, stop))
        {
            foreach (var old in same.Where(p => p.State == PassState.Active)) old.Replace("换发", Actor.Current.Name, now);
            pass.Approve("登记住户，按规则自动通过", "rule", now);
            await keyring.SignerAsync(KeyRole.Pass, pass.CommunityPath, stop);
        }
        db.Add(pass);
        await db.SaveChangesAsync(stop);
        return new(pass.Id, pass.State);
    }

    // The register says they live here, and the office took nothing back lately: nothing a person would still look at. Paper needs a printer, so a person.
    private async Task<bool> ByRuleAsync(Pass pass, DateTimeOffset now, CancellationToken stop) =>
        configuration["Passes:ApproveByRule"] != "false" && pass.Form == PassForm.Phone
        && !await db.Passes.AnyAsync(p => p.PersonId == pass.PersonId && p.State == PassState.Revoked && p.ChangedAt > now.AddDays(-LookBackDays), stop);
}

/// <summary>Takes back what one asked for (撤回申请).</summary>
[Needs("passes.own")]
internal sealed class WithdrawApplication(PassesDb db, Myself myself, TimeProvider clock) : IFeature
{
    public static void Map(IEndpointRouteBuilder api) => api.MapPost("/my/{id:guid}/withdraw", (Guid id, WithdrawApplication feature, CancellationToken stop) => feature.RunAsync(id, stop));

    public async Task RunAsync(Guid id, CancellationToken stop)
    {
        (await myself.PassAsync(id, stop)).Reject("本人撤回", Actor.Current.Name, clock.GetUtcNow());
        await db.SaveChangesAsync(stop);
    }
}

/// <summary>Binds one's pass to the phone in hand (绑定本机), or fetches its code again for the same phone.</summary>
[Needs("passes.own")]
internal sealed class EnrolOwn(PassesDb db, Myself myself, EnrolDevice enrol, TimeProvider clock) : IFeature
{
    private const int MostPhonesADay = 5;

    public static void Map(IEndpointRouteBuilder api) => api.MapPost("/my/{id:guid}/device", (Guid id, EnrolDevice.Request request, EnrolOwn feature, CancellationToken stop) => feature.RunAsync(id, request, stop));

    public async Task<EnrolDevice.Response> RunAsync(Guid id, EnrolDevice.Request request, CancellationToken stop)
    {
        var pass = await myself.PassAsync(id, stop);
        Rule.State(pass.State == PassState.Active, "passes.not-active");
        if (pass.DeviceKey is { } bound && !bound.Equals(request.Key, StringComparison.OrdinalIgnoreCase))
        {
            var day = clock.GetUtcNow().AddDays(-1);
            Rule.State(await db.Passes.CountAsync(p => p.PersonId == pass.PersonId && p.State == PassState.Replaced && p.ChangedAt > day, stop) < MostPhonesADay, "passes.too-many-phones", MostPhonesADay);
        }
        return await enrol.EnrolAsync(pass, request.Key, stop);
    }
}

/// <summary>Makes a pass that ends soon good for its whole life again (续期); a phone keeps its key.</summary>
[Needs("passes.own")]
internal sealed class RenewOwn(PassesDb db, Myself myself, TimeProvider clock) : IFeature
{
    private const int SoonDays = 14;

    /// <summary>Phones only: paper is reprinted by the office.</summary>
    internal static bool IsSoon(Pass pass, DateTimeOffset now) => pass is { Form: PassForm.Phone, State: PassState.Active } && pass.Until > now && pass.Until < now.AddDays(SoonDays);

    public static void Map(IEndpointRouteBuilder api) => api.MapPost("/my/{id:guid}/renew", (Guid id, RenewOwn feature, CancellationToken stop) => feature.RunAsync(id, stop));

    public async Task<ApplyForPass.Response> RunAsync(Guid id, CancellationToken stop)
    {
        var household = await myself.HouseholdAsync(stop);
        var old = await myself.PassAsync(id, stop);
        var now = clock.GetUtcNow();
        Rule.State(IsSoon(old, now), "passes.not-soon", SoonDays);
        // Who has moved away does not renew.
        Rule.State(household.Any(h => h.PersonId == old.PersonId), "passes.not-household");
        var next = ReissuePass.Replacing(old, Guid.CreateVersion7(now), now.AddDays(Pass.MostDays(old.Form)), "续期", now);
        if (old.DeviceKey is { } key) next.Enrol(key);
        db.Add(next);
        await db.SaveChangesAsync(stop);
        return new(next.Id, next.State);
    }
}

/// <summary>The phone is lost or stolen (手机丢失): every code on it ends at the gates within seconds, and new passes wait for the next phone.</summary>
[Needs("passes.own")]
internal sealed class LosePhone(PassesDb db, Myself myself, TimeProvider clock) : IFeature
{
    /// <param name="Ended">How many passes ended.</param>
    public sealed record Response(int Ended);

    public static void Map(IEndpointRouteBuilder api) => api.MapPost("/my/lost", (LosePhone feature, CancellationToken stop) => feature.RunAsync(stop));

    public async Task<Response> RunAsync(CancellationToken stop)
    {
        var me = await myself.PersonAsync(stop);
        var now = clock.GetUtcNow();
        var bound = await db.Passes.Include(p => p.Changes).Where(p => (p.PersonId == me || p.KeeperId == me) && p.State == PassState.Active && p.DeviceKey != null && p.Until > now).ToListAsync(stop);
        foreach (var old in bound) db.Add(ReissuePass.Replacing(old, Guid.CreateVersion7(now), old.Until, "手机丢失", now));
        await db.SaveChangesAsync(stop);
        return new(bound.Count);
    }
}

/// <summary>One's own ways through the gates (我的出入), and those of passes one carries.</summary>
[Needs("passes.own")]
internal sealed class ListOwnEntries(PassesDb db, Myself myself, IAccessLog log) : IFeature
{
    public static void Map(IEndpointRouteBuilder api) => api.MapGet("/my/entries", ([AsParameters] ListQuery query, ListOwnEntries feature, CancellationToken stop) => feature.RunAsync(query, stop));

    public async Task<Page<EntryRow>> RunAsync(ListQuery query, CancellationToken stop)
    {
        var me = await myself.PersonAsync(stop);
        var passes = db.Passes.Where(p => p.PersonId == me || p.KeeperId == me).Select(p => p.Cti);
        var page = await db.EntriesOf(passes).PageAsync(query, ListEntries.Columns, "-at", e => e, stop);
        Purpose.State(Purposes.DataSubject);
        return new(await ListEntries.RowsAsync(db, log, page.Items, "masked", stop), page.Total, page.PageNumber, page.Size);
    }
}
