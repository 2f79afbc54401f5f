using Liren.Places.Domain;
using Liren.Sdk.Data;
using Microsoft.EntityFrameworkCore;

namespace Liren.Places.Data;

internal class PlacesDb(DbContextOptions options) : ModuleDb(options)
{
    public override string Module => "places";

    /// <summary>Compounds, buildings, units, rooms, areas.</summary>
    public DbSet<Place> Places => Set<Place>();
    public DbSet<RoomLineage> Lineage => Set<RoomLineage>();
    /// <summary>Read only here; written by the import's store.</summary>
    public DbSet<Division> Divisions => Set<Division>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<Place>(p =>
        {
            p.HasIndex(x => x.Path).IsUnique();
            p.HasIndex(x => x.ParentPath);
            p.HasIndex(x => x.Code);
            p.HasIndex(x => new { x.Kind, x.Path });
            p.Property(x => x.Path).HasMaxLength(120);
            p.Property(x => x.ParentPath).HasMaxLength(120);
            p.Property(x => x.Code).HasMaxLength(24);
            p.Property(x => x.Kind).HasConversion<string>().HasMaxLength(20);
            p.Property(x => x.Name).HasMaxLength(Place.MaxNameLength);
            p.Property(x => x.AreaKind).HasMaxLength(20);
            p.Property(x => x.Floor).HasMaxLength(6);
            p.Property(x => x.AreaSource).HasConversion<string>().HasMaxLength(20);
            p.Property(x => x.Use).HasConversion<string>().HasMaxLength(20);
            p.Property(x => x.OtherCodes).HasMaxLength(400);
            p.Property(x => x.CloseReason).HasMaxLength(100);
        });
        modelBuilder.Entity<RoomLineage>(l =>
        {
            l.HasIndex(x => x.FromPath);
            l.HasIndex(x => x.ToPath);
            l.Property(x => x.Kind).HasConversion<string>().HasMaxLength(20);
        });
        modelBuilder.Entity<Division>(d =>
        {
            d.HasKey(x => x.Path);
            d.Property(x => x.Path).HasMaxLength(20);
            d.Property(x => x.ParentPath).HasMaxLength(20);
            d.Property(x => x.Code).HasMaxLength(12);
            d.Property(x => x.Name).HasMaxLength(DivisionSheet.MaxNameLength);
            d.Property(x => x.Kind).HasConversion<string>().HasMaxLength(20);
            // No index on Code: it is the path without dots, so the key serves it. A city without districts shares its digits with the level of zeros below.
            d.HasIndex(x => x.ParentPath);
        });
        base.OnModelCreating(modelBuilder);
        // Sort keys are compared byte by byte, whatever the database's language is.
        if (!Database.IsNpgsql()) return;
        modelBuilder.Entity<Place>().Property(x => x.SortKey).UseCollation("C");
        modelBuilder.Entity<Place>().Property(x => x.PathKey).UseCollation("C");
        modelBuilder.Entity<Division>().Property(x => x.SortKey).UseCollation("C");
    }

    internal sealed class Sqlite(DbContextOptions<Sqlite> options) : PlacesDb(options);
    internal sealed class Postgres(DbContextOptions<Postgres> options) : PlacesDb(options);
}
