using Liren.Contracts.Organisation;
using Liren.Contracts.Places;
using Liren.Organisation.Data;
using Liren.Organisation.Domain;
using Liren.Sdk.Events;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Liren.Organisation.Features;

/// <summary>Keeps the active matrix compiled in memory; read again after it, an organisation or a place's name has changed.</summary>
internal sealed class ActiveMatrix(IServiceScopeFactory scopes)
{
    private MatrixBook? book;
    private int turn;

    /// <summary>Answers from a book made elsewhere, until told to forget.</summary>
    public ActiveMatrix(IServiceScopeFactory scopes, MatrixBook ready) : this(scopes) => book = ready;

    /// <summary>The active matrix; version 0 without rules when there is none.</summary>
    public ValueTask<MatrixBook> GetAsync(CancellationToken stop) => Volatile.Read(ref book) is { } ready ? new(ready) : new(LoadAsync(stop));

    /// <summary>The next question reads again.</summary>
    public void Forget()
    {
        Interlocked.Increment(ref turn);
        Volatile.Write(ref book, null);
    }

    private async Task<MatrixBook> LoadAsync(CancellationToken stop)
    {
        var started = Volatile.Read(ref turn);
        await using var scope = scopes.CreateAsyncScope();
        var read = await scope.ServiceProvider.GetRequiredService<MatrixReader>().ActiveAsync(stop);
        // Something changed while it was read: good for this answer, not for the next.
        if (started == Volatile.Read(ref turn)) Volatile.Write(ref book, read);
        return read;
    }
}

/// <summary>Reads versions of the matrix with the organisations they name.</summary>
internal sealed class MatrixReader(OrganisationDb db, IServiceProvider services)
{
    /// <summary>The active one.</summary>
    public async Task<MatrixBook> ActiveAsync(CancellationToken stop)
    {
        var version = await db.Versions.AsNoTracking().SingleOrDefaultAsync(v => v.State == MatrixState.Active, stop);
        return version is null ? await BookAsync(0, [], MatrixSettings.Default, stop) : await BookAsync(version, stop);
    }

    /// <summary>Any version.</summary>
    public async Task<MatrixBook> BookAsync(MatrixVersion version, CancellationToken stop) =>
        await BookAsync(version.Number, await db.Rules.AsNoTracking().Where(r => r.VersionId == version.Id).OrderBy(r => r.Number).ToListAsync(stop), version.Settings, stop);

    /// <summary>Rules from wherever.</summary>
    public async Task<MatrixBook> BookAsync(int number, IReadOnlyList<MatrixRule> rules, MatrixSettings settings, CancellationToken stop)
    {
        var orgs = (await db.Units.AsNoTracking().ToListAsync(stop)).ConvertAll(o => new OrgInfo(o.Card, o.Kind, o.ClosedAt is not null));
        var superiors = (await db.Superiors.AsNoTracking().ToListAsync(stop)).GroupBy(s => s.Line).ToDictionary(g => g.Key, g => g.ToDictionary(s => s.OrgId, s => s.SuperiorId));
        var paths = rules.Select(r => r.PlacePath).Concat(settings.Scopes).Where(p => p.Length > 0).Distinct().ToList();
        var names = services.GetService<IPlaceDirectory>() is { } places ? (await places.FindManyAsync(paths, stop)).ToDictionary(p => p.Key, p => p.Value.Name) : [];
        return new(number, rules, settings, orgs, superiors, names);
    }
}

/// <summary>Forgets what is kept when something it was made of has changed, in whichever process.</summary>
internal sealed class ForgetActiveMatrix(ActiveMatrix active) :
    IHandle<MatrixActivated>, IHandle<OrgUnitAdded>, IHandle<OrgUnitChanged>, IHandle<PlaceChanged>, IHandle<PlaceAdded>
{
    public Task HandleAsync(MatrixActivated @event, CancellationToken cancellation) => Forget();
    public Task HandleAsync(OrgUnitAdded @event, CancellationToken cancellation) => Forget();
    public Task HandleAsync(OrgUnitChanged @event, CancellationToken cancellation) => Forget();
    public Task HandleAsync(PlaceChanged @event, CancellationToken cancellation) => Forget();
    public Task HandleAsync(PlaceAdded @event, CancellationToken cancellation) => Forget();

    private Task Forget()
    {
        active.Forget();
        return Task.CompletedTask;
    }
}
