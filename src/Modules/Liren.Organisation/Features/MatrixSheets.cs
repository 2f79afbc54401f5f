using Liren.Organisation.Data;
using Liren.Organisation.Domain;
using Liren.Sdk;
using Liren.Sdk.Security;
using Liren.Sdk.Text;
using Liren.Sdk.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;

namespace Liren.Organisation.Features;

/// <summary>The rules of a version as a sheet.</summary>
[Needs("organisation.read")]
internal sealed class ExportMatrix(OrganisationDb db) : IFeature
{
    public static void Map(IEndpointRouteBuilder api) => api.MapGet("/matrix/{id:guid}/sheet", async (Guid id, string? format, ExportMatrix feature, CancellationToken stop) =>
    {
        Rule.Require(format is null or "csv" or "xlsx", "sdk.unknown-format", "format", format ?? "");
        var (number, file) = await feature.RunAsync(id, format ?? "xlsx", stop);
        return format == "csv" ? TypedResults.File(file, "text/csv; charset=utf-8", $"matrix-{number}.csv")
            : TypedResults.File(file, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", $"matrix-{number}.xlsx");
    });

    public async Task<(int Number, byte[] File)> RunAsync(Guid id, string format, CancellationToken stop)
    {
        var version = Rule.Found(await db.Versions.AsNoTracking().SingleOrDefaultAsync(v => v.Id == id, stop), "organisation.no-matrix");
        var rules = await db.Rules.AsNoTracking().Where(r => r.VersionId == id).OrderBy(r => r.Number).ToListAsync(stop);
        return (version.Number, MatrixSheet.Write(rules, format, Show.Language));
    }
}

/// <summary>Replaces the rules of a draft by those of a sheet; a sheet with one bad row changes nothing, and every bad row is named.</summary>
[Needs("organisation.matrix")]
internal sealed class ImportMatrix(OrganisationDb db, Texts texts, TimeProvider clock) : IFeature
{
    /// <summary>Largest sheet.</summary>
    public const int MostBytes = 4 * 1024 * 1024;

    public sealed record Response(int Rules, IReadOnlyList<MatrixSheet.BadRow> Bad);

    public static void Map(IEndpointRouteBuilder api) => api.MapPut("/matrix/{id:guid}/sheet", async Task<IResult> (Guid id, HttpRequest request, IfMatch match, ImportMatrix feature, CancellationToken stop) =>
    {
        if (request.ContentLength > MostBytes) throw new RuleBrokenException("organisation.sheet-big", "file", 413);
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body, stop);
        var answer = await feature.RunAsync(id, body.ToArray(), match, stop);
        return answer.Bad.Count == 0 ? TypedResults.Ok(answer) : TypedResults.UnprocessableEntity(answer);
    });

    public async Task<Response> RunAsync(Guid id, byte[] file, IfMatch match, CancellationToken stop)
    {
        if (file.Length > MostBytes) throw new RuleBrokenException("organisation.sheet-big", "file", 413);
        var version = Rule.Found(await db.Versions.SingleOrDefaultAsync(v => v.Id == id, stop), "organisation.no-matrix");
        match.Check(version);
        version.RequireOpen();
        var (rules, bad) = MatrixSheet.Read(file, id, (await db.Rules.MaxAsync(r => (int?)r.Number, stop) ?? 0) + 1, texts);
        if (bad.Count > 0) return new(0, bad);
        var before = await db.Rules.Where(r => r.VersionId == id).ToListAsync(stop);
        MatrixAuthority.RequireDifference(version.Settings, before, version.Settings, rules);
        version.Touch(clock.GetUtcNow());
        var now = rules.ToDictionary(r => r.Number);
        foreach (var old in before)
            if (!now.Remove(old.Number, out var rule)) db.Remove(old);
            else db.Entry(old).CurrentValues.SetValues(rule);
        db.AddRange(now.Values);
        await db.SaveChangesAsync(stop);
        return new(rules.Count, []);
    }
}
