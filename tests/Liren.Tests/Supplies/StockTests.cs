using System.Net.Http.Json;
using System.Text.Json;

namespace Liren.Tests.Supplies;

/// <summary>The ledger: double entry, append-only, by lot and expiry, never below nothing.</summary>
public sealed class StockTests(SuppliesApp app) : IClassFixture<SuppliesApp>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private async Task<JsonElement> PostAsync(string path, object body, string? key = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, $"/api/supplies/{path}") { Content = JsonContent.Create(body) };
        if (key is not null) request.Headers.Add("Idempotency-Key", key);
        var answer = await app.Worker.SendAsync(request, Stop);
        return JsonSerializer.Deserialize<JsonElement>(await answer.Content.ReadAsStringAsync(Stop));
    }

    private Task<Guid> ItemAsync(string name) => app.MakeAsync("/api/supplies/items", new { place = SuppliesApp.Community, name, unit = "袋" });

    private async Task<List<JsonElement>> StockAsync(string q) => [.. (await app.Worker.GetFromJsonAsync<JsonElement>($"/api/supplies/stock?q={q}", Stop)).GetProperty("items").EnumerateArray()];

    private static string? Code(JsonElement problem) => problem.TryGetProperty("code", out var code) ? code.GetString() : null;

    [Fact]
    public async Task What_expires_first_goes_out_first_and_every_line_has_two_accounts()
    {
        var rice = await ItemAsync("大米");
        await PostAsync("stock/receive", new { item = rice, lot = "late", expiry = "2021-05-01", quantity = 20 });
        await PostAsync("stock/receive", new { item = rice, lot = "soon", expiry = "2020-05-01", quantity = 7 });
        await app.RoundAsync(east: 1, west: 1, more: new { item = rice });
        var lots = (await StockAsync("大米")).ToDictionary(r => r.GetProperty("lot").GetString()!, r => (r.GetProperty("store").GetInt32(), r.GetProperty("reserved").GetInt32()));
        lots["soon"].ShouldBe((0, 7));
        lots["late"].ShouldBe((17, 3));
        var moves = (await app.Worker.GetFromJsonAsync<JsonElement>("/api/supplies/stock/moves?q=大米", Stop)).GetProperty("items").EnumerateArray().ToList();
        moves.Count.ShouldBe(4);
        moves.ShouldAllBe(m => m.GetProperty("from").GetString() != m.GetProperty("to").GetString() && m.GetProperty("quantity").GetInt32() > 0);
    }

    [Fact]
    public async Task Nothing_goes_below_nothing_whoever_asks_at_the_same_time()
    {
        var oil = await ItemAsync("食用油");
        await PostAsync("stock/receive", new { item = oil, lot = "1", quantity = 10 });
        var answers = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => PostAsync("stock/take", new { item = oil, lot = "1", quantity = 4, reason = "Spoiled", note = "破损" })));
        answers.Count(a => Code(a) is null).ShouldBeLessThanOrEqualTo(2);
        answers.Where(a => Code(a) is not null).ShouldAllBe(a => Code(a) == "supplies.not-enough" || Code(a) == "sdk.changed-meanwhile");
        (await StockAsync("食用油")).Single().GetProperty("store").GetInt32().ShouldBe(10 - 4 * answers.Count(a => Code(a) is null));
        Code(await PostAsync("stock/take", new { item = oil, lot = "1", quantity = 1, reason = "Spoiled", note = "" })).ShouldBe("supplies.why");
        Code(await PostAsync("stock/take", new { item = oil, lot = "1", quantity = 1, reason = "HandedOut", note = "x" })).ShouldBe("supplies.take-reason");
        Code(await PostAsync("stock/receive", new { item = oil, lot = "1", expiry = "2022-01-01", quantity = 1 })).ShouldBe("supplies.expiry-differs");
        Code(await PostAsync("stock/receive", new { item = oil, lot = "2", quantity = 0 })).ShouldBe("supplies.quantity");
    }

    [Fact]
    public async Task A_count_that_differs_is_a_line_with_a_reason()
    {
        var soap = await ItemAsync("肥皂");
        await PostAsync("stock/receive", new { item = soap, lot = "", quantity = 50 });
        (await PostAsync("stock/count", new { item = soap, counted = 50 })).GetProperty("difference").GetInt32().ShouldBe(0);
        Code(await PostAsync("stock/count", new { item = soap, counted = 47 })).ShouldBe("supplies.why");
        (await PostAsync("stock/count", new { item = soap, counted = 47, note = "少三块" })).GetProperty("difference").GetInt32().ShouldBe(-3);
        (await StockAsync("肥皂")).Single().GetProperty("store").GetInt32().ShouldBe(47);
    }

    [Fact]
    public async Task The_same_delivery_sent_twice_is_received_once()
    {
        var gel = await ItemAsync("洗手液");
        var one = await PostAsync("stock/receive", new { item = gel, lot = "g", quantity = 5 }, "delivery-1");
        (await PostAsync("stock/receive", new { item = gel, lot = "g", quantity = 5 }, "delivery-1")).ToString().ShouldBe(one.ToString());
        (await StockAsync("洗手液")).Single().GetProperty("store").GetInt32().ShouldBe(5);
    }
}
