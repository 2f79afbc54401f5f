using Liren.Insight.Domain;
using Liren.Sdk.Data;
using Microsoft.EntityFrameworkCore;

namespace Liren.Insight.Data;

internal class InsightDb(DbContextOptions options) : ModuleDb(options)
{
    public override string Module => "insight";

    public DbSet<Rollup> Rollups => Set<Rollup>();
    public DbSet<PeopleSet> PeopleSets => Set<PeopleSet>();
    public DbSet<PersonNumber> Numbers => Set<PersonNumber>();
    public DbSet<SourceCursor> Cursors => Set<SourceCursor>();
    public DbSet<SubjectFacts> Subjects => Set<SubjectFacts>();
    public DbSet<SelfCheck> Checks => Set<SelfCheck>();
    public DbSet<Export> Exports => Set<Export>();
    public DbSet<ReleasedCell> Released => Set<ReleasedCell>();
    public DbSet<Board> Boards => Set<Board>();
    public DbSet<StartBoard> StartBoards => Set<StartBoard>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<Rollup>(r =>
        {
            r.HasKey(x => new { x.Measure, x.Build, x.Level, x.Month, x.PlacePath, x.Day, x.Category });
            r.Property(x => x.Measure).HasMaxLength(60);
            r.Property(x => x.Category).HasMaxLength(60);
        });
        modelBuilder.Entity<PeopleSet>(s =>
        {
            s.HasKey(x => new { x.Measure, x.Build, x.Level, x.PlacePath, x.Day });
            s.Property(x => x.Measure).HasMaxLength(60);
            s.HasIndex(x => x.Day);
        });
        modelBuilder.Entity<PersonNumber>(n =>
        {
            n.HasKey(x => x.PersonId);
            n.Property(x => x.PersonId).ValueGeneratedNever();
            n.HasIndex(x => x.Number).IsUnique();
        });
        modelBuilder.Entity<SourceCursor>(c =>
        {
            c.HasKey(x => new { x.Source, x.Build });
            c.Property(x => x.Source).HasMaxLength(60);
        });
        modelBuilder.Entity<SubjectFacts>(s =>
        {
            s.HasKey(x => new { x.Source, x.Build, x.Subject });
            s.Property(x => x.Source).HasMaxLength(60);
        });
        modelBuilder.Entity<SelfCheck>(c =>
        {
            c.Property(x => x.Id).ValueGeneratedNever();
            c.HasIndex(x => x.At);
        });
        modelBuilder.Entity<Export>(e =>
        {
            e.Property(x => x.Id).ValueGeneratedNever();
            e.Property(x => x.State).HasConversion<string>().HasMaxLength(20);
            e.Property(x => x.Format).HasConversion<string>().HasMaxLength(20);
            e.HasIndex(x => x.At);
        });
        modelBuilder.Entity<ReleasedCell>(r =>
        {
            r.HasKey(x => new { x.Measure, x.PlacePath, x.Period, x.Category });
            r.Property(x => x.Measure).HasMaxLength(60);
            r.Property(x => x.Category).HasMaxLength(60);
        });
        modelBuilder.Entity<Board>(b =>
        {
            b.Property(x => x.Name).HasMaxLength(Board.LongestName);
            b.Property(x => x.SharedWith).HasMaxLength(80);
            b.Ignore(x => x.Tiles);
            b.HasIndex(x => x.OwnerId);
            b.HasIndex(x => x.SharedWith);
        });
        modelBuilder.Entity<StartBoard>(s =>
        {
            s.HasKey(x => x.AccountId);
            s.Property(x => x.AccountId).ValueGeneratedNever();
            s.Property(x => x.Board).HasMaxLength(40);
            s.HasIndex(x => x.Board);
        });
        base.OnModelCreating(modelBuilder);
    }

    internal sealed class Sqlite(DbContextOptions<Sqlite> options) : InsightDb(options);
    internal sealed class Postgres(DbContextOptions<Postgres> options) : InsightDb(options);
}
