using Liren.Cases.Domain;
using Liren.Sdk.Data;
using Microsoft.EntityFrameworkCore;

namespace Liren.Cases.Data;

internal class CasesDb(DbContextOptions options) : ModuleDb(options)
{
    public override string Module => "cases";

    public DbSet<Case> Cases => Set<Case>();
    public DbSet<Step> Steps => Set<Step>();
    public DbSet<Photo> Photos => Set<Photo>();
    public DbSet<CaseLimit> Limits => Set<CaseLimit>();
    public DbSet<TypeSetting> TypeSettings => Set<TypeSetting>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<Case>(c =>
        {
            c.Property(x => x.State).HasConversion<string>().HasMaxLength(20);
            c.Property(x => x.Source).HasConversion<string>().HasMaxLength(20);
            c.Property(x => x.Type).HasMaxLength(60);
            c.Property(x => x.Code).HasMaxLength(20);
            c.HasIndex(x => x.Code).IsUnique();
            c.HasIndex(x => x.PlacePath);
            c.HasIndex(x => x.ReportedAt);
            c.HasIndex(x => new { x.Type, x.ReportedAt });
            c.HasIndex(x => x.ReporterId);
            c.HasIndex(x => x.UnitId);
            c.HasIndex(x => x.Deadline);
            c.HasMany(x => x.Photos).WithOne().HasForeignKey(p => p.CaseId);
            c.HasMany(x => x.Steps).WithOne().HasForeignKey(s => s.CaseId);
        });
        modelBuilder.Entity<Photo>(p =>
        {
            p.Property(x => x.Id).ValueGeneratedNever();
            p.Property(x => x.Stage).HasConversion<string>().HasMaxLength(20);
        });
        modelBuilder.Entity<Step>(s =>
        {
            s.Property(x => x.Id).ValueGeneratedNever();
            s.Property(x => x.Act).HasConversion<string>().HasMaxLength(20);
            s.Property(x => x.From).HasConversion<string>().HasMaxLength(20);
            s.Property(x => x.To).HasConversion<string>().HasMaxLength(20);
            // Two writers at once cannot both append the same line.
            s.HasIndex(x => new { x.CaseId, x.Seq }).IsUnique();
        });
        modelBuilder.Entity<CaseLimit>(l =>
        {
            l.Property(x => x.Type).HasMaxLength(60);
            l.HasIndex(x => new { x.PlacePath, x.Type, x.From }).IsUnique();
        });
        modelBuilder.Entity<TypeSetting>(t =>
        {
            t.HasKey(x => x.Code);
            t.Property(x => x.Code).HasMaxLength(60);
        });
        base.OnModelCreating(modelBuilder);
    }

    internal sealed class Sqlite(DbContextOptions<Sqlite> options) : CasesDb(options);
    internal sealed class Postgres(DbContextOptions<Postgres> options) : CasesDb(options);
}

/// <summary>What this installation says of a type, where it differs from what is shipped.</summary>
internal sealed class TypeSetting
{
    public required string Code { get; init; }
    /// <summary>Is a case at all here.</summary>
    public bool InUse { get; set; }
    /// <summary>Residents may report it, everybody may follow it.</summary>
    public bool Public { get; set; }
}
