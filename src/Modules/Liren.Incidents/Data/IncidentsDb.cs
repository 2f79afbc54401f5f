using Liren.Incidents.Domain;
using Liren.Incidents.Engine;
using Liren.Incidents.Sensing;
using Liren.Sdk.Data;
using Microsoft.EntityFrameworkCore;

namespace Liren.Incidents.Data;

internal class IncidentsDb(DbContextOptions options) : ModuleDb(options)
{
    public override string Module => "incidents";

    public DbSet<Incident> Incidents => Set<Incident>();
    /// <summary>Incidents with what their rules need; timelines are left where they are.</summary>
    public IQueryable<Incident> Whole => Incidents.Include(i => i.Offers).Include(i => i.Confirmations).Include(i => i.Photos).AsSplitQuery();
    public DbSet<Observation> Observations => Set<Observation>();
    public DbSet<Offer> Offers => Set<Offer>();
    public DbSet<Confirmation> Confirmations => Set<Confirmation>();
    public DbSet<Photo> Photos => Set<Photo>();
    public DbSet<Step> Steps => Set<Step>();
    public DbSet<SensorCursor> SensorCursors => Set<SensorCursor>();
    public DbSet<PlanText> PlanTexts => Set<PlanText>();
    public DbSet<PlanPlace> PlanPlaces => Set<PlanPlace>();
    public DbSet<PlanMark> PlanMarks => Set<PlanMark>();
    public DbSet<PlanDeed> PlanDeeds => Set<PlanDeed>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<Incident>(i =>
        {
            i.Ignore(x => x.CurrentOffer);
            i.Ignore(x => x.Reasons);
            i.Ignore(x => x.FallbackOrgs);
            i.Property(x => x.State).HasConversion<string>().HasMaxLength(20);
            i.Property(x => x.Level).HasConversion<string>().HasMaxLength(20);
            i.Property(x => x.Type).HasMaxLength(60);
            i.Property(x => x.Code).HasMaxLength(20);
            i.Ignore(x => x.ByPlan);
            i.Property(x => x.PlanId).HasMaxLength(60);
            i.HasIndex(x => x.OpenKey).IsUnique();
            i.HasIndex(x => x.PlanIncidentId).IsUnique();
            i.HasIndex(x => x.PlacePath);
            i.HasIndex(x => x.OpenedAt);
            i.HasIndex(x => new { x.Type, x.PlacePath });
            i.HasMany(x => x.Offers).WithOne().HasForeignKey(o => o.IncidentId);
            i.HasMany(x => x.Confirmations).WithOne().HasForeignKey(c => c.IncidentId);
            i.HasMany(x => x.Photos).WithOne().HasForeignKey(p => p.IncidentId);
            i.HasMany(x => x.Steps).WithOne().HasForeignKey(s => s.IncidentId);
        });
        modelBuilder.Entity<Observation>(o =>
        {
            o.Ignore(x => x.Key);
            o.Ignore(x => x.Counts);
            o.Property(x => x.Type).HasMaxLength(60);
            o.Property(x => x.Quality).HasConversion<int>();
            o.HasIndex(x => new { x.Type, x.PlacePath, x.At });
            o.HasIndex(x => x.IncidentId);
        });
        modelBuilder.Entity<Offer>(o =>
        {
            o.Property(x => x.Id).ValueGeneratedNever();
            o.Property(x => x.Rung).HasConversion<string>().HasMaxLength(20);
            o.Property(x => x.Result).HasConversion<string>().HasMaxLength(20);
            o.HasIndex(x => new { x.AccountId, x.Result });
        });
        modelBuilder.Entity<Confirmation>().Property(x => x.Id).ValueGeneratedNever();
        modelBuilder.Entity<Photo>(p =>
        {
            p.Property(x => x.Id).ValueGeneratedNever();
            p.Property(x => x.Act).HasConversion<string>().HasMaxLength(20);
        });
        modelBuilder.Entity<Step>(s =>
        {
            s.Property(x => x.Id).ValueGeneratedNever();
            s.Property(x => x.Act).HasConversion<string>().HasMaxLength(20);
            s.Property(x => x.From).HasConversion<string>().HasMaxLength(20);
            s.Property(x => x.To).HasConversion<string>().HasMaxLength(20);
            // Two writers at once cannot both append the same line.
            s.HasIndex(x => new { x.IncidentId, x.Seq }).IsUnique();
        });
        modelBuilder.Entity<SensorCursor>().Property(x => x.Id).ValueGeneratedNever();
        modelBuilder.Entity<PlanText>(p =>
        {
            p.Property(x => x.PlanId).HasMaxLength(60);
            p.Property(x => x.EventType).HasMaxLength(60);
            p.Property(x => x.Life).HasConversion<string>().HasMaxLength(20);
            p.HasIndex(x => new { x.PlanId, x.PlanVersion }).IsUnique();
        });
        modelBuilder.Entity<PlanPlace>(p =>
        {
            p.HasKey(x => new { x.PlanId, x.PlacePath });
            p.Ignore(x => x.Set);
        });
        modelBuilder.Entity<PlanInput>(p =>
        {
            p.HasKey(x => x.Seq);
            p.Property(x => x.Seq).ValueGeneratedNever();
            p.HasIndex(x => x.Cause).IsUnique();
        });
        modelBuilder.Entity<PlanEffect>(p =>
        {
            p.HasKey(x => x.Key);
            p.HasIndex(x => new { x.Seq, x.Place }).HasFilter("\"Open\" = 1");
        });
        modelBuilder.Entity<PlanSnapshot>(p =>
        {
            p.HasKey(x => x.Seq);
            p.Property(x => x.Seq).ValueGeneratedNever();
        });
        modelBuilder.Entity<PlanMark>().HasKey(m => m.Name);
        modelBuilder.Entity<PlanDeed>().HasKey(d => d.Key);
        base.OnModelCreating(modelBuilder);
    }

    internal sealed class Sqlite(DbContextOptions<Sqlite> options) : IncidentsDb(options);
    internal sealed class Postgres(DbContextOptions<Postgres> options) : IncidentsDb(options);
}
