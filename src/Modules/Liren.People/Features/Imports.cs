using System.Linq.Expressions;
using Liren.People.Data;
using Liren.People.Domain;
using Liren.Sdk;
using Liren.Sdk.Data;
using Liren.Sdk.Security;
using Liren.Sdk.Text;
using Liren.Sdk.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;

namespace Liren.People.Features;

/// <summary>How far an import is.</summary>
/// <param name="FileUntil">When the file is deleted; null when it is gone.</param>
/// <param name="Failure">What stopped it.</param>
internal sealed record ImportStatus(Guid Id, string Compound, string FileName, string State, string Actor, string Origin, DateTimeOffset CreatedAt, DateTimeOffset? StartedAt, DateTimeOffset? FinishedAt,
    int Total, int Added, int Changed, int Unchanged, int Refused, DateTimeOffset? FileUntil, string? Failure, int Version)
{
    public static readonly Expression<Func<ImportRun, ImportStatus>> Of = r => new(r.Id, r.CompoundPath, r.FileName, r.State.ToString(), r.Actor, r.Origin, r.CreatedAt, r.StartedAt, r.FinishedAt,
        r.Total, r.Added, r.Changed, r.Unchanged, r.Refused, r.FileUntil, r.Failure, r.Version);
}

/// <summary>A column of the sheet with its guess and a few masked values.</summary>
internal sealed record UploadedColumn(string Letter, string Header, string? Field, IReadOnlyList<string> Samples);

/// <summary>A file that has arrived: what was found in it.</summary>
internal sealed record UploadedRoster(Guid Id, string State, int Sheet, IReadOnlyList<string> Sheets, int HeaderRow, IReadOnlyList<UploadedColumn> Columns, string DefaultKind, bool FillDown, bool MakeRooms,
    IReadOnlyList<string> CompoundNames, string? SuggestedName, bool Remembered, ImportPreview? Preview);

