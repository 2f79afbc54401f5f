using System.Data.Common;
using Liren.Contracts.Devices;
using Liren.Devices.Hub;
using Liren.Sdk.Data;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Liren.Devices.Data;

/// <summary>A value on its way to the disk.</summary>
internal readonly record struct NewReading(LiveDevice Device, long DeviceSeq, string Metric, double Value, long At, long ArrivedAt, ReadingQuality Quality);

/// <summary>A happening on its way to the disk.</summary>
internal readonly record struct NewHappening(LiveDevice Device, long DeviceSeq, string Type, string? Fields, long At, long ArrivedAt, ReadingQuality Quality);

/// <summary>What one message brings: kept whole or not at all.</summary>
internal sealed class Packet
{
    public List<NewReading> Readings { get; } = [];
    public List<NewHappening> Happenings { get; } = [];
    public bool IsEmpty => Readings.Count == 0 && Happenings.Count == 0;
}

/// <summary>
/// The journal of readings: one writer, group commit, durable before the device is answered; then the listeners see it, in the order of the journal.
/// The raw statements of each database, no EF: this is what a fleet drives.
/// </summary>
internal sealed class ReadingJournal : IDeviceReadings, IAsyncDisposable
{
    private readonly DataLocation at;
    private readonly DeviceBook book;
    private readonly ILogger<ReadingJournal> log;
    private readonly DatabaseWriter<Packet, IReadingWriter> writer;
    private readonly Dictionary<string, int> metrics = [];
    private readonly Lock listening = new();
    private IReadingListener[] listeners = [];
    private DeviceReading[] told = [];
    private long seq, next;

    public ReadingJournal(DataLocation at, DeviceBook book, ILogger<ReadingJournal> log)
    {
        (this.at, this.book, this.log) = (at, book, log);
        writer = new(at, Open, Write, Committed);
    }

    /// <summary>Readings and happenings committed since the start.</summary>
    public long Written { get; private set; }

    /// <summary>Commits since the start.</summary>
    public long Commits { get; private set; }

    /// <summary>Returns when the packet is on disk.</summary>
    public Task WriteAsync(Packet packet) => writer.WriteAsync(packet);

    public IDisposable Listen(IReadingListener listener)
    {
        lock (listening) listeners = [.. listeners, listener];
        return new Leave(() => { lock (listening) listeners = [.. listeners.Where(l => l != listener)]; });
    }

    private IReadingWriter Open(DbConnection connection)
    {
        seq = Math.Max(Most("devices_reading"), Most("devices_happening"));
        metrics.Clear();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT \"Name\", \"Id\" FROM devices_metric";
        using var reader = command.ExecuteReader();
        while (reader.Read()) metrics[reader.GetString(0)] = reader.GetInt32(1);
        return connection is NpgsqlConnection postgres ? new PostgresReadings(postgres) : new SqliteReadings((SqliteConnection)connection);

        long Most(string table)
        {
            using var most = connection.CreateCommand();
            most.CommandText = $"SELECT COALESCE(MAX(\"Seq\"), 0) FROM {table}";
            return Convert.ToInt64(most.ExecuteScalar(), System.Globalization.CultureInfo.InvariantCulture);
        }
    }

    private void Write(IReadingWriter rows, IReadOnlyList<Packet> packets, DbTransaction transaction)
    {
        foreach (var packet in packets) foreach (var reading in packet.Readings) Name(reading.Metric, transaction);
        next = rows.Write(packets, seq, metrics);
    }

    private void Committed(IReadOnlyList<Packet> packets)
    {
        var before = seq;
        seq = next;
        Commits++;
        Written += seq - before;
        Tell(packets, before);
    }

    private void Name(string metric, DbTransaction transaction)
    {
        if (metrics.ContainsKey(metric)) return;
        var id = metrics.Count == 0 ? 1 : metrics.Values.Max() + 1;
        using var insert = transaction.Connection!.CreateCommand();
        insert.Transaction = transaction;
        insert.CommandText = "INSERT INTO devices_metric (\"Id\", \"Name\") VALUES (@id, @name)";
        insert.With("@id", id);
        insert.With("@name", metric);
        insert.ExecuteNonQuery();
        metrics[metric] = id;
    }

