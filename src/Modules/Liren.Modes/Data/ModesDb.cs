using Liren.Modes.Domain;
using Liren.Sdk.Data;
using Microsoft.EntityFrameworkCore;

namespace Liren.Modes.Data;

internal class ModesDb(DbContextOptions options) : ModuleDb(options)
{
    public override string Module => "modes";

    public DbSet<ModeOrder> Orders => Set<ModeOrder>();
    public DbSet<DestructionTask> Destructions => Set<DestructionTask>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<ModeOrder>(o =>
        {
            o.Property(x => x.Level).HasConversion<string>().HasMaxLength(20);
            o.Property(x => x.AreaPath).HasMaxLength(120);
            o.Property(x => x.OrderNo).HasMaxLength(60);
            o.Property(x => x.LiveNo).HasMaxLength(60);
            o.HasMany(x => x.Collections).WithOne().HasForeignKey("OrderId").OnDelete(DeleteBehavior.Cascade);
            o.HasIndex(x => x.AreaPath);
            o.HasIndex(x => x.EndsAt);
            o.HasIndex(x => x.RenewsId);
            o.HasIndex(x => x.LiveNo).IsUnique();
        });
        modelBuilder.Entity<ExtraCollection>(c =>
        {
            c.Property(x => x.Id).ValueGeneratedNever();
            c.Property(x => x.Code).HasMaxLength(60);
            c.Property(x => x.Purpose).HasMaxLength(200);
        });
        modelBuilder.Entity<DestructionTask>(t =>
        {
            t.Property(x => x.State).HasConversion<string>().HasMaxLength(20);
            t.Property(x => x.AreaPath).HasMaxLength(120);
            t.Property(x => x.OrderNo).HasMaxLength(60);
            t.Property(x => x.Collection).HasMaxLength(60);
            t.HasIndex(x => new { x.OrderId, x.Collection }).IsUnique();
            t.HasIndex(x => new { x.State, x.Due });
        });
        base.OnModelCreating(modelBuilder);
    }

    internal sealed class Sqlite(DbContextOptions<Sqlite> options) : ModesDb(options);
    internal sealed class Postgres(DbContextOptions<Postgres> options) : ModesDb(options);
}
