using System.Globalization;
using System.Net.Http.Json;
using System.Text.Unicode;
using System.Text.Json;
using Liren.Shared;
using Microsoft.Data.Sqlite;

namespace Liren.Bench.Loop;

/// <summary>
/// The real program with plans in force: each area has a camera and a speaker, some areas share a gateway's connection. Areas and devices after the first are
/// copied in the tables while the program is down, or registering them would take longer than the measurement.
/// </summary>
internal sealed class LirenLoop : ILoop, IAsyncDisposable
{
    private const string Compound = "31.01.15.016.037.liren", Template = "loopzero";
    private const int AreasPerGateway = 1, PlacesAtOnce = 500;
    private readonly string data = Directory.CreateTempSubdirectory("liren-bench-").FullName;
    private readonly int port = Ports.Free();
    private readonly Dictionary<int, MqttLine> lines = [];
    private readonly Dictionary<int, long> numbers = [];
    private LirenProcess? liren;
    private string secret = "";

    public Action<int>? Commanded { get; set; }

    public (long Sent, long Acknowledged) Counts => (lines.Values.Distinct().Sum(l => l.Counts.Sent), lines.Values.Distinct().Sum(l => l.Counts.Acknowledged));

    /// <summary>Processor time the program has used.</summary>
    public TimeSpan Processor => liren!.Processor();

    /// <summary>Starts it with so many areas under the latch rule, and behind them so many under the hold rule.</summary>
    public async Task StartAsync(int latch, int hold, CancellationToken stop)
    {
        await UpAsync();
        using (var http = liren!.Client(await LirenProcess.KeyAsync(data)))
        {
            await http.AskAsync($"api/places/{Compound}/places", new { kind = "Area", name = Template, code = Template, areaKind = "plaza" }, stop);
            await AddAsync(http, $"gw-{Template}", "gateway", Compound, null, stop);
            await AddAsync(http, $"cam-{Template}", "camera", $"{Compound}.{Template}", $"gw-{Template}", stop);
            await AddAsync(http, $"spk-{Template}", "speaker", $"{Compound}.{Template}", $"gw-{Template}", stop);
        }
        var plans = new List<string>();
        foreach (var name in (string[])["latch", "hold"])
        {
            var file = Path.Combine(LirenProcess.Root, "bench", "Liren.Bench", "Loop", name + ".yaml");
            var id = (await LirenProcess.JsonAsync(data, "plan", "write", file, "--by", "duty")).GetProperty("id").GetString()!;
            await LirenProcess.JsonAsync(data, "plan", "approve", id, "--by", "leader");
            plans.Add(id);
        }
        await liren.StopAsync();
        await liren.DisposeAsync();
        Copy(latch + hold);
        await UpAsync();
        for (var n = 0; n < latch + hold; n += PlacesAtOnce)
        {
            var some = Enumerable.Range(n, Math.Min(PlacesAtOnce, latch + hold - n)).ToList();
            foreach (var (plan, areas) in plans.Zip([some.Where(a => a < latch).ToList(), some.Where(a => a >= latch).ToList()]))
                if (areas.Count > 0) await LirenProcess.JsonAsync(data, ["plan", "put", plan, "--by", "leader", .. areas.SelectMany(a => (string[])["--place", $"{Compound}.{Name(a)}"])]);
        }
    }

    /// <summary>Connects the gateways of areas; the ones before are let go.</summary>
    public async Task ConnectAsync(int first, int areas, CancellationToken stop)
    {
        foreach (var old in lines.Values.Distinct().ToList()) old.Dispose();
        lines.Clear();
        foreach (var group in Enumerable.Range(first, areas).GroupBy(a => a / AreasPerGateway))
        {
            var gateway = $"gw-{Name(group.Key)}";
            var line = await MqttLine.OpenAsync(port, gateway, secret, $"liren/v1/liren/{gateway}/cmd", Hear, stop);
            foreach (var area in group) lines[area] = line;
        }
    }

