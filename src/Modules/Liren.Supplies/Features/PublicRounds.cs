using Liren.Draws;
using Liren.Sdk;
using Liren.Sdk.Security;
using Liren.Supplies.Domain;
using Liren.Supplies.Rush;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Liren.Supplies.Features;

/// <summary>How a round stands, for everybody: small, and good for a second in any cache between.</summary>
[OpenToAll("numbers of a published round, no personal data")]
internal sealed class RoundStateNow(RoundFinder finder, RoundBook book, TimeProvider clock) : IFeature
{
    /// <param name="Now">The server's time: a phone's clock means nothing.</param>
    public sealed record Response(string Code, string Title, RoundPhase Phase, DateTimeOffset OpensAt, DateTimeOffset ClosesAt, DateTimeOffset Now, int Shares, int Left, int Entered, int Waiting, FairnessView Rules, bool Windowed, string? WindowPromise);

    public static void Map(IEndpointRouteBuilder api) => api.MapGet("/rounds/{id:guid}/state", async (Guid id, HttpContext http, RoundStateNow feature, CancellationToken stop) =>
    {
        var state = await feature.RunAsync(id, stop);
        http.Response.Headers.CacheControl = "public, max-age=1";
        return state;
    });

    public async Task<Response> RunAsync(Guid id, CancellationToken stop)
    {
        var (round, now) = (await finder.PublicAsync(id, stop), clock.GetUtcNow());
        var counts = await book.CountsAsync(round.Serial);
        return new(round.Code, round.Title, RoundViews.PhaseOf(round, now), round.OpensAt, round.ClosesAt, now, round.Shares, counts.Left, counts.Entered - counts.Cancelled, counts.Waiting, FairnessView.Of(round), round.Mode == RoundMode.Windowed,
            round.Mode == RoundMode.Windowed ? round.WindowPromise : null);
    }
}

/// <summary>What is promised before a lottery's public number exists (承诺书).</summary>
[OpenToAll("it is published on the notice board")]
internal sealed class RoundCommitment(RoundFinder finder) : IFeature
{
    public static void Map(IEndpointRouteBuilder api) => api.MapGet("/rounds/{id:guid}/commitment", async (Guid id, RoundCommitment feature, CancellationToken stop) => TypedResults.Text(DrawFile.Write(await feature.RunAsync(id, stop)), "application/json"));

    public async Task<Commitment> RunAsync(Guid id, CancellationToken stop)
    {
        var round = await finder.PublicAsync(id, stop);
        Rule.State(round is { Mode: RoundMode.Lottery, Root: not null }, "supplies.no-list-yet");
        return Of(round);
    }

    public static Commitment Of(Round r) => Of(r, new DrawTerms(r.MostTickets, RoundTickets.Reserves(r)));

    private static Commitment Of(Round r, DrawTerms terms) =>
        new(terms.Format, r.Code, r.Tickets, r.Winners, r.WaitingDrawn, r.Root!, r.BeaconRule, [.. r.Custodians.OrderBy(c => c.Name, StringComparer.Ordinal).Select(c => new PublishedCustodian(c.Name, c.Commit))],
            terms.IsPlain ? null : terms.MostTickets, terms.IsPlain ? null : terms.Reserved);
}

/// <summary>The whole draw, to do it again (公布结果).</summary>
[OpenToAll("it is published; tags say nothing of whose they are")]
internal sealed class RoundDraw(RoundFinder finder) : IFeature
{
    public static void Map(IEndpointRouteBuilder api) => api.MapGet("/rounds/{id:guid}/draw", async (Guid id, RoundDraw feature, CancellationToken stop) => TypedResults.Text(await feature.RunAsync(id, stop), "application/json"));

    public async Task<string> RunAsync(Guid id, CancellationToken stop)
    {
        var round = await finder.PublicAsync(id, stop);
        Rule.State(round.DrawJson is not null, "supplies.no-draw-yet");
        return round.DrawJson!;
    }
}

/// <summary>Proof that a receipt is on the committed list, and what the draw made of it (为什么没有我).</summary>
[OpenToAll("whoever has the receipt may have its proof; a tag says nothing of whose it is")]
internal sealed class ProveEntry(RoundFinder finder) : IFeature
{
    /// <param name="Round">Code of the round.</param>
    /// <param name="Receipt">The tag.</param>
    /// <param name="Index">Its number on the list.</param>
    /// <param name="Entries">Length of the list.</param>
    /// <param name="Root">Commitment to the list.</param>
    /// <param name="Path">Hashes from the leaf up.</param>
    /// <param name="Place">Winners and those who wait, which of them it is, from 1; null when it was not drawn or nothing has been drawn.</param>
    /// <param name="Winners">How many won.</param>
    /// <param name="Waiting">How many wait.</param>
    /// <param name="Tickets">Tickets of the receipt that are on the list.</param>
    /// <param name="Class">The class whose reserved share it won; null when none.</param>
    public sealed record Response(string Round, string Receipt, int Index, int Entries, string Root, IReadOnlyList<string> Path, int? Place, int Winners, int Waiting, int Tickets, string? Class);

    public static void Map(IEndpointRouteBuilder api) => api.MapGet("/rounds/{id:guid}/proof/{receipt}", (Guid id, string receipt, ProveEntry feature, CancellationToken stop) => feature.RunAsync(id, receipt, stop));

    public async Task<Response> RunAsync(Guid id, string receipt, CancellationToken stop)
    {
        var round = await finder.PublicAsync(id, stop);
        var tag = Hex.Read(receipt.ToLowerInvariant(), TagList.TagSize);
        Rule.Require(tag is not null, "supplies.receipt", "receipt");
        var list = (await finder.TicketsAsync(round, stop)).List;
        var index = list.IndexOf(tag!);
        if (index < 0) throw new RuleBrokenException("supplies.not-on-list", "receipt", 404);
        // Any of its tickets may have been drawn.
        var own = Draws.Tickets.Of(tag!, round.MostTickets).Select(t => Hex.Of(t)).Where(t => list.IndexOf(Convert.FromHexString(t)) >= 0).ToHashSet();
        var file = round.DrawJson is { } json ? DrawFile.Read(json) : null;
        var standing = file?.Steps.Where(s => s.Outcome is DrawOutcome.Won).Concat(file.Steps.Where(s => s.Outcome is DrawOutcome.Waiting)).ToList();
        var place = standing?.FindIndex(s => own.Contains(s.Tag)) is { } at and >= 0 ? at + 1 : (int?)null;
        return new(round.Code, Hex.Of(tag), index, list.Count, round.Root!, [.. list.Proof(index).Select(h => Hex.Of(h))], place, file?.Winners ?? round.Winners, file?.Waiting ?? 0, own.Count, place is { } p ? standing![p - 1].Class : null);
    }
}
