using Liren.Codes;

namespace Liren.E2E.Gate;

/// <summary>The gate without its server, filmed: every code gets its reason in Chinese, and after the network is back every look is on the server once.</summary>
public sealed class OfflineGateTests
{
    [Fact]
    public async Task With_the_server_stopped_the_camera_tells_every_kind_of_code_apart_and_each_look_arrives_once()
    {
        await using var world = await GateWorld.CreateAsync();
        using var phone = SigningKey.Create(SignAlg.Es256);
        var (_, pass) = await world.PhoneAsync("王*英", phone);
        var (_, borrowed) = await world.PaperAsync("赵*明");
        var (gone, revoked) = await world.PaperAsync("孙*");
        var (resting, suspended) = await world.PaperAsync("李*国");
        var (_, elsewhere) = await world.PaperAsync("周*华", world.OtherCompound);
        var (_, lapsed) = await world.PaperAsync("吴*", days: 1);
        await world.ChangeAsync(gone, "revoke");
        await world.ChangeAsync(resting, "suspend");

        await using var device = await world.DeviceAsync();
        var gate = new GateScreen(device);
        await gate.PairAsync(await world.InvitationAsync());
        await world.StopAsync();
        await device.Page.ReloadAsync();

        var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        var live = LiveProof.Sign(pass, now + 8, [], phone);
        var blank = new Scene(null, 0.6);
        await world.Film.WriteAsync(
            new Scene(null, 1.5), new Scene(live, 2.5, -6), blank, new Scene(Forged(borrowed), 2.5, 9), blank, new Scene(live, 2.5), blank, new Scene(Tampered(borrowed), 2.5, -12), blank,
            new Scene(revoked, 2.5), blank, new Scene(suspended, 2.5, 5), blank, new Scene(elsewhere, 2.5), blank, new Scene("LR1:" + Base45.Encode(pass), 2.5), blank,
            new Scene(LiveProof.Sign(pass, now - 600, [], phone), 2.5, 14), blank, new Scene("https://weixin.qq.com/r/abc", 2), blank, new Scene(borrowed, 2.5, 3), new Scene(null, 400));
        await gate.SignInAsync();
        await gate.SaysAsync("可以通行");
        await device.ShotAsync("gate-admit");
        await gate.SaysAsync("伪造的通行码");
        await device.ShotAsync("gate-forged");
        await gate.SaysAsync("此码刚刚用过");
        await gate.SaysAsync("伪造的通行码");
        await gate.SaysAsync("此证已作废");
        await gate.SaysAsync("暂停使用");
        await device.ShotAsync("gate-suspended");
        await gate.SaysAsync("是别的小区的证");
        await gate.SaysAsync("这是截图或复印的码");
        await gate.SaysAsync("码不是现在的");
        await gate.SaysAsync("这不是通行码");
        await gate.SaysAsync("请核对身份证");
        await device.ShotAsync("gate-document");
        await device.Page.Locator(".choices .no").ClickAsync();
        await gate.SaysAsync("证件不符");
        // The film is blank by now: a code still held there would become a new look as soon as another one is scanned, and wait for a guard who never decides.
        await gate.SaysAsync("请出示通行码");

        // Two days later, still without network: a pass of one day is over. The scanner on the USB cable reads it.
        await device.Page.EvaluateAsync("() => localStorage.setItem('test-ahead', String(2 * 86400_000))");
        await gate.ScannerAsync(lapsed);
        await gate.SaysAsync("通行码已过期");
        await device.ShotAsync("gate-expired");
        await device.Page.EvaluateAsync("() => localStorage.removeItem('test-ahead')");

        var queued = await gate.QueuedAsync();
        var reasons = queued.Select(e => e.GetProperty("reason").GetString()!).ToList();
        foreach (var reason in new[] { "Ok", "Forged", "Replayed", "Revoked", "Suspended", "OtherCompound", "ProofMissing", "StaleProof", "IdMismatch", "Expired" }) reasons.ShouldContain(reason);
        reasons.Count(r => r == "Forged").ShouldBe(2);
        reasons.ShouldNotContain("NotAPass");

        await world.RestartAsync();
        await gate.UploadedAsync();
        var arrived = await world.EntriesAsync();
        arrived.Select(e => e.GetProperty("id").GetString()!).Order().ShouldBe(queued.Select(e => e.GetProperty("id").GetString()!).Order());
        device.Faults.Where(f => !f.Contains("ERR_CONNECTION_REFUSED", StringComparison.Ordinal) && !f.Contains("Failed to load resource", StringComparison.Ordinal)).ShouldBeEmpty();
    }

    /// <summary>Signed by somebody else under the id of the real key.</summary>
    private static string Forged(string real)
    {
        using var stranger = SigningKey.Create(SignAlg.Es256);
        var bytes = Base45.Decode(real.AsSpan(4))!;
        stranger.Sign(bytes).CopyTo(bytes, bytes.Length - 64);
        return "LR1:" + Base45.Encode(bytes);
    }

    /// <summary>The name changed, the signature kept.</summary>
    private static string Tampered(string real)
    {
        var bytes = Base45.Decode(real.AsSpan(4))!;
        bytes[bytes.AsSpan().IndexOf("赵"u8) + 2] ^= 1;
        return "LR1:" + Base45.Encode(bytes);
    }
}
