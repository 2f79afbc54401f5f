using Microsoft.Data.Sqlite;
using Npgsql;
using NpgsqlTypes;
using SQLitePCL;

namespace Liren.Devices.Data;

/// <summary>Writes packets by the fastest way of its database.</summary>
internal interface IReadingWriter : IDisposable
{
    /// <summary>Adds the rows inside the open transaction, numbered from <paramref name="seq"/> on; returns the last number.</summary>
    long Write(IReadOnlyList<Packet> packets, long seq, IReadOnlyDictionary<string, int> metrics);
}

internal static class ReadingColumns
{
    public const string Readings = "\"Seq\",\"Device\",\"DeviceSeq\",\"Metric\",\"Value\",\"At\",\"ArrivedAt\",\"Quality\"";
    public const string Happenings = "\"Seq\",\"Device\",\"DeviceSeq\",\"Type\",\"Fields\",\"At\",\"ArrivedAt\",\"Quality\"";
}

/// <summary>SQLite: prepared statements on the connection's own handle.</summary>
internal sealed class SqliteReadings : IReadingWriter
{
    private readonly SqliteConnection connection;
    private readonly sqlite3_stmt reading, happening;

    public SqliteReadings(SqliteConnection connection)
    {
        this.connection = connection;
        Check(raw.sqlite3_prepare_v2(connection.Handle, $"INSERT INTO devices_reading ({ReadingColumns.Readings}) VALUES (?,?,?,?,?,?,?,?)", out reading));
        Check(raw.sqlite3_prepare_v2(connection.Handle, $"INSERT INTO devices_happening ({ReadingColumns.Happenings}) VALUES (?,?,?,?,?,?,?,?)", out happening));
    }

    public long Write(IReadOnlyList<Packet> packets, long seq, IReadOnlyDictionary<string, int> metrics)
    {
        foreach (var packet in packets)
        {
            foreach (var r in packet.Readings)
            {
                Head(reading, ++seq, r.Device.Number, r.DeviceSeq);
                raw.sqlite3_bind_int(reading, 4, metrics[r.Metric]);
                raw.sqlite3_bind_double(reading, 5, r.Value);
                Tail(reading, r.At, r.ArrivedAt, (int)r.Quality);
            }
            foreach (var h in packet.Happenings)
            {
                Head(happening, ++seq, h.Device.Number, h.DeviceSeq);
                raw.sqlite3_bind_text(happening, 4, h.Type);
                if (h.Fields is null) raw.sqlite3_bind_null(happening, 5);
                else raw.sqlite3_bind_text(happening, 5, h.Fields);
                Tail(happening, h.At, h.ArrivedAt, (int)h.Quality);
            }
        }
        return seq;
    }

    private static void Head(sqlite3_stmt statement, long seq, long device, long deviceSeq)
    {
        raw.sqlite3_bind_int64(statement, 1, seq);
        raw.sqlite3_bind_int64(statement, 2, device);
        raw.sqlite3_bind_int64(statement, 3, deviceSeq);
    }

    private void Tail(sqlite3_stmt statement, long at, long arrivedAt, int quality)
    {
        raw.sqlite3_bind_int64(statement, 6, at);
        raw.sqlite3_bind_int64(statement, 7, arrivedAt);
        raw.sqlite3_bind_int(statement, 8, quality);
        var done = raw.sqlite3_step(statement);
        raw.sqlite3_reset(statement);
        if (done != raw.SQLITE_DONE) Check(done);
    }

    private void Check(int code) => SqliteException.ThrowExceptionForRC(code, connection.Handle);

    public void Dispose()
    {
        reading.Dispose();
        happening.Dispose();
    }
}

/// <summary>PostgreSQL: binary COPY, inside the transaction.</summary>
internal sealed class PostgresReadings(NpgsqlConnection connection) : IReadingWriter
{
    public long Write(IReadOnlyList<Packet> packets, long seq, IReadOnlyDictionary<string, int> metrics)
    {
        var first = seq;
        if (packets.Any(p => p.Readings.Count > 0))
        {
            using var copy = connection.BeginBinaryImport($"COPY devices_reading ({ReadingColumns.Readings}) FROM STDIN (FORMAT BINARY)");
            foreach (var packet in packets)
            {
                foreach (var r in packet.Readings)
                {
                    Head(copy, ++seq, r.Device.Number, r.DeviceSeq);
                    copy.Write(metrics[r.Metric], NpgsqlDbType.Integer);
                    copy.Write(r.Value, NpgsqlDbType.Double);
                    Tail(copy, r.At, r.ArrivedAt, (int)r.Quality);
                }
                seq += packet.Happenings.Count;
            }
            copy.Complete();
        }
        if (!packets.Any(p => p.Happenings.Count > 0)) return seq;
        seq = first;
        using var more = connection.BeginBinaryImport($"COPY devices_happening ({ReadingColumns.Happenings}) FROM STDIN (FORMAT BINARY)");
        foreach (var packet in packets)
        {
            seq += packet.Readings.Count;
            foreach (var h in packet.Happenings)
            {
                Head(more, ++seq, h.Device.Number, h.DeviceSeq);
                more.Write(h.Type, NpgsqlDbType.Text);
                if (h.Fields is null) more.WriteNull();
                else more.Write(h.Fields, NpgsqlDbType.Text);
                Tail(more, h.At, h.ArrivedAt, (int)h.Quality);
            }
        }
        more.Complete();
        return seq;
    }

    private static void Head(NpgsqlBinaryImporter copy, long seq, long device, long deviceSeq)
    {
        copy.StartRow();
        copy.Write(seq, NpgsqlDbType.Bigint);
        copy.Write(device, NpgsqlDbType.Bigint);
        copy.Write(deviceSeq, NpgsqlDbType.Bigint);
    }

    private static void Tail(NpgsqlBinaryImporter copy, long at, long arrivedAt, int quality)
    {
        copy.Write(at, NpgsqlDbType.Bigint);
        copy.Write(arrivedAt, NpgsqlDbType.Bigint);
        copy.Write(quality, NpgsqlDbType.Integer);
    }

    public void Dispose() { }
}
