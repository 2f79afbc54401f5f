using Liren.Passes.Domain;
using Liren.Sdk.Data;
using Microsoft.EntityFrameworkCore;

namespace Liren.Passes.Data;

internal class PassesDb(DbContextOptions options) : ModuleDb(options)
{
    public override string Module => "passes";

    public DbSet<Pass> Passes => Set<Pass>();
    public DbSet<Gate> Gates => Set<Gate>();
    public DbSet<IssuerKey> Keys => Set<IssuerKey>();
    public DbSet<RevocationEntry> Revocations => Set<RevocationEntry>();
    public DbSet<GateEntry> Entries => Set<GateEntry>();
    public DbSet<Shift> Shifts => Set<Shift>();
    public DbSet<LogCursor> Cursors => Set<LogCursor>();
    public DbSet<Passage> Passages => Set<Passage>();
    public DbSet<GuardPin> Guards => Set<GuardPin>();
    public DbSet<Terminal> Terminals => Set<Terminal>();
    public DbSet<TerminalEnrolment> Enrolments => Set<TerminalEnrolment>();

    /// <summary>Lines of the log about these passes: by the index as far as it goes, and of the few that came since those that fit.</summary>
    public IQueryable<GateEntry> EntriesOf(IQueryable<string> passes) =>
        Passages.Where(i => passes.Contains(i.Cti)).Join(Entries, i => i.Seq, e => e.Seq, (_, e) => e)
            .Concat(Entries.Where(e => e.Seq > Cursors.Where(c => c.Id == LogCursor.Indexed).Select(c => c.Seq).FirstOrDefault() && e.Cti != null && passes.Contains(e.Cti))).AsNoTracking();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<Pass>(p =>
        {
            p.Property(x => x.Kind).HasConversion<string>().HasMaxLength(20);
            p.Property(x => x.Form).HasConversion<string>().HasMaxLength(20);
            p.Property(x => x.State).HasConversion<string>().HasMaxLength(20);
            p.Property(x => x.Cti).HasMaxLength(16);
            p.Property(x => x.Serial).HasMaxLength(8);
            p.HasIndex(x => x.Cti).IsUnique();
            p.HasIndex(x => x.Serial).IsUnique();
            p.HasIndex(x => x.PlacePath);
            p.HasIndex(x => x.PersonId);
            p.HasIndex(x => x.KeeperId);
            p.HasIndex(x => x.Plate);
            p.HasIndex(x => new { x.State, x.Until });
            p.HasMany(x => x.Changes).WithOne().HasForeignKey(c => c.PassId);
        });
        modelBuilder.Entity<PassChange>(c =>
        {
            c.Property(x => x.Id).ValueGeneratedNever();
            c.Property(x => x.From).HasConversion<string>().HasMaxLength(20);
            c.Property(x => x.To).HasConversion<string>().HasMaxLength(20);
        });
        modelBuilder.Entity<Gate>(g =>
        {
            g.Property(x => x.Level).HasConversion<string>().HasMaxLength(20);
            g.HasIndex(x => x.Number).IsUnique();
            g.HasIndex(x => new { x.CompoundPath, x.Bit }).IsUnique();
            g.HasIndex(x => x.KeyId).IsUnique();
            g.HasIndex(x => x.PairingHash);
        });
        modelBuilder.Entity<IssuerKey>(k =>
        {
            k.Property(x => x.Alg).HasConversion<string>().HasMaxLength(20);
            k.Property(x => x.Role).HasConversion<string>().HasMaxLength(20);
            k.Property(x => x.State).HasConversion<string>().HasMaxLength(20);
            k.HasIndex(x => x.Kid);
            k.HasIndex(x => new { x.PlacePath, x.Role }).IsUnique().HasFilter("\"State\" = 'Active'");
        });
        modelBuilder.Entity<RevocationEntry>(r =>
        {
            r.HasKey(x => new { x.PlacePath, x.Seq });
            r.HasIndex(x => x.Cti);
        });
        modelBuilder.Entity<GateEntry>(e =>
        {
            e.HasKey(x => x.Seq);
            e.Ignore(x => x.Known);
            e.Property(x => x.Seq).ValueGeneratedOnAdd();
            e.Property(x => x.Direction).HasConversion<int>();
            e.Property(x => x.Verdict).HasConversion<int>();
            e.HasIndex(x => x.Id).IsUnique();
            // Who was at a gate at a time: answered from the index alone, because neighbours there lie far apart in the log.
            e.HasIndex(x => new { x.GateId, x.At, x.Verdict, x.Direction, x.Cti });
            e.HasIndex(x => x.At);
        });
        modelBuilder.Entity<Passage>().HasKey(x => new { x.Cti, x.At, x.Seq });
        modelBuilder.Entity<Shift>(s =>
        {
            s.Property(x => x.Id).ValueGeneratedNever();
            s.HasIndex(x => new { x.GateId, x.From });
        });
        modelBuilder.Entity<GuardPin>().HasIndex(x => x.PlacePath);
        modelBuilder.Entity<LogCursor>(c =>
        {
            c.Property(x => x.Id).ValueGeneratedNever();
            // Two that look through the log at once cannot both draw the consequences.
            c.Property(x => x.Seq).IsConcurrencyToken();
        });
        TerminalTables.Map(modelBuilder);
        base.OnModelCreating(modelBuilder);
    }

    internal sealed class Sqlite(DbContextOptions<Sqlite> options) : PassesDb(options);
    internal sealed class Postgres(DbContextOptions<Postgres> options) : PassesDb(options);
}
