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

/// <summary>Suspends (暂停) or resumes (恢复) a pass. A gate never shows why.</summary>
[Needs("passes.suspend")]
internal sealed class SuspendPass(PassesDb db, TimeProvider clock) : IFeature
{
    /// <param name="Reason">Why; kept in the history, shown to nobody at a gate.</param>
    public sealed record Request(string Reason);

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost("/{id:guid}/suspend", (Guid id, Request request, SuspendPass feature, CancellationToken stop) => feature.SuspendAsync(id, request, stop));
        api.MapPost("/{id:guid}/resume", (Guid id, Request request, SuspendPass feature, CancellationToken stop) => feature.ResumeAsync(id, request, stop));
    }

    public Task SuspendAsync(Guid id, Request request, CancellationToken stop) => Passes.ChangeAsync(db, id, "passes.suspend", pass => pass.Suspend(request.Reason, Actor.Current.Name, clock.GetUtcNow()), stop);

    public Task ResumeAsync(Guid id, Request request, CancellationToken stop) => Passes.ChangeAsync(db, id, "passes.suspend", pass => pass.Resume(request.Reason, Actor.Current.Name, clock.GetUtcNow()), stop);
}

/// <summary>Revokes a pass for good (吊销).</summary>
[Needs("passes.revoke")]
internal sealed class RevokePass(PassesDb db, TimeProvider clock) : IFeature
{
    /// <param name="Reason">Why; kept in the history.</param>
    public sealed record Request(string Reason);

    public static void Map(IEndpointRouteBuilder api) => api.MapPost("/{id:guid}/revoke", (Guid id, Request request, RevokePass feature, CancellationToken stop) => feature.RunAsync(id, request, stop));

    public Task RunAsync(Guid id, Request request, CancellationToken stop) => Passes.ChangeAsync(db, id, "passes.revoke", pass => pass.Revoke(request.Reason, Actor.Current.Name, clock.GetUtcNow()), stop);
}

/// <summary>Makes a new pass in place of one (补办、换手机、续期): the old code is worth nothing from now on.</summary>
[Needs("passes.issue")]
internal sealed class ReissuePass(PassesDb db, Keyring keyring, TimeProvider clock) : IFeature
{
    /// <param name="Reason">Why: lost, damaged, renewal.</param>
    /// <param name="Days">How long the new one is good; the longest of its form when left out.</param>
    public sealed record Request(string Reason, int? Days = null);

    public static void Map(IEndpointRouteBuilder api) => api.MapPost("/{id:guid}/reprint", async (Guid id, Request request, NewId next, ReissuePass feature, CancellationToken stop) =>
    {
        var made = await feature.RunAsync(id, request, next, stop);
        return TypedResults.Created($"/api/passes/{made.Id}", made);
    });

    public async Task<IssuePass.Response> RunAsync(Guid id, Request request, NewId next, CancellationToken stop)
    {
        var old = await Passes.FindAsync(db, id, "passes.issue", stop);
        var pass = await db.Passes.SingleOrDefaultAsync(p => p.Id == next.Value, stop);
        if (pass is null)
        {
            var now = clock.GetUtcNow();
            pass = Replacing(old, next.Value, now.AddDays(request.Days ?? Pass.MostDays(old.Form)), request.Reason, now);
            db.Add(pass);
            await db.SaveChangesAsync(stop);
        }
        return new(pass.Id, pass.Serial, pass.Form == PassForm.Phone ? null : await keyring.SignAsync(pass, stop));
    }

    /// <summary>A new pass that says the same, and the end of the old one.</summary>
    internal static Pass Replacing(Pass old, Guid id, DateTimeOffset until, string reason, DateTimeOffset now)
    {
        old.Replace(reason, Actor.Current.Name, now);
        return Pass.Issue(new(id, old.CommunityPath, old.CompoundPath, old.PlacePath, old.PersonId, old.Name, old.Unit, old.IdTail, old.Kind, old.Form, now, until)
        {
            Gates = old.Gates, Hours = old is { FromMinute: { } from, ToMinute: { } to } ? (from, to) : null, MostUses = old.MostUses, Plate = old.Plate, HostUnit = old.HostUnit, Keeper = old.KeeperId,
        }, Actor.Current.Name, now);
    }
}

