using Liren.Passes.Domain;
using Microsoft.EntityFrameworkCore;

namespace Liren.Passes.Data;

/// <summary>Tables of terminals and of who may use them.</summary>
internal static class TerminalTables
{
    public static void Map(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<Terminal>(t =>
        {
            t.Property(x => x.Direction).HasConversion<string>().HasMaxLength(20);
            t.Property(x => x.Adapter).HasMaxLength(20);
            t.HasIndex(x => x.GateId);
            t.HasIndex(x => x.KeyId).IsUnique();
        });
        modelBuilder.Entity<TerminalEnrolment>(e =>
        {
            e.Property(x => x.Kind).HasConversion<string>().HasMaxLength(20);
            e.Property(x => x.Subject).HasMaxLength(32);
            e.HasOne<Terminal>().WithMany().HasForeignKey(x => x.TerminalId);
            e.HasIndex(x => new { x.TerminalId, x.ChangeSeq });
            // One number is one person, as long as it counts.
            e.HasIndex(x => new { x.TerminalId, x.Kind, x.Subject }).IsUnique().HasFilter("\"WithdrawnAt\" IS NULL");
            e.HasIndex(x => x.PersonId);
            e.HasIndex(x => x.PassId);
        });
    }
}
