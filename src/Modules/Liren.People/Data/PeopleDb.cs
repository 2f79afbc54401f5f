using Liren.People.Domain;
using Liren.Sdk.Data;
using Microsoft.EntityFrameworkCore;

namespace Liren.People.Data;

internal class PeopleDb(DbContextOptions options) : ModuleDb(options)
{
    public override string Module => "people";

    public DbSet<Person> Persons => Set<Person>();
    public DbSet<Identifier> Identifiers => Set<Identifier>();
    public DbSet<ContactPoint> Contacts => Set<ContactPoint>();
    public DbSet<Occupancy> Occupancies => Set<Occupancy>();
    public DbSet<Household> Households => Set<Household>();
    public DbSet<TagKind> TagKinds => Set<TagKind>();
    public DbSet<PersonTag> Tags => Set<PersonTag>();
    public DbSet<Consent> Consents => Set<Consent>();
    public DbSet<ImportRun> Imports => Set<ImportRun>();
    public DbSet<ImportRow> ImportRows => Set<ImportRow>();
    public DbSet<ImportMapping> ImportMappings => Set<ImportMapping>();

    /// <summary>Occupancies that hold on the day.</summary>
    public IQueryable<Occupancy> Current(DateOnly today) => Occupancies.Where(o => o.Until == null || o.Until > today);

    /// <summary>Tags whose consent holds on the day; the only ones anybody sees.</summary>
    public IQueryable<PersonTag> TagsThatHold(DateOnly today) =>
        from tag in Tags join consent in Consents on tag.ConsentId equals consent.Id where consent.WithdrawnAt == null && consent.Until > today select tag;

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<Person>(p =>
        {
            p.Property(x => x.Name).HasMaxLength(Person.LongestName);
            p.Property(x => x.Sex).HasConversion<string>().HasMaxLength(20);
            p.Property(x => x.State).HasConversion<string>().HasMaxLength(20);
            p.HasIndex(x => x.Name);
            p.HasIndex(x => x.NameOrder);
            p.HasIndex(x => x.HomePath);
            p.HasMany(x => x.Identifiers).WithOne().HasForeignKey(x => x.PersonId);
            p.HasMany(x => x.Contacts).WithOne().HasForeignKey(x => x.PersonId);
        });
        modelBuilder.Entity<Identifier>(i =>
        {
            i.Property(x => x.Id).ValueGeneratedNever();
            i.Property(x => x.Kind).HasConversion<string>().HasMaxLength(20);
            i.HasIndex(x => x.PersonId);
            i.HasIndex(x => new { x.Hash, x.Kind }).IsUnique();
        });
        modelBuilder.Entity<ContactPoint>(c =>
        {
            c.Property(x => x.Id).ValueGeneratedNever();
            c.Property(x => x.Kind).HasConversion<string>().HasMaxLength(20);
            c.HasIndex(x => x.PersonId);
            c.HasIndex(x => x.Hash);
            c.HasIndex(x => x.TailHash);
        });
        modelBuilder.Entity<Occupancy>(o =>
        {
            o.Ignore(x => x.Share);
            o.Property(x => x.Kind).HasConversion<string>().HasMaxLength(20);
            o.Property(x => x.Relation).HasConversion<string>().HasMaxLength(20);
            o.HasIndex(x => x.PersonId);
            o.HasIndex(x => x.RoomPath);
            o.HasIndex(x => x.HouseholdId);
        });
        modelBuilder.Entity<Household>(h =>
        {
            h.HasIndex(x => x.RoomPath);
            h.HasIndex(x => x.HeadId);
        });
        modelBuilder.Entity<TagKind>(t =>
        {
            t.HasKey(x => x.Code);
            t.HasData(TagKind.BuiltIn);
        });
        modelBuilder.Entity<PersonTag>(t =>
        {
            t.Property(x => x.Id).ValueGeneratedNever();
            t.HasIndex(x => new { x.PersonId, x.Tag }).IsUnique();
            t.HasIndex(x => x.Tag);
            t.HasIndex(x => x.ConsentId);
        });
        modelBuilder.Entity<Consent>().HasIndex(c => c.PersonId);
        ImportTables.Map(modelBuilder);
        base.OnModelCreating(modelBuilder);
    }

    internal sealed class Sqlite(DbContextOptions<Sqlite> options) : PeopleDb(options);
    internal sealed class Postgres(DbContextOptions<Postgres> options) : PeopleDb(options);
}
