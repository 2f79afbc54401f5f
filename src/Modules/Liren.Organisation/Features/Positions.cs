using Liren.Contracts.Organisation;
using Liren.Organisation.Data;
using Liren.Organisation.Domain;
using Liren.Sdk;
using Liren.Sdk.Jobs;
using Liren.Sdk.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;

namespace Liren.Organisation.Features;

/// <summary>Keeps the last position of staff.</summary>
internal sealed class StaffPositions(OrganisationDb db, TimeProvider clock) : IStaffPositions
{
    public async Task ReportAsync(Guid accountId, double longitude, double latitude, CancellationToken cancellation = default)
    {
        var now = clock.GetUtcNow();
        var row = await db.Positions.SingleOrDefaultAsync(p => p.AccountId == accountId, cancellation);
        if (row is null) db.Add(row = new StaffPosition { AccountId = accountId });
        row.Move(longitude, latitude, now);
        try { await db.SaveChangesAsync(cancellation); }
        catch (DbUpdateException) when (db.Entry(row).State == EntityState.Added)
        {
            // Two phones of one person reported at once and the other was first.
            db.Entry(row).State = EntityState.Modified;
            await db.SaveChangesAsync(cancellation);
        }
    }

    public async Task<IReadOnlyDictionary<Guid, (double Longitude, double Latitude)>> LastAsync(IReadOnlyCollection<Guid> accounts, DateTimeOffset since, CancellationToken cancellation = default) => accounts.Count == 0
        ? new Dictionary<Guid, (double, double)>()
        : await db.Positions.AsNoTracking().Where(p => accounts.Contains(p.AccountId) && p.At >= since).ToDictionaryAsync(p => p.AccountId, p => (p.Longitude, p.Latitude), cancellation);
}

/// <summary>Somebody on duty tells where they are, so that the nearest is asked first. Off duty nothing is taken.</summary>
[Needs("organisation.duty")]
internal sealed class ReportPosition(OrganisationDb db, DutyRota rota, StaffPositions positions, TimeProvider clock) : IFeature
{
    public sealed record Request(double Longitude, double Latitude);

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/positions", (Request request, ReportPosition feature, CancellationToken stop) => feature.RunAsync(request, stop));

    public async Task RunAsync(Request request, CancellationToken stop)
    {
        var me = Actor.Current.Id ?? throw new RuleBrokenException("sdk.sign-in", null, 401);
        var mine = db.Holdings.Where(h => h.AccountId == me).Select(h => h.PostId);
        var posts = await db.Posts.AsNoTracking().Where(p => p.ClosedAt == null && mine.Contains(p.Id)).ToListAsync(stop);
        Rule.State((await rota.PeopleAsync(posts, clock.GetUtcNow(), stop)).Any(p => p.AccountId == me), "organisation.not-on-duty");
        await positions.ReportAsync(me, request.Longitude, request.Latitude, stop);
    }
}

/// <summary>Forgets positions after a day.</summary>
internal sealed class ForgetPositions(OrganisationDb db, TimeProvider clock) : IJob
{
    public string Name => "organisation.forget-positions";
    public TimeSpan Every => TimeSpan.FromHours(1);

    public Task RunAsync(CancellationToken cancellation)
    {
        var before = clock.GetUtcNow() - StaffPosition.KeptFor;
        return db.Positions.Where(p => p.At < before).ExecuteDeleteAsync(cancellation);
    }
}
