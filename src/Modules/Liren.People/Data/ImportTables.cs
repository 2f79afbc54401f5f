using Liren.People.Domain;
using Microsoft.EntityFrameworkCore;

namespace Liren.People.Data;

/// <summary>Tables of the import.</summary>
internal static class ImportTables
{
    public static void Map(ModelBuilder model)
    {
        model.Entity<ImportRun>(r =>
        {
            r.Ignore(x => x.Done);
            r.Property(x => x.CompoundPath).HasMaxLength(120);
            r.Property(x => x.FileName).HasMaxLength(120);
            r.Property(x => x.State).HasConversion<string>().HasMaxLength(20);
            r.Property(x => x.Origin).HasMaxLength(20);
            r.HasIndex(x => x.CreatedAt);
            r.HasIndex(x => new { x.FileHash, x.CompoundPath });
            // Two runs at once in one compound could register the same person twice: the database refuses the second.
            r.HasIndex(x => x.CompoundPath).IsUnique().HasFilter("\"State\" = 'Running'");
        });
        model.Entity<ImportRow>(r =>
        {
            r.HasKey(x => new { x.RunId, x.Row });
            r.Property(x => x.Outcome).HasConversion<string>().HasMaxLength(20);
            r.HasIndex(x => new { x.RunId, x.Outcome });
        });
        model.Entity<ImportMapping>(m =>
        {
            m.HasKey(x => new { x.CompoundPath, x.Headers });
            m.Property(x => x.CompoundPath).HasMaxLength(120);
            m.Property(x => x.Headers).HasMaxLength(64);
        });
    }
}
