using System.Security.Cryptography;
using Liren.Contracts.People;
using Liren.Draws;
using Liren.Sdk;
using Liren.Sdk.Data;
using Liren.Sdk.Security;
using Liren.Sdk.Web;
using Liren.Supplies.Data;
using Liren.Supplies.Domain;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;

namespace Liren.Supplies.Features;

/// <summary>Writes a round down, and anew as long as it is a draft.</summary>
[Needs("supplies.rounds")]
internal sealed class WriteRound(SuppliesDb db, RoundFinder finder, IResidentUnits residents, TimeProvider clock) : IFeature
{
    /// <param name="Place">For whom: who lives at or below it.</param>
    /// <param name="Title">As residents read it.</param>
    /// <param name="Item">What is given.</param>
    /// <param name="PerShare">Pieces in one share.</param>
    /// <param name="Mode">Lottery, FirstCome or Windowed.</param>
    /// <param name="Unit">Household, Resident or Address: each may have one share.</param>
    /// <param name="OpensAt">From.</param>
    /// <param name="ClosesAt">To, exclusive.</param>
    /// <param name="PickupFrom">Shares are collected from.</param>
    /// <param name="PickupUntil">And until.</param>
    /// <param name="WindowSeconds">Seconds in which all ask at the same time; 0 unless Windowed.</param>
    /// <param name="WaitMost">Length of the waiting list.</param>
    /// <param name="HeldForDesk">Shares kept for desk, phone and paper for a day.</param>
    /// <param name="CoolDownDays">Who had a share of the item in so many days before has none now.</param>
    /// <param name="MinAge">Only those of this age and more.</param>
    /// <param name="BeaconRule">Which public number decides a lottery, and of which day.</param>
    /// <param name="Custodians">Who adds secrets to a lottery, with their promises.</param>
    /// <param name="Points">Shares at each pickup point.</param>
    /// <param name="CarryOver">What a lost lottery is worth in this one: None, AutoEnter, MoreTickets.</param>
    /// <param name="CarryDays">For how many days.</param>
    /// <param name="QuotaPieces">Most pieces of the same goods within the days, over all rounds and ways; 0: no limit.</param>
    /// <param name="QuotaDays">Days the quota counts back.</param>
    /// <param name="NoShowLimit">Who has left so many shares uncollected sits out one round; 0: never.</param>
    /// <param name="Tags">Only units with one who agreed to one of these tags.</param>
    /// <param name="Classes">Shares reserved for classes.</param>
    public sealed record Request(string? Place, string? Title, Guid Item, int PerShare, RoundMode Mode, EntitledUnit Unit, DateTimeOffset OpensAt, DateTimeOffset ClosesAt, DateTimeOffset PickupFrom, DateTimeOffset PickupUntil,
        int WindowSeconds = 0, int WaitMost = 0, int HeldForDesk = 0, int CoolDownDays = 0, int? MinAge = null, string? BeaconRule = null, IReadOnlyList<CustodianDraft>? Custodians = null, IReadOnlyList<PointShare>? Points = null,
        CarryOver CarryOver = CarryOver.None, int CarryDays = 0, int QuotaPieces = 0, int QuotaDays = 0, int NoShowLimit = 0, IReadOnlyList<string>? Tags = null, IReadOnlyList<ClassDraft>? Classes = null);

    /// <param name="Id">The round.</param>
    /// <param name="Code">Its code.</param>
    /// <param name="Version">For the next edit.</param>
    public sealed record Response(Guid Id, string Code, int Version);

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost("/rounds", async (Request request, NewId id, WriteRound feature, CancellationToken stop) => await feature.RunAsync(request, id, stop) is var made ? TypedResults.Created($"/api/supplies/rounds/{made.Id}", made) : null!);
        api.MapPut("/rounds/{id:guid}", (Guid id, Request request, IfMatch match, WriteRound feature, CancellationToken stop) => feature.RewriteAsync(id, request, match, stop));
    }

    public async Task<Response> RunAsync(Request request, NewId id, CancellationToken stop)
    {
        var draft = await DraftAsync(request, stop);
        return await db.AgainAsync(5, async () =>
        {
            if (id.Repeatable && await db.Rounds.AsNoTracking().SingleOrDefaultAsync(r => r.Id == id.Value, stop) is { } known) return new Response(known.Id, known.Code, known.Version);
            var serial = (await db.Rounds.MaxAsync(r => (int?)r.Serial, stop) ?? 0) + 1;
            var round = Round.Write(id.Value, serial, RandomNumberGenerator.GetBytes(Custodian.SecretSize), draft, clock.GetUtcNow());
            db.Add(round);
            await db.SaveChangesAsync(stop);
            return new Response(round.Id, round.Code, round.Version);
        }, () => Task.FromResult(false));
    }

    public async Task<Response> RewriteAsync(Guid id, Request request, IfMatch match, CancellationToken stop)
    {
        var round = await finder.OfAsync(id, "supplies.rounds", stop);
        match.Check(round);
        round.Rewrite(await DraftAsync(request, stop), clock.GetUtcNow());
        // The version stands for the parts too.
        db.Entry(round).State = EntityState.Modified;
        await db.SaveChangesAsync(stop);
        return new(round.Id, round.Code, round.Version);
    }

    private async Task<RoundDraft> DraftAsync(Request r, CancellationToken stop)
    {
        Rule.Require(r.Place is not null && Contracts.Places.PlacePath.IsValid(r.Place), "supplies.place", "place");
        Actor.Current.Require("supplies.rounds", r.Place!);
        var item = await db.Items.AsNoTracking().SingleOrDefaultAsync(i => i.Id == r.Item, stop);
        Rule.Require(item is not null, "supplies.no-item", "item");
        var tags = (r.Tags ?? []).Concat((r.Classes ?? []).SelectMany(c => c.Tags ?? [])).ToHashSet();
        if (tags.Count > 0)
        {
            var kinds = (await residents.TagKindsAsync(stop)).Select(k => k.Code).ToHashSet();
            Rule.Require(tags.All(kinds.Contains), "supplies.no-tag", "tags", tags.FirstOrDefault(t => !kinds.Contains(t)) ?? "");
        }
        var ids = (r.Points ?? []).Select(p => p.Point).ToList();
        var known = await db.Points.AsNoTracking().Where(p => ids.Contains(p.Id)).CountAsync(stop);
        Rule.Require(known == ids.Distinct().Count(), "supplies.no-point", "points");
        return new(r.Place, r.Title, r.Item, r.PerShare, r.Mode, r.Unit, r.OpensAt, r.ClosesAt, r.PickupFrom, r.PickupUntil, r.WindowSeconds, r.WaitMost, r.HeldForDesk, r.CoolDownDays, r.MinAge, r.BeaconRule, r.Custodians ?? [], r.Points ?? [],
            new(r.CarryOver, r.CarryDays, r.QuotaPieces, r.QuotaDays, r.NoShowLimit, r.Tags ?? [], r.Classes ?? []));
    }
}

/// <summary>Tags a round may go by (标签): kinds only, nothing of anybody.</summary>
[Needs("supplies.rounds")]
internal sealed class RoundTags(IResidentUnits residents) : IFeature
{
    public static void Map(IEndpointRouteBuilder api) => api.MapGet("/tags", (RoundTags feature, CancellationToken stop) => feature.RunAsync(stop));

    public Task<IReadOnlyList<TagChoice>> RunAsync(CancellationToken stop) => residents.TagKindsAsync(stop);
}
