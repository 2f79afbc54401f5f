using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;

namespace Liren.Sdk.Data;

/// <summary>A context's connection, kept open for statements past EF until it is disposed.</summary>
public readonly struct HeldConnection : IAsyncDisposable
{
    private readonly DatabaseFacade database;

    internal HeldConnection(DatabaseFacade database) => this.database = database;

    /// <summary>The connection.</summary>
    public DbConnection Connection => database.GetDbConnection();

    /// <summary>The context may close it again.</summary>
    public ValueTask DisposeAsync() => new(database.CloseConnectionAsync());
}

/// <summary>Opens them.</summary>
public static class HeldConnections
{
    /// <summary>Opens the context's connection, or keeps it open.</summary>
    public static async Task<HeldConnection> HoldAsync(this DatabaseFacade database, CancellationToken cancellation = default)
    {
        await database.OpenConnectionAsync(cancellation);
        return new(database);
    }
}