/// <summary>Takes a roster (上传台账). With <c>dryRun</c> it is only looked at and nothing is kept; otherwise it is run at once, or waits for its mapping.</summary>
[Needs("people.import"), PersonalData]
internal sealed class UploadRoster(PeopleDb db, RosterLoader loader, PreviewRoster preview, ImportFiles files, ImportQueue queue, TimeProvider clock) : IFeature
{
    /// <summary>What is to happen with the file.</summary>
    public enum Then { Wait, Preview, Run }

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/imports", async (HttpContext http, bool? dryRun, NewId id, UploadRoster feature, CancellationToken stop) =>
        {
            Rule.Require(http.Request.HasFormContentType, "people.file-form", "file");
            var form = await http.Request.ReadFormAsync(new() { MultipartBodyLengthLimit = SheetFile.MostBytes + 1_000_000, BufferBodyLengthLimit = SheetFile.MostBytes + 1_000_000 }, stop);
            var file = form.Files.GetFile("file") ?? throw new RuleBrokenException("people.file-missing", "file");
            Rule.Require(file.Length <= SheetFile.MostBytes, "people.file-large", "file", SheetFile.MostBytes / 1024 / 1024);
            using var memory = new MemoryStream((int)file.Length);
            await file.CopyToAsync(memory, stop);
            var map = form["map"].FirstOrDefault() is { Length: > 0 } json ? RosterMap.Parse(json) : null;
            var then = dryRun == true ? Then.Preview : form["wait"].FirstOrDefault() == "true" ? Then.Wait : Then.Run;
            var answer = await feature.RunAsync(memory.ToArray(), file.FileName, form["compound"].FirstOrDefault() ?? "", map, then, id, "api", stop);
            return then == Then.Preview ? Results.Ok(answer) : Results.Accepted($"/api/people/imports/{answer.Id}", answer);
        }).WithMetadata(new SizeLimit(SheetFile.MostBytes + 2_000_000)).DisableAntiforgery();

    public async Task<UploadedRoster> RunAsync(byte[] file, string fileName, string compound, RosterMap? map, Then then, NewId id, string origin, CancellationToken stop)
    {
        Actor.Current.Require("people.import", compound);
        // The same upload again after a crash of either side finds the first one.
        if (id.Repeatable && await db.Imports.AsNoTracking().SingleOrDefaultAsync(r => r.Id == id.Value, stop) is { } before)
            return Describe(before.Id, before.State, file, await loader.OpenAsync(file, compound, map, stop), null);
        var roster = await loader.OpenAsync(file, compound, map, stop);
        var mayMake = Actor.Current.May("places.edit", compound);
        if (!mayMake) roster = roster with { Mapping = roster.Mapping with { MakeRooms = false } };
        if (then == Then.Preview) return Describe(Guid.Empty, ImportState.Uploaded, file, roster, (await preview.RunAsync(file, compound, map, mayMake, stop)).Preview);
        if (then == Then.Run) roster.MustBeComplete();
        var now = clock.GetUtcNow();
        await files.SaveAsync(id.Value, file, stop);
        var run = ImportRun.Upload(id.Value, compound, fileName, file.Length, ImportFiles.HashOf(file), origin, Actor.Current.Id, Actor.Current.Name, Purpose.Required, Actor.Current.May("people.tags", compound), now, now + ImportFiles.Kept);
        run.Decide(roster.Number, RosterMap.Of(roster.Mapping, roster.Number).ToJson());
        db.Add(run);
        await db.SaveChangesAsync(stop);
        if (then == Then.Run) queue.Add(run.Id);
        return Describe(run.Id, run.State, file, roster, null);
    }

    internal static UploadedRoster Describe(Guid id, ImportState state, byte[] file, Roster roster, ImportPreview? preview)
    {
        var data = roster.Sheet.Rows.Where(r => r.Number > roster.Mapping.HeaderRow && !r.IsEmpty).Take(30).ToList();
        var columns = roster.Mapping.Columns.Select(c => new UploadedColumn(c.Letter, c.Header, c.Field?.ToString(),
            [.. data.Select(r => r.At(c.Index)).Where(v => v.Length > 0).Distinct().Take(3).Select(v => RosterRow.Masked(c.Field is null or RosterField.Ignore ? RosterField.Name : c.Field, v))])).ToList();
        // Half of the addresses name the same compound by another name: probably this one.
        var address = roster.Mapping.Of(RosterField.Address) ?? roster.Mapping.Of(RosterField.Room);
        var other = address is null ? null : data.Select(r => RoomText.CompoundIn(r.At(address.Index))).OfType<string>().Where(n => n != roster.Compound.Name && !roster.Mapping.CompoundNames.Contains(n))
            .GroupBy(n => n).Where(g => g.Count() * 2 > data.Count).Select(g => g.Key).FirstOrDefault();
        return new(id, state.ToString(), roster.Number, SheetFile.SheetNames(file), roster.Mapping.HeaderRow, columns, roster.Mapping.DefaultKind.ToString(), roster.Mapping.FillDown, roster.Mapping.MakeRooms,
            roster.Mapping.CompoundNames, other, roster.Remembered, preview);
    }

    private sealed record SizeLimit(long? MaxRequestBodySize) : IRequestSizeLimitMetadata;
}

/// <summary>Shows an uploaded roster again, for another sheet or row of headings.</summary>
[Needs("people.import"), PersonalData]
internal sealed class PreviewImport(PeopleDb db, PreviewRoster preview, ImportFiles files) : IFeature
{
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/imports/{id:guid}/preview", async (Guid id, HttpContext http, PreviewImport feature, CancellationToken stop) => await feature.RunAsync(id, await ImportBodies.MapAsync(http, stop), stop));

