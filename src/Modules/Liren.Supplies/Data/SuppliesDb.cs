using Liren.Sdk.Data;
using Liren.Supplies.Domain;
using Microsoft.EntityFrameworkCore;

namespace Liren.Supplies.Data;

internal class SuppliesDb(DbContextOptions options) : ModuleDb(options)
{
    public override string Module => "supplies";

    public DbSet<Round> Rounds => Set<Round>();
    public DbSet<Entitlement> Entitlements => Set<Entitlement>();
    /// <summary>To be read only: the round's writer writes them.</summary>
    public DbSet<Entry> Entries => Set<Entry>();
    /// <summary>To be read only: the round's writer writes them.</summary>
    public DbSet<EntryMove> EntryMoves => Set<EntryMove>();
    public DbSet<StockItem> Items => Set<StockItem>();
    public DbSet<StockMove> Moves => Set<StockMove>();
    public DbSet<StockBalance> Balances => Set<StockBalance>();
    public DbSet<PickupPoint> Points => Set<PickupPoint>();
    public DbSet<DeliveryTry> DeliveryTries => Set<DeliveryTry>();
    public DbSet<Signature> Signatures => Set<Signature>();
    public DbSet<Allocation> Allocations => Set<Allocation>();

    /// <summary>Rounds with what they go by: points and classes.</summary>
    public IQueryable<Round> RoundsWithRules => Rounds.Include(r => r.Points).Include(r => r.Classes).AsSplitQuery();

    /// <summary>Items that count together with one, in all stores.</summary>
    public IQueryable<Guid> SameGoods(StockItem item)
    {
        var group = item.GroupName;
        return Items.Where(i => (i.Group == "" ? i.Name : i.Group) == group).Select(i => i.Id);
    }

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<Round>(r =>
        {
            r.Property(x => x.Mode).HasConversion<string>().HasMaxLength(20);
            r.Property(x => x.Unit).HasConversion<string>().HasMaxLength(20);
            r.Property(x => x.State).HasConversion<string>().HasMaxLength(20);
            r.HasIndex(x => x.Serial).IsUnique();
            r.HasIndex(x => x.PlacePath);
            r.Property(x => x.CarryOver).HasConversion<string>().HasMaxLength(20);
            r.HasMany(x => x.Classes).WithOne().HasForeignKey(c => c.RoundId);
            r.HasMany(x => x.Points).WithOne().HasForeignKey(p => p.RoundId);
            r.HasMany(x => x.Custodians).WithOne().HasForeignKey(c => c.RoundId);
        });
        modelBuilder.Entity<RoundPoint>().Property(x => x.Id).ValueGeneratedNever();
        modelBuilder.Entity<RoundCustodian>().Property(x => x.Id).ValueGeneratedNever();
        modelBuilder.Entity<RoundClass>().Property(x => x.Id).ValueGeneratedNever();
        modelBuilder.Entity<DeliveryTry>(t =>
        {
            t.Property(x => x.Outcome).HasConversion<string>().HasMaxLength(20);
            t.HasIndex(x => new { x.Round, x.No, x.Try }).IsUnique();
        });
        modelBuilder.Entity<Signature>().HasKey(x => new { x.Round, x.No });
        modelBuilder.Entity<Allocation>(a =>
        {
            a.Property(x => x.Method).HasConversion<string>().HasMaxLength(20);
            a.HasIndex(x => x.PlacePath);
            a.HasMany(x => x.Lines).WithOne().HasForeignKey(l => l.AllocationId);
        });
        modelBuilder.Entity<AllocationLine>().Property(x => x.Id).ValueGeneratedNever();
        modelBuilder.Entity<Entitlement>(e =>
        {
            e.Property(x => x.Age).HasConversion<int>();
            e.HasKey(x => new { x.Round, x.No });
            e.HasIndex(x => new { x.Round, x.UnitId }).IsUnique();
            e.HasIndex(x => x.UnitId);
        });
        modelBuilder.Entity<Entry>(e =>
        {
            e.HasKey(x => new { x.Round, x.No });
            e.Property(x => x.State).HasConversion<int>();
            e.Property(x => x.Channel).HasConversion<int>();
        });
        modelBuilder.Entity<EntryMove>(m =>
        {
            m.HasKey(x => x.Seq);
            m.Property(x => x.Seq).ValueGeneratedOnAdd();
            m.Property(x => x.From).HasConversion<int>();
            m.Property(x => x.To).HasConversion<int>();
            m.HasIndex(x => new { x.Round, x.No });
        });
        modelBuilder.Entity<WriterLease>(l =>
        {
            l.HasKey(x => x.Round);
            l.Property(x => x.Round).ValueGeneratedNever();
        });
        modelBuilder.Entity<StockItem>().HasIndex(x => x.PlacePath);
        modelBuilder.Entity<StockMove>(m =>
        {
            m.Property(x => x.Reason).HasConversion<string>().HasMaxLength(20);
            m.HasIndex(x => new { x.ItemId, x.At });
        });
        modelBuilder.Entity<StockBalance>(b => b.HasIndex(x => new { x.ItemId, x.Account, x.Lot }).IsUnique());
        modelBuilder.Entity<PickupPoint>().HasIndex(x => x.PlacePath);
        base.OnModelCreating(modelBuilder);
    }

    internal sealed class Sqlite(DbContextOptions<Sqlite> options) : SuppliesDb(options);
    internal sealed class Postgres(DbContextOptions<Postgres> options) : SuppliesDb(options);
}
