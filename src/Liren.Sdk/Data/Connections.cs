using System.Data.Common;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Liren.Sdk.Data;

/// <summary>Raw connections for hot paths and bulk work; the same database as the contexts.</summary>
public static class Connections
{
    /// <summary>Opens a connection to the installation's database.</summary>
    public static async Task<DbConnection> OpenAsync(this DataLocation at, CancellationToken cancellation = default)
    {
        DbConnection connection = at.Postgres is not null ? new NpgsqlConnection(at.Postgres) : new SqliteConnection(at.SqliteConnectionString);
        await connection.OpenAsync(cancellation);
        SqliteSettings.Apply(connection, bulk: true);
        return connection;
    }

    /// <summary>Adds a parameter; null becomes DBNull.</summary>
    public static DbParameter With(this DbCommand command, string name, object? value)
    {
        var parameter = command.CreateParameter();
        parameter.ParameterName = name;
        parameter.Value = value ?? DBNull.Value;
        command.Parameters.Add(parameter);
        return parameter;
    }
}
