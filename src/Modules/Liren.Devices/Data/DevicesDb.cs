using Liren.Devices.Domain;
using Liren.Sdk.Data;
using Microsoft.EntityFrameworkCore;

namespace Liren.Devices.Data;

/// <summary>One stored value. Written by <see cref="ReadingJournal"/> only, without EF.</summary>
internal sealed class Reading
{
    public long Seq { get; init; }
    public long Device { get; init; }
    /// <summary>The device's own number of the message.</summary>
    public long DeviceSeq { get; init; }
    public int Metric { get; init; }
    public double Value { get; init; }
    public long At { get; init; }
    public long ArrivedAt { get; init; }
    public int Quality { get; init; }
}

/// <summary>One stored happening; written like readings.</summary>
internal sealed class Happening
{
    public long Seq { get; init; }
    public long Device { get; init; }
    public long DeviceSeq { get; init; }
    public string Type { get; init; } = "";
    public string? Fields { get; init; }
    public long At { get; init; }
    public long ArrivedAt { get; init; }
    public int Quality { get; init; }
}

/// <summary>Names of metrics, so that a reading carries a number.</summary>
internal sealed class Metric
{
    public int Id { get; init; }
    public string Name { get; init; } = "";
}

internal class DevicesDb(DbContextOptions options) : ModuleDb(options)
{
    public override string Module => "devices";

    public DbSet<Device> Devices => Set<Device>();
    public DbSet<Command> Commands => Set<Command>();
    public DbSet<Reading> Readings => Set<Reading>();
    public DbSet<Happening> Happenings => Set<Happening>();
    public DbSet<Metric> Metrics => Set<Metric>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<Device>(d =>
        {
            d.Property(x => x.Code).HasMaxLength(40);
            d.Property(x => x.Kind).HasMaxLength(40);
            d.Property(x => x.State).HasConversion<string>().HasMaxLength(20);
            d.Property(x => x.Health).HasConversion<string>().HasMaxLength(20);
            d.Ignore(x => x.Next);
            d.HasIndex(x => x.Code).IsUnique();
            d.HasIndex(x => x.Number).IsUnique();
            d.HasIndex(x => x.PlacePath);
            d.Property(x => x.Channel).HasMaxLength(60);
            d.HasIndex(x => new { x.Gateway, x.Channel }).IsUnique();
        });
        modelBuilder.Entity<Command>(c =>
        {
            c.Property(x => x.Class).HasConversion<string>().HasMaxLength(20);
            c.Property(x => x.Stage).HasConversion<string>().HasMaxLength(20);
            c.Property(x => x.Key).HasMaxLength(120);
            c.Ignore(x => x.Status);
            c.HasIndex(x => x.Key).IsUnique();
            c.HasIndex(x => new { x.DeviceId, x.CreatedAt });
            c.HasIndex(x => new { x.Stage, x.ExpiresAt });
        });
        modelBuilder.Entity<Reading>(r =>
        {
            r.HasKey(x => x.Seq);
            r.Property(x => x.Seq).ValueGeneratedNever();
            r.HasIndex(x => new { x.Device, x.At });
        });
        modelBuilder.Entity<Happening>(h =>
        {
            h.HasKey(x => x.Seq);
            h.Property(x => x.Seq).ValueGeneratedNever();
            h.Property(x => x.Type).HasMaxLength(60);
            h.HasIndex(x => new { x.Device, x.At });
        });
        modelBuilder.Entity<Metric>(m =>
        {
            m.Property(x => x.Id).ValueGeneratedNever();
            m.Property(x => x.Name).HasMaxLength(64);
            m.HasIndex(x => x.Name).IsUnique();
        });
        base.OnModelCreating(modelBuilder);
    }

    internal sealed class Sqlite(DbContextOptions<Sqlite> options) : DevicesDb(options);
    internal sealed class Postgres(DbContextOptions<Postgres> options) : DevicesDb(options);
}
