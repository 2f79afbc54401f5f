using Acme.Noise.Domain;
using Liren.Sdk.Data;
using Microsoft.EntityFrameworkCore;

namespace Acme.Noise.Data;

internal class NoiseDb(DbContextOptions options) : ModuleDb(options)
{
    public override string Module => "noise";

    public DbSet<Measurement> Measurements => Set<Measurement>();
    public DbSet<Watch> Watches => Set<Watch>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<Measurement>().HasIndex(m => m.Place);
        modelBuilder.Entity<Watch>().HasKey(w => w.Place);
        base.OnModelCreating(modelBuilder);
    }

    internal sealed class Sqlite(DbContextOptions<Sqlite> options) : NoiseDb(options);
    internal sealed class Postgres(DbContextOptions<Postgres> options) : NoiseDb(options);
}
