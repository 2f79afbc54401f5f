using System.Net.Http.Json;
using System.Text.Json;
using Liren.Draws;
using Liren.Sdk.Security;
using Liren.Supplies.Data;
using Liren.Supplies.Domain;
using Liren.Supplies.Features;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Liren.Tests.Supplies;

/// <summary>Rounds that know of the ones before and of those who need it most: carry-over, reserved shares, tags, quotas, shares left uncollected.</summary>
public sealed class FairRoundTests(SuppliesApp app) : IClassFixture<SuppliesApp>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static int groups;

    private async Task<JsonElement> PostAsync(string path, object? body = null) => await SuppliesApp.OkAsync(await app.Worker.PostAsJsonAsync($"/api/supplies/{path}", body ?? new { }, Stop));

    private async Task<string> RefusedAsync(string path, object body)
    {
        var answer = await app.Worker.PostAsJsonAsync($"/api/supplies/{path}", body, Stop);
        answer.IsSuccessStatusCode.ShouldBeFalse();
        return (await answer.Content.ReadFromJsonAsync<JsonElement>(Stop)).GetProperty("code").GetString()!;
    }

    // Goods of their own for each test, so that rounds of others do not count.
    private async Task<Guid> GoodsAsync(string? group = null)
    {
        var item = await app.MakeAsync("/api/supplies/items", new { place = SuppliesApp.Community, name = $"物资{Interlocked.Increment(ref groups)}", unit = "份", group });
        await app.MakeAsync("/api/supplies/stock/receive", new { item, lot = "A1", quantity = 10_000 });
        return item;
    }

    private async Task<Guid> LotteryAsync(Guid item, int shares, object more)
    {
        var body = JsonSerializer.SerializeToNode(new { item, perShare = 1, beaconRule = "掷骰" })!.AsObject();
        foreach (var (key, value) in JsonSerializer.SerializeToNode(more)!.AsObject()) body[key] = value?.DeepClone();
        return await app.RoundAsync("Lottery", shares - 1, 1, body);
    }

    private async Task EndAsync(Guid round)
    {
        app.Clock.Advance(TimeSpan.FromHours(1));
        await PostAsync($"rounds/{round}/close");
        await PostAsync($"rounds/{round}/draw", new { beacon = "3 5 1" });
    }

    private async Task<List<(Entry Entry, Entitlement Listed)>> RowsAsync(Guid round) => await app.InScopeAsync(async s =>
    {
        var db = s.GetRequiredService<SuppliesDb>();
        var serial = (await db.Rounds.SingleAsync(r => r.Id == round, Stop)).Serial;
        var rows = await (from l in db.Entitlements where l.Round == serial join e in db.Entries on new { l.Round, l.No } equals new { e.Round, e.No } select new { e, l }).ToListAsync(Stop);
        return rows.ConvertAll(r => (r.e, r.l));
    });

    [Fact]
    public async Task Who_lost_holds_one_more_ticket_in_the_next_draw_and_everybody_can_see_that_it_is_drawn_so()
    {
        var item = await GoodsAsync();
        var first = await LotteryAsync(item, 4, new { });
        foreach (var token in (await app.TokensAsync(first)).Take(12)) (await app.EnterAsync(token, Guid.CreateVersion7())).Status.ShouldBe(201);
        await EndAsync(first);
        var losers = (await RowsAsync(first)).Where(r => r.Entry.State == EntryState.NotDrawn).Select(r => r.Listed.UnitId).ToHashSet();
        losers.Count.ShouldBe(8);

        var second = await LotteryAsync(item, 6, new { carryOver = "MoreTickets", carryDays = 10, waitMost = 3 });
        var receipts = new Dictionary<int, string>();
        foreach (var (token, no) in (await app.TokensAsync(second)).Select((t, i) => (t, i)).Take(14)) receipts[no] = (await app.EnterAsync(token, Guid.CreateVersion7())).Body.GetProperty("receipt").GetString()!;
        await EndAsync(second);
        var rows = await RowsAsync(second);
        rows.ShouldAllBe(r => r.Listed.Losses == (losers.Contains(r.Listed.UnitId) ? 1 : 0));
        var commitment = DrawFile.ReadCommitment(await app.CreateClient().GetStringAsync($"/api/supplies/rounds/{second}/commitment", Stop));
        var file = DrawFile.Read(await app.CreateClient().GetStringAsync($"/api/supplies/rounds/{second}/draw", Stop));
        (file.Format, file.MostTickets, file.Entries, file.Winners, file.Waiting).ShouldBe((Draw.Format2, Tickets.Most, 14 + 8, 6, 3));
        Verifier.Check(file, commitment).ShouldBeEmpty();
        // A second ticket of a winner that is given a second share does not pass.
        if (file.Steps.Select((s, i) => (s, i)).FirstOrDefault(s => s.s.Outcome == DrawOutcome.Skipped) is { s: { } skipped, i: var at })
            Verifier.Check(file with { Steps = [.. file.Steps.Take(at), skipped with { Outcome = DrawOutcome.Won, With = null }, .. file.Steps.Skip(at + 1)] }).ShouldNotBeEmpty();
        (rows.Count(r => r.Entry.State == EntryState.Confirmed), rows.Count(r => r.Entry.State == EntryState.Waiting), rows.Count(r => r.Entry.State == EntryState.NotDrawn)).ShouldBe((6, 3, 5));
        foreach (var (no, receipt) in receipts)
        {
            var proof = await app.CreateClient().GetFromJsonAsync<JsonElement>($"/api/supplies/rounds/{second}/proof/{receipt}", Stop);
            var row = rows.Single(r => r.Listed.No == no);
            proof.GetProperty("tickets").GetInt32().ShouldBe(1 + row.Listed.Losses);
            var place = proof.GetProperty("place").ValueKind == JsonValueKind.Null ? 99 : proof.GetProperty("place").GetInt32();
            row.Entry.State.ShouldBe(place <= 6 ? EntryState.Confirmed : place <= 9 ? EntryState.Waiting : EntryState.NotDrawn);
        }
        var audit = await app.AuditAsync(second);
        (audit.GetProperty("rootHolds").GetBoolean(), audit.GetProperty("drawHolds").GetBoolean()).ShouldBe((true, true));
        // Who won then is no loser of the next one; who lost twice holds three tickets.
        var third = await LotteryAsync(item, 2, new { carryOver = "MoreTickets", carryDays = 10 });
        var twice = rows.Where(r => r.Entry.State == EntryState.NotDrawn && r.Listed.Losses == 1).Select(r => r.Listed.UnitId).ToHashSet();
        var won = rows.Where(r => r.Entry.State == EntryState.Confirmed).Select(r => r.Listed.UnitId).ToHashSet();
        var listed = await app.InScopeAsync(async s => { var db = s.GetRequiredService<SuppliesDb>(); var serial = (await db.Rounds.SingleAsync(r => r.Id == third, Stop)).Serial; return await db.Entitlements.Where(e => e.Round == serial).ToListAsync(Stop); });
        listed.Where(l => twice.Contains(l.UnitId)).ShouldAllBe(l => l.Losses == 2);
        listed.Where(l => won.Contains(l.UnitId)).ShouldAllBe(l => l.Losses == 0);
        // After ten days it is over.
        app.Clock.Advance(TimeSpan.FromDays(11));
        var late = await LotteryAsync(item, 2, new { carryOver = "MoreTickets", carryDays = 10 });
        foreach (var token in (await app.TokensAsync(late)).Take(5)) await app.EnterAsync(token, Guid.CreateVersion7());
        (await RowsAsync(late)).ShouldAllBe(r => r.Listed.Losses == 0);
    }

    [Fact]
    public async Task Who_lost_is_entered_again_by_itself_and_may_withdraw_for_good()
    {
        var item = await GoodsAsync();
        var first = await LotteryAsync(item, 2, new { });
        foreach (var token in (await app.TokensAsync(first)).Take(6)) await app.EnterAsync(token, Guid.CreateVersion7());
        await EndAsync(first);
        var second = await LotteryAsync(item, 2, new { carryOver = "AutoEnter", carryDays = 10 });
        Task TickAsync() => app.InScopeAsync(async s => { await ActivatorUtilities.CreateInstance<RoundClock>(s).RunAsync(Stop); return 0; });
        await TickAsync();
        var rows = await RowsAsync(second);
        rows.Count.ShouldBe(4);
        rows.ShouldAllBe(r => r.Entry.Channel == EntryChannel.Carried && r.Entry.State == EntryState.Requested);
        // Done once more, as after a crash: who withdrew meanwhile stays out.
        await app.InScopeAsync(async s =>
        {
            var db = s.GetRequiredService<SuppliesDb>();
            var round = await db.Rounds.SingleAsync(r => r.Id == second, Stop);
            await s.GetRequiredService<Liren.Supplies.Rush.RoundBook>().RunAsync(round.Serial, new(Liren.Supplies.Rush.Act.Cancel, rows[0].Listed.No));
            await s.GetRequiredService<CarryIn>().RunAsync(round, Stop);
            return 0;
        });
        (await RowsAsync(second)).Count(r => r.Entry.State == EntryState.Requested).ShouldBe(3);
        await EndAsync(second);
        var third = await LotteryAsync(item, 2, new { carryOver = "AutoEnter", carryDays = 10 });
        await TickAsync();
        var lost = (await RowsAsync(second)).Where(r => r.Entry.State == EntryState.NotDrawn).Select(r => r.Listed.UnitId).ToHashSet();
        (await RowsAsync(third)).Select(r => r.Listed.UnitId).ToHashSet().ShouldBe(lost);
    }

    [Fact]
    public async Task Reserved_shares_go_to_their_class_and_the_draw_shows_it()
    {
        var item = await GoodsAsync();
        var round = await LotteryAsync(item, 6, new { waitMost = 2, classes = new[] { new { name = "80 岁以上", shares = 3, minAge = 80 } } });
        var tokens = await app.TokensAsync(round);
        foreach (var token in tokens) (await app.EnterAsync(token, Guid.CreateVersion7())).Status.ShouldBe(201);
        await EndAsync(round);
        var rows = await RowsAsync(round);
        rows.Count(r => r.Listed.Class == 1).ShouldBe(SuppliesApp.Elders);
        rows.Count(r => r.Listed.Class == 1 && r.Entry.State == EntryState.Confirmed).ShouldBeGreaterThanOrEqualTo(3);
        (rows.Count(r => r.Entry.State == EntryState.Confirmed), rows.Count(r => r.Entry.State == EntryState.Waiting)).ShouldBe((6, 2));
        var commitment = DrawFile.ReadCommitment(await app.CreateClient().GetStringAsync($"/api/supplies/rounds/{round}/commitment", Stop));
        var file = DrawFile.Read(await app.CreateClient().GetStringAsync($"/api/supplies/rounds/{round}/draw", Stop));
        Verifier.Check(file, commitment).ShouldBeEmpty();
        (file.Format, file.Reserved!.Single().Winners, file.Reserved!.Single().Entries, file.Steps.Count(s => s.Class == "80 岁以上")).ShouldBe((Draw.Format2, 3, SuppliesApp.Elders, 3));
        // Somebody smuggled into the class, or more shares for it, is found.
        var reserve = file.Reserved!.Single();
        var stranger = Enumerable.Range(0, file.Entries).First(i => !reserve.Numbers!.Contains(i));
        Verifier.Check(file with { Reserved = [reserve with { Numbers = [.. reserve.Numbers!.Skip(1).Append(stranger).Order()] }] }).ShouldContain(f => f.Fault == "reserve");
        Verifier.Check(file with { Reserved = [reserve with { Winners = 4 }] }, commitment).ShouldContain(f => f.Fault == "promised-reserve");
        var fair = await app.Worker.GetFromJsonAsync<JsonElement>($"/api/supplies/rounds/{round}/fairness", Stop);
        var classes = fair.GetProperty("byClass").GetProperty("lines").EnumerateArray().ToDictionary(l => l.GetProperty("name").GetString()!, l => (l.GetProperty("entered").GetInt32(), l.GetProperty("got").GetInt32()));
        (classes["80 岁以上"].Item1, classes.Values.Sum(c => c.Item1), classes.Values.Sum(c => c.Item2)).ShouldBe((SuppliesApp.Elders, SuppliesApp.People, 6));
    }

    [Fact]
    public async Task First_come_keeps_reserved_shares_for_their_class_until_it_closes()
    {
        var item = await GoodsAsync();
        var round = await app.RoundAsync("FirstCome", 2, 2, new { item, perShare = 1, waitMost = 10, classes = new[] { new { name = "老人", shares = 3, minAge = 80 } } });
        var (tokens, listed) = (await app.TokensAsync(round), await app.InScopeAsync(async s => { var db = s.GetRequiredService<SuppliesDb>(); var serial = (await db.Rounds.SingleAsync(r => r.Id == round, Stop)).Serial; return await db.Entitlements.Where(e => e.Round == serial).OrderBy(e => e.No).ToListAsync(Stop); }));
        async Task<string> EnterAsync(int no) => (await app.EnterAsync(tokens[no], Guid.CreateVersion7())).Body.GetProperty("outcome").GetString()!;
        var others = listed.Where(l => l.Class == 0).Select(l => l.No).ToList();
        (await EnterAsync(others[0]), await EnterAsync(others[1]), await EnterAsync(others[2])).ShouldBe(("confirmed", "waiting", "waiting"));
        var elders = listed.Where(l => l.Class == 1).Select(l => l.No).ToList();
        (await EnterAsync(elders[0])).ShouldBe("confirmed");
        app.Clock.Advance(TimeSpan.FromHours(1));
        await PostAsync($"rounds/{round}/close");
        await app.InScopeAsync(async s => { await s.GetRequiredService<Liren.Supplies.Rush.RoundBook>().RunAsync(listed[0].Round, new(Liren.Supplies.Rush.Act.Look)); return 0; });
        // What the class did not take goes to those who wait.
        (await RowsAsync(round)).Count(r => r.Entry.State == EntryState.Confirmed).ShouldBe(4);
        (await app.AuditAsync(round)).GetProperty("oversold").GetInt32().ShouldBe(0);
    }

    [Fact]
    public async Task Tags_make_a_list_only_of_those_who_agreed_and_every_look_is_logged()
    {
        var (item, person) = (await GoodsAsync(), app.Residents[9]);
        await SuppliesApp.OkAsync(await app.Worker.PostAsJsonAsync($"/api/people/persons/{person}/consents", new { tags = new[] { "mobility" }, purpose = Purposes.CommunityService, givenBy = "self", means = "paper", until = "2021-01-01" }, Stop));
        await SuppliesApp.OkAsync(await app.Worker.PostAsJsonAsync($"/api/people/persons/{app.Residents[10]}/consents", new { tags = new[] { "mobility" }, purpose = Purposes.EpidemicControl, givenBy = "self", means = "paper", until = "2021-01-01" }, Stop));
        var only = await app.RoundAsync("FirstCome", 2, 2, new { item, perShare = 1, tags = new[] { "mobility" } });
        // Who agreed for another purpose is not on it.
        (await app.ShowAsync(only)).GetProperty("entitled").GetInt32().ShouldBe(1);
        var log = await app.As(BuiltInRoles.Auditor, purpose: Purposes.Audit).GetFromJsonAsync<JsonElement>($"/api/identity/access-log?q={person}&size=50", Stop);
        log.GetProperty("items").EnumerateArray().ShouldContain(l => l.GetProperty("fields").GetString() == "tags" && l.GetProperty("purpose").GetString() == Purposes.CommunityService);
        (await RefusedAsync("rounds", Draft(item, new { tags = new[] { "rich" } }))).ShouldBe("supplies.no-tag");
        var atDoor = await app.RoundAsync("FirstCome", 2, 2, new { item, perShare = 1, classes = new[] { new { name = "行动不便", shares = 1, tags = new[] { "mobility" }, deliver = true } } });
        (await app.ShowAsync(atDoor)).GetProperty("entitled").GetInt32().ShouldBe(SuppliesApp.People);
    }

    private object Draft(Guid item, object more)
    {
        var now = app.Clock.GetUtcNow();
        var body = JsonSerializer.SerializeToNode(new { place = SuppliesApp.Compound, title = "一轮", item, perShare = 2, mode = "FirstCome", unit = "Household", opensAt = now, closesAt = now.AddHours(1), pickupFrom = now.AddHours(2), pickupUntil = now.AddDays(1), points = new[] { new { point = app.East, shares = 3 } } })!.AsObject();
        foreach (var (key, value) in JsonSerializer.SerializeToNode(more)!.AsObject()) body[key] = value?.DeepClone();
        return body;
    }

    [Fact]
    public async Task A_draft_that_is_not_fair_is_refused_by_name()
    {
        var item = await GoodsAsync();
        foreach (var (more, code) in new (object, string)[]
        {
            (new { carryOver = "AutoEnter", carryDays = 10 }, "supplies.carry-over"),
            (new { quotaPieces = 1, quotaDays = 7 }, "supplies.quota"),
            (new { quotaPieces = 5, quotaDays = 0 }, "supplies.quota"),
            (new { noShowLimit = 11 }, "supplies.no-show-limit"),
            (new { classes = new[] { new { name = "", shares = 1, minAge = 60 } } }, "supplies.class-name"),
            (new { classes = new[] { new { name = "谁", shares = 1 } } }, "supplies.class-whom"),
            (new { classes = new[] { new { name = "老人", shares = 0, minAge = 60 } } }, "supplies.class-shares"),
            (new { classes = new[] { new { name = "老人", shares = 4, minAge = 60 } } }, "supplies.class-too-many"),
            (new { classes = new[] { new { name = "老人", shares = 1, minAge = 60 }, new { name = "老人", shares = 1, minAge = 80 } } }, "supplies.class-twice"),
            (new { tags = new[] { "a b" } }, "supplies.no-tag"),
        }) (await RefusedAsync("rounds", Draft(item, more))).ShouldBe(code);
    }

    [Fact]
    public async Task A_quota_counts_all_goods_of_a_group_over_rounds_of_any_kind()
    {
        var (masks, finer) = (await GoodsAsync("口罩类"), await GoodsAsync("口罩类"));
        var first = await app.RoundAsync("FirstCome", 2, 2, new { item = masks, perShare = 3 });
        var tokens = await app.TokensAsync(first);
        for (var i = 0; i < 3; i++) (await app.EnterAsync(tokens[i], Guid.CreateVersion7())).Status.ShouldBe(201);
        // Three had 3 of at most 5 pieces: 2 more would be within it, 3 are not. By resident instead of household: the same people.
        async Task<JsonElement> PublishAsync(int perShare, string unit)
        {
            var draft = await app.RoundAsync("FirstCome", 1, 1, new { item = finer, perShare, unit, quotaPieces = 5, quotaDays = 7 }, publish: false);
            return await SuppliesApp.OkAsync(await app.PublishAsync(draft, 1));
        }
        (await PublishAsync(3, "Resident")).GetProperty("overQuota").GetInt32().ShouldBe(3);
        (await PublishAsync(2, "Household")).GetProperty("overQuota").GetInt32().ShouldBe(0);
        app.Clock.Advance(TimeSpan.FromDays(8));
        (await PublishAsync(3, "Address")).GetProperty("overQuota").GetInt32().ShouldBe(0);
    }

    [Fact]
    public async Task Who_left_two_shares_uncollected_sits_out_one_round_and_one_only()
    {
        var item = await GoodsAsync();
        for (var n = 0; n < 2; n++)
        {
            var round = await app.RoundAsync("FirstCome", 1, 1, new { item, perShare = 1 });
            (await app.EnterAsync((await app.TokensAsync(round))[4], Guid.CreateVersion7())).Status.ShouldBe(201);
            app.Clock.Advance(TimeSpan.FromDays(4));
            await PostAsync($"rounds/{round}/close");
            await PostAsync($"rounds/{round}/settle");
        }
        async Task<int> SittingOutAsync()
        {
            var draft = await app.RoundAsync("FirstCome", 1, 1, new { item, perShare = 1, noShowLimit = 2 }, publish: false);
            return (await SuppliesApp.OkAsync(await app.PublishAsync(draft, 1))).GetProperty("sittingOut").GetInt32();
        }
        (await SittingOutAsync()).ShouldBe(1);
        (await SittingOutAsync()).ShouldBe(0);
    }

    [Theory]
    [InlineData(3.841459, 1, 0.05)]
    [InlineData(5.991465, 2, 0.05)]
    [InlineData(7.814728, 3, 0.05)]
    [InlineData(0.5, 3, 0.918891)]
    [InlineData(20, 4, 0.000499)]
    public void The_chance_of_a_difference_is_the_one_in_the_tables(double square, int freedom, double chance) => Chance.Above(square, freedom).ShouldBe(chance, 1e-6);

    [Fact]
    public async Task The_window_s_secret_is_shown_once_it_has_ended_and_everybody_can_order_it_again()
    {
        var round = await app.RoundAsync("Windowed", 2, 2, new { windowSeconds = 60, waitMost = 2 });
        var tokens = await app.TokensAsync(round);
        for (var i = 0; i < 9; i++) (await app.EnterAsync(tokens[i], Guid.CreateVersion7())).Status.ShouldBe(201);
        var early = await app.CreateClient().GetAsync($"/api/supplies/rounds/{round}/window", Stop);
        (await early.Content.ReadFromJsonAsync<JsonElement>(Stop)).GetProperty("code").GetString().ShouldBe("supplies.no-window-yet");
        var promise = (await app.ShowAsync(round)).GetProperty("windowPromise").GetString();
        app.Clock.Advance(TimeSpan.FromSeconds(61));
        var file = DrawFile.Read(await app.CreateClient().GetStringAsync($"/api/supplies/rounds/{round}/window", Stop));
        Verifier.Check(file).ShouldBeEmpty();
        (file.Entries, file.Winners, file.Custodians.Single().Commit).ShouldBe((9, 4, promise));
        var rows = (await RowsAsync(round)).ToDictionary(r => Hex.Of(r.Entry.Tag), r => r.Entry.State);
        file.Steps.Select(s => rows[s.Tag]).ShouldBe([.. Enumerable.Repeat(EntryState.Confirmed, 4), .. Enumerable.Repeat(EntryState.Waiting, 2), .. Enumerable.Repeat(EntryState.NotDrawn, 3)]);
        // Who cancels and comes again afterwards changes nothing of it.
        (await app.EnterAsync(tokens[20], Guid.CreateVersion7())).Status.ShouldBe(410);
        (await app.CreateClient().GetStringAsync($"/api/supplies/rounds/{round}/window", Stop)).ShouldBe(file.Write());
    }
}
