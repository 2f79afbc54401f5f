using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Liren.Codes;
using Liren.Sdk.Security;
using Liren.Shared;
using Liren.Supplies.Data;
using Liren.Supplies.Domain;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Liren.Tests.Supplies;

/// <summary>What the desk and its helpers do: another slot, a pass, a paper list, the door, stores and how stock is split.</summary>
public sealed class DeskTests(SuppliesApp app) : IClassFixture<SuppliesApp>
{
    private const string Purpose = "purpose=community.service";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private async Task<JsonElement> PostAsync(string path, object? body = null) => await SuppliesApp.OkAsync(await app.Worker.PostAsJsonAsync($"/api/supplies/{path}", body ?? new { }, Stop));

    private async Task<JsonElement> GetAsync(string path) => await SuppliesApp.OkAsync(await app.Worker.GetAsync($"/api/supplies/{path}", Stop));

    private async Task<string> RefusedAsync(string path, object body)
    {
        var answer = await app.Worker.PostAsJsonAsync($"/api/supplies/{path}", body, Stop);
        answer.IsSuccessStatusCode.ShouldBeFalse(path);
        return (await answer.Content.ReadFromJsonAsync<JsonElement>(Stop)).GetProperty("code").GetString()!;
    }

    private async Task<Entry> EntryAsync(Guid round, string receipt) => await app.InScopeAsync(async s =>
    {
        var db = s.GetRequiredService<SuppliesDb>();
        var serial = (await db.Rounds.SingleAsync(r => r.Id == round, Stop)).Serial;
        var tag = Convert.FromHexString(receipt);
        return await db.Entries.SingleAsync(e => e.Round == serial && e.Tag == tag, Stop);
    });

    [Fact]
    public async Task The_desk_gives_another_slot_and_the_one_that_is_full_is_refused()
    {
        var round = await app.RoundAsync(east: 40, west: 1);
        var slip = await PostAsync($"rounds/{round}/desk/enter", new { personId = app.Residents[0], key = Guid.CreateVersion7() });
        var before = await EntryAsync(round, slip.GetProperty("tag").GetString()!);
        var slots = (await GetAsync($"rounds/{round}/desk/slots?person={app.Residents[0]}&{Purpose}")).EnumerateArray().ToList();
        slots.Count.ShouldBeGreaterThan(10);
        slots.ShouldAllBe(s => s.GetProperty("free").GetInt32() > 0);
        var begins = slots[3].GetProperty("begins").GetDateTimeOffset();
        await PostAsync($"rounds/{round}/desk/slot", new { personId = app.Residents[0], begins });
        var after = await EntryAsync(round, slip.GetProperty("tag").GetString()!);
        (after.Point, after.Changes, after.Turn != before.Turn).ShouldBe((before.Point, 1, true));
        var found = (await GetAsync($"rounds/{round}/desk?q=王一&{Purpose}")).EnumerateArray().Single(p => p.GetProperty("personId").GetGuid() == app.Residents[0]);
        found.GetProperty("slot").GetDateTimeOffset().ShouldBe(begins);
        (await RefusedAsync($"rounds/{round}/desk/slot", new { personId = app.Residents[0], begins = begins.AddMinutes(7) })).ShouldBe("supplies.no-slot");
        // The slot holds as many as can be served, and no more.
        for (var i = 1; i < SuppliesApp.People; i++) await app.Worker.PostAsJsonAsync($"/api/supplies/rounds/{round}/desk/enter", new { personId = app.Residents[i], key = Guid.CreateVersion7() }, Stop);
        (await GetAsync($"rounds/{round}/desk/slots?person={app.Residents[1]}&{Purpose}")).EnumerateArray().Single(s => s.GetProperty("begins").GetDateTimeOffset() == begins).GetProperty("free").GetInt32().ShouldBe(Slots.Capacity(1) - 1);
    }

    private async Task<(string Code, Guid Id)> CardAsync(Guid person, string form, SigningKey? phone = null)
    {
        var office = app.Worker;
        var made = await SuppliesApp.OkAsync(await office.PostAsJsonAsync("/api/passes", new { kind = "Resident", form, person }, Stop));
        var id = made.GetProperty("id").GetGuid();
        if (phone is null) return (made.GetProperty("code").GetString()!, id);
        var enrolled = await SuppliesApp.OkAsync(await office.PostAsJsonAsync($"/api/passes/{id}/device", new { key = Convert.ToHexStringLower(phone.Spki.AsSpan(27)) }, Stop));
        return (enrolled.GetProperty("code").GetString()!, enrolled.GetProperty("id").GetGuid());
    }

