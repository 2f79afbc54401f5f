using System.Net.Http.Json;
using System.Text.Json;
using Liren.Shared;

namespace Liren.Faults;

/// <summary>The simulated terminal against the real server, over https with the installation's own authority.</summary>
public sealed class TerminalSimulatorTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_simulated_terminal_shows_codes_and_cards_and_says_what_was_decided()
    {
        using var data = new DataFolder();
        await LirenProcess.JsonAsync(data.Path, "cert", "make", "--host", "127.0.0.1");
        await using var server = await LirenProcess.UpWithHttpsAsync(data.Path, demo: true);
        using var http = server.Client(await LirenProcess.KeyAsync(data.Path));
        var compound = (await http.GetFromJsonAsync<JsonElement>("api/places/compounds?size=1", Stop)).GetProperty("items")[0].GetProperty("path").GetString();
        var gate = (await PostAsync(http, "api/passes/gates", new { compound, policy = new { name = "模拟门", idCheckPercent = 0 } })).GetProperty("id").GetGuid();
        var terminal = await PostAsync(http, "api/passes/terminals", new { gate, name = "模拟机", maker = "Liren" });
        var pass = await PostAsync(http, "api/passes", new { kind = "Staff", form = "Paper", name = "赵*模", compound, days = 3 });
        await PostAsync(http, $"api/passes/terminals/{terminal.GetProperty("id").GetGuid()}/enrolments", new { kind = "Card", pass = pass.GetProperty("id").GetGuid(), subject = "C100" });

        var codes = data.File("codes.txt", $"{pass.GetProperty("code").GetString()}\ncard:C100\nface:7\nhttps://example.com/ \n" + """{"kind":"card","value":"C100","direction":"out"}""" + "\n");
        var ca = Path.Combine(data.Path, "liren-ca.crt");
        await File.WriteAllBytesAsync(ca, await http.GetByteArrayAsync("ca/liren-ca.crt", Stop), Stop);
        string[] simulate = ["simulate", "terminal", "--url", $"https://127.0.0.1:{server.HttpsPort}", "--codes", codes, "--rate", "20", "--ca", ca];
        var (code, output, errors) = await LirenProcess.RunAsync(data.Path, [.. simulate, "--key", terminal.GetProperty("key").GetString()!]);
        code.ShouldBe(0, errors);
        var lines = output.Trim().Split('\n').Select(l => JsonSerializer.Deserialize<JsonElement>(l)).ToList();
        lines.Select(l => (l.GetProperty("kind").GetString(), l.GetProperty("verdict").GetString(), l.GetProperty("reason").GetString(), l.GetProperty("open").GetBoolean())).ShouldBe(
            [("qr", "check", "IdRequired", false), ("card", "admit", "Ok", true), ("face", "refuse", "NotEnrolled", false), ("qr", "refuse", "NotAPass", false), ("card", "admit", "Ok", true)]);

        var (wrong, _, _) = await LirenProcess.RunAsync(data.Path, [.. simulate, "--key", "lrd_wrong"]);
        wrong.ShouldBe(1);
        // Without the authority the server is not believed.
        var (untrusted, _, why) = await LirenProcess.RunAsync(data.Path, [.. simulate[..^2], "--key", terminal.GetProperty("key").GetString()!]);
        untrusted.ShouldBe(1);
        why.ShouldContain("SSL");
    }

    private static async Task<JsonElement> PostAsync(HttpClient http, string address, object body)
    {
        using var answer = await http.PostAsJsonAsync(address, body, Stop);
        answer.IsSuccessStatusCode.ShouldBeTrue($"{address}: {await answer.Content.ReadAsStringAsync(Stop)}");
        return await answer.Content.ReadFromJsonAsync<JsonElement>(Stop);
    }
}
