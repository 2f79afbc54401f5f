using Liren.Contracts.Insight;
using Liren.Contracts.People;
using Liren.Insight.Data;
using Liren.Insight.Domain;
using Liren.Insight.Folding;
using Liren.Sdk.Events;
using Liren.Sdk.Jobs;
using Liren.Sdk.Operations;
using Liren.Sdk.Security;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Liren.Insight.Features;

/// <summary>Recounts one random day of every source each night (自检); a difference is kept, logged and shown until a later check of that source finds none.</summary>
internal sealed partial class SelfChecks(InsightDb db, MeasureBook book, Recount recount, TimeProvider clock, ILogger<SelfChecks> log) : IJob
{
    private const int DaysBack = 28;

    public string Name => "insight.self-check";
    public TimeSpan Every => TimeSpan.FromHours(1);

    public async Task RunAsync(CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        // Between two and five in the night of Shanghai, once.
        if (LocalTime.HourOf(now) is < 2 or > 4) return;
        var tonight = LocalTime.StartOf(LocalTime.DayOf(now));
        foreach (var source in book.Sources)
        {
            var name = source.Name;
            if (await db.Checks.AnyAsync(c => c.Source == name && c.At >= tonight, cancellation)) continue;
            var first = source is ILogMeasures lines ? (await lines.FirstWholeDayAsync(cancellation))?.DayNumber : LocalTime.DayOf(now) - DaysBack;
            var last = LocalTime.DayOf(now) - 1;
            if (first is null || first > last) continue;
            await OneAsync(source, Random.Shared.Next(Math.Max(first.Value, last - DaysBack), last + 1), cancellation);
        }
    }

    /// <summary>Recounts a day and keeps what was found.</summary>
    public async Task<SelfCheck> OneAsync(IMeasures source, int day, CancellationToken stop)
    {
        var found = await recount.DayAsync(source, day, stop);
        var check = new SelfCheck { Id = Guid.CreateVersion7(clock.GetUtcNow()), Source = source.Name, Day = day, Rows = found.Rows, Different = found.Different.Count, First = found.Different is [var one, ..] ? one.ToString() : null, At = clock.GetUtcNow() };
        db.Add(check);
        await db.SaveChangesAsync(stop);
        if (check.Different > 0) LogDifferent(source.Name, $"{DateOnly.FromDayNumber(day):yyyy-MM-dd}", check.Different, check.First);
        return check;
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{Source}: a recount of {Day} differs in {Different} rows, first {First}; ./liren insight rebuild repairs it")]
    private partial void LogDifferent(string source, string day, int different, string? first);
}

/// <summary>Shows in <c>doctor</c> whether the last recount of each source agreed.</summary>
internal sealed class InsightCheck(InsightDb db) : ICheck
{
    public string Name => "figures";

    public async IAsyncEnumerable<Finding> LookAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        var last = (await db.Checks.AsNoTracking().OrderByDescending(c => c.At).Take(100).ToListAsync(cancellation)).DistinctBy(c => c.Source).ToList();
        if (last.Find(c => c.Different > 0) is { } bad) yield return Finding.Warn(Name, $"{bad.Source}: {bad.Different} rows of {DateOnly.FromDayNumber(bad.Day):yyyy-MM-dd} differ from a recount", $"./liren insight rebuild");
        else yield return Finding.Ok(Name, last.Count == 0 ? "no recount yet" : $"{last.Count} sources recounted, no difference");
    }
}

/// <summary>Drops sets of people after their time (<c>Insight:PeopleDays</c>, 62 when not set), and the numbers nobody needs any more. Counts stay.</summary>
internal sealed class ForgetPeopleSets(InsightDb db, PersonNumbers numbers, IConfiguration configuration, TimeProvider clock) : IJob
{
    private const int Batch = 500;

    public string Name => "insight.forget-people-sets";
    public TimeSpan Every => TimeSpan.FromHours(6);

    public async Task RunAsync(CancellationToken cancellation)
    {
        var days = int.TryParse(configuration["Insight:PeopleDays"], out var set) && set is >= 1 and <= 400 ? set : 62;
        var before = LocalTime.DayOf(clock.GetUtcNow()) - days;
        if (await db.PeopleSets.Where(s => s.Day < before).ExecuteDeleteAsync(cancellation) == 0) return;
        var given = await db.Numbers.AsNoTracking().Select(n => n.Number).ToListAsync(cancellation);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
        // Nobody folds meanwhile: a number that is put into a set now must not be taken for one nobody needs.
        await db.Cursors.ExecuteUpdateAsync(c => c.SetProperty(x => x.Seq, x => x.Seq), cancellation);
        ulong[] used = [];
        await foreach (var words in db.PeopleSets.AsNoTracking().Where(s => s.Level == 0).Select(s => s.Words).AsAsyncEnumerable().WithCancellation(cancellation)) BitSet.JoinInto(words, ref used);
        foreach (var chunk in given.Where(n => !BitSet.Has(n, used)).Chunk(Batch)) await db.Numbers.Where(n => chunk.Contains(n.Number)).ExecuteDeleteAsync(cancellation);
        numbers.Forget();
        await transaction.CommitAsync(cancellation);
    }
}

/// <summary>A person was erased: nothing says any more which bit of a set they were.</summary>
internal sealed class ForgetPerson(InsightDb db, PersonNumbers numbers) : IHandle<PersonErased>
{
    public async Task HandleAsync(PersonErased @event, CancellationToken cancellation)
    {
        await db.Numbers.Where(n => n.PersonId == @event.PersonId).ExecuteDeleteAsync(cancellation);
        numbers.Forget();
    }
}

/// <summary>Counts what happened before there was this module, or before a definition changed, once at the start.</summary>
internal sealed partial class FirstCount(MeasureBook book, IServiceScopeFactory scopes, IHostApplicationLifetime lifetime, ILogger<FirstCount> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var started = new TaskCompletionSource();
        await using var registration = lifetime.ApplicationStarted.Register(() => started.TrySetResult());
        await started.Task.WaitAsync(stoppingToken);
        using var actor = Actor.Use(Actor.System);
        foreach (var source in book.Sources)
        {
            await using var scope = scopes.CreateAsyncScope();
            try
            {
                var cursor = await scope.ServiceProvider.GetRequiredService<Folder>().CursorAsync(source, stoppingToken);
                // A log is folded from its first line anyhow.
                if (cursor.Definitions == MeasureBook.Definitions(source) && (source is ILogMeasures || cursor.Seq > 0)) continue;
                var done = await scope.ServiceProvider.GetRequiredService<Rebuild>().RunAsync(source, null, stoppingToken);
                LogCounted(source.Name, done.Different);
            }
            // Figures are late then, and say so; everything else goes on, and the next start tries again.
            catch (Exception e) when (e is not (OperationCanceledException or OutOfMemoryException)) { LogTrouble(source.Name, e); }
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Source} was counted from the start; {Different} rows changed")]
    private partial void LogCounted(string source, int different);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Source} could not be counted from the start")]
    private partial void LogTrouble(string source, Exception e);
}