    /// <summary>What the run would do.</summary>
    public async Task<ImportPreview> RunAsync(Guid id, RosterMap? map, CancellationToken stop)
    {
        var run = await ImportScope.FindAsync(db, id, stop);
        var file = await files.ReadAsync(id, stop) ?? throw new RuleBrokenException("people.import-file-gone", null, 409);
        return (await preview.RunAsync(file, run.CompoundPath, map ?? RosterMap.Parse(run.Mapping), Actor.Current.May("places.edit", run.CompoundPath), stop)).Preview;
    }
}

/// <summary>Starts an uploaded import, or starts it again after it stopped; it is run by the server in the background.</summary>
[Needs("people.import"), PersonalData]
internal sealed class StartImport(PeopleDb db, RosterLoader loader, ImportFiles files, ImportQueue queue) : IFeature
{
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/imports/{id:guid}/run", async (Guid id, HttpContext http, StartImport feature, CancellationToken stop) =>
        {
            await feature.RunAsync(id, await ImportBodies.MapAsync(http, stop), stop);
            return TypedResults.Accepted($"/api/people/imports/{id}");
        });

    public async Task RunAsync(Guid id, RosterMap? map, CancellationToken stop)
    {
        var run = await ImportScope.FindAsync(db, id, stop);
        Rule.State(run.State is ImportState.Uploaded or ImportState.Failed, run.State == ImportState.Running ? "people.import-running" : run.State == ImportState.Finished ? "people.import-finished" : "people.import-discarded");
        var file = await files.ReadAsync(id, stop) ?? throw new RuleBrokenException("people.import-file-gone", null, 409);
        if (run.State == ImportState.Uploaded && map is not null)
        {
            var roster = await loader.OpenAsync(file, run.CompoundPath, map, stop);
            roster.MustBeComplete();
            if (!Actor.Current.May("places.edit", run.CompoundPath)) roster = roster with { Mapping = roster.Mapping with { MakeRooms = false } };
            run.Decide(roster.Number, RosterMap.Of(roster.Mapping, roster.Number).ToJson());
            await db.SaveChangesAsync(stop);
        }
        queue.Add(id);
    }
}

/// <summary>Imports so far: who, when, how many.</summary>
[Needs("people.import")]
internal sealed class ListImports(PeopleDb db) : IFeature
{
    private static readonly Dictionary<string, Expression<Func<ImportRun, object?>>> Columns = new()
    {
        ["createdAt"] = r => r.CreatedAt, ["fileName"] = r => r.FileName, ["compound"] = r => r.CompoundPath, ["actor"] = r => r.Actor, ["added"] = r => r.Added, ["refused"] = r => r.Refused, ["total"] = r => r.Total,
    };

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/imports", ([AsParameters] ListQuery query, HttpContext http, Texts texts, ListImports feature, CancellationToken stop) =>
            ListAnswer.AnswerAsync(http, texts, "imports", query, q => feature.RunAsync(q, stop)));

    public Task<Page<ImportStatus>> RunAsync(ListQuery query, CancellationToken stop)
    {
        var rows = db.Imports.AsNoTracking().WhereWithin(r => r.CompoundPath, Actor.Current.ScopesFor("people.import"));
        if (query.Place is { Length: > 0 } place) rows = rows.WhereWithin(r => r.CompoundPath, [place]);
        if (query.Text is { } text) rows = rows.Where(r => r.FileName.Contains(text) || r.Actor.Contains(text));
        if (Enum.TryParse<ImportState>(query.Filter, out var state)) rows = rows.Where(r => r.State == state);
        return rows.PageAsync(query, Columns, "-createdAt", ImportStatus.Of, stop);
    }
}

/// <summary>One import.</summary>
[Needs("people.import")]
internal sealed class ShowImport(PeopleDb db) : IFeature
{
    public static void Map(IEndpointRouteBuilder api) => api.MapGet("/imports/{id:guid}", (Guid id, ShowImport feature, CancellationToken stop) => feature.RunAsync(id, stop));