    // Same order as the writer: packet by packet, its readings, then its happenings.
    private void Tell(IReadOnlyList<Packet> packets, long from)
    {
        var all = listeners;
        if (all.Length == 0) return;
        var (count, happened) = (0, (List<DeviceHappening>?)null);
        foreach (var packet in packets)
        {
            foreach (var r in packet.Readings)
            {
                if (count == told.Length) Array.Resize(ref told, Math.Max(1_024, 2 * count));
                told[count++] = new(++from, r.Device.Id, r.Device.Code, r.Device.Kind.Code, r.Device.Place, r.Metric, r.Value, r.At, r.ArrivedAt, r.Quality);
            }
            foreach (var h in packet.Happenings) (happened ??= []).Add(new(++from, h.Device.Id, h.Device.Code, h.Device.Place, h.Type, h.Fields, h.At, h.ArrivedAt, h.Quality));
        }
        foreach (var listener in all)
        {
            try
            {
                if (count > 0) listener.OnReadings(told.AsSpan(0, count));
                if (happened is not null) listener.OnHappenings(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(happened));
            }
            // One module's mistake must not stop the readings of the others.
            catch (Exception e) when (e is not OutOfMemoryException) { log.LogError(e, "A listener of readings failed: {Listener}", listener.GetType().Name); }
        }
    }

    public async Task<IReadOnlyList<DeviceReading>> ReadAsync(long after, string? metric, int take, CancellationToken cancellation)
    {
        await using var reading = await at.OpenAsync(cancellation);
        await using var command = reading.CreateCommand();
        command.CommandText = "SELECT r.\"Seq\", r.\"Device\", m.\"Name\", r.\"Value\", r.\"At\", r.\"ArrivedAt\", r.\"Quality\" FROM devices_reading r JOIN devices_metric m ON m.\"Id\" = r.\"Metric\" WHERE r.\"Seq\" > @after"
            + (metric is null ? "" : " AND r.\"Metric\" = (SELECT \"Id\" FROM devices_metric WHERE \"Name\" = @metric)") + " ORDER BY r.\"Seq\" LIMIT @take";
        if (metric is not null) command.With("@metric", metric);
        command.With("@after", after);
        command.With("@take", take);
        var found = new List<DeviceReading>();
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        while (await rows.ReadAsync(cancellation))
            if (await book.FindAsync(rows.GetInt64(1), cancellation) is { } d)
                found.Add(new(rows.GetInt64(0), d.Id, d.Code, d.Kind.Code, d.Place, rows.GetString(2), rows.GetDouble(3), rows.GetInt64(4), rows.GetInt64(5), (ReadingQuality)rows.GetInt32(6)));
        return found;
    }

    public async Task<IReadOnlyList<DeviceHappening>> ReadHappeningsAsync(long after, int take, CancellationToken cancellation)
    {
        await using var reading = await at.OpenAsync(cancellation);
        await using var command = reading.CreateCommand();
        command.CommandText = "SELECT \"Seq\", \"Device\", \"Type\", \"Fields\", \"At\", \"ArrivedAt\", \"Quality\" FROM devices_happening WHERE \"Seq\" > @after ORDER BY \"Seq\" LIMIT @take";
        command.With("@after", after);
        command.With("@take", take);
        var found = new List<DeviceHappening>();
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        while (await rows.ReadAsync(cancellation))
            if (await book.FindAsync(rows.GetInt64(1), cancellation) is { } d)
                found.Add(new(rows.GetInt64(0), d.Id, d.Code, d.Place, rows.GetString(2), rows.IsDBNull(3) ? null : rows.GetString(3), rows.GetInt64(4), rows.GetInt64(5), (ReadingQuality)rows.GetInt32(6)));
        return found;
    }

    /// <summary>The last numbers a device used, for the hub's memory.</summary>
    public async Task<IReadOnlyList<(long Number, long At)>> NumbersAsync(long device, CancellationToken cancellation)
    {
        await using var reading = await at.OpenAsync(cancellation);
        var found = new List<(long, long)>();
        foreach (var table in (string[])["devices_reading", "devices_happening"])
        {
            await using var command = reading.CreateCommand();
            command.CommandText = $"SELECT \"DeviceSeq\", \"At\" FROM {table} WHERE \"Device\" = @device ORDER BY \"At\" DESC LIMIT 128";
            command.With("@device", device);
            await using var rows = await command.ExecuteReaderAsync(cancellation);
            while (await rows.ReadAsync(cancellation)) found.Add((rows.GetInt64(0), rows.GetInt64(1)));
        }
        return found;
    }

    /// <summary>Whether a message with this number and time is stored.</summary>
    public async Task<bool> HasAsync(long device, long number, long time, CancellationToken cancellation)
    {
        await using var reading = await at.OpenAsync(cancellation);
        await using var command = reading.CreateCommand();
        command.CommandText = "SELECT 1 FROM devices_reading WHERE \"Device\" = @device AND \"At\" = @at AND \"DeviceSeq\" = @number UNION ALL SELECT 1 FROM devices_happening WHERE \"Device\" = @device AND \"At\" = @at AND \"DeviceSeq\" = @number LIMIT 1";
        command.With("@device", device);
        command.With("@at", time);
        command.With("@number", number);
        return await command.ExecuteScalarAsync(cancellation) is not null;
    }

    public ValueTask DisposeAsync() => writer.DisposeAsync();

    private sealed class Leave(Action leave) : IDisposable { public void Dispose() => leave(); }
}
