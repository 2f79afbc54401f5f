using System.Collections.Concurrent;
using Liren.Sdk.Data;
using Liren.Supplies.Data;
using Liren.Supplies.Domain;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Liren.Supplies.Rush;

/// <summary>The writers of the rounds that somebody asks for; each begins with the first ask, and ends when its round is read anew.</summary>
internal sealed class RoundBook(DataLocation at, IServiceScopeFactory scopes, TimeProvider clock) : IAsyncDisposable
{
    private readonly ConcurrentDictionary<int, Lazy<RoundWriter>> writers = new();

    /// <summary>The writer of a round that exists.</summary>
    public RoundWriter this[int serial] => writers.GetOrAdd(serial, s => new(() => new(at, s, () => Terms(s), clock))).Value;

    /// <summary>Asks; returns when what follows from it is on disk.</summary>
    public Task<Ask> RunAsync(int serial, Ask ask) => this[serial].RunAsync(ask);

    /// <summary>The round's numbers; from the last batch, or read from the rows.</summary>
    public async Task<RoundCounts> CountsAsync(int serial)
    {
        var writer = this[serial];
        if (writer.Counts is { } counts && clock.GetUtcNow() - counts.At < Fresh) return counts;
        await writer.RunAsync(new Ask(Act.Look));
        return writer.Counts!;
    }

    /// <summary>The round itself has changed: its writer ends, and the next one reads it anew.</summary>
    public async Task ReadAnewAsync(int serial)
    {
        if (writers.TryRemove(serial, out var writer) && writer.IsValueCreated) await writer.Value.DisposeAsync();
    }

    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(30);

    private RoundTerms Terms(int serial)
    {
        using var scope = scopes.CreateScope();
        return RoundTerms.Of(scope.ServiceProvider.GetRequiredService<SuppliesDb>().RoundsWithRules.AsNoTracking().Single(r => r.Serial == serial));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var serial in writers.Keys) await ReadAnewAsync(serial);
    }
}
