using Liren.Organisation.Domain;
using Liren.Sdk.Data;
using Microsoft.EntityFrameworkCore;

namespace Liren.Organisation.Data;

internal class OrganisationDb(DbContextOptions options) : ModuleDb(options)
{
    public override string Module => "organisation";

    public DbSet<OrgUnit> Units => Set<OrgUnit>();
    public DbSet<Superior> Superiors => Set<Superior>();
    public DbSet<Post> Posts => Set<Post>();
    public DbSet<Holding> Holdings => Set<Holding>();
    public DbSet<Shift> Shifts => Set<Shift>();
    public DbSet<ShiftChange> ShiftChanges => Set<ShiftChange>();
    public DbSet<CalendarDay> Calendar => Set<CalendarDay>();
    public DbSet<WorkHours> WorkHours => Set<WorkHours>();
    public DbSet<EmptyShiftNote> EmptyShiftNotes => Set<EmptyShiftNote>();
    public DbSet<StaffPosition> Positions => Set<StaffPosition>();
    public DbSet<EventType> EventTypes => Set<EventType>();
    public DbSet<MatrixVersion> Versions => Set<MatrixVersion>();
    public DbSet<MatrixRule> Rules => Set<MatrixRule>();

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        base.ConfigureConventions(configurationBuilder);
        configurationBuilder.Properties<Enum>().HaveConversion<string>().HaveMaxLength(20);
    }

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<OrgUnit>(o =>
        {
            o.Ignore(x => x.Card);
            o.HasIndex(x => x.Code).IsUnique();
            o.HasIndex(x => x.PlacePath);
            o.Property(x => x.Code).HasMaxLength(40);
        });
        modelBuilder.Entity<Superior>(s =>
        {
            s.HasIndex(x => new { x.OrgId, x.Line }).IsUnique();
            s.HasIndex(x => x.SuperiorId);
        });
        modelBuilder.Entity<Post>(p =>
        {
            p.Ignore(x => x.AgainstKinds);
            p.HasIndex(x => x.OrgId);
            p.HasIndex(x => x.Kind);
            p.HasIndex(x => x.PlacePath);
        });
        modelBuilder.Entity<Holding>(h =>
        {
            h.HasIndex(x => x.PostId);
            h.HasIndex(x => x.AccountId);
        });
        modelBuilder.Entity<Shift>().HasIndex(s => s.PostId);
        modelBuilder.Entity<ShiftChange>(c =>
        {
            c.HasIndex(x => new { x.PostId, x.Date });
            c.HasIndex(x => x.OtherDate);
        });
        modelBuilder.Entity<CalendarDay>().HasKey(d => new { d.PlacePath, d.Date });
        modelBuilder.Entity<WorkHours>().HasIndex(h => new { h.PlacePath, h.From }).IsUnique();
        modelBuilder.Entity<EmptyShiftNote>().HasKey(n => new { n.PostId, n.Start });
        modelBuilder.Entity<StaffPosition>().HasKey(p => p.AccountId);
        modelBuilder.Entity<EventType>(t =>
        {
            t.HasKey(x => x.Code);
            t.Property(x => x.Code).HasMaxLength(60);
        });
        modelBuilder.Entity<MatrixVersion>(v =>
        {
            v.Ignore(x => x.ScopePaths).Ignore(x => x.FallbackSteps).Ignore(x => x.Settings);
            v.HasIndex(x => x.Number).IsUnique();
            // Two administrators at once: the second activation fails instead of making two matrices.
            v.HasIndex(x => x.State).IsUnique().HasFilter("\"State\" = 'Active'");
        });
        modelBuilder.Entity<MatrixRule>(r =>
        {
            r.Ignore(x => x.SupportCodes).Ignore(x => x.FallbackCodes);
            r.HasKey(x => new { x.VersionId, x.Number });
        });
        base.OnModelCreating(modelBuilder);
    }

    internal sealed class Sqlite(DbContextOptions<Sqlite> options) : OrganisationDb(options);
    internal sealed class Postgres(DbContextOptions<Postgres> options) : OrganisationDb(options);
}
