using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Liren.Contracts.Supplies;
using Liren.Draws;
using Liren.Sdk.Security;
using Liren.Supplies.Rush;
using Microsoft.Extensions.DependencyInjection;

namespace Liren.Tests.Supplies;

/// <summary>Rounds over HTTP: written, published, rushed, closed, drawn, collected, settled; refusals by name.</summary>
public sealed class RoundTests(SuppliesApp app) : IClassFixture<SuppliesApp>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static string Code(JsonElement problem) => problem.GetProperty("code").GetString()!;

    private async Task<JsonElement> PostAsync(string path, object? body = null, HttpClient? by = null) => await SuppliesApp.OkAsync(await (by ?? app.Worker).PostAsJsonAsync($"/api/supplies/{path}", body ?? new { }, Stop));

    private async Task<(int Status, JsonElement Body)> TryAsync(string path, object? body = null, HttpClient? by = null)
    {
        var answer = await (by ?? app.Worker).PostAsJsonAsync($"/api/supplies/{path}", body ?? new { }, Stop);
        var text = await answer.Content.ReadAsStringAsync(Stop);
        return ((int)answer.StatusCode, text.Length == 0 ? default : JsonSerializer.Deserialize<JsonElement>(text));
    }

    [Fact]
    public async Task A_first_come_round_is_walked_from_draft_to_settlement()
    {
        var round = await app.RoundAsync(more: new { waitMost = 3 });
        var tokens = await app.TokensAsync(round);
        tokens.Count.ShouldBe(SuppliesApp.People);
        var answers = await Task.WhenAll(Enumerable.Range(0, 10).SelectMany(i => Enumerable.Repeat(Guid.CreateVersion7(), 1).SelectMany(k => new[] { app.EnterAsync(tokens[i], k), app.EnterAsync(tokens[i], k) })));
        // Each tapped twice with one key: one made it, the other got the same answer.
        answers.Count(a => a.Status == 201).ShouldBe(8);
        answers.Count(a => a.Status == 200).ShouldBe(8);
        answers.Count(a => a.Status == 410).ShouldBe(4);
        answers.Where(a => a.Status == 410).ShouldAllBe(a => Code(a.Body) == "supplies.sold-out");
        for (var i = 0; i < answers.Length; i += 2) if (answers[i].Status < 300) answers[i].Body.ToString().ShouldBe(answers[i + 1].Body.ToString());
        var audit = await app.AuditAsync(round);
        (audit.GetProperty("held").GetInt32(), audit.GetProperty("oversold").GetInt32(), audit.GetProperty("duplicates").GetInt32(), audit.GetProperty("entries").GetInt32()).ShouldBe((5, 0, 0, 8));
        var state = await app.CreateClient().GetAsync($"/api/supplies/rounds/{round}/state", Stop);
        state.Headers.CacheControl!.MaxAge.ShouldBe(TimeSpan.FromSeconds(1));
        var seen = await SuppliesApp.OkAsync(state);
        (seen.GetProperty("left").GetInt32(), seen.GetProperty("waiting").GetInt32(), seen.GetProperty("phase").GetString()).ShouldBe((0, 3, "Open"));

        app.Clock.Advance(TimeSpan.FromHours(3));
        (await PostAsync($"rounds/{round}/close")).GetProperty("entries").GetInt32().ShouldBe(8);
        (await app.EnterAsync(tokens[20], Guid.CreateVersion7())).Status.ShouldBe(410);
        var confirmed = answers.First(a => a.Status == 201 && a.Body.GetProperty("outcome").GetString() == "confirmed").Body.GetProperty("receipt").GetString();
        var handed = await PostAsync($"rounds/{round}/desk/hand-over", new { receipt = confirmed, proof = "receipt" });
        (handed.GetProperty("again").GetBoolean(), handed.GetProperty("pieces").GetInt32()).ShouldBe((false, 5));
        (await PostAsync($"rounds/{round}/desk/hand-over", new { receipt = Receipt(confirmed!), proof = "receipt" })).GetProperty("again").GetBoolean().ShouldBeTrue();
        app.Clock.Advance(TimeSpan.FromDays(4));
        // Four did not come; three of the waiting list move up, and do not come either.
        (await PostAsync($"rounds/{round}/release")).GetProperty("moved").GetInt32().ShouldBe(4);
        var settled = await PostAsync($"rounds/{round}/settle");
        (settled.GetProperty("handedOut").GetInt32(), settled.GetProperty("left").GetInt32()).ShouldBe((1, 4));
    }

    private static string Receipt(string hex) => Liren.Supplies.Features.Receipts.Spoken(Convert.FromHexString(hex));

    [Fact]
    public async Task A_lottery_is_committed_to_drawn_and_verified_by_anybody()
    {
        var secrets = new[] { "office", "owners" }.Select((name, i) => (Name: name, Secret: new string((char)('1' + i), 64))).ToList();
        var round = await app.RoundAsync("Lottery", more: new { waitMost = 4, beaconRule = "双色球 2020017 期", custodians = secrets.Select(s => new { name = s.Name, commit = Hex.Of(Custodian.CommitTo(Convert.FromHexString(s.Secret))) }) });
        var tokens = await app.TokensAsync(round);
        var receipts = new List<string>();
        for (var i = 0; i < 15; i++)
        {
            var (status, body) = await app.EnterAsync(tokens[i], Guid.CreateVersion7());
            (status, body.GetProperty("outcome").GetString()).ShouldBe((201, "requested"));
            receipts.Add(body.GetProperty("receipt").GetString()!);
        }
        Code((await TryAsync($"rounds/{round}/close")).Body).ShouldBe("supplies.still-open");
        Code((await TryAsync($"rounds/{round}/draw", new { beacon = "1" })).Body).ShouldBe("supplies.draw-when-closed");
        app.Clock.Advance(TimeSpan.FromHours(1));
        await PostAsync($"rounds/{round}/close");
        var commitment = DrawFile.ReadCommitment(await app.CreateClient().GetStringAsync($"/api/supplies/rounds/{round}/commitment", Stop));
        (commitment.Entries, commitment.Winners, commitment.Waiting).ShouldBe((15, 5, 4));
        Code((await TryAsync($"rounds/{round}/draw", new { beacon = "03.07.11" })).Body).ShouldBe("supplies.secret-missing");
        Code((await TryAsync($"rounds/{round}/secrets", new { custodian = "office", secret = secrets[1].Secret })).Body).ShouldBe("supplies.secret-broken");
        foreach (var s in secrets) await PostAsync($"rounds/{round}/secrets", new { custodian = s.Name, secret = s.Secret });
        Code((await TryAsync($"rounds/{round}/draw", new { beacon = "" })).Body).ShouldBe("supplies.beacon");
        var drawn = await PostAsync($"rounds/{round}/draw", new { beacon = "03.07.11.18.26.31+09" });
        (drawn.GetProperty("winners").GetInt32(), drawn.GetProperty("waiting").GetInt32()).ShouldBe((5, 4));
        // A second time: the same, whatever number is given now.
        (await PostAsync($"rounds/{round}/draw", new { beacon = "1" })).GetProperty("seed").GetString().ShouldBe(drawn.GetProperty("seed").GetString());

        var file = DrawFile.Read(await app.CreateClient().GetStringAsync($"/api/supplies/rounds/{round}/draw", Stop));
        Verifier.Check(file, commitment).ShouldBeEmpty();
        foreach (var receipt in receipts)
        {
            var proof = await app.CreateClient().GetFromJsonAsync<JsonElement>($"/api/supplies/rounds/{round}/proof/{receipt}", Stop);
            MerkleTree.Proves(Convert.FromHexString(receipt), proof.GetProperty("index").GetInt32(), 15, [.. proof.GetProperty("path").EnumerateArray().Select(h => Convert.FromHexString(h.GetString()!))], Convert.FromHexString(commitment.Root)).ShouldBeTrue();
        }
        (await app.CreateClient().GetAsync($"/api/supplies/rounds/{round}/proof/{new string('0', 32)}", Stop)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        var counts = (await app.ShowAsync(round)).GetProperty("counts");
        (counts.GetProperty("confirmed").GetInt32(), counts.GetProperty("waiting").GetInt32(), counts.GetProperty("notDrawn").GetInt32()).ShouldBe((5, 4, 6));
        var audit = await app.AuditAsync(round);
        (audit.GetProperty("rootHolds").GetBoolean(), audit.GetProperty("drawHolds").GetBoolean(), audit.GetProperty("oversold").GetInt32()).ShouldBe((true, true, 0));
    }

    [Fact]
    public async Task Where_there_is_enough_for_all_nothing_is_drawn()
    {
        var round = await app.RoundAsync("Lottery", more: new { beaconRule = "dice" });
        var tokens = await app.TokensAsync(round);
        for (var i = 0; i < 3; i++) (await app.EnterAsync(tokens[i], Guid.CreateVersion7())).Status.ShouldBe(201);
        app.Clock.Advance(TimeSpan.FromHours(1));
        await PostAsync($"rounds/{round}/close");
        (await PostAsync($"rounds/{round}/draw", new { })).GetProperty("winners").GetInt32().ShouldBe(3);
        (await app.ShowAsync(round)).GetProperty("counts").GetProperty("confirmed").GetInt32().ShouldBe(3);
    }

    [Fact]
    public async Task It_closes_by_itself_and_a_result_that_was_fixed_before_a_crash_reaches_its_entries()
    {
        var round = await app.RoundAsync("Lottery", 1, 1, new { beaconRule = "dice" });
        var tokens = await app.TokensAsync(round);
        for (var i = 0; i < 4; i++) await app.EnterAsync(tokens[i], Guid.CreateVersion7());
        app.Clock.Advance(TimeSpan.FromHours(1));
        Task<int> TickAsync() => app.InScopeAsync(async s => { await ActivatorUtilities.CreateInstance<Liren.Supplies.Features.RoundClock>(s).RunAsync(Stop); return 0; });
        await TickAsync();
        (await app.ShowAsync(round)).GetProperty("row").GetProperty("phase").GetString().ShouldBe("Closed");
        // The result is saved, and the power goes before any entry has heard of it.
        await app.InScopeAsync(async s =>
        {
            var db = s.GetRequiredService<Liren.Supplies.Data.SuppliesDb>();
            var finder = s.GetRequiredService<Liren.Supplies.Features.RoundFinder>();
            var one = await finder.OfAsync(round, "supplies.rounds", Stop);
            one.Draw("6", DrawFile.Make(one.Code, (await finder.TicketsAsync(one, Stop)).List, 2, 0, [], "dice", "6").Write(), app.Clock.GetUtcNow());
            await db.SaveChangesAsync(Stop);
            await s.GetRequiredService<RoundBook>().ReadAnewAsync(one.Serial);
            return 0;
        });
        await TickAsync();
        var counts = (await app.ShowAsync(round)).GetProperty("counts");
        (counts.GetProperty("confirmed").GetInt32(), counts.GetProperty("notDrawn").GetInt32()).ShouldBe((2, 2));
    }

    [Fact]
    public async Task An_elder_is_entered_by_the_desk_and_by_the_telephone_under_the_same_rule()
    {
        var round = await app.RoundAsync(east: 1, west: 1);
        var (elder, other, third) = (app.Residents[0], app.Residents[1], app.Residents[2]);
        var key = Guid.CreateVersion7();
        var slip = await PostAsync($"rounds/{round}/desk/enter", new { personId = elder, key });
        slip.GetProperty("outcome").GetString().ShouldBe("confirmed");
        (await PostAsync($"rounds/{round}/desk/enter", new { personId = elder, key })).ToString().ShouldBe(slip.ToString());
        Code((await TryAsync($"rounds/{round}/desk/enter", new { personId = elder, key = Guid.CreateVersion7() })).Body).ShouldBe("supplies.already");
        Task<KeypadAnswer> CallAsync(Guid person, Guid k) => app.InScopeAsync(s => s.GetRequiredService<IKeypadRequests>().RequestAsync(person, round, k, Stop));
        var open = await app.InScopeAsync(s => s.GetRequiredService<IKeypadRequests>().OpenForAsync(other, Stop));
        open.ShouldContain(r => r.RoundId == round && !r.Asked);
        var call = await CallAsync(other, key = Guid.CreateVersion7());
        (call.Code, call.Receipt!.Length).ShouldBe(("confirmed", 10));
        (await CallAsync(other, key)).ShouldBe(call);
        (await CallAsync(other, Guid.CreateVersion7())).Code.ShouldBe("already");
        (await CallAsync(third, Guid.CreateVersion7())).Code.ShouldBe("sold-out");
        (await CallAsync(Guid.CreateVersion7(), Guid.CreateVersion7())).Code.ShouldBe("not-entitled");
        // The desk finds who called by the digits that were read out.
        (await PostAsync($"rounds/{round}/desk/hand-over", new { receipt = call.Receipt, proof = "receipt" })).GetProperty("again").GetBoolean().ShouldBeFalse();
    }

    [Fact]
    public async Task Requests_that_are_not_right_are_refused_by_name()
    {
        var round = await app.RoundAsync();
        var token = (await app.TokensAsync(round))[7];
        async Task<(int, string)> SendAsync(string body)
        {
            var answer = await app.CreateClient().PostAsync("/api/supplies/enter", new StringContent(body, System.Text.Encoding.UTF8, "application/json"), Stop);
            return ((int)answer.StatusCode, Code(JsonSerializer.Deserialize<JsonElement>(await answer.Content.ReadAsStringAsync(Stop))));
        }
        (await SendAsync("")).ShouldBe((400, "sdk.bad-json"));
        (await SendAsync("{")).ShouldBe((400, "sdk.bad-json"));
        (await SendAsync("[]")).ShouldBe((400, "sdk.bad-json"));
        (await SendAsync("{}")).ShouldBe((403, "supplies.token"));
        (await SendAsync($$"""{"token":"{{token}}"}""")).ShouldBe((422, "supplies.key"));
        (await SendAsync($$"""{"token":"{{token}}","key":"1"}""")).ShouldBe((422, "supplies.key"));
        (await SendAsync($$"""{"token":"{{(token[0] == 'A' ? 'B' : 'A') + token[1..]}}","key":"{{Guid.CreateVersion7()}}"}""")).ShouldBe((403, "supplies.token"));
        (await SendAsync($$"""{"token":"{{token}}","key":"{{Guid.CreateVersion7()}}","more":"{{new string('x', 2000)}}"}""")).Item1.ShouldBe(413);
        (await app.EnterAsync(token, Guid.CreateVersion7())).Status.ShouldBe(201);
        Code((await app.EnterAsync(token, Guid.CreateVersion7())).Body).ShouldBe("supplies.already");
    }

    [Theory]
    [InlineData("title", "", "title")]
    [InlineData("place", "??", "place")]
    [InlineData("perShare", 0, "perShare")]
    [InlineData("windowSeconds", 60, "windowSeconds")]
    [InlineData("heldForDesk", 6, "heldForDesk")]
    [InlineData("closesAt", "2019-01-01T00:00:00Z", "closesAt")]
    [InlineData("opensAt", "2019-01-01T00:00:00Z", "opensAt")]
    [InlineData("pickupFrom", "2019-01-01T00:00:00Z", "pickupFrom")]
    [InlineData("coolDownDays", -1, "coolDownDays")]
    [InlineData("minAge", 500, "minAge")]
    [InlineData("item", "00000000-0000-0000-0000-000000000001", "item")]
    [InlineData("waitMost", -1, "waitMost")]
    public async Task A_draft_names_the_field_that_is_wrong(string field, object value, string named)
    {
        var now = app.Clock.GetUtcNow();
        var body = JsonSerializer.SerializeToNode(new { place = SuppliesApp.Compound, title = "一轮", item = app.Masks, perShare = 1, mode = "FirstCome", unit = "Household", opensAt = now, closesAt = now.AddHours(1), pickupFrom = now.AddHours(2), pickupUntil = now.AddDays(1), points = new[] { new { point = app.East, shares = 3 } } })!.AsObject();
        body[field] = JsonSerializer.SerializeToNode(value);
        var (status, problem) = await TryAsync("rounds", body);
        status.ShouldBe(422);
        problem.GetProperty("field").GetString().ShouldBe(named);
    }

    [Fact]
    public async Task A_round_without_stock_is_not_published_and_a_published_one_is_not_changed()
    {
        var poor = await app.RoundAsync(east: 100_000, publish: false);
        Code(JsonSerializer.Deserialize<JsonElement>(await (await app.PublishAsync(poor, 1)).Content.ReadAsStringAsync(Stop))).ShouldBe("supplies.not-enough");
        (await app.ShowAsync(poor)).GetProperty("row").GetProperty("phase").GetString().ShouldBe("Draft");
        var round = await app.RoundAsync();
        var version = (await app.ShowAsync(round)).GetProperty("version").GetInt32();
        Code(JsonSerializer.Deserialize<JsonElement>(await (await app.PublishAsync(round, version)).Content.ReadAsStringAsync(Stop))).ShouldBe("supplies.published-already");
        (await app.PublishAsync(poor, 99)).StatusCode.ShouldBe(HttpStatusCode.PreconditionFailed);
    }

    [Fact]
    public async Task Who_had_a_share_of_the_same_item_lately_is_not_on_the_next_list()
    {
        var first = await app.RoundAsync(east: 2, west: 2);
        var tokens = await app.TokensAsync(first);
        for (var i = 0; i < 4; i++) (await app.EnterAsync(tokens[i], Guid.CreateVersion7())).Status.ShouldBe(201);
        var second = await app.RoundAsync(more: new { coolDownDays = 7 });
        (await app.ShowAsync(second)).GetProperty("entitled").GetInt32().ShouldBeLessThanOrEqualTo(SuppliesApp.People - 4);
    }

    [Fact]
    public async Task Calling_off_gives_the_stock_back_and_says_why()
    {
        async Task<int> StoreAsync() => (await app.Worker.GetFromJsonAsync<JsonElement>("/api/supplies/stock?q=A1", Stop)).GetProperty("items").EnumerateArray().Single().GetProperty("store").GetInt32();
        var before = await StoreAsync();
        var round = await app.RoundAsync();
        (await StoreAsync()).ShouldBe(before - 25);
        var token = (await app.TokensAsync(round))[3];
        Code((await TryAsync($"rounds/{round}/cancel", new { reason = "" })).Body).ShouldBe("supplies.reason");
        // Refused: it goes on.
        (await app.EnterAsync(token, Guid.CreateVersion7())).Status.ShouldBe(201);
        await PostAsync($"rounds/{round}/cancel", new { reason = "货未到" });
        (await StoreAsync()).ShouldBe(before);
        Code((await app.EnterAsync((await app.TokensAsync(round))[4], Guid.CreateVersion7())).Body).ShouldBe("supplies.closed");
    }

    [Fact]
    public async Task A_writer_that_has_been_overtaken_promises_nothing_more()
    {
        var round = await app.RoundAsync(east: 4, west: 4);
        var serial = int.Parse((await app.ShowAsync(round)).GetProperty("row").GetProperty("code").GetString()![1..], System.Globalization.CultureInfo.InvariantCulture);
        var at = app.Services.GetRequiredService<Liren.Sdk.Data.DataLocation>();
        var scopes = app.Services.GetRequiredService<IServiceScopeFactory>();
        await using var one = new RoundBook(at, scopes, app.Clock);
        await using var two = new RoundBook(at, scopes, app.Clock);
        (await one.RunAsync(serial, new(Act.Enter, 1) { Key = Guid.CreateVersion7() })).Outcome.ShouldBe(Outcome.Done);
        (await two.RunAsync(serial, new(Act.Enter, 2) { Key = Guid.CreateVersion7() })).Outcome.ShouldBe(Outcome.Done);
        (await Should.ThrowAsync<Liren.Sdk.RuleBrokenException>(() => one.RunAsync(serial, new(Act.Enter, 3) { Key = Guid.CreateVersion7() }))).Code.ShouldBe("supplies.writer-elsewhere");
        // Begun anew it knows what the other has written.
        (await one.RunAsync(serial, new(Act.Enter, 2) { Key = Guid.CreateVersion7() })).Outcome.ShouldBe(Outcome.Already);
        (await app.AuditAsync(round)).GetProperty("entries").GetInt32().ShouldBe(2);
    }

    [Fact]
    public async Task Others_see_and_do_nothing()
    {
        var round = await app.RoundAsync();
        var elsewhere = app.As(BuiltInRoles.CommunityWorker, "31.01.15.017", Purposes.CommunityService);
        (await elsewhere.GetAsync($"/api/supplies/rounds/{round}", Stop)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await elsewhere.GetAsync($"/api/supplies/rounds/{round}/invitations?purpose=community.service", Stop)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await TryAsync($"rounds/{round}/cancel", new { reason = "x" }, elsewhere)).Status.ShouldBe(403);
        (await TryAsync($"rounds/{round}/desk/enter", new { personId = app.Residents[0], key = Guid.CreateVersion7() }, elsewhere)).Status.ShouldBe(403);
        (await app.As(BuiltInRoles.Guard, SuppliesApp.Community).GetAsync("/api/supplies/rounds", Stop)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }
}