    [Fact]
    public async Task A_living_pass_is_enough_a_card_needs_its_document_and_a_picture_is_nothing()
    {
        var round = await app.RoundAsync(east: 10, west: 2);
        foreach (var n in new[] { 1, 2 }) await PostAsync($"rounds/{round}/desk/enter", new { personId = app.Residents[n], key = Guid.CreateVersion7() });
        using var phone = SigningKey.Create(SignAlg.Es256);
        var (pass, passId) = await CardAsync(app.Residents[1], "Phone", phone);
        string Live() => LiveProof.Sign(Base45.Decode(pass.AsSpan(4))!, app.Clock.GetUtcNow().ToUnixTimeSeconds(), [], phone);
        var path = $"rounds/{round}/desk/hand-over";
        (await RefusedAsync(path, new { pass })).ShouldBe("supplies.pass-refused.ProofMissing");
        var picture = Live();
        app.Clock.Advance(TimeSpan.FromMinutes(1));
        (await RefusedAsync(path, new { pass = picture })).ShouldBe("supplies.pass-refused.StaleProof");
        (await RefusedAsync(path, new { pass = "https://example.com" })).ShouldBe("supplies.pass-refused.NotAPass");
        var handed = await PostAsync(path, new { pass = Live() });
        (handed.GetProperty("again").GetBoolean(), handed.GetProperty("name").GetString()).ShouldBe((false, "王*"));
        (await PostAsync(path, new { pass = Live() })).GetProperty("again").GetBoolean().ShouldBeTrue();

        var (card, cardId) = await CardAsync(app.Residents[2], "Paper");
        (await RefusedAsync(path, new { pass = card })).ShouldBe("supplies.pass-document");
        (await PostAsync(path, new { pass = card, documentSeen = true })).GetProperty("again").GetBoolean().ShouldBeFalse();
        // Who is to stay at home is not asked to come: the share is brought.
        await SuppliesApp.OkAsync(await app.Worker.PostAsJsonAsync($"/api/passes/{cardId}/suspend", new { reason = "居家" }, Stop));
        (await RefusedAsync(path, new { pass = card, documentSeen = true })).ShouldBe("supplies.pass-refused.Suspended");
        await SuppliesApp.OkAsync(await app.Worker.PostAsJsonAsync($"/api/passes/{passId}/revoke", new { reason = "丢失" }, Stop));
        (await RefusedAsync(path, new { pass = Live() })).ShouldBe("supplies.pass-refused.Revoked");
    }

    [Fact]
    public async Task Whoever_collects_signs_once_and_each_look_at_it_is_logged()
    {
        var round = await app.RoundAsync(east: 10, west: 2);
        foreach (var n in new[] { 1, 2 }) await PostAsync($"rounds/{round}/desk/enter", new { personId = app.Residents[n], key = Guid.CreateVersion7() });
        var no = (await PostAsync($"rounds/{round}/desk/hand-over", new { personId = app.Residents[1], proof = "card" })).GetProperty("no").GetInt32();
        var path = $"rounds/{round}/entries/{no}/signature";
        int[][] name = [[40, 20, 40, 180], [10, 100, 300, 60, 590, 199], [5, 5]];
        foreach (var wrong in new int[][][] { [], [[1, 1]], [[0, 0, 700, 100]], [[0, 0, 100]], [[-1, 0, 100, 100]], [[.. Enumerable.Repeat(7, 4_000)]] }) (await RefusedAsync(path, new { strokes = wrong })).ShouldBe("supplies.signature-strokes");
        // The other has not collected anything yet.
        var other = (await app.Worker.GetFromJsonAsync<JsonElement>($"/api/supplies/rounds/{round}/entries", Stop)).GetProperty("items").EnumerateArray().Single(e => e.GetProperty("state").GetString() == "Confirmed").GetProperty("no").GetInt32();
        (await RefusedAsync($"rounds/{round}/entries/{other}/signature", new { strokes = name })).ShouldBe("supplies.signature-early");
        (await app.Worker.GetAsync($"/api/supplies/{path}?{Purpose}", Stop)).StatusCode.ShouldBe(System.Net.HttpStatusCode.NotFound);
        await PostAsync(path, new { strokes = name });
        (await RefusedAsync(path, new { strokes = name })).ShouldBe("supplies.signed-before");
        var svg = await app.Worker.GetStringAsync($"/api/supplies/{path}?{Purpose}", Stop);
        svg.ShouldContain("<path d=\"M10 100 L300 60 590 199\"/>");
        svg.ShouldContain("<path d=\"M5 5 L5 5\"/>");
        (await app.As(Liren.Sdk.Security.BuiltInRoles.CommunityWorker, SuppliesApp.Community).GetAsync($"/api/supplies/{path}", Stop)).IsSuccessStatusCode.ShouldBeFalse("a purpose is asked for");
        var looks = await app.As(Liren.Sdk.Security.BuiltInRoles.Auditor, purpose: Liren.Sdk.Security.Purposes.Audit).GetFromJsonAsync<JsonElement>($"/api/identity/access-log", Stop);
        looks.GetProperty("items").EnumerateArray().Count(l => l.GetProperty("fields").GetString() == "signature").ShouldBe(1);
        (await GetAsync($"rounds/{round}/desk?q=王&{Purpose}")).EnumerateArray().Count(p => p.GetProperty("signed").GetBoolean()).ShouldBe(1);
    }

