using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Liren.Shared;

namespace Liren.Faults;

/// <summary>kill -9 in the middle of an import of residents: the next run ends exactly where one run would have.</summary>
public sealed class ResidentImportTests
{
    private const int Rows = 5_001;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    // Everyone once, in one home, with one number, one telephone and one outcome; one household a home; one run, one event.
    private static void ShouldBeImportedOnce(DataFolder data, int runs = 1)
    {
        data.Count("SELECT count(*) FROM people_person").ShouldBe(Rows);
        data.Count("SELECT count(DISTINCT hex(\"Hash\")) FROM people_identifier").ShouldBe(Rows);
        data.Count("SELECT count(*) FROM people_identifier").ShouldBe(Rows);
        data.Count("SELECT count(*) FROM people_contact_point").ShouldBe(Rows);
        data.Count("SELECT count(*) FROM people_occupancy").ShouldBe(Rows);
        data.Count("SELECT count(DISTINCT \"PersonId\" || \"RoomPath\") FROM people_occupancy").ShouldBe(Rows);
        data.Count("SELECT count(*) FROM people_household").ShouldBe(Rows / 3);
        data.Count("SELECT count(*) FROM places_place WHERE \"Kind\" = 'Room'").ShouldBe(Rows / 3);
        data.Count("SELECT count(*) FROM people_import_run WHERE \"State\" = 'Finished'").ShouldBe(runs);
        data.Count($"SELECT count(*) FROM people_import_run WHERE \"Added\" = {Rows} AND \"Refused\" = 0").ShouldBe(1);
        data.Count("SELECT count(*) FROM sdk_journal WHERE \"Type\" LIKE '%ResidentsImported'").ShouldBe(runs);
    }

    private static async Task KilledAsync(string data, string file, int after)
    {
        using var import = LirenProcess.StartVerb(data, "import", "residents", file, "--compound", Roster.Compound);
        _ = import.StandardOutput.ReadToEndAsync(Stop);
        while (await import.StandardError.ReadLineAsync(Stop) is { } line)
            if (line.Split(' ') is [var done, "/", _] && int.Parse(done, System.Globalization.CultureInfo.InvariantCulture) >= after) break;
        // Somewhere inside the chunk that is being prepared or written now.
        await Task.Delay(Random.Shared.Next(0, 120), Stop);
        import.Kill();
        await import.WaitForExitAsync(Stop);
    }

    [Fact]
    public async Task Killed_again_and_again_an_import_ends_as_if_it_had_run_once()
    {
        using var data = new DataFolder();
        await Roster.CompoundAsync(data.Path);
        var file = Path.Combine(data.Path, "roster.csv");
        Roster.Write(file, Rows);
        var before = 0L;
        foreach (var after in new[] { 0, 800, 2_400, 3_600 })
        {
            await KilledAsync(data.Path, file, after);
            var now = data.Count("SELECT count(*) FROM people_person");
            now.ShouldBeInRange(before, Rows);
            // What a chunk wrote is whole, and is what the run says it has done.
            data.Count("SELECT count(*) FROM people_occupancy").ShouldBe(now);
            data.Count("SELECT count(*) FROM people_import_row").ShouldBe(now);
            data.Count("SELECT coalesce(sum(\"Added\"), 0) FROM people_import_run").ShouldBe(now);
            before = now;
        }
        before.ShouldBeGreaterThan(0);
        var done = await LirenProcess.JsonAsync(data.Path, "import", "residents", file, "--compound", Roster.Compound);
        (done.GetProperty("added").GetInt32(), done.GetProperty("refused").GetInt32()).ShouldBe((Rows, 0));
        ShouldBeImportedOnce(data);
        (await LirenProcess.JsonAsync(data.Path, "import", "residents", file, "--compound", Roster.Compound)).GetProperty("unchanged").GetInt32().ShouldBe(Rows);
        ShouldBeImportedOnce(data, runs: 2);
    }

    [Fact]
    public async Task A_killed_server_goes_on_with_the_import_when_it_is_up_again()
    {
        using var data = new DataFolder();
        await Roster.CompoundAsync(data.Path);
        var file = Path.Combine(data.Path, "roster.csv");
        Roster.Write(file, Rows);
        var key = await LirenProcess.KeyAsync(data.Path);
        string status;
        await using (var first = await LirenProcess.UpAsync(data.Path))
        {
            using var http = first.Client(key);
            using var form = new MultipartFormDataContent { { new StringContent(Roster.Compound), "compound" } };
            var content = new ByteArrayContent(await File.ReadAllBytesAsync(file, Stop));
            content.Headers.ContentType = new MediaTypeHeaderValue("text/csv");
            form.Add(content, "file", "roster.csv");
            using var answer = await http.PostAsync("api/people/imports", form, Stop);
            answer.IsSuccessStatusCode.ShouldBeTrue(await answer.Content.ReadAsStringAsync(Stop));
            status = answer.Headers.Location!.ToString().TrimStart('/');
            for (var tries = 0; (await http.GetFromJsonAsync<JsonElement>(status, Stop)).GetProperty("added").GetInt32() < 800; tries++)
            {
                tries.ShouldBeLessThan(6_000);
                await Task.Delay(20, Stop);
            }
            await first.KillAsync();
        }
        await using var second = await LirenProcess.UpAsync(data.Path);
        using var again = second.Client(key);
        var start = Stopwatch.GetTimestamp();
        while ((await again.GetFromJsonAsync<JsonElement>(status, Stop)).GetProperty("state").GetString() != "Finished")
        {
            Stopwatch.GetElapsedTime(start).ShouldBeLessThan(TimeSpan.FromSeconds(100));
            await Task.Delay(200, Stop);
        }
        ShouldBeImportedOnce(data);
        Directory.GetFiles(Path.Combine(data.Path, "imports")).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_running_server_answers_while_an_import_beside_it_is_killed_and_run_again()
    {
        using var data = new DataFolder();
        await Roster.CompoundAsync(data.Path);
        var file = Path.Combine(data.Path, "roster.csv");
        Roster.Write(file, Rows);
        await using var server = await LirenProcess.UpAsync(data.Path);
        using var http = server.Client(await LirenProcess.KeyAsync(data.Path));
        using var enough = new CancellationTokenSource();
        var writing = Task.Run(async () =>
        {
            var longest = TimeSpan.Zero;
            for (var i = 0; !enough.IsCancellationRequested; i++)
            {
                var start = Stopwatch.GetTimestamp();
                using var answer = await http.PostAsJsonAsync("api/identity/keys", new { name = $"while importing {i}", kind = "program", role = "integration", place = "31", days = 1 }, Stop);
                answer.IsSuccessStatusCode.ShouldBeTrue(await answer.Content.ReadAsStringAsync(Stop));
                if (Stopwatch.GetElapsedTime(start) is var took && took > longest) longest = took;
                await Task.Delay(20, Stop);
            }
            return longest;
        }, Stop);
        await KilledAsync(data.Path, file, 1_200);
        (await LirenProcess.JsonAsync(data.Path, "import", "residents", file, "--compound", Roster.Compound)).GetProperty("added").GetInt32().ShouldBe(Rows);
        await enough.CancelAsync();
        // On a busy machine too nobody waits longer than a person notices as "broken".
        (await writing).ShouldBeLessThan(TimeSpan.FromSeconds(5));
        ShouldBeImportedOnce(data);
    }
}
