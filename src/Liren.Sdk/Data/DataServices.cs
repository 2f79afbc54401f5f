using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Liren.Sdk.Data;

/// <summary>Where the installation keeps its data: one folder, and one database in it or on PostgreSQL.</summary>
/// <param name="Folder">Absolute path of the data folder: database, keys, files, logs.</param>
/// <param name="Postgres">Connection string, or null for SQLite.</param>
public sealed record DataLocation(string Folder, string? Postgres)
{
    /// <summary>The SQLite file.</summary>
    public string SqliteFile => Path.Combine(Folder, "liren.db");

    /// <summary>A folder below the data folder, made when missing, readable by the owner only.</summary>
    public string Sub(string name)
    {
        var path = Path.Combine(Folder, name);
        if (!Directory.Exists(path))
        {
            if (OperatingSystem.IsWindows()) Directory.CreateDirectory(path);
            else Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
        return path;
    }

    /// <summary>Connection string of the SQLite file.</summary>
    public string SqliteConnectionString => $"Data Source={SqliteFile};Default Timeout=30";

    /// <summary>Reads <c>Data:Folder</c> and <c>ConnectionStrings:Postgres</c>.</summary>
    public static DataLocation From(IConfiguration configuration)
    {
        var folder = Path.GetFullPath(configuration["Data:Folder"] ?? "data");
        Directory.CreateDirectory(folder);
        return new(folder, configuration.GetConnectionString("Postgres") is { Length: > 0 } postgres ? postgres : null);
    }
}

/// <summary>Registers module contexts.</summary>
public static class DataServices
{
    /// <summary>
    /// Registers a module's tables. <typeparamref name="TSqlite"/> and <typeparamref name="TPostgres"/> exist only so that each provider
    /// keeps its own migrations beside the module.
    /// </summary>
    public static IHostApplicationBuilder AddModuleDb<TDb, TSqlite, TPostgres>(this IHostApplicationBuilder builder)
        where TDb : ModuleDb where TSqlite : TDb where TPostgres : TDb
    {
        var at = DataLocation.From(builder.Configuration);
        if (at.Postgres is not null)
        {
            builder.Services.AddDbContextFactory<TPostgres>(o => o
                .UseNpgsql(at.Postgres, n => n.MigrationsHistoryTable(HistoryTable<TDb>()))
                .AddInterceptors(CommitHooks.Instance));
            builder.Services.AddScoped<TDb>(s => s.GetRequiredService<IDbContextFactory<TPostgres>>().CreateDbContext());
        }
        else
        {
            builder.Services.AddDbContextFactory<TSqlite>(o => o
                .UseSqlite(at.SqliteConnectionString, s => s.MigrationsHistoryTable(HistoryTable<TDb>()))
                .AddInterceptors(SqliteSettings.OnOpening.Instance, TurnOfTransactions.Instance, CommitHooks.Instance));
            builder.Services.AddScoped<TDb>(s => s.GetRequiredService<IDbContextFactory<TSqlite>>().CreateDbContext());
        }
        builder.Services.AddSingleton(new ModuleTables(typeof(TDb), at.Postgres is null ? typeof(TSqlite) : typeof(TPostgres), HistoryTable<TDb>(),
            s => s.GetRequiredService<TDb>()));
        return builder;
    }

    private static string HistoryTable<TDb>() => $"__ef_{typeof(TDb).Name}";
}

/// <summary>What the migrator knows of a module's tables.</summary>
/// <param name="Context">The module's context type.</param>
/// <param name="Migrated">The provider's derived type, which carries the migrations.</param>
/// <param name="HistoryTable">Name of the migration history table.</param>
/// <param name="Create">Opens the context from a scope.</param>
public sealed record ModuleTables(Type Context, Type Migrated, string HistoryTable, Func<IServiceProvider, ModuleDb> Create);

/// <summary>Runs work after the surrounding transaction commits; at once when there is none.</summary>
public static class CommitHookExtensions
{
    /// <summary>Runs <paramref name="work"/> after commit; never when rolled back.</summary>
    public static void AfterCommit(this DatabaseFacade database, Action work)
    {
        if (database.CurrentTransaction is { } transaction) CommitHooks.Instance.Add(transaction.TransactionId, work);
        else work();
    }
}

internal sealed class CommitHooks : DbTransactionInterceptor
{
    public static readonly CommitHooks Instance = new();
    private readonly System.Collections.Concurrent.ConcurrentDictionary<Guid, List<Action>> waiting = new();

    public void Add(Guid transaction, Action work) => waiting.GetOrAdd(transaction, _ => []).Add(work);

    public override void TransactionCommitted(DbTransaction transaction, TransactionEndEventData eventData) => Run(eventData.TransactionId);

    public override Task TransactionCommittedAsync(DbTransaction transaction, TransactionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        Run(eventData.TransactionId);
        return Task.CompletedTask;
    }

    public override void TransactionRolledBack(DbTransaction transaction, TransactionEndEventData eventData) => waiting.TryRemove(eventData.TransactionId, out _);

    public override Task TransactionRolledBackAsync(DbTransaction transaction, TransactionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        waiting.TryRemove(eventData.TransactionId, out _);
        return Task.CompletedTask;
    }

    private void Run(Guid id)
    {
        if (waiting.TryRemove(id, out var work)) foreach (var act in work) act();
    }
}
