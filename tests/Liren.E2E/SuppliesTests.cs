using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Liren.Shared;
using Microsoft.Playwright;

namespace Liren.E2E;

/// <summary>A whole round, each part in the browser of who does it: the manager writes and publishes, a resident reserves, the desk hands over; and a lottery that the resident checks.</summary>
public sealed class SuppliesTests(Site site)
{
    private const string Compound = "31.01.15.016.037.liren";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_round_is_walked_by_manager_resident_and_desk()
    {
        await using var manager = await site.OpenAsync("community");
        await manager.GoAsync("/supplies");
        await manager.Page.Locator("tbody tr").First.WaitForAsync();
        await manager.LookAsync("supplies-rounds");
        await manager.GoAsync("/supplies/stock");
        await manager.Page.Locator("tbody tr").First.WaitForAsync();
        await manager.LookAtBothAsync("supplies-stock");
        await manager.GoAsync("/supplies/new");
        await manager.Page.FillAsync("#r-title", "酒精预约");
        await PickPlaceAsync(manager);
        await manager.Page.SelectOptionAsync("#r-mode", "FirstCome");
        var now = DateTimeOffset.UtcNow.ToOffset(TimeSpan.FromHours(8));
        foreach (var (field, at) in new[] { ("#r-opens", now), ("#r-closes", now.AddHours(5)), ("#r-from", now.AddMinutes(1)), ("#r-until", now.AddDays(2)) })
            await manager.Page.FillAsync(field, at.ToString("yyyy-MM-ddTHH:mm", CultureInfo.InvariantCulture));
        await manager.Page.Locator("input.shares").First.FillAsync("5");
        await manager.Page.ClickAsync("#add-class");
        await manager.Page.FillAsync("#c-name-1", "60 岁以上");
        await manager.Page.FillAsync("#c-shares-1", "1");
        await manager.Page.FillAsync("#c-age-1", "60");
        await manager.LookAtBothAsync("supplies-new");
        await manager.Page.Locator("button.primary", new() { HasText = "保存草稿" }).ClickAsync();
        await manager.Page.ReachesAsync(new Regex("/supplies/[0-9a-f-]{36}"));
        var id = Regex.Match(manager.Page.Url, "supplies/([0-9a-f-]{36})").Groups[1].Value;
        await ConfirmAsync(manager, "发布");
        await manager.Page.Locator(".content .badge", new() { HasText = "开放中" }).WaitForAsync();

        await using var resident = await site.OpenAsync("resident", 390, 844);
        await resident.GoAsync("/my/supplies");
        await resident.LookAsync("my-supplies");
        await resident.Page.ClickAsync($"a[href='/my/supplies/{id}']");
        await resident.Page.Locator("#rush button").WaitForAsync();
        await resident.LookAsync("my-supply-open");
        await resident.Page.ClickAsync("#rush button");
        await resident.SeesAsync(resident.Page.Locator(".badge", new() { HasText = "已预约" }));
        await resident.LookAsync("my-supply-mine");
        var receipt = (await resident.Page.Locator(".receipt").InnerTextAsync()).Trim();
        await resident.Page.Locator("summary", new() { HasText = "这个时间来不了" }).ClickAsync();
        await resident.Page.SelectOptionAsync("#begins", new SelectOptionValue { Index = 2 });
        await resident.LookAsync("my-supply-slot");
        await resident.Page.Locator("button", new() { HasText = "确认改时段" }).ClickAsync();
        await resident.SeesAsync(resident.Page.Locator(".notice.ok", new() { HasText = "时段已改" }));
        await resident.GoAsync("/my/letters?large=1&back=/my/supplies");
        await resident.GoAsync($"/my/supplies/{id}");
        await resident.LookAsync("my-supply-elder");
        await resident.GoAsync("/my/letters?large=0&back=/my/supplies");

        await using var desk = await site.OpenAsync("community");
        await desk.GoAsync($"/supplies/{id}/desk");
        await desk.Page.FillAsync("#d-q", receipt);
        await desk.Page.Keyboard.PressAsync("Enter");
        await desk.Page.Locator(".notice.ok", new() { HasText = "发放" }).WaitForAsync();
        await desk.Page.Locator("canvas.sign[data-ready]").WaitForAsync();
        var pad = (await desk.Page.Locator("canvas.sign").BoundingBoxAsync())!;
        await desk.Page.Mouse.MoveAsync(pad.X + 20, pad.Y + 40);
        await desk.Page.Mouse.DownAsync();
        foreach (var (x, y) in new[] { (60f, 20f), (90f, 90f), (150f, 30f), (220f, 100f) }) await desk.Page.Mouse.MoveAsync(pad.X + x, pad.Y + y, new() { Steps = 6 });
        await desk.Page.Mouse.UpAsync();
        await desk.LookAtBothAsync("supplies-desk");
        await desk.Page.Locator("button", new() { HasText = "签好了" }).ClickAsync();
        await desk.Page.Locator(".notice.ok", new() { HasText = "已签收" }).WaitForAsync();
        await desk.Page.FillAsync("#d-q", receipt);
        await desk.Page.Keyboard.PressAsync("Enter");
        await desk.Page.Locator(".notice.act", new() { HasText = "不再发放" }).WaitForAsync();
        // An elder without a telephone, entered by the desk.
        await desk.Page.FillAsync("#d-q", "101");
        await desk.Page.Keyboard.PressAsync("Enter");
        await desk.Page.Locator("button", new() { HasText = "代为登记" }).First.WaitForAsync();
        await desk.LookAsync("supplies-desk-find");
        await desk.Page.Locator("button", new() { HasText = "代为登记" }).First.ClickAsync();
        await desk.Page.Locator(".notice.ok", new() { HasText = "回执号" }).WaitForAsync();

        await resident.GoAsync($"/my/supplies/{id}");
        await resident.SeesAsync(resident.Page.Locator(".badge", new() { HasText = "已领取" }));
        await manager.Page.Locator("button", new() { HasText = "现在核对" }).ClickAsync();
        await manager.Page.Locator(".badge", new() { HasText = "账目相符" }).WaitForAsync();
        await manager.Page.Locator("button", new() { HasText = "现在统计" }).ClickAsync();
        await manager.Page.Locator("caption", new() { HasText = "按登记方式" }).WaitForAsync();
        await manager.LookAtBothAsync("supplies-round");
        foreach (var tab in new[] { manager, resident, desk }) tab.Faults.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_resident_checks_the_draw_without_trusting_the_server()
    {
        await using var console = await site.OpenAsync("community");
        using var http = new HttpClient { BaseAddress = site.Address };
        http.DefaultRequestHeaders.Authorization = new("Bearer", await LirenProcess.KeyAsync(site.Data));
        async Task<JsonElement> PostAsync(string path, object body, int? version = null)
        {
            var request = new HttpRequestMessage(HttpMethod.Post, $"/api/supplies/{path}") { Content = JsonContent.Create(body) };
            if (version is not null) request.Headers.TryAddWithoutValidation("If-Match", $"\"{version}\"");
            var answer = await http.SendAsync(request, Stop);
            var text = await answer.Content.ReadAsStringAsync(Stop);
            answer.IsSuccessStatusCode.ShouldBeTrue(text);
            return text.Length == 0 ? default : JsonSerializer.Deserialize<JsonElement>(text);
        }
        var now = DateTimeOffset.UtcNow;
        var item = (await http.GetFromJsonAsync<JsonElement>("/api/supplies/stock?q=口罩", Stop)).GetProperty("items")[0].GetProperty("itemId").GetGuid();
        var point = (await http.GetFromJsonAsync<JsonElement>("/api/supplies/points", Stop))[0].GetProperty("id").GetGuid();
        var made = await PostAsync("rounds", new { place = Compound, title = "消毒液抽签", item, perShare = 1, mode = "Lottery", unit = "Household", opensAt = now, closesAt = now.AddSeconds(40), pickupFrom = now.AddMinutes(1), pickupUntil = now.AddDays(1), waitMost = 2, beaconRule = "现场掷骰", carryOver = "MoreTickets", carryDays = 10, classes = new[] { new { name = "60 岁以上", shares = 1, minAge = 60 } }, points = new[] { new { point, shares = 3 } } });
        var id = made.GetProperty("id").GetGuid();
        await PostAsync($"rounds/{id}/publish", new { }, made.GetProperty("version").GetInt32());

        await using var resident = await site.OpenAsync("resident", 390, 844);
        await resident.GoAsync($"/my/supplies/{id}");
        await resident.LookAsync("my-supply-lottery");
        await resident.Page.ClickAsync("#rush button");
        await resident.SeesAsync(resident.Page.Locator(".badge", new() { HasText = "已登记" }));
        var invited = (await http.GetFromJsonAsync<JsonElement>($"/api/supplies/rounds/{id}/invitations?purpose=community.service", Stop)).EnumerateArray().ToList();
        await using var link = await site.OpenAsync(null, 390, 844);
        await link.GoAsync($"/rounds/enter?t={invited[^1].GetProperty("token").GetString()}");
        await link.Page.ClickAsync("#rush button");
        await link.Page.Locator(".receipt").WaitForAsync();
        await link.LookAsync("supplies-link");
        link.Faults.ShouldBeEmpty();
        foreach (var row in invited.Take(12))
            await http.PostAsJsonAsync("/api/supplies/enter", new { token = row.GetProperty("token").GetString(), key = Guid.CreateVersion7() }, Stop);
        await Task.Delay(now.AddSeconds(41) - DateTimeOffset.UtcNow is var left && left > TimeSpan.Zero ? left : TimeSpan.Zero, Stop);
        await PostAsync($"rounds/{id}/close", new { });
        await console.GoAsync($"/supplies/{id}");
        await console.Page.Locator("#d-beacon").FillAsync("3 5 1 6 2");
        await console.Page.Keyboard.PressAsync("Tab");
        await console.LookAsync("supplies-draw");
        await ConfirmAsync(console, "开奖");
        await console.Page.Locator(".content .badge", new() { HasText = "已开奖" }).WaitForAsync();

        await resident.GoAsync($"/my/supplies/{id}");
        await resident.LookAsync("my-supply-drawn");
        await resident.Page.ClickAsync($"a[href^='/rounds/{id}']");
        await resident.Page.ClickAsync("#check-receipt");
        await resident.Page.Locator("#check-answer.ok", new() { HasText = "指纹一致" }).WaitForAsync();
        await resident.LookAsync("public-round-receipt");
        await resident.Page.ClickAsync("#check-draw");
        await resident.Page.Locator("#check-answer.ok", new() { HasText = "抽签成立" }).WaitForAsync();
        await resident.LookAsync("public-round");
        foreach (var tab in new[] { console, resident }) tab.Faults.ShouldBeEmpty();
    }

    [Fact]
    public async Task Scarce_stock_is_split_a_share_reaches_the_door_and_a_desk_goes_on_without_network()
    {
        await using var manager = await site.OpenAsync("community");
        await manager.GoAsync("/supplies/allocations");
        await manager.Page.FillAsync("#a-quantity", "200");
        await PickPlaceAsync(manager, "#a-place");
        await manager.Page.SelectOptionAsync("#a-method", "Need");
        await manager.LookAtBothAsync("supplies-allocations");
        await manager.Page.Locator("button", new() { HasText = "计算建议" }).ClickAsync();
        await manager.Page.ReachesAsync(new Regex("/supplies/allocations/[0-9a-f-]{36}"));
        await manager.Page.Locator("tbody button", new() { HasText = "改" }).First.ClickAsync();
        await manager.Page.FillAsync("#l-quantity", "1");
        await manager.Page.FillAsync("#l-reason", "楼内已有捐赠");
        await manager.Page.Locator(".drawer button.primary, dialog button.primary, aside button.primary").First.ClickAsync();
        await manager.Page.Locator("td b", new() { HasText = "楼内已有捐赠" }).WaitForAsync();
        await manager.LookAtBothAsync("supplies-allocation");

        using var http = new HttpClient { BaseAddress = site.Address };
        http.DefaultRequestHeaders.Authorization = new("Bearer", await LirenProcess.KeyAsync(site.Data));
        var now = DateTimeOffset.UtcNow;
        var item = (await http.GetFromJsonAsync<JsonElement>("/api/supplies/stock?q=口罩", Stop)).GetProperty("items")[0].GetProperty("itemId").GetGuid();
        var point = (await http.GetFromJsonAsync<JsonElement>("/api/supplies/points", Stop))[0].GetProperty("id").GetGuid();
        var request = new HttpRequestMessage(HttpMethod.Post, "/api/supplies/rounds") { Content = JsonContent.Create(new { place = Compound, title = "送菜上门", item, perShare = 1, mode = "FirstCome", unit = "Household", opensAt = now, closesAt = now.AddHours(5), pickupFrom = now, pickupUntil = now.AddDays(1), points = new[] { new { point, shares = 30 } } }) };
        var made = await (await http.SendAsync(request, Stop)).Content.ReadFromJsonAsync<JsonElement>(Stop);
        var id = made.GetProperty("id").GetGuid();
        var publish = new HttpRequestMessage(HttpMethod.Post, $"/api/supplies/rounds/{id}/publish");
        publish.Headers.TryAddWithoutValidation("If-Match", $"\"{made.GetProperty("version").GetInt32()}\"");
        (await http.SendAsync(publish, Stop)).IsSuccessStatusCode.ShouldBeTrue();
        var receipts = new List<string>();
        foreach (var row in (await http.GetFromJsonAsync<JsonElement>($"/api/supplies/rounds/{id}/invitations?purpose=community.service", Stop)).EnumerateArray().Take(4))
            receipts.Add((await (await http.PostAsJsonAsync("/api/supplies/enter", new { token = row.GetProperty("token").GetString(), key = Guid.CreateVersion7() }, Stop)).Content.ReadFromJsonAsync<JsonElement>(Stop)).GetProperty("receipt").GetString()!);

        await using var carrier = await site.OpenAsync("grid1", 390, 844);
        await carrier.GoAsync("/field/deliveries");
        await carrier.Page.ClickAsync($"a[href='/field/deliveries/{id}']");
        await carrier.Page.Locator("section[id^=door-]").Nth(3).WaitForAsync();
        await carrier.LookAsync("field-deliveries");
        await carrier.Page.Locator("input[type=file]").First.SetInputFilesAsync(new FilePayload { Name = "door.png", MimeType = "image/png", Buffer = Pictures.Png(Guid.CreateVersion7()) });
        await carrier.Page.Locator("button", new() { HasText = "已放门口" }).First.ClickAsync();
        await carrier.SeesAsync(carrier.Page.Locator(".notice.ok", new() { HasText = "已送达" }));
        await carrier.Page.Locator("summary", new() { HasText = "没送到" }).First.ClickAsync();
        await carrier.Page.Locator("button", new() { HasText = "记录" }).First.ClickAsync();
        await carrier.SeesAsync(carrier.Page.Locator(".badge", new() { HasText = "再送一次" }));
        await carrier.LookAsync("field-deliveries-again");

        await using var desk = await site.OpenAsync("community", 390, 844);
        await desk.GoAsync($"/supplies-desk/{id}");
        var left = desk.Page.Locator("#o-left");
        await left.Filter(new() { HasText = "未领 3" }).WaitForAsync();
        await desk.Page.Context.SetOfflineAsync(true);
        await desk.Page.FillAsync("#o-receipt", receipts[3]);
        await desk.Page.Keyboard.PressAsync("Enter");
        await left.Filter(new() { HasText = "待上传 1" }).WaitForAsync();
        await desk.LookAsync("supplies-offline");
        await desk.Page.FillAsync("#o-receipt", receipts[3]);
        await desk.Page.Keyboard.PressAsync("Enter");
        await desk.Page.Locator("#o-said", new() { HasText = "不再发放" }).WaitForAsync();
        await desk.Page.Context.SetOfflineAsync(false);
        await left.Filter(new() { HasText = "待上传 0" }).WaitForAsync();
        (await http.GetFromJsonAsync<JsonElement>($"/api/supplies/rounds/{id}", Stop)).GetProperty("counts").GetProperty("collected").GetInt32().ShouldBe(2);
        foreach (var tab in new[] { manager, carrier }) tab.Faults.ShouldBeEmpty();
    }

    private static async Task PickPlaceAsync(Tab tab, string field = "#r-place")
    {
        await tab.Page.Locator(field).PressSequentiallyAsync("里仁花园");
        await tab.Page.Locator("button[role=option]").First.ClickAsync();
    }

    private static async Task ConfirmAsync(Tab tab, string text)
    {
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = text, Exact = true }).ClickAsync();
        await tab.Page.Locator("[role=group] button.danger").ClickAsync();
    }
}
