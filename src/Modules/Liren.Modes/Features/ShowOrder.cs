using System.Text.Json;
using Liren.Contracts.Places;
using Liren.Modes.Data;
using Liren.Modes.Domain;
using Liren.Sdk;
using Liren.Sdk.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;

namespace Liren.Modes.Features;

/// <summary>One order: what it says, who signed, what it changes and allows, what has become of it.</summary>
[Needs("modes.read")]
internal sealed class ShowOrder(ModesDb db, IPlaceDirectory places, ModeBook book, TimeProvider clock) : IFeature
{
    /// <param name="Code">Code of the collection.</param>
    /// <param name="Purpose">What for.</param>
    /// <param name="RetentionDays">Days after the end by which it is destroyed.</param>
    /// <param name="DestroyBy">That instant as things are.</param>
    /// <param name="StopsAtEnd">False when another order over the place allows it beyond this one's end.</param>
    public sealed record Collected(string Code, string Purpose, int RetentionDays, DateTimeOffset DestroyBy, bool StopsAtEnd);

    public sealed record Linked(Guid Id, string OrderNo, OrderState State);

    /// <summary>A line of its history, from the journal.</summary>
    public sealed record Line(DateTimeOffset At, string Event, string? What, string? Collection, string Actor);

    public sealed record Response(Guid Id, string OrderNo, Level Level, OrderState State, string Area, string AreaName, string Authority, string Basis, string Reason, DateTimeOffset From, DateTimeOffset To, DateTimeOffset? StartsAt, DateTimeOffset EndsAt,
        string Author, Guid AuthorId, DateTimeOffset ProposedAt, string? Signer, DateTimeOffset? SignedAt, string? EndedBy, string? EndReason, string? EndOrderNo, DateTimeOffset? CutAt, bool Decides, IReadOnlyList<Collected> Collections,
        IReadOnlyList<DestructionRow> Destructions, Linked? Renews, IReadOnlyList<Linked> RenewedBy, IReadOnlyList<Line> History, string? Certificate, DateTimeOffset Now, int Version);

    public static void Map(IEndpointRouteBuilder api) => api.MapGet("/{id:guid}", (Guid id, ShowOrder feature, CancellationToken stop) => feature.RunAsync(id, stop));

    public async Task<Response> RunAsync(Guid id, CancellationToken stop)
    {
        var o = Rule.Found(await db.Orders.AsNoTracking().Include(x => x.Collections).SingleOrDefaultAsync(x => x.Id == id, stop), "modes.no-order");
        Sight.Require(o.AreaPath);
        var (now, map) = (clock.GetUtcNow(), await book.MapAsync(stop));
        var name = await places.FullNameAsync(o.AreaPath, stop);
        var tasks = await db.Destructions.AsNoTracking().Where(t => t.OrderId == id).OrderBy(t => t.Due).ThenBy(t => t.Collection).ToListAsync(stop);
        var chain = await db.Orders.AsNoTracking().Where(x => x.Id == o.RenewsId || x.RenewsId == id).OrderBy(x => x.ProposedAt).ToListAsync(stop);
        Linked Link(ModeOrder x) => new(x.Id, x.OrderNo, x.StateAt(now));
        return new(o.Id, o.OrderNo, o.Level, o.StateAt(now), o.AreaPath, name, o.Authority, o.Basis, o.Reason, o.From, o.To, o.StartsAt, o.EndsAt, o.AuthorName, o.AuthorId, o.ProposedAt, o.SignerName, o.SignedAt, o.EndedByName, o.EndReason, o.EndOrderNo, o.CutAt,
            map.At(o.AreaPath, now).OrderId == id,
            [.. o.Collections.OrderBy(c => c.Code, StringComparer.Ordinal).Select(c => new Collected(c.Code, c.Purpose, c.RetentionDays, o.EndsAt.AddDays(c.RetentionDays), !map.May(c.Code, o.AreaPath, o.EndsAt).Allowed))],
            [.. tasks.Select(t => DestructionRow.Of(t, name, now))], chain.Where(x => x.Id == o.RenewsId).Select(Link).SingleOrDefault(), [.. chain.Where(x => x.RenewsId == id).Select(Link)], await HistoryAsync(id, stop), o.CertificateNo, now, o.Version);
    }

    private async Task<IReadOnlyList<Line>> HistoryAsync(Guid id, CancellationToken stop)
    {
        var entries = await db.Journal.AsNoTracking().Where(j => j.Subject == id && j.Module == "modes").OrderBy(j => j.Seq).ToListAsync(stop);
        return [.. entries.Where(e => !e.Type.EndsWith(nameof(OrderClock), StringComparison.Ordinal)).Select(Read)];
    }

    private static Line Read(Sdk.Events.JournalEntry entry)
    {
        using var body = JsonDocument.Parse(entry.Body);
        string? Said(string name) => body.RootElement.TryGetProperty(name, out var value) ? value.GetString() : null;
        return new(entry.At, entry.Type[(entry.Type.LastIndexOf('.') + 1)..], Said("what"), Said("collection"), entry.Actor);
    }
}
