using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Liren.Shared;

namespace Liren.Faults;

/// <summary>The template makes a plug-in that builds, and the real program loads it beside a broken one.</summary>
public sealed class PluginTests
{
    private const string Place = "31.01.15.016.037";
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_plug_in_made_from_the_template_adds_its_part_and_a_faulty_one_is_skipped()
    {
        using DataFolder data = new(), work = new();
        var plugins = Directory.CreateDirectory(Path.Combine(work.Path, "plugins")).FullName;
        await MakeAsync(work.Path, "Acme.Noise");
        CopyTo(Path.Combine(plugins, "Acme.Noise"), Path.Combine(work.Path, "Acme.Noise", "out"));
        Directory.CreateDirectory(Path.Combine(plugins, "Acme.Broken"));
        await File.WriteAllTextAsync(Path.Combine(plugins, "Acme.Broken", "Acme.Broken.dll"), "no assembly", Stop);
        var settings = ("Plugins__Folder", plugins);

        // The verb, the table and its migration.
        var (code, output, errors) = await LirenProcess.RunAsync(data.Path, ["noise", "add", Place, "77", "--json"], settings);
        code.ShouldBe(0, errors + output);
        (await LirenProcess.RunAsync(data.Path, ["noise", "add", Place, "700"], settings)).Code.ShouldBe(1);

        // Doctor names both.
        var doctor = JsonSerializer.Deserialize<JsonElement>((await LirenProcess.RunAsync(data.Path, ["doctor", "--json"], settings)).Output.Trim().Split('\n')[^1]);
        var findings = doctor.GetProperty("findings").EnumerateArray().Select(f => f.GetProperty("found").GetString()!).ToList();
        findings.ShouldContain(f => f.Contains("plug-ins: noise"));
        findings.ShouldContain(f => f.Contains("Acme.Broken"));
        doctor.GetProperty("ok").GetBoolean().ShouldBeTrue();

        // The server: endpoint, permission, page.
        var worker = await LirenProcess.KeyAsync(data.Path, "community-worker", settings);
        var guard = await LirenProcess.KeyAsync(data.Path, "guard", settings);
        await using var server = await LirenProcess.UpAsync(data.Path, demo: false, settings);
        using HttpClient may = server.Client(worker), mayNot = server.Client(guard), nobody = server.Client();
        (await mayNot.GetAsync("api/noise/measurements", Stop)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await nobody.GetAsync("api/noise/measurements", Stop)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        may.DefaultRequestHeaders.Add("Idempotency-Key", "once");
        foreach (var _ in new[] { 1, 2 }) (await may.PostAsJsonAsync("api/noise/measurements", new { place = Place, decibels = 61 }, Stop)).StatusCode.ShouldBe(HttpStatusCode.Created);
        var list = await may.GetFromJsonAsync<JsonElement>("api/noise/measurements?sort=decibels", Stop);
        list.GetProperty("items").EnumerateArray().Select(r => r.GetProperty("decibels").GetInt32()).ShouldBe([61, 77]);
        var refused = await may.PostAsJsonAsync("api/noise/measurements", new { place = Place, decibels = 1 }, Stop);
        (await refused.Content.ReadFromJsonAsync<JsonElement>(Stop)).GetProperty("title").GetString()!.ShouldContain("20");
        (await nobody.GetAsync("noise/measurements", Stop)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await nobody.GetAsync("noise/nothing", Stop)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await server.StopAsync()).ShouldBe(0);
    }

    private static async Task MakeAsync(string work, string name)
    {
        var hive = Path.Combine(work, "hive");
        await DotnetAsync(work, "new", "install", Path.Combine(LirenProcess.Root, "templates", "plugin"), "--debug:custom-hive", hive);
        await DotnetAsync(work, "new", "liren-plugin", "-n", name, "-o", Path.Combine(work, name), "--liren", Path.GetDirectoryName(LirenProcess.Program)!, "--debug:custom-hive", hive);
        await DotnetAsync(work, "build", Path.Combine(work, name), "-o", Path.Combine(work, name, "out"), "-v", "q", "-nologo");
    }

    private static async Task DotnetAsync(string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", arguments) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder };
        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(Stop), process.StandardError.ReadToEndAsync(Stop));
        await process.WaitForExitAsync(Stop);
        process.ExitCode.ShouldBe(0, $"dotnet {string.Join(' ', arguments)}\n{await output}{await errors}");
    }

    private static void CopyTo(string folder, string from)
    {
        Directory.CreateDirectory(folder);
        foreach (var file in Directory.GetFiles(from)) File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
    }
}