    private async Task<JsonElement> ListAsync(Guid round, byte[] file) => await SuppliesApp.OkAsync(await app.Worker.PostAsync($"/api/supplies/rounds/{round}/desk/list?{Purpose}", new ByteArrayContent(file) { Headers = { ContentType = new("text/csv") } }, Stop));

    [Fact]
    public async Task A_paper_list_enters_good_lines_names_bad_ones_and_twice_is_once()
    {
        var round = await app.RoundAsync(east: 3, west: 2, more: new { waitMost = 2 });
        var rooms = (await GetAsync($"rounds/{round}/invitations?{Purpose}")).EnumerateArray().Select(r => r.GetProperty("room").GetString()!).ToList();
        var names = await app.InScopeAsync(async s => { var places = s.GetRequiredService<Contracts.Places.IPlaceDirectory>(); var found = new List<string>(); foreach (var r in rooms) found.Add(await places.FullNameAsync(r, Stop)); return found; });
        // Names from the building down, as a steward writes them.
        string Short(int i) => string.Join(' ', names[i].Split(' ')[^(names[i].Contains("单元") ? 3 : 2)..]);
        var csv = $"\uFEFF房号,姓名\r\n{Short(0)},\r\n{Short(1).Replace("号楼", "-").Replace("单元", "-").Replace(" ", "")},\r\n999号楼 101,\r\n,\r\n{Short(0)},\r\n";
        var first = await ListAsync(round, Encoding.UTF8.GetBytes(csv));
        (first.GetProperty("read").GetInt32(), first.GetProperty("entered").GetInt32(), first.GetProperty("refused").GetInt32()).ShouldBe((4, 3, 1));
        var lines = first.GetProperty("rows").EnumerateArray().ToList();
        (lines[2].GetProperty("line").GetInt32(), lines[2].GetProperty("code").GetString()).ShouldBe((4, "supplies.list-no-room"));
        lines[0].GetProperty("receipt").GetString()!.Length.ShouldBe(10);
        var again = await ListAsync(round, Encoding.UTF8.GetBytes(csv));
        again.GetProperty("rows").ToString().ShouldBe(first.GetProperty("rows").ToString());
        (await app.AuditAsync(round)).GetProperty("entries").GetInt32().ShouldBe(2);
        // As Excel in China saves it.
        (await ListAsync(round, CodePagesEncodingProvider.Instance.GetEncoding("GB18030")!.GetBytes($"房号\n{Short(2)}\n"))).GetProperty("entered").GetInt32().ShouldBe(1);
        var bad = await app.Worker.PostAsync($"/api/supplies/rounds/{round}/desk/list?{Purpose}", new StringContent("姓名\n王", Encoding.UTF8, "text/csv"), Stop);
        (await bad.Content.ReadFromJsonAsync<JsonElement>(Stop)).GetProperty("code").GetString().ShouldBe("supplies.list-columns");
    }

