using Liren.Contracts.Places;
using Liren.Places.Data;
using Liren.Places.Domain;
using Liren.Sdk;
using Liren.Sdk.Data;
using Liren.Sdk.Security;
using Liren.Sdk.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Liren.Places.Features;

/// <summary>
/// Imports a table of national divisions. Good rows are taken, bad ones named with their reason. Nothing is ever deleted: what the file does
/// not mention stays. Repeating an import changes nothing; one that was cut off is completed by running it again.
/// </summary>
[Needs(Access.Import)]
internal sealed class ImportDivisions(PlacesDb db, DivisionStore store, DataLocation at, TimeProvider clock) : IFeature
{
    /// <summary>Largest file taken over the network; the national table has 31 MiB.</summary>
    public const long MaxBytes = 64L * 1024 * 1024;

    /// <summary>Refusals that an answer lists; all are counted.</summary>
    public const int Listed = 1_000;

    /// <summary>A chunk of SQLite must let others write before the next one: they look for the lock every 100 ms at most.</summary>
    private static readonly TimeSpan Breath = TimeSpan.FromMilliseconds(25);

    /// <summary>How far an import is.</summary>
    public readonly record struct Progress(int Done, int Total);

    /// <summary>What an import did, or with <paramref name="DryRun"/> would do.</summary>
    /// <param name="Read">Rows with something in them, without the header: the sum of the next four.</param>
    /// <param name="Added">New divisions.</param>
    /// <param name="Changed">Divisions with another name than before.</param>
    /// <param name="Unchanged">Divisions that were there just so.</param>
    /// <param name="Refused">Rows that were not taken.</param>
    /// <param name="Filled">Levels of zeros added between a city and its streets beside the rows, because the file leaves them out.</param>
    /// <param name="Absent">Divisions of the table that the file does not mention; they stay.</param>
    /// <param name="DryRun">True when nothing was written.</param>
    /// <param name="Refusals">Why, row by row.</param>
    public sealed record Result(int Read, int Added, int Changed, int Unchanged, int Refused, int Filled, long Absent, bool DryRun, IReadOnlyList<DivisionRefusal> Refusals);

    /// <summary>A refused row in the reader's language.</summary>
    public sealed record RefusedRow(int Row, string Column, string Value, string Code, string Reason);

    /// <summary>The answer of the API.</summary>
    public sealed record Response(int Read, int Added, int Changed, int Unchanged, int Refused, int Filled, long Absent, bool DryRun, IReadOnlyList<RefusedRow> Refusals);

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/divisions/import", async (HttpRequest request, bool? dryRun, ImportDivisions feature, Texts texts, CancellationToken stop) =>
        {
            await using var file = await feature.ReceiveAsync(request.Body, stop);
            var done = await feature.RunAsync(file, dryRun ?? false, null, stop);
            return new Response(done.Read, done.Added, done.Changed, done.Unchanged, done.Refused, done.Filled, done.Absent, done.DryRun, [.. done.Refusals.Take(Listed).Select(r => Say(texts, r))]);
        }).Accepts<IFormFile>("text/csv").WithMetadata(new RequestSizeLimitAttribute(MaxBytes));

    /// <summary>The sentence of a refusal.</summary>
    public static RefusedRow Say(Texts texts, DivisionRefusal refusal) => new(refusal.Row, refusal.Column, refusal.Value, refusal.Reason, texts[refusal.Reason, [.. refusal.Args]]);

    /// <summary>What an import did, in one or two sentences.</summary>
    public static string Say(Texts texts, Result done) => string.Join(' ', new[]
    {
        texts[done.DryRun ? "places.divisions.would" : "places.divisions.did", done.Read, done.Added, done.Changed, done.Unchanged, done.Refused],
        done.Filled > 0 ? texts["places.divisions.filled", done.Filled] : "",
        done.Absent > 0 ? texts["places.divisions.absent", done.Absent] : "",
    }.Where(s => s.Length > 0));

    /// <summary>Takes a stream into a file that is gone when closed: a slow sender holds no memory, and encodings need a second look.</summary>
    public async Task<FileStream> ReceiveAsync(Stream from, CancellationToken stop)
    {
        Actor.Current.Require(Access.Import, PlacePath.Root);
        var file = new FileStream(Path.Combine(at.Sub("incoming"), Path.GetRandomFileName()), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 1 << 16, FileOptions.DeleteOnClose | FileOptions.Asynchronous);
        try
        {
            var buffer = new byte[1 << 16];
            while (await from.ReadAsync(buffer, stop) is > 0 and var read)
            {
                Rule.Require(file.Length + read <= MaxBytes, "places.divisions.too-large", "file", MaxBytes >> 20);
                await file.WriteAsync(buffer.AsMemory(0, read), stop);
            }
            file.Position = 0;
            return file;
        }
        catch
        {
            await file.DisposeAsync();
            throw;
        }
    }

    /// <summary>Imports, or with <paramref name="dryRun"/> only says what an import would do.</summary>
    /// <param name="file">The table; must be able to seek, and is left open.</param>
    /// <param name="dryRun">Write nothing.</param>
    /// <param name="progress">Hears how far it is.</param>
    /// <param name="stop">Stops between two chunks; what was written stays and is whole.</param>
    public Task<Result> RunAsync(Stream file, bool dryRun, IProgress<Progress>? progress, CancellationToken stop)
    {
        Actor.Current.Require(Access.Import, PlacePath.Root);
        // Seconds of calculation and of SQLite, which knows no waiting: not on a circuit's thread.
        return Task.Run(() => ImportAsync(file, dryRun, progress, stop), stop);
    }

    private async Task<Result> ImportAsync(Stream file, bool dryRun, IProgress<Progress>? progress, CancellationToken stop)
    {
        file.Position = 0;
        var sheet = DivisionFile.Read(file, stop);
        var entries = sheet.Settle(await store.FindAsync(sheet.MissingParents(), stop));
        var sum = new DivisionStore.Merged();
        for (var done = 0; done < entries.Count; done += DivisionStore.Chunk)
        {
            progress?.Report(new(done, entries.Count));
            if (done > 0 && !dryRun) await Task.Delay(Breath, stop);
            var merged = await store.MergeAsync(entries.GetRange(done, Math.Min(DivisionStore.Chunk, entries.Count - done)), !dryRun, stop);
            sum = new(sum.Added + merged.Added, sum.Changed + merged.Changed, sum.Unchanged + merged.Unchanged, sum.Filled + merged.Filled);
        }
        progress?.Report(new(entries.Count, entries.Count));
        if (!dryRun)
        {
            if (sum.Added > DivisionStore.Chunk) await store.AnalyseAsync(stop);
            db.Raise(new DivisionsImported(sum.Added, sum.Changed, sheet.Refusals.Count, clock.GetUtcNow()));
            await db.SaveChangesAsync(stop);
        }
        var mentioned = sum.Changed + sum.Unchanged + (dryRun ? 0 : sum.Added + sum.Filled);
        return new(sheet.Read, sum.Added, sum.Changed, sum.Unchanged, sheet.Refusals.Count, sum.Filled, await store.CountAsync(stop) - mentioned, dryRun, sheet.Refusals);
    }
}
