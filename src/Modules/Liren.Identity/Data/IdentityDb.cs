using Liren.Identity.Domain;
using Liren.Sdk.Data;
using Microsoft.EntityFrameworkCore;

namespace Liren.Identity.Data;

internal class IdentityDb(DbContextOptions options) : ModuleDb(options)
{
    public override string Module => "identity";

    public DbSet<Account> Accounts => Set<Account>();
    public DbSet<RoleGrant> Grants => Set<RoleGrant>();
    public DbSet<OwnRole> OwnRoles => Set<OwnRole>();
    public DbSet<ApiKey> Keys => Set<ApiKey>();
    public DbSet<RecoveryCode> RecoveryCodes => Set<RecoveryCode>();
    public DbSet<Invitation> Invitations => Set<Invitation>();
    /// <summary>Read only here; written by <see cref="AccessLogStore"/>.</summary>
    public DbSet<AccessLeaf> AccessLog => Set<AccessLeaf>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<Account>(a =>
        {
            a.HasIndex(x => x.UserName).IsUnique();
            a.Property(x => x.UserName).HasMaxLength(40);
            a.Property(x => x.DisplayName).HasMaxLength(40);
        });
        modelBuilder.Entity<RoleGrant>().HasIndex(g => g.AccountId);
        modelBuilder.Entity<OwnRole>().HasIndex(r => r.Code).IsUnique();
        modelBuilder.Entity<ApiKey>().HasIndex(k => k.Hash).IsUnique();
        modelBuilder.Entity<RecoveryCode>().HasKey(c => new { c.AccountId, c.Hash });
        modelBuilder.Entity<Invitation>(i =>
        {
            i.HasIndex(x => x.CodeHash).IsUnique();
            i.HasIndex(x => x.PersonId);
        });
        modelBuilder.Entity<AccessLeaf>(l =>
        {
            l.HasKey(x => x.Seq);
            l.Property(x => x.Seq).ValueGeneratedNever();
            l.HasIndex(x => x.Subject);
            l.HasIndex(x => x.ActorId);
            l.HasIndex(x => x.At);
        });
        base.OnModelCreating(modelBuilder);
    }

    internal sealed class Sqlite(DbContextOptions<Sqlite> options) : IdentityDb(options);
    internal sealed class Postgres(DbContextOptions<Postgres> options) : IdentityDb(options);
}
