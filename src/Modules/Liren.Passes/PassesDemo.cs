using System.Security.Cryptography;
using Liren.Codes;
using Liren.Contracts.Identity;
using Liren.Contracts.Passes;
using Liren.Contracts.People;
using Liren.Contracts.Places;
using Liren.Passes.Data;
using Liren.Passes.Domain;
using Liren.Passes.Features;
using Liren.Sdk;
using Liren.Sdk.Data;
using Liren.Sdk.Security;
using Liren.Sdk.Text;
using Liren.Sdk.Web;
using Microsoft.EntityFrameworkCore;

namespace Liren.Passes;

/// <summary>
/// Passes of the demo community: cards for the first six buildings (the others are left for whoever tries), some vehicles, two gates, and yesterday's way
/// through them. Made through the same features as real ones; a second run adds nothing.
/// </summary>
internal sealed class PassesDemo(PassesDb db, IssueBatch batch, IssuePass issue, AddGate gates, ManageGuards guards, GateLogStore store, IPlaceDirectory places, IPassHolders holders, IAccountDirectory accounts, IPersonAccounts persons, TimeProvider clock)
{
    private const string Compound = "31.01.15.016.037.liren";
    private const int Buildings = 6, Vehicles = 12;

    public async Task SeedAsync(CancellationToken stop)
    {
        if (await places.FindAsync(Compound, stop) is null) return;
        Purpose.State(Purposes.CommunityService);
        for (var building = 1; building <= Buildings; building++) await batch.RunAsync(new($"{Compound}.b{building}"), stop);
        for (var n = 0; n < Vehicles; n++)
            await issue.RunAsync(new(PassKind.Vehicle, PassForm.Paper, Compound: Compound, Plate: $"沪{(char)('A' + n % 4)}{(char)('D' + n % 3)}{90000 + n * 137}"[..7], Unit: $"{n % Buildings + 1}号楼"), Known($"vehicle.{n}"), stop);
        var south = await gates.RunAsync(new(Compound, new("南门", AskTemperature: true, Questions: ["from"]), $"{Compound}.gate-south"), Known("gate.south"), stop);
        var east = await gates.RunAsync(new(Compound, new("东门"), $"{Compound}.gate-east"), Known("gate.east"), stop);
        if (!await db.Guards.AnyAsync(g => g.PlacePath == Compound, stop))
        {
            var pin = RandomNumberGenerator.GetString("123456789", 6);
            await guards.AddAsync(new(Compound, "老周", pin), NewId.Fresh, stop);
            DemoAccounts.Add("老周", pin, "门岗签到密码");
        }
        await ResidentAsync(stop);
        await ChangeSomeAsync(stop);
        await WalkAsync([south.Id, east.Id], stop);
    }

    /// <summary>A resident with a family and an account, who has not asked for anything yet.</summary>
    private async Task ResidentAsync(CancellationToken stop)
    {
        var family = (await holders.LivingAtAsync($"{Compound}.b{Buildings + 1}", Purpose.Required, stop)).GroupBy(h => h.Room).FirstOrDefault(g => g.Count() >= 3);
        if (family?.FirstOrDefault() is not { Room: { } home } resident || await accounts.EnsureAsync(new("resident", resident.Name, null, BuiltInRoles.Resident, home), stop) is not { } password) return;
        await persons.LinkAsync((await accounts.FindByUserNameAsync("resident", stop))!.Id, resident.PersonId, stop);
        DemoAccounts.Add("resident", password, $"居民 {resident.Unit}，手机打开 /my");
    }

    // Others on this server are nobody's demo.
    private IQueryable<Pass> Demo => db.Passes.WhereWithin(p => p.PlacePath, [Compound]);

    private static NewId Known(string what) => NewId.Of($"passes.demo.{what}", null);

    private async Task ChangeSomeAsync(CancellationToken stop)
    {
        db.ChangeTracker.Clear();
        if (await Demo.AnyAsync(p => p.State == PassState.Suspended || p.State == PassState.Revoked, stop)) return;
        var some = await Demo.Include(p => p.Changes).Where(p => p.Kind == PassKind.Resident && p.State == PassState.Active).OrderBy(p => p.PlacePath).ThenBy(p => p.PersonId).Take(40).ToListAsync(stop);
        for (var n = 5; n < some.Count; n += 12) some[n].Suspend("居家健康观察", "demo", clock.GetUtcNow());
        for (var n = 9; n < some.Count; n += 15) some[n].Revoke("租约到期搬离", "demo", clock.GetUtcNow());
        await db.SaveChangesAsync(stop);
    }

    /// <summary>Yesterday: every third holder goes out and comes back; here and there somebody is looked at closer.</summary>
    private async Task WalkAsync(Guid[] at, CancellationToken stop)
    {
        // Whoever has got a pass since has not walked yesterday.
        if (await db.Entries.AnyAsync(e => at.Contains(e.GateId), stop)) return;
        var today = Show.Local(clock.GetUtcNow()).Date;
        var midnight = new DateTimeOffset(today, Show.Zone.GetUtcOffset(today)).AddDays(-1).ToUniversalTime();
        var holders = await Demo.AsNoTracking().Where(p => p.Kind == PassKind.Resident).OrderBy(p => p.PlacePath).ThenBy(p => p.PersonId).Select(p => new { p.Cti, p.State }).ToListAsync(stop);
        var lines = new List<GateEntry>();
        for (var n = 0; n < holders.Count; n += 3)
        {
            var good = holders[n].State == PassState.Active;
            foreach (var (direction, minute) in new[] { (Direction.Out, 390 + n * 7 % 300), (Direction.In, 720 + n * 11 % 540) })
                lines.Add(new GateEntry
                {
                    Id = Known($"line.{n}.{direction}").Value, GateId = at[n / 3 % 2], PlacePath = Compound, At = midnight.AddMinutes(minute), ArrivedAt = midnight.AddMinutes(minute).AddSeconds(1), Direction = direction,
                    Verdict = !good ? Verdict.Refuse : n % 21 == 0 ? Verdict.Check : Verdict.Admit, Reason = !good ? nameof(PassReason.Suspended) : n % 21 == 0 ? nameof(PassReason.IdRequired) : nameof(PassReason.Ok),
                    Cti = holders[n].Cti, Kind = (int)PassKind.Resident, Form = (int)PassForm.Paper, Members = 1, Guard = "老周", Temperature = direction == Direction.In ? 362 + n % 7 : null, ListAge = 60 + n % 240,
                });
        }
        await store.WriteAsync(lines);
    }
}