    public async Task<ImportStatus> RunAsync(Guid id, CancellationToken stop) => ImportStatus.Of.Compile()(await ImportScope.FindAsync(db, id, stop));
}

/// <summary>What became of the rows of an import; without any value of the sheet.</summary>
[Needs("people.import")]
internal sealed class ListImportRows(PeopleDb db, Reasons reasons) : IFeature
{
    /// <param name="Column">Column letters of the reasons.</param>
    /// <param name="Reason">Sentences.</param>
    public sealed record Row(int RowNumber, string Outcome, Guid? PersonId, string Column, string Codes, string Reason);

    private static readonly Dictionary<string, Expression<Func<ImportRow, object?>>> Columns = new() { ["row"] = r => r.Row, ["outcome"] = r => r.Outcome };

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/imports/{id:guid}/rows", (Guid id, [AsParameters] ListQuery query, HttpContext http, Texts texts, ListImportRows feature, CancellationToken stop) =>
            ListAnswer.AnswerAsync(http, texts, "import-rows", query, q => feature.RunAsync(id, q, stop)));

    /// <summary>Filter: an outcome, or a reason's code.</summary>
    public async Task<Page<Row>> RunAsync(Guid id, ListQuery query, CancellationToken stop)
    {
        await ImportScope.FindAsync(db, id, stop);
        var rows = db.ImportRows.AsNoTracking().Where(r => r.RunId == id);
        if (Enum.TryParse<RowOutcome>(query.Filter, out var outcome)) rows = rows.Where(r => r.Outcome == outcome);
        else if (query.Filter is { Length: > 0 } code) rows = rows.Where(r => r.Codes!.Contains(":" + code));
        if (int.TryParse(query.Text, out var number)) rows = rows.Where(r => r.Row == number);
        var page = await rows.PageAsync(query, Columns, "row", r => r, stop);
        return new([.. page.Items.Select(r =>
        {
            var said = reasons.Of(r.Codes).ToList();
            return new Row(r.Row, r.Outcome.ToString(), r.PersonId, string.Join(", ", said.Select(s => s.Column).Where(c => c.Length > 0).Distinct()), string.Join(", ", said.Select(s => s.Code)), string.Join(" ", said.Select(s => s.Sentence)));
        })], page.Total, page.PageNumber, page.Size);
    }
}

/// <summary>Throws an uploaded file away before its time; a run that never began is over with it.</summary>
[Needs("people.import")]
internal sealed class DeleteRoster(PeopleDb db, ImportFiles files) : IFeature
{
    public static void Map(IEndpointRouteBuilder api) => api.MapDelete("/imports/{id:guid}/file", (Guid id, DeleteRoster feature, CancellationToken stop) => feature.RunAsync(id, stop));

    public async Task RunAsync(Guid id, CancellationToken stop)
    {
        var run = await ImportScope.FindAsync(db, id, stop);
        Rule.State(run.State != ImportState.Running, "people.import-running");
        files.Delete(id);
        run.FileGone();
        await db.SaveChangesAsync(stop);
    }
}

/// <summary>Whoever may import into a compound sees its imports.</summary>
internal static class ImportScope
{
    public static async Task<ImportRun> FindAsync(PeopleDb db, Guid id, CancellationToken stop)
    {
        var run = Rule.Found(await db.Imports.SingleOrDefaultAsync(r => r.Id == id, stop), "people.no-import");
        Actor.Current.Require("people.import", run.CompoundPath);
        return run;
    }
}

/// <summary>A map in the body of a request; none is none.</summary>
internal static class ImportBodies
{
    public static async Task<RosterMap?> MapAsync(HttpContext http, CancellationToken stop)
    {
        using var reader = new StreamReader(http.Request.Body);
        return await reader.ReadToEndAsync(stop) is { Length: > 0 } json ? RosterMap.Parse(json) : null;
    }
}
