using Liren.Sdk.Data;
using Microsoft.Data.Sqlite;
using Npgsql;
using NpgsqlTypes;

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
internal sealed class SqliteReadings(SqliteConnection connection) : IReadingWriter
{
    private readonly SqliteStatement reading = new(connection, $"INSERT INTO devices_reading ({ReadingColumns.Readings}) VALUES (?,?,?,?,?,?,?,?)"),
        happening = new(connection, $"INSERT INTO devices_happening ({ReadingColumns.Happenings}) VALUES (?,?,?,?,?,?,?,?)");

    public long Write(IReadOnlyList<Packet> packets, long seq, IReadOnlyDictionary<string, int> metrics)
    {
        foreach (var packet in packets)
        {
            foreach (var r in packet.Readings)
            {
                Head(reading, ++seq, r.Device.Number, r.DeviceSeq);
                reading.Bind(4, metrics[r.Metric]);
                reading.Bind(5, r.Value);
                Tail(reading, r.At, r.ArrivedAt, (int)r.Quality);
            }
            foreach (var h in packet.Happenings)
            {
                Head(happening, ++seq, h.Device.Number, h.DeviceSeq);
                happening.Bind(4, h.Type);
                happening.Bind(5, h.Fields);
                Tail(happening, h.At, h.ArrivedAt, (int)h.Quality);
            }
        }
        return seq;
    }

    private static void Head(SqliteStatement statement, long seq, long device, long deviceSeq)
    {
        statement.Bind(1, seq);
        statement.Bind(2, device);
        statement.Bind(3, deviceSeq);
    }

    private static void Tail(SqliteStatement statement, long at, long arrivedAt, int quality)
    {
        statement.Bind(6, at);
        statement.Bind(7, arrivedAt);
        statement.Bind(8, quality);
        statement.Run();
    }

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
