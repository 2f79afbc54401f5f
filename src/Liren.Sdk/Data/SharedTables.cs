using Liren.Contracts;
using Liren.Sdk.Events;
using Microsoft.EntityFrameworkCore;

namespace Liren.Sdk.Data;

/// <summary>
/// The tables every module writes beside its own, so that events, inbox marks and timers commit with the module's changes.
/// They belong to the SDK; modules map them without owning their migrations.
/// </summary>
public static class SharedTables
{
    /// <summary>Maps the shared tables; only the SDK's own context migrates them.</summary>
    internal static void Map(ModelBuilder model, bool owner)
    {
        model.Entity<JournalEntry>(e =>
        {
            e.ToTable("sdk_journal", t => { if (!owner) t.ExcludeFromMigrations(); });
            e.HasKey(x => x.Seq);
            e.Property(x => x.Seq).ValueGeneratedOnAdd();
            e.HasIndex(x => x.Id).IsUnique();
            e.HasIndex(x => x.Subject);
            e.HasIndex(x => x.Place);
            e.HasIndex(x => x.Type);
            e.HasIndex(x => x.At);
        });
        model.Entity<OutboxMessage>(e =>
        {
            e.ToTable("sdk_outbox", t => { if (!owner) t.ExcludeFromMigrations(); });
            e.HasKey(x => x.Id);
            e.Property(x => x.Id).ValueGeneratedNever();
        });
        model.Entity<InboxMark>(e =>
        {
            e.ToTable("sdk_inbox", t => { if (!owner) t.ExcludeFromMigrations(); });
            e.HasKey(x => new { x.MessageId, x.Handler });
        });
        model.Entity<TimerRow>(e =>
        {
            e.ToTable("sdk_timer", t => { if (!owner) t.ExcludeFromMigrations(); });
            e.HasKey(x => x.Key);
            e.HasIndex(x => x.Due);
        });
        model.Entity<BellNote>(e =>
        {
            e.ToTable("sdk_bell", t => { if (!owner) t.ExcludeFromMigrations(); });
            e.HasKey(x => x.Id);
            e.Property(x => x.Id).ValueGeneratedNever();
            e.HasIndex(x => new { x.AccountId, x.At });
        });
    }
}

/// <summary>The SDK's own context: it migrates the shared tables and holds installation settings.</summary>
public class SdkDb(DbContextOptions options) : ModuleDb(options)
{
    /// <inheritdoc/>
    public override string Module => "sdk";

    /// <summary>Installation settings by key.</summary>
    public DbSet<Setting> Settings => Set<Setting>();

    /// <inheritdoc/>
    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<Setting>().HasKey(s => s.Key);
        base.OnModelCreating(modelBuilder);
    }

    /// <summary>SQLite migrations.</summary>
    public sealed class Sqlite(DbContextOptions<Sqlite> options) : SdkDb(options);

    /// <summary>PostgreSQL migrations.</summary>
    public sealed class Postgres(DbContextOptions<Postgres> options) : SdkDb(options);
}

/// <summary>One setting of the installation.</summary>
public sealed class Setting
{
    /// <summary>Dotted key: "demo.seeded".</summary>
    public required string Key { get; init; }
    /// <summary>Value as text.</summary>
    public required string Value { get; set; }
}
