using System.Text.Json;
using Liren.Contracts;
using Liren.Sdk.Events;
using Liren.Sdk.Security;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace Liren.Sdk.Data;

/// <summary>
/// The tables of one module; every name starts with the module's, so that one SQLite file or one PostgreSQL database holds them all.
/// Saving writes the events that entities raised to journal and outbox in the same transaction.
/// </summary>
public abstract class ModuleDb(DbContextOptions options) : DbContext(options)
{
    /// <summary>Prefix of the tables, the module's name.</summary>
    public abstract string Module { get; }

    /// <summary>Append-only record of what happened, in all modules.</summary>
    public DbSet<JournalEntry> Journal => Set<JournalEntry>();

    /// <summary>Journal entries not yet handed to every handler.</summary>
    public DbSet<OutboxMessage> Outbox => Set<OutboxMessage>();

    /// <summary>Which message a handler has already had.</summary>
    public DbSet<InboxMark> Inbox => Set<InboxMark>();

    /// <summary>Events that will happen at a time.</summary>
    public DbSet<TimerRow> Timers => Set<TimerRow>();

    /// <summary>Notes for the bell of the console.</summary>
    public DbSet<BellNote> BellNotes => Set<BellNote>();

    /// <summary>Writes an event that belongs to no single entity; saved with the next <c>SaveChangesAsync</c>.</summary>
    public void Raise(IEvent @event)
    {
        var entry = JournalEntry.From(@event, Module);
        Journal.Add(entry);
        Outbox.Add(new OutboxMessage { Id = entry.Id, At = entry.At });
    }

    /// <summary>
    /// Makes the event happen at a time; it survives restarts and happens once. A second call with the same key moves it.
    /// </summary>
    public async Task ScheduleAsync(string key, DateTimeOffset due, IEvent @event, CancellationToken cancellation = default)
    {
        var fresh = TimerRow.From(key, due, @event, Module);
        if (await FindTimerAsync(key, cancellation) is not { } row) { Timers.Add(fresh); return; }
        if (Entry(row).State == EntityState.Deleted) Entry(row).State = EntityState.Unchanged;
        (row.Due, row.Module, row.Type, row.Body, row.Cause) = (fresh.Due, fresh.Module, fresh.Type, fresh.Body, fresh.Cause);
    }

    /// <summary>Cancels what <see cref="ScheduleAsync"/> planned; nothing happens when there is none.</summary>
    public async Task CancelTimerAsync(string key, CancellationToken cancellation = default)
    {
        if (await FindTimerAsync(key, cancellation) is { } row) Timers.Remove(row);
    }

    private async Task<TimerRow?> FindTimerAsync(string key, CancellationToken cancellation) =>
        Timers.Local.FirstOrDefault(t => t.Key == key) ?? ChangeTracker.Entries<TimerRow>().FirstOrDefault(e => e.Entity.Key == key)?.Entity
        ?? await Timers.FirstOrDefaultAsync(t => t.Key == key, cancellation);

    /// <summary>Puts a note into the bell of people, in the same transaction.</summary>
    public void Tell(IEnumerable<Guid> accounts, string textKey, string href, DateTimeOffset at, params object[] args)
    {
        foreach (var account in accounts.Distinct())
            BellNotes.Add(new BellNote { AccountId = account, TextKey = textKey, Args = JsonSerializer.Serialize(args), Href = href, At = at });
    }

    /// <inheritdoc/>
    public override async Task<int> SaveChangesAsync(bool acceptAllChangesOnSuccess, CancellationToken cancellationToken = default)
    {
        // Every look at the tracker would compare every entity with its snapshot again: once is enough, and bulk work feels it.
        ChangeTracker.DetectChanges();
        var detects = ChangeTracker.AutoDetectChangesEnabled;
        ChangeTracker.AutoDetectChangesEnabled = false;
        try { return await SaveDetectedAsync(acceptAllChangesOnSuccess, cancellationToken); }
        finally { ChangeTracker.AutoDetectChangesEnabled = detects; }
    }

    private async Task<int> SaveDetectedAsync(bool acceptAllChangesOnSuccess, CancellationToken cancellationToken)
    {
        foreach (var entry in ChangeTracker.Entries<Entity>().ToList())
        {
            foreach (var @event in entry.Entity.TakeEvents()) Raise(@event);
            if (entry.State is EntityState.Added or EntityState.Modified) entry.Property(e => e.Version).CurrentValue++;
        }
        if (ChangeTracker.Entries<JournalEntry>().Any(e => e.State is EntityState.Modified or EntityState.Deleted))
            throw new InvalidOperationException("The journal is append-only: correct what happened by a new event.");
        var woken = ChangeTracker.Entries<OutboxMessage>().Any(e => e.State == EntityState.Added)
            || ChangeTracker.Entries<TimerRow>().Any(e => e.State is EntityState.Added or EntityState.Modified);
        var bells = ChangeTracker.Entries<BellNote>().Where(e => e.State == EntityState.Added).Select(e => e.Entity.AccountId).ToList();
        int saved;
        try { saved = await base.SaveChangesAsync(acceptAllChangesOnSuccess, cancellationToken); }
        catch (DbUpdateConcurrencyException) { throw new RuleBrokenException("sdk.changed-meanwhile", null, 412); }
        if (woken) Database.AfterCommit(CommitSignal.Wake);
        if (bells.Count > 0) Database.AfterCommit(() => { foreach (var account in bells) LiveBus.Shared.Publish(new LiveNote("bell", null, account)); });
        return saved;
    }

    /// <inheritdoc/>
    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        // SQLite cannot order DateTimeOffset text, and Npgsql refuses any offset but zero.
        var times = configurationBuilder.Properties<DateTimeOffset>();
        if (Database.IsSqlite()) times.HaveConversion<UtcMilliseconds>();
        else times.HaveConversion<Utc>();
    }

    /// <inheritdoc/>
    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        SharedTables.Map(modelBuilder, owner: this is SdkDb);
        foreach (var entity in modelBuilder.Model.GetEntityTypes())
        {
            if (!entity.IsOwned() && entity.BaseType is null && entity.ClrType.Namespace != typeof(JournalEntry).Namespace)
                entity.SetTableName($"{Module}_{JsonNamingPolicy.SnakeCaseLower.ConvertName(entity.ClrType.Name)}");
            if (entity.ClrType.IsAssignableTo(typeof(Entity)))
            {
                entity.FindProperty(nameof(Entity.Version))!.IsConcurrencyToken = true;
                entity.FindProperty(nameof(Entity.Id))!.ValueGenerated = Microsoft.EntityFrameworkCore.Metadata.ValueGenerated.Never;
            }
            // Ranges over paths need byte order, whatever the database's language is.
            if (Database.IsNpgsql())
                foreach (var property in entity.GetProperties().Where(p => p.ClrType == typeof(string) && (p.Name is "Path" or "Place" || p.Name.EndsWith("Path", StringComparison.Ordinal))))
                    property.SetCollation("C");
        }
    }

    private sealed class UtcMilliseconds() : ValueConverter<DateTimeOffset, long>(
        at => at.ToUnixTimeMilliseconds(), ms => DateTimeOffset.FromUnixTimeMilliseconds(ms));

    private sealed class Utc() : ValueConverter<DateTimeOffset, DateTimeOffset>(at => at.ToUniversalTime(), at => at);
}
