using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Liren.Shared;

namespace Liren.Faults;

/// <summary>kill -9 of the server while a camera is watched: the worker keeps its counts and sends them when the server is back, each once.</summary>
public sealed class VisionTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static string Worker { get; } = LirenProcess.Program.Replace("Liren.Host", "Liren.Vision", StringComparison.Ordinal);

    [Fact]
    public async Task Counts_made_while_the_server_was_killed_are_on_disk_afterwards_each_once()
    {
        using var data = new DataFolder();
        var video = Path.Combine(data.Path, "test.avi");
        var made = await RunAsync("ffmpeg", "-v", "error", "-f", "lavfi", "-i", "testsrc=s=320x240:r=5:d=10", video);
        Assert.SkipWhen(made is null, "ffmpeg is missing (Debian: apt-get install ffmpeg)");
        var model = await RunAsync("dotnet", Worker, "model", "get");
        Assert.SkipUnless(model!.Value.Code == 0, model.Value.Errors);

        var port = Ports.Free();
        (string, string)[] settings = [("Devices__Mqtt__Port", port.ToString(CultureInfo.InvariantCulture))];
        var liren = await LirenProcess.UpAsync(data.Path, demo: true, settings);
        var key = (await LirenProcess.JsonAsync(data.Path, "device", "add", "cam-7", "--kind", "camera", "--name", "广场相机", "--place", "31.01.15.016.037.liren")).GetProperty("secret").GetString();
        var config = data.File("watch.yaml", $"hub: {{ port: {port}, device: cam-7, key: \"{key}\" }}\ncameras: [{{ name: test, file: \"{video}\" }}]\n");
        using var worker = Start("dotnet", Worker, "watch-people", config, "--json")!;
        var watching = EndedAsync(worker);
        for (var wait = 0; wait < 200 && data.Count("SELECT COUNT(*) FROM devices_reading") < 5; wait++) await Task.Delay(100, Stop);
        await liren.KillAsync();
        var before = data.Count("SELECT COUNT(*) FROM devices_reading");
        before.ShouldBeInRange(5, 30);
        liren = await LirenProcess.UpAsync(data.Path, demo: true, settings);

        // It comes back by itself, a minute later at most; then it is told to end, and says what it did.
        for (var wait = 0; wait < 900 && data.Count("SELECT COUNT(*) FROM devices_reading") < before + 10; wait++) await Task.Delay(100, Stop);
        using (var end = Start("kill", "-TERM", worker.Id.ToString(CultureInfo.InvariantCulture))) await end!.WaitForExitAsync(Stop);
        var (code, output, errors) = await watching;
        code.ShouldBe(0, errors);
        var sums = JsonSerializer.Deserialize<JsonElement>(output.Trim().Split('\n')[^1]);
        var (pictures, rows) = (sums.GetProperty("pictures").GetInt64(), data.Count("SELECT COUNT(*) FROM devices_reading"));
        (sums.GetProperty("dropped").GetInt64(), sums.GetProperty("refused").GetInt64(), data.Count("SELECT COUNT(*) FROM devices_reading WHERE Value <> 0")).ShouldBe((0, 0, 0));
        // One a second; a picture that came a moment early has no row of its own.
        rows.ShouldBeInRange(pictures * 8 / 10, pictures);
        (sums.GetProperty("acknowledged").GetInt64(), data.Count("SELECT COUNT(*) FROM (SELECT DISTINCT Device, DeviceSeq FROM devices_reading)")).ShouldBe((rows, rows));
        await liren.DisposeAsync();
    }

    // Null when the program is not there.
    private static Process? Start(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        start.Environment["LIREN_MODEL_FOLDER"] = Path.Combine(LirenProcess.Root, "artifacts", "models");
        try { return Process.Start(start); }
        catch (System.ComponentModel.Win32Exception) { return null; }
    }

    private static async Task<(int Code, string Output, string Errors)?> RunAsync(string program, params string[] arguments)
    {
        using var process = Start(program, arguments);
        return process is null ? null : await EndedAsync(process);
    }

    private static async Task<(int Code, string Output, string Errors)> EndedAsync(Process process)
    {
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(Stop), process.StandardError.ReadToEndAsync(Stop));
        await process.WaitForExitAsync(Stop);
        return (process.ExitCode, await output, await errors);
    }
}
