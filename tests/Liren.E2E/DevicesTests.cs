using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using Liren.Shared;

namespace Liren.E2E;

/// <summary>Devices in the console: registered, put into service, given a key shown once and a command with a reason.</summary>
public sealed class DevicesTests(Site site)
{
    [Fact]
    public async Task A_device_is_registered_given_a_key_and_a_command()
    {
        await using var tab = await site.OpenAsync("admin");
        var page = tab.Page;
        await tab.GoAsync("/devices/refusals");
        await tab.LookAtBothAsync("devices-refusals");
        await tab.GoAsync("/devices");
        await page.Locator(".page-head button.primary").ClickAsync();
        await page.FillAsync("#dname", "广场音柱");
        await page.FillAsync("#dcode", "spk-e2e");
        await page.SelectOptionAsync("#dkind", "speaker");
        await page.Locator("#dplace").PressSequentiallyAsync("联洋");
        await page.Locator("#dplace-hits button").First.ClickAsync();
        await tab.LookAtBothAsync("devices-add");
        await page.Locator(".drawer button.primary").ClickAsync();
        await page.Locator("button", new() { HasText = "转为在用" }).ClickAsync();
        await page.Locator("button", new() { HasText = "换发密钥" }).ClickAsync();
        await page.Locator("[role=group] button.danger").First.ClickAsync();
        (await page.Locator(".hash code").First.InnerTextAsync()).Length.ShouldBe(43);
        await page.SelectOptionAsync("#cname", "say");
        await page.FillAsync("#cwhy", "试音");
        await page.Locator("button", new() { HasText = "下发指令" }).ClickAsync();
        await page.Locator("li", new() { HasText = "试音" }).WaitForAsync();
        await tab.LookAtBothAsync("device");
        await tab.GoAsync("/devices");
        await page.Locator("td a", new() { HasText = "广场音柱" }).WaitForAsync();
        await tab.LookAtBothAsync("devices");
        tab.Faults.ShouldBeEmpty();
    }

    [Fact]
    public async Task The_blurred_picture_of_an_alarm_is_opened_with_a_reason_and_not_without()
    {
        var added = await LirenProcess.JsonAsync(site.Data, "device", "add", "cam-still", "--kind", "camera", "--name", "广场人数", "--place", "31.01.15.016.037.liren.plaza");
        var picture = Pictures.Png(Guid.CreateVersion7());
        var sha = Convert.ToHexStringLower(SHA256.HashData(picture));
        // As the hub keeps what a camera sent.
        await File.WriteAllBytesAsync(Path.Combine(Directory.CreateDirectory(Path.Combine(site.Data, "stills")).FullName, $"{added.GetProperty("id").GetGuid():N}-{sha}.jpg"), picture, TestContext.Current.CancellationToken);
        using var http = new HttpClient(new SocketsHttpHandler()) { BaseAddress = site.Address };
        http.DefaultRequestHeaders.Authorization = new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes("cam-still:" + added.GetProperty("secret").GetString())));
        object row = new { seq = 1, type = "crowd.gathering", fields = new { count = 23, lowerBound = 21, atLeast = true, zone = "plaza", sha256 = sha } };
        (await http.PostAsJsonAsync("api/devices/cam-still/happenings", row, TestContext.Current.CancellationToken)).EnsureSuccessStatusCode();

        await using var tab = await site.OpenAsync("admin");
        var page = tab.Page;
        await tab.GoAsync($"/devices/{added.GetProperty("id").GetGuid()}");
        await page.Locator("li button", new() { HasText = "查看留图" }).ClickAsync();
        await page.Locator("#swhy").WaitForAsync();
        await tab.LookAtBothAsync("device-still-ask");
        await page.Locator("section > button", new() { HasText = "查看留图" }).ClickAsync();
        await page.Locator("section .wrong", new() { HasText = "请写明查看原因" }).WaitForAsync();
        (await page.Locator("section .wrong").CountAsync()).ShouldBe(1);
        (await page.Locator("section img").CountAsync()).ShouldBe(0);
        await page.FillAsync("#swhy", "核对广场聚集");
        await page.Locator("section > button", new() { HasText = "查看留图" }).ClickAsync();
        await page.Locator("section img").WaitForAsync();
        (await page.Locator("section img").EvaluateAsync<int>("i => i.naturalWidth")).ShouldBe(32);
        await tab.LookAtBothAsync("device-still");
        tab.Faults.ShouldBeEmpty();
    }
}