    [Fact]
    public async Task A_share_is_brought_to_the_door_tried_twice_and_then_it_is_for_the_grid_worker()
    {
        var round = await app.RoundAsync(east: 10, west: 5, more: new { classes = new[] { new { name = "高龄", shares = 2, minAge = 80, deliver = true } } });
        foreach (var n in new[] { 0, 1, 2, 20 }) await PostAsync($"rounds/{round}/desk/enter", new { personId = app.Residents[n], key = Guid.CreateVersion7() });
        async Task<List<JsonElement>> DoorsAsync(string filter = "") => [.. (await GetAsync($"rounds/{round}/deliveries?filter={filter}")).GetProperty("items").EnumerateArray()];
        var doors = await DoorsAsync();
        doors.Count.ShouldBe(3);
        (await DoorsAsync("all")).Count.ShouldBe(4);
        async Task<(int Status, JsonElement Body)> TryAsync(int no, string outcome, Guid? key = null, string? note = null, params byte[][] photos)
        {
            var form = new MultipartFormDataContent { { new StringContent(outcome), "outcome" }, { new StringContent((key ?? Guid.CreateVersion7()).ToString()), "key" } };
            if (note is not null) form.Add(new StringContent(note), "note");
            foreach (var photo in photos) form.Add(new ByteArrayContent(photo) { Headers = { ContentType = new("image/png") } }, "photos", "door.png");
            var answer = await app.Worker.PostAsync($"/api/supplies/rounds/{round}/deliveries/{no}", form, Stop);
            return ((int)answer.StatusCode, await answer.Content.ReadFromJsonAsync<JsonElement>(Stop));
        }
        int No(int i) => doors[i].GetProperty("no").GetInt32();
        (await TryAsync(No(0), "delivered")).Body.GetProperty("code").GetString().ShouldBe("supplies.delivery-photo");
        (await TryAsync(No(0), "wrongDoor")).Body.GetProperty("code").GetString().ShouldBe("supplies.delivery-note");
        var key = Guid.CreateVersion7();
        var picture = Pictures.Png(key);
        (await TryAsync(No(0), "delivered", key, null, picture)).Body.GetProperty("stage").GetString().ShouldBe("Done");
        // Sent again because the phone did not hear: the same try.
        (await TryAsync(No(0), "delivered", key, null, picture)).Body.GetProperty("try").GetInt32().ShouldBe(1);
        var tries = (await GetAsync($"rounds/{round}/deliveries/{No(0)}/tries")).EnumerateArray().ToList();
        var photo = await app.Worker.GetAsync(tries.Single().GetProperty("photo").GetString()!, Stop);
        photo.Content.Headers.ContentType!.MediaType.ShouldBe("image/png");
        (await app.As(BuiltInRoles.CommunityWorker, "31.01.15.017", Purposes.CommunityService).GetAsync(tries[0].GetProperty("photo").GetString()!, Stop)).StatusCode.ShouldBe(System.Net.HttpStatusCode.Forbidden);

        (await TryAsync(No(1), "nobodyThere")).Body.GetProperty("stage").GetString().ShouldBe("Again");
        (await DoorsAsync("Again")).Single().GetProperty("no").GetInt32().ShouldBe(No(1));
        (await TryAsync(No(1), "nobodyThere", note: "敲门三次")).Body.GetProperty("stage").GetString().ShouldBe("GridWorker");
        (await TryAsync(No(1), "nobodyThere")).Body.GetProperty("code").GetString().ShouldBe("supplies.delivery-over");
        var left = (await DoorsAsync("GridWorker")).Single();
        (left.GetProperty("lastTry").GetString(), left.GetProperty("lastNote").GetString()).ShouldBe(("NobodyThere", "敲门三次"));
        // The grid worker finds them in the end.
        (await TryAsync(No(1), "delivered", null, null, Pictures.Png(Guid.CreateVersion7()))).Body.GetProperty("stage").GetString().ShouldBe("Done");
        (await app.ShowAsync(round)).GetProperty("counts").GetProperty("collected").GetInt32().ShouldBe(2);
        (await DoorsAsync()).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Stock_moves_to_another_store_with_its_lots_and_never_more_than_there_is()
    {
        var item = await app.MakeAsync("/api/supplies/items", new { place = SuppliesApp.Community, name = "手套", unit = "双" });
        await app.MakeAsync("/api/supplies/stock/receive", new { item, lot = "L2", expiry = "2021-05-01", quantity = 30 });
        await app.MakeAsync("/api/supplies/stock/receive", new { item, lot = "L1", expiry = "2020-05-01", quantity = 20 });
        (await RefusedAsync("stock/move", new { item, to = SuppliesApp.Compound, quantity = 51, note = "支援" })).ShouldBe("supplies.not-enough");
        (await RefusedAsync("stock/move", new { item, to = SuppliesApp.Community, quantity = 1, note = "支援" })).ShouldBe("supplies.same-store");
        (await RefusedAsync("stock/move", new { item, to = SuppliesApp.Compound, quantity = 1 })).ShouldBe("supplies.why");
        var key = new HttpRequestMessage(HttpMethod.Post, "/api/supplies/stock/move") { Content = JsonContent.Create(new { item, to = SuppliesApp.Compound, quantity = 25, note = "支援" }) };
        key.Headers.Add("Idempotency-Key", "gloves-1");
        await SuppliesApp.OkAsync(await app.Worker.SendAsync(key, Stop));
        var same = new HttpRequestMessage(HttpMethod.Post, "/api/supplies/stock/move") { Content = JsonContent.Create(new { item, to = SuppliesApp.Compound, quantity = 25, note = "支援" }) };
        same.Headers.Add("Idempotency-Key", "gloves-1");
        await SuppliesApp.OkAsync(await app.Worker.SendAsync(same, Stop));
        var rows = (await GetAsync("stock?q=手套&size=50")).GetProperty("items").EnumerateArray().Select(r => (r.GetProperty("place").GetString(), r.GetProperty("lot").GetString(), r.GetProperty("expiry").GetString(), r.GetProperty("store").GetInt32())).ToList();
        rows.ShouldBe([(SuppliesApp.Community, "L1", "2020-05-01", 0), (SuppliesApp.Compound, "L1", "2020-05-01", 20), (SuppliesApp.Community, "L2", "2021-05-01", 25), (SuppliesApp.Compound, "L2", "2021-05-01", 5)], ignoreOrder: true);
        // Of one lot only.
        await PostAsync("stock/move", new { item, lot = "L2", to = SuppliesApp.Compound, quantity = 25, note = "支援" });
        (await RefusedAsync("stock/move", new { item, lot = "L2", to = SuppliesApp.Compound, quantity = 1, note = "支援" })).ShouldBe("supplies.not-enough");
    }

    [Fact]
    public async Task Advice_says_why_is_changed_with_a_reason_and_carried_out_once()
    {
        var item = await app.MakeAsync("/api/supplies/items", new { place = SuppliesApp.Community, name = "消毒液", unit = "瓶" });
        await app.MakeAsync("/api/supplies/stock/receive", new { item, lot = "X", quantity = 20 });
        (await RefusedAsync("allocations", new { item, place = SuppliesApp.Compound, quantity = 21, perHousehold = 1, method = "Forecast" })).ShouldBe("supplies.not-enough");
        var advice = await PostAsync("allocations", new { item, place = SuppliesApp.Compound, perHousehold = 2, method = "Need", elderWeight = 100 });
        var lines = advice.GetProperty("lines").EnumerateArray().ToList();
        lines.Sum(l => l.GetProperty("advised").GetInt32()).ShouldBe(20);
        lines.Sum(l => l.GetProperty("households").GetInt32()).ShouldBe(SuppliesApp.People);
        var some = lines.Where(l => l.GetProperty("advised").GetInt32() > 0).ToList();
        some.ShouldAllBe(l => l.GetProperty("advised").GetInt32() <= l.GetProperty("need").GetInt32());
        some[0].GetProperty("because").GetString()!.ShouldContain("没有往轮记录");
        var (id, line, had) = (advice.GetProperty("id").GetGuid(), some[0].GetProperty("id").GetGuid(), some[0].GetProperty("advised").GetInt32());
        async Task<JsonElement> DecideAsync(int quantity, string? reason)
        {
            var answer = await app.Worker.PutAsJsonAsync($"/api/supplies/allocations/{id}/lines/{line}", new { quantity, reason }, Stop);
            return await answer.Content.ReadFromJsonAsync<JsonElement>(Stop);
        }
        (await DecideAsync(1, "")).GetProperty("code").GetString().ShouldBe("supplies.why");
        (await DecideAsync(had + 1, "多")).GetProperty("code").GetString().ShouldBe("supplies.split-too-much");
        var changed = (await DecideAsync(had - 1, "已有捐赠")).GetProperty("lines").EnumerateArray().Single(l => l.GetProperty("id").GetGuid() == line);
        (changed.GetProperty("decided").GetInt32(), changed.GetProperty("advised").GetInt32(), changed.GetProperty("reason").GetString()).ShouldBe((had - 1, had, "已有捐赠"));
        await PostAsync($"allocations/{id}/carry-out");
        await PostAsync($"allocations/{id}/carry-out");
        var stock = (await GetAsync("stock?q=消毒液&size=200")).GetProperty("items").EnumerateArray().ToDictionary(r => r.GetProperty("place").GetString()!, r => r.GetProperty("store").GetInt32());
        (stock[SuppliesApp.Community], stock[some[0].GetProperty("place").GetString()!], stock.Values.Sum()).ShouldBe((1, had - 1, 20));
        (await DecideAsync(0, "晚了")).GetProperty("code").GetString().ShouldBe("supplies.split-done");
        (await app.As(BuiltInRoles.CommunityWorker, "31.01.15.017", Purposes.CommunityService).GetAsync($"/api/supplies/allocations/{id}", Stop)).StatusCode.ShouldBe(System.Net.HttpStatusCode.Forbidden);
    }

    [Fact]
    public void A_split_gives_whole_pieces_none_above_its_need_and_loses_none()
    {
        // Few who asked may be few who were reached.
        (new PlaceNeed("a", "甲", 40, 10, 0, 3).Forecast, new PlaceNeed("a", "甲", 40, 10, 71, 3).Forecast, new PlaceNeed("a", "甲", 40, 10, 100, 0).Forecast).ShouldBe((12, 29, 40));
        Split.Weight(new("a", "甲", 40, 10, 50, 1), SplitMethod.Need, 100).ShouldBe(50);
        Split.Of(10, [(1, 100), (1, 100), (1, 100)]).ShouldBe([4, 3, 3]);
        Split.Of(10, [(3, 100), (1, 100)]).ShouldBe([8, 2]);
        // One needs little: the rest is for the others.
        Split.Of(10, [(8, 2), (1, 100), (1, 100)]).ShouldBe([2, 4, 4]);
        Split.Of(10, [(1, 3), (1, 4)]).ShouldBe([3, 4]);
        Split.Of(10, [(0, 5), (1, 0), (2, 5)]).ShouldBe([0, 0, 5]);
        Split.Of(0, [(1, 5)]).ShouldBe([0]);
        var random = new Random(7);
        for (var n = 0; n < 2_000; n++)
        {
            var (quantity, places) = (random.Next(0, 500), Enumerable.Range(0, random.Next(1, 8)).Select(_ => ((long)random.Next(0, 50), (long)random.Next(0, 200))).ToList());
            var given = Split.Of(quantity, places);
            given.Zip(places, (g, p) => g >= 0 && g <= p.Item2).ShouldAllBe(x => x);
            given.Sum().ShouldBe((int)Math.Min(quantity, places.Where(p => p.Item1 > 0).Sum(p => p.Item2)));
        }
    }

    [Fact]
    public async Task A_desk_without_network_tells_later_what_it_handed_over_and_twice_is_found()
    {
        var round = await app.RoundAsync(east: 10, west: 5);
        var slips = new List<JsonElement>();
        for (var n = 0; n < 4; n++) slips.Add(await PostAsync($"rounds/{round}/desk/enter", new { personId = app.Residents[n], key = Guid.CreateVersion7() }));
        var list = await GetAsync($"rounds/{round}/desk/offline?point=0");
        list.GetProperty("shares").GetArrayLength().ShouldBe(4);
        list.ToString().ShouldNotContain("王");
        string Receipt(int n) => slips[n].GetProperty("receipt").GetString()!;
        // Another desk is faster with the third one.
        await PostAsync($"rounds/{round}/desk/hand-over", new { receipt = Receipt(2), proof = "receipt" });
        var at = app.Clock.GetUtcNow().AddMinutes(-30);
        var done = Enumerable.Range(0, 3).Select(n => new { key = Guid.CreateVersion7(), receipt = Receipt(n), at }).Append(new { key = Guid.CreateVersion7(), receipt = "0000000000", at }).ToList();
        async Task<List<string>> TellAsync() => [.. (await PostAsync($"rounds/{round}/desk/offline", new { point = 0, done })).EnumerateArray().Select(t => t.GetProperty("outcome").GetString()!)];
        (await TellAsync()).ShouldBe(["done", "done", "twice", "unknown"]);
        // The answer was lost on the way: told again, the same.
        (await TellAsync()).ShouldBe(["done", "done", "twice", "unknown"]);
        (await app.ShowAsync(round)).GetProperty("counts").GetProperty("collected").GetInt32().ShouldBe(3);
        (await RefusedAsync($"rounds/{round}/desk/offline", new { point = 0, done = Enumerable.Range(0, 2001).Select(_ => new { key = Guid.CreateVersion7(), receipt = "1", at }) })).ShouldBe("supplies.offline-many");
    }
}
