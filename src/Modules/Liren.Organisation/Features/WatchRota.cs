using Liren.Contracts.Identity;
using Liren.Organisation.Data;
using Liren.Organisation.Domain;
using Liren.Sdk.Jobs;
using Liren.Sdk.Security;
using Liren.Sdk.Text;
using Liren.Sdk.Ui;
using Liren.Sdk.Web;
using Microsoft.EntityFrameworkCore;

namespace Liren.Organisation.Features;

/// <summary>Rings the bell of those who plan the rota for each shift of the next 24 hours that nobody stands: in daylight, not when it is too late.</summary>
internal sealed class WatchRota(OrganisationDb db, RotaReader reader, IAccountDirectory accounts, TimeProvider clock) : IJob
{
    public string Name => "organisation.watch-rota";
    public TimeSpan Every => TimeSpan.FromMinutes(10);

    public async Task RunAsync(CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var posts = await db.Posts.AsNoTracking().Where(p => p.ClosedAt == null).ToListAsync(cancellation);
        var book = await reader.ReadAsync([.. posts.Select(p => p.Id)], now, now.AddDays(1), cancellation);
        var told = (await db.EmptyShiftNotes.Where(n => n.Start > now.AddDays(-2)).ToListAsync(cancellation)).Select(n => (n.PostId, n.Start)).ToHashSet();
        foreach (var post in posts)
            foreach (var slot in book.Of[post.Id].Empty(now, now.AddDays(1), post.AlwaysManned))
            {
                // A gap has no beginning of its own: it is told once a day.
                var start = slot.IsGap ? Rota.Instant(slot.Date, 0) : slot.Start;
                if (!told.Add((post.Id, start))) continue;
                db.Add(new EmptyShiftNote { PostId = post.Id, Start = start, At = now });
                var planners = await accounts.WithPermissionAsync("organisation.rota", post.PlacePath, cancellation);
                db.Tell(planners.Select(a => a.Id), "organisation.bell-empty", $"/organisation/rota/{post.Id}", now, post.Name, Show.Time(slot.Start < now ? now : slot.Start, now), Show.Time(slot.End, now));
            }
        await db.SaveChangesAsync(cancellation);
        await db.EmptyShiftNotes.Where(n => n.Start < now.AddDays(-7)).ExecuteDeleteAsync(cancellation);
    }
}

/// <summary>On the first page: how many are on duty now, and how many shifts of the next 24 hours nobody stands.</summary>
internal sealed class DutyTiles(ShowRota rota, Texts texts) : IHomeTiles
{
    public IReadOnlyList<TileOffer> Offers { get; } = [new("organisation.tile-on-duty", "organisation.read")];

    public async Task<IReadOnlyList<Tile>> TilesAsync(string place, CancellationToken cancellation)
    {
        if (!Actor.Current.May("organisation.read")) return [];
        var now = await rota.RunAsync(new ListQuery(Place: place, Size: 1), null, cancellation);
        var tiles = new List<Tile> { new("organisation.tile-on-duty", $"{now.OnDuty.SelectMany(r => r.Slots).Select(s => s.HoldingId).Distinct().Count()}", texts["organisation.tile-posts", now.OnDuty.Count], "/organisation/rota") };
        if (now.Empty.Count > 0) tiles.Add(new("organisation.tile-empty", $"{now.Empty.Count}", texts["organisation.tile-next-day"], "/organisation/rota"));
        return tiles;
    }
}