    public void Publish(int area, double value)
    {
        var number = numbers[area] = numbers.GetValueOrDefault(area) + 1;
        Span<byte> row = stackalloc byte[160];
        Utf8.TryWrite(row, CultureInfo.InvariantCulture, $"[{{\"d\":\"cam-{Name(area)}\",\"c\":\"tm\",\"seq\":{number},\"ts\":{TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds()},\"v\":{{\"people.count\":{value}}}}}]", out var written);
        lines[area].Publish($"liren/v1/liren/gw-{Name(area / AreasPerGateway)}/b", row[..written]);
    }

    private async Task UpAsync() => liren = await LirenProcess.UpAsync(data, demo: true, ("Devices__Mqtt__Port", port.ToString(CultureInfo.InvariantCulture)), ("Logging__LogLevel__Default", "Warning"));

    private void Hear(string topic, ReadOnlyMemory<byte> payload)
    {
        using var json = JsonDocument.Parse(payload);
        if (json.RootElement.GetProperty("d").GetString() is { } device && device.StartsWith("spk-loop", StringComparison.Ordinal)) Commanded?.Invoke(int.Parse(device.AsSpan("spk-loop".Length), CultureInfo.InvariantCulture));
    }

    private static string Name(int area) => string.Create(CultureInfo.InvariantCulture, $"loop{area:00000}");

    private void Copy(int areas)
    {
        using var connection = Open();
        Copies(connection, "places_place", $"Path\" = '{Compound}.{Template}'", areas, 1, null);
        Copies(connection, "devices_device", $"Code\" = 'gw-{Template}'", (areas + AreasPerGateway - 1) / AreasPerGateway, 2, null);
        Copies(connection, "devices_device", $"Code\" = 'cam-{Template}'", areas, 3, AreasPerGateway);
        Copies(connection, "devices_device", $"Code\" = 'spk-{Template}'", areas, 4, AreasPerGateway);
    }

    // The same row under other names: whatever is called after the template is called after the copy.
    private static void Copies(SqliteConnection connection, string table, string which, int count, int series, int? perGateway)
    {
        var columns = new List<string>();
        using (var ask = connection.CreateCommand())
        {
            ask.CommandText = $"SELECT name FROM pragma_table_info('{table}')";
            using var reader = ask.ExecuteReader();
            while (reader.Read()) columns.Add(reader.GetString(0));
        }
        string Value(string column) => column switch
        {
            "Id" => $"substr(t.\"Id\", 1, 24) || printf('%012X', {series} * 1000000 + n.i)",
            "Number" => $"{series} * 1000000 + n.i",
            "Gateway" when perGateway is { } some => $"printf('gw-loop%05d', n.i / {some})",
            _ => $"CASE WHEN typeof(t.\"{column}\") = 'text' THEN replace(t.\"{column}\", '{Template}', printf('loop%05d', n.i)) ELSE t.\"{column}\" END",
        };
        using var command = connection.CreateCommand();
        command.CommandText = $"""
            WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < {count})
            INSERT INTO {table} ({string.Join(',', columns.Select(c => $"\"{c}\""))}) SELECT {string.Join(',', columns.Select(Value))} FROM {table} t, n WHERE t."{which}
            """;
        if (command.ExecuteNonQuery() != count) throw new InvalidOperationException($"{table}: the copies are not there");
    }

    private SqliteConnection Open()
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = Path.Combine(data, "liren.db"), Pooling = false }.ToString());
        connection.Open();
        return connection;
    }

    private async Task AddAsync(HttpClient http, string code, string kind, string place, string? gateway, CancellationToken stop)
    {
        var id = (await http.AskAsync("api/devices", new { code, kind, name = code, place, gateway }, stop)).GetProperty("id").GetGuid();
        await http.AskAsync($"api/devices/{id}/state", new { state = "InService" }, stop);
        if (kind == "gateway") secret = (await http.AskAsync($"api/devices/{id}/key", null, stop)).GetProperty("secret").GetString()!;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var line in lines.Values.Distinct()) line.Dispose();
        if (liren is not null)
        {
            // What it still has to write down for people is not measured.
            await liren.KillAsync();
            await liren.DisposeAsync();
        }
        Directory.Delete(data, recursive: true);
    }
}
