using System.Text;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Liren.Sdk.Data;

/// <summary>
/// A statement prepared on the connection's own handle, bound and stepped without ADO.NET: for hot paths and bulk work. Parameters count from 1, columns from 0.
/// Values are written as the contexts write them. For one thread at a time; end it before its connection.
/// </summary>
public sealed unsafe class SqliteStatement : IDisposable
{
    private readonly SqliteConnection connection;
    private readonly sqlite3_stmt statement;

    // Called with the bare address: guarding the handle at each of a row's columns costs more than reading them. The statement is kept alive by whoever will dispose it.
    private readonly nint address;

    /// <summary>Prepares it.</summary>
    /// <exception cref="SqliteException">The statement is wrong.</exception>
    public SqliteStatement(SqliteConnection connection, string sql)
    {
        this.connection = connection;
        Check(raw.sqlite3_prepare_v2(connection.Handle, sql, out statement));
        address = statement.DangerousGetHandle();
    }

    /// <summary>Binds a whole number.</summary>
    public void Bind(int at, long value) => Check(SqliteNative.BindInt64(address, at, value));

    /// <summary>Binds a number.</summary>
    public void Bind(int at, double value) => Check(SqliteNative.BindDouble(address, at, value));

    /// <summary>Binds words; null is NULL.</summary>
    public void Bind(int at, string? value)
    {
        if (value is null) { BindNull(at); return; }
        var most = Encoding.UTF8.GetMaxByteCount(value.Length);
        var utf8 = most <= 512 ? stackalloc byte[most] : new byte[most];
        BindText(at, utf8[..Encoding.UTF8.GetBytes(value, utf8)]);
    }

    /// <summary>Binds an id, as text in upper case; null is NULL.</summary>
    public void Bind(int at, Guid? id)
    {
        if (id is not { } value) { BindNull(at); return; }
        Span<byte> text = stackalloc byte[36];
        value.TryFormat(text, out _);
        for (var i = 0; i < text.Length; i++) if (text[i] is >= (byte)'a' and <= (byte)'f') text[i] -= 32;
        BindText(at, text);
    }

    /// <summary>Binds text that is UTF-8 already.</summary>
    public void BindText(int at, ReadOnlySpan<byte> utf8)
    {
        fixed (byte* bytes = utf8) Check(SqliteNative.BindText(address, at, bytes is null ? SqliteNative.Nothing : bytes, utf8.Length, SqliteNative.Copy));
    }

    /// <summary>Binds bytes; null is NULL.</summary>
    public void BindBlob(int at, byte[]? value)
    {
        if (value is null) BindNull(at);
        else BindBlob(at, value.AsSpan());
    }

    /// <summary>Binds bytes.</summary>
    public void BindBlob(int at, ReadOnlySpan<byte> value)
    {
        fixed (byte* bytes = value) Check(SqliteNative.BindBlob(address, at, bytes is null ? SqliteNative.Nothing : bytes, value.Length, SqliteNative.Copy));
    }

    /// <summary>Binds NULL.</summary>
    public void BindNull(int at) => Check(SqliteNative.BindNull(address, at));

    /// <summary>Carries it out and makes it ready for the next values; returns how many rows it changed.</summary>
    /// <exception cref="SqliteException">It failed.</exception>
    public int Run()
    {
        var done = SqliteNative.Step(address);
        Reset();
        if (done != raw.SQLITE_DONE) Check(done);
        return raw.sqlite3_changes(connection.Handle);
    }

    /// <summary>Goes to the next row; false when there is none. What came to its end begins again at the next call.</summary>
    /// <exception cref="SqliteException">It failed.</exception>
    public bool Step()
    {
        var done = SqliteNative.Step(address);
        if (done is not (raw.SQLITE_ROW or raw.SQLITE_DONE)) Check(done);
        return done == raw.SQLITE_ROW;
    }

    /// <summary>Makes it ready for other values.</summary>
    public void Reset() => _ = SqliteNative.Reset(address);

    /// <summary>Whether a column of the row is NULL.</summary>
    public bool IsNull(int column) => SqliteNative.ColumnType(address, column) == raw.SQLITE_NULL;

    /// <summary>A whole number of the row.</summary>
    public long Int64(int column) => SqliteNative.ColumnInt64(address, column);

    /// <summary>Bytes of a blob, or UTF-8 of a text, of the row; they are good until the next step.</summary>
    public ReadOnlySpan<byte> Bytes(int column) => new(SqliteNative.ColumnBlob(address, column), SqliteNative.ColumnBytes(address, column));

    private void Check(int code)
    {
        if (code != raw.SQLITE_OK) SqliteException.ThrowExceptionForRC(code, connection.Handle);
    }

    /// <summary>Lets it go.</summary>
    public void Dispose() => statement?.Dispose();
}