/// <summary>Binds a phone's pass to the phone (绑定手机). A second phone gets a new pass, the first phone's ends.</summary>
[Needs("passes.issue")]
internal sealed class EnrolDevice(PassesDb db, Keyring keyring, TimeProvider clock) : IFeature
{
    /// <param name="Key">The phone's public key: x‖y of P-256, 64 bytes as hex.</param>
    public sealed record Request(string Key);

    /// <param name="Id">The pass; another one when the phone is a second.</param>
    /// <param name="Code">Its code; the phone wraps it into live proofs and never shows it bare.</param>
    /// <param name="ServerTime">Unix milliseconds, for the phone to measure its clock by.</param>
    public sealed record Response(Guid Id, string Code, long ServerTime);

    public static void Map(IEndpointRouteBuilder api) => api.MapPost("/{id:guid}/device", (Guid id, Request request, EnrolDevice feature, CancellationToken stop) => feature.RunAsync(id, request, stop));

    public async Task<Response> RunAsync(Guid id, Request request, CancellationToken stop) => await EnrolAsync(await Passes.FindAsync(db, id, "passes.issue", stop), request.Key, stop);

    /// <summary>The same for a pass whose holder was checked by the caller.</summary>
    internal async Task<Response> EnrolAsync(Pass pass, string key, CancellationToken stop)
    {
        Rule.Require(pass.Form == PassForm.Phone, "passes.not-phone", "id");
        if (pass.DeviceKey is not null && !pass.DeviceKey.Equals(key, StringComparison.OrdinalIgnoreCase))
        {
            var next = ReissuePass.Replacing(pass, Guid.CreateVersion7(), pass.Until, "换手机", clock.GetUtcNow());
            db.Add(next);
            pass = next;
        }
        if (pass.DeviceKey is null) pass.Enrol(key);
        await db.SaveChangesAsync(stop);
        return new(pass.Id, await keyring.SignAsync(pass, stop), clock.GetUtcNow().ToUnixTimeMilliseconds());
    }
}

/// <summary>The code of a paper pass, to print it again on the same card (as long as it is active).</summary>
[Needs("passes.issue")]
internal sealed class GetCode(PassesDb db, Keyring keyring) : IFeature
{
    public sealed record Response(string Serial, string Code);

    public static void Map(IEndpointRouteBuilder api) => api.MapGet("/{id:guid}/code", (Guid id, GetCode feature, CancellationToken stop) => feature.RunAsync(id, stop));

    public async Task<Response> RunAsync(Guid id, CancellationToken stop)
    {
        var pass = await Passes.FindAsync(db, id, "passes.issue", stop);
        Rule.State(pass.State == PassState.Active, "passes.not-active");
        Rule.State(pass.Form != PassForm.Phone, "passes.phone-code");
        return new(pass.Serial, await keyring.SignAsync(pass, stop));
    }
}

/// <summary>Finding and changing passes, with the permission at their place.</summary>
internal static class Passes
{
    public static async Task<Pass> FindAsync(PassesDb db, Guid id, string permission, CancellationToken stop)
    {
        var pass = Rule.Found(await db.Passes.Include(p => p.Changes).SingleOrDefaultAsync(p => p.Id == id, stop), "passes.no-pass");
        Actor.Current.Require(permission, pass.PlacePath);
        return pass;
    }

    public static async Task ChangeAsync(PassesDb db, Guid id, string permission, Action<Pass> change, CancellationToken stop)
    {
        change(await FindAsync(db, id, permission, stop));
        await db.SaveChangesAsync(stop);
    }
}
