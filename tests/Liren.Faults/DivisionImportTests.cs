using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using Liren.Shared;
using Microsoft.Data.Sqlite;

namespace Liren.Faults;

/// <summary>kill -9 in the middle of an import of divisions: what was written is whole, and the next run completes it.</summary>
public sealed class DivisionImportTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static async Task KilledAsync(string data, string file, int after)
    {
        using var import = LirenProcess.StartVerb(data, "import", "divisions", file);
        _ = import.StandardOutput.ReadToEndAsync(Stop);
        // "20000 / 110000" on stderr: kill when it is so far, while the next rows are being written.
        while (await import.StandardError.ReadLineAsync(Stop) is { } line)
            if (line.Split(' ') is [var done, "/", _] && int.Parse(done, CultureInfo.InvariantCulture) >= after) break;
        import.Kill();
        await import.WaitForExitAsync(Stop);
    }

    private static void ShouldHoldTheTable(string data, int shrink)
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(data, "liren.db")};Mode=ReadOnly;Pooling=False;Default Timeout=30");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = """SELECT replace("Path", '.', ''), "Name", replace("ParentPath", '.', '') FROM places_division ORDER BY "Path" """;
        using var reader = command.ExecuteReader();
        var found = new List<(string, string, string)>();
        while (reader.Read()) found.Add((reader.GetString(0), reader.GetString(1), reader.GetString(2)));
        found.ShouldBe(DivisionTable.Rows(shrink).OrderBy(r => r.Code, StringComparer.Ordinal));
    }

    [Fact]
    public async Task Killed_again_and_again_an_import_loses_nothing_and_doubles_nothing()
    {
        const int shrink = 8;
        using var data = new DataFolder();
        var file = Path.Combine(data.Path, "divisions.csv");
        var rows = DivisionTable.Write(file, shrink);
        var before = 0L;
        foreach (var after in new[] { 0, 10_000, 40_000, 70_000 })
        {
            await KilledAsync(data.Path, file, after);
            var now = data.Count("SELECT count(*) FROM places_division");
            now.ShouldBeInRange(before, rows - 1);
            data.Count("""SELECT count(*) FROM places_division d WHERE "ParentPath" <> '' AND NOT EXISTS (SELECT 1 FROM places_division p WHERE p."Path" = d."ParentPath")""").ShouldBe(0);
            before = now;
        }
        before.ShouldBeGreaterThan(0);
        data.Count("SELECT count(*) FROM sdk_journal WHERE \"Type\" LIKE '%DivisionsImported'").ShouldBe(0);
        var done = await LirenProcess.JsonAsync(data.Path, "import", "divisions", file);
        (done.GetProperty("added").GetInt64(), done.GetProperty("unchanged").GetInt64()).ShouldBe((rows - before, before));
        ShouldHoldTheTable(data.Path, shrink);
        (await LirenProcess.JsonAsync(data.Path, "import", "divisions", file)).GetProperty("unchanged").GetInt32().ShouldBe(rows);
    }

    [Fact]
    public async Task A_running_server_goes_on_working_while_an_import_is_killed_and_run_again()
    {
        const int shrink = 8;
        using var data = new DataFolder();
        var file = Path.Combine(data.Path, "divisions.csv");
        var rows = DivisionTable.Write(file, shrink);
        await using var server = await LirenProcess.UpAsync(data.Path);
        using var http = server.Client(await LirenProcess.KeyAsync(data.Path));
        using var enough = new CancellationTokenSource();
        var longest = TimeSpan.Zero;
        var writing = Task.Run(async () =>
        {
            for (var i = 0; !enough.IsCancellationRequested; i++)
            {
                var start = Stopwatch.GetTimestamp();
                using var answer = await http.PostAsJsonAsync("api/identity/keys", new { name = $"while importing {i}", kind = "program", role = "integration", place = "31", days = 1 }, Stop);
                answer.IsSuccessStatusCode.ShouldBeTrue(await answer.Content.ReadAsStringAsync(Stop));
                if (Stopwatch.GetElapsedTime(start) is var took && took > longest) longest = took;
            }
        }, Stop);
        await KilledAsync(data.Path, file, 20_000);
        await KilledAsync(data.Path, file, 50_000);
        (await LirenProcess.JsonAsync(data.Path, "import", "divisions", file)).GetProperty("refused").GetInt32().ShouldBe(0);
        await enough.CancelAsync();
        await writing;
        // A chunk holds the lock for a tenth of a second; the rest is for a machine busy with other tests.
        longest.ShouldBeLessThan(TimeSpan.FromSeconds(10));
        ShouldHoldTheTable(data.Path, shrink);
        (await http.GetFromJsonAsync<System.Text.Json.JsonElement>("api/places?q=111001001", Stop)).GetProperty("total").GetInt32().ShouldBe(1);
        rows.ShouldBe((int)data.Count("SELECT count(*) FROM places_division"));
    }
}
