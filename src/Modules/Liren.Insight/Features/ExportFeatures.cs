using Liren.Contracts.Places;
using Liren.Insight.Data;
using Liren.Insight.Domain;
using Liren.Insight.Exports;
using Liren.Sdk;
using Liren.Sdk.Data;
using Liren.Sdk.Security;
using Liren.Sdk.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;

namespace Liren.Insight.Features;

/// <summary>An export as its list shows it.</summary>
internal sealed record ExportRow(Guid Id, string Measure, string Place, DateOnly From, DateOnly To, string By, ExportFormat Format, bool Shared, string Purpose, string ByName, DateTimeOffset At, ExportState State, string? Why, int Rows, int HiddenRows, string? Sha256, bool Open);

/// <summary>Asks for figures as a file (导出): CSV, Excel or Parquet, made in the background, fetched within a day, kept in the list of who took what.</summary>
[Needs("insight.export")]
internal sealed class AskExport(InsightDb db, FactsQuery query, ExportBell bell, TimeProvider clock) : IFeature
{
    /// <param name="Shared">For others: small counts are hidden with companions, so that they cannot be worked out.</param>
    /// <param name="Purpose">What it is for, in words.</param>
    public sealed record Request(string? Measure, string? Place, string? Level, DateOnly? From, DateOnly? To, string? By, bool Split, string? Format, bool Shared, string? Purpose);

    public sealed record Response(Guid Id);

    public static void Map(IEndpointRouteBuilder api) => api.MapPost("/exports", async (Request request, NewId id, AskExport feature, CancellationToken stop) =>
        Results.Created((string?)null, await feature.RunAsync(request, id, stop)));

    public async Task<Response> RunAsync(Request asked, NewId id, CancellationToken stop)
    {
        var facts = await query.ReadAsync(asked.Measure, asked.Place, asked.Level, asked.From, asked.To, asked.By, asked.Split, stop);
        Actor.Current.Require("insight.export", facts.Place);
        var format = Enum.TryParse<ExportFormat>(asked.Format, ignoreCase: true, out var known) && Enum.IsDefined(known) && !asked.Format!.Any(char.IsDigit) ? known : throw new RuleBrokenException("insight.format", "format", 422, asked.Format ?? "");
        Rule.Require(asked.Purpose?.Trim() is { Length: >= 2 and <= 200 }, "insight.export-purpose", "purpose");
        Rule.Require(!asked.Shared || facts.Measure.Roll == Contracts.Insight.Roll.Sum, "insight.export-sums", "measure");
        if (await db.Exports.AnyAsync(e => e.Id == id.Value, stop)) return new(id.Value);
        db.Add(new Export
        {
            Id = id.Value, Measure = facts.Measure.Id, PlacePath = facts.Place, Level = facts.Level ?? PlacePath.Depth(facts.Place), From = facts.From, To = facts.To, By = facts.By.ToString(), Split = facts.Split, Format = format, Shared = asked.Shared,
            Purpose = asked.Purpose!.Trim(), ById = Actor.Current.Id, ByName = Actor.Current.Name, Language = System.Globalization.CultureInfo.CurrentUICulture.TwoLetterISOLanguageName, At = clock.GetUtcNow(),
        });
        await db.SaveChangesAsync(stop);
        bell.Ring();
        return new(id.Value);
    }
}

/// <summary>Who took which figures (导出记录): one's own, and for auditors all.</summary>
[Needs("insight.export")]
internal sealed class ListExports(InsightDb db, TimeProvider clock) : IFeature
{
    private const int Most = 200;

    public static void Map(IEndpointRouteBuilder api) => api.MapGet("/exports", (ListExports feature, CancellationToken stop) => feature.RunAsync(stop));

    public async Task<IReadOnlyList<ExportRow>> RunAsync(CancellationToken stop)
    {
        var (me, now) = (Actor.Current.Id, clock.GetUtcNow());
        var rows = db.Exports.AsNoTracking().WhereWithin(e => e.PlacePath, Actor.Current.ScopesFor("insight.export"));
        if (!Actor.Current.Grants.Any(g => g.Role is BuiltInRoles.Auditor or BuiltInRoles.Administrator)) rows = rows.Where(e => e.ById == me);
        return [.. (await rows.OrderByDescending(e => e.At).Take(Most).ToListAsync(stop)).Select(e => new ExportRow(e.Id, e.Measure, e.PlacePath, e.From, e.To, e.By, e.Format, e.Shared, e.Purpose, e.ByName, e.At, e.State, e.Why, e.Rows, e.HiddenRows, e.Sha256,
            e.State == ExportState.Ready && e.ById == me && e.ReadyAt + ForgetExports.Life > now))];
    }
}

/// <summary>The file of an export, or the definitions beside it: for who asked for it, within a day.</summary>
[Needs("insight.export")]
internal sealed class FetchExport(InsightDb db, ExportMaker maker, TimeProvider clock) : IFeature
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/exports/{id:guid}/file", async (Guid id, FetchExport feature, CancellationToken stop) => await feature.RunAsync(id, false, stop));
        api.MapGet("/exports/{id:guid}/definitions", async (Guid id, FetchExport feature, CancellationToken stop) => await feature.RunAsync(id, true, stop));
    }

    public async Task<IResult> RunAsync(Guid id, bool definitions, CancellationToken stop)
    {
        var me = Actor.Current.Id;
        var export = Rule.Found(await db.Exports.SingleOrDefaultAsync(e => e.Id == id && e.ById == me, stop), "insight.export-none");
        Rule.State(export.State != ExportState.Waiting, "insight.export-waits");
        Rule.State(export.State == ExportState.Ready, "insight.export-failed", export.Why ?? "");
        var file = definitions ? maker.SidecarOf(export) : maker.FileOf(export);
        if (export.ReadyAt + ForgetExports.Life <= clock.GetUtcNow() || !File.Exists(file)) throw new RuleBrokenException("insight.export-gone", null, 410);
        if (!definitions)
        {
            export.Downloads++;
            await db.SaveChangesAsync(stop);
        }
        var name = $"{export.Measure}-{export.From:yyyyMMdd}-{export.To:yyyyMMdd}";
        return definitions ? Results.File(file, "application/json", $"{name}.definitions.json") : Results.File(file, export.Format switch { ExportFormat.Csv => "text/csv", ExportFormat.Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", _ => "application/vnd.apache.parquet" }, $"{name}.{ExportMaker.Extension(export.Format)}");
    }
}
