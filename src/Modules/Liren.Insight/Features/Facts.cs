using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Liren.Contracts.Insight;
using Liren.Insight.Domain;
using Liren.Sdk;
using Liren.Sdk.Security;
using Liren.Sdk.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Liren.Insight.Features;

/// <summary>All measures with their definitions (指标目录).</summary>
[Needs("insight.read")]
internal sealed class ListMeasures(MeasureBook book, Texts texts) : IFeature
{
    /// <param name="Name">In the reader's language.</param>
    /// <param name="Of">For a ratio: what is above.</param>
    /// <param name="Per">For a ratio: what is below.</param>
    /// <param name="Must">What the figure must be.</param>
    public sealed record Row(string Id, int Version, string Name, string Meaning, Roll Roll, Grain Grain, string Unit, string Owner, string Source, string? Of, string? Per, long? Must, int K, bool Sensitive, int FreshSeconds, string? Behind);

    public static void Map(IEndpointRouteBuilder api) => api.MapGet("/measures", (ListMeasures feature) => feature.Run());

    public IReadOnlyList<Row> Run() => [.. book.All.Select(m => new Row(m.Id, m.Version, texts[m.Key], texts[$"{m.Key}.meaning"], m.Roll, m.Grain, m.Unit, texts[$"role.{m.Owner}"], book.SourceOf(m).Name, m.Ratio?.Of, m.Ratio?.Per, m.Must, m.K, m.Sensitive, (int)m.FreshWithin.TotalSeconds, m.Behind?.Href))];
}

/// <summary>Figures of a measure at a place, or at all places of a level below it (汇总查询).</summary>
[Needs("insight.read")]
internal sealed class ShowFacts(FactsQuery query) : IFeature
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/facts", async (string? measure, string? place, string? level, DateOnly? from, DateOnly? to, string? by, bool? split, string? shape, HttpContext http, ShowFacts feature, CancellationToken stop) =>
            shape switch
            {
                null or "rows" => Tagged(http, await feature.RunAsync(measure, place, level, from, to, by, split ?? false, stop)),
                "grid" => Results.Ok(await feature.GridAsync(measure, place, level, from, to, by, split ?? false, stop)),
                _ => throw new RuleBrokenException("insight.shape", "shape", 422, shape),
            });
        api.MapGet("/series", async (string? measure, string? place, DateOnly? from, DateOnly? to, string? by, bool? split, HttpContext http, ShowFacts feature, CancellationToken stop) =>
            Tagged(http, await feature.RunAsync(measure, place, null, from, to, by, split ?? false, stop)));
    }

    public async Task<FactsAnswer> RunAsync(string? measure, string? place, string? level, DateOnly? from, DateOnly? to, string? by, bool split, CancellationToken stop) =>
        await query.AnswerAsync(await query.ReadAsync(measure, place, level, from, to, by, split, stop), stop);

    public async Task<FactsGrid> GridAsync(string? measure, string? place, string? level, DateOnly? from, DateOnly? to, string? by, bool split, CancellationToken stop) =>
        await query.GridAsync(await query.ReadAsync(measure, place, level, from, to, by, split, stop), stop);

    // The same figures are not sent twice; their time alone does not make them others.
    private static IResult Tagged(HttpContext http, FactsAnswer answer)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var row in answer.Rows)
        {
            hash.AppendData(MemoryMarshal.AsBytes(row.Place.AsSpan()));
            hash.AppendData(MemoryMarshal.AsBytes(row.Period.AsSpan()));
            hash.AppendData(MemoryMarshal.AsBytes((row.Category ?? "").AsSpan()));
            hash.AppendData(MemoryMarshal.AsBytes<long>([row.Value ?? -1, row.Per ?? -1, row.P50 ?? -1, row.P90 ?? -1]));
        }
        var tag = $"\"{Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 12))}\"";
        http.Response.Headers.ETag = tag;
        return http.Request.Headers.IfNoneMatch.Contains(tag) ? Results.StatusCode(StatusCodes.Status304NotModified) : Results.Ok(answer);
    }
}
