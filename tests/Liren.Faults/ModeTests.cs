using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Liren.Shared;

namespace Liren.Faults;

/// <summary>kill -9 while an emergency is in force: it ends all the same, its destruction is planned once, and the mode never outlives its order.</summary>
public sealed class ModeTests
{
    private const string Place = "31.01.15.016.037.liren";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_order_that_ran_out_while_the_program_was_dead_ends_once_at_the_next_start()
    {
        using var data = new DataFolder();
        var liren = await LirenProcess.UpAsync(data.Path, demo: true);
        var to = TimeProvider.System.GetUtcNow().AddSeconds(60);
        var id = (await LirenProcess.JsonAsync(data.Path, "mode", "order", "--place", Place, "--no", "花街应急令〔测试〕1号", "--level", "II", "--authority", "花木街道办事处", "--basis", "突发事件应对法", "--reason", "断电演练",
            "--to", to.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture), "--collect", "gate.temperature:14:及时送诊", "--by", "leader")).GetProperty("id").GetGuid();
        (await LirenProcess.JsonAsync(data.Path, "mode", "sign", id.ToString(), "--by", "duty")).GetProperty("state").GetString().ShouldBe("InForce");
        using (var http = liren.Client(await LirenProcess.KeyAsync(data.Path)))
            await UntilAsync(async () => (await AtAsync(http)).GetProperty("now").GetProperty("orderId").GetString() == id.ToString());
        await UntilAsync(() => Task.FromResult(data.Count($"SELECT COUNT(*) FROM modes_mode_order WHERE Id = '{id.ToString().ToUpperInvariant()}' AND BegunAt IS NOT NULL") == 1));
        await liren.KillAsync();
        var wait = to - TimeProvider.System.GetUtcNow() + TimeSpan.FromSeconds(1);
        if (wait > TimeSpan.Zero) await Task.Delay(wait, Stop);
        liren = await LirenProcess.UpAsync(data.Path, demo: true);
        using (var http = liren.Client(await LirenProcess.KeyAsync(data.Path))) (await AtAsync(http)).GetProperty("now").GetProperty("mode").GetString().ShouldBe("Peace");
        await UntilAsync(() => Task.FromResult(Tasks(data, id) == 1));
        await liren.KillAsync();
        liren = await LirenProcess.UpAsync(data.Path, demo: true);
        await Task.Delay(1_500, Stop);
        (Tasks(data, id), data.Count($"SELECT COUNT(*) FROM sdk_journal WHERE Subject = '{id.ToString().ToUpperInvariant()}' AND Type LIKE '%ModeChanged'")).ShouldBe((1, 2));
        await liren.DisposeAsync();
    }

    private static Task<JsonElement> AtAsync(HttpClient http) => http.GetFromJsonAsync<JsonElement>($"api/modes/at?place={Place}", Stop);

    private static long Tasks(DataFolder data, Guid id) => data.Count($"SELECT COUNT(*) FROM modes_destruction_task WHERE OrderId = '{id.ToString().ToUpperInvariant()}'");

    private static async Task UntilAsync(Func<Task<bool>> holds)
    {
        for (var i = 0; i < 60; i++)
        {
            if (await holds()) return;
            await Task.Delay(250, Stop);
        }
        (await holds()).ShouldBeTrue();
    }
}
