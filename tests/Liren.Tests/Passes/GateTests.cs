using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Liren.Codes;
using Liren.Passes.Features;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Liren.Tests.Passes;

public sealed class GateTests(PassesApp app) : IClassFixture<PassesApp>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_gate_pairs_once_with_its_code_and_learns_what_it_is()
    {
        var gate = await app.PairAsync(policy: new { name = "南一门", level = "Nonce", idCheckPercent = 10, questions = new[] { "from", "companions" }, askTemperature = true });
        var me = await gate.Http.GetFromJsonAsync<JsonElement>("/api/passes/gates/me", Stop);
        me.GetProperty("name").GetString().ShouldBe("南一门");
        me.GetProperty("compound").GetString().ShouldBe(PassesApp.Compound);
        me.GetProperty("level").GetInt32().ShouldBe(2);
        me.GetProperty("questions").EnumerateArray().Select(q => q.GetString()).ShouldBe(["from", "companions"]);
        (await app.CreateClient().PostAsJsonAsync("/api/passes/gates/pair", new { code = gate.Code, name = "又一台" }, Stop)).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await app.CreateClient().GetAsync("/api/passes/gates/me", Stop)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await app.Office.GetAsync("/api/passes/gates/me", Stop)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task A_code_is_worth_nothing_after_ten_minutes()
    {
        using var made = await app.Office.PostAsJsonAsync("/api/passes/gates", new { compound = PassesApp.Compound, policy = new { name = "慢门" } }, Stop);
        var id = (await made.Content.ReadFromJsonAsync<JsonElement>(Stop)).GetProperty("id").GetGuid();
        using var pairing = await app.Office.PostAsync($"/api/passes/gates/{id}/pairing", null, Stop);
        var code = (await pairing.Content.ReadFromJsonAsync<JsonElement>(Stop)).GetProperty("code").GetString();
        app.Clock.Advance(TimeSpan.FromMinutes(11));
        using var answer = await app.CreateClient().PostAsJsonAsync("/api/passes/gates/pair", new { code, name = "手机" }, Stop);
        (await answer.Content.ReadFromJsonAsync<JsonElement>(Stop)).GetProperty("code").GetString().ShouldBe("passes.pairing-code");
    }

    [Fact]
    public async Task A_stolen_device_is_parted_from_its_gate_at_once()
    {
        var gate = await app.PairAsync("失窃门");
        (await app.Office.DeleteAsync($"/api/passes/gates/{gate.Id}/device", Stop)).EnsureSuccessStatusCode();
        (await gate.Http.GetAsync("/api/passes/gates/me", Stop)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Lines_are_kept_once_however_often_they_are_sent()
    {
        var gate = await app.PairAsync("重传门");
        object[] lines = [.. Enumerable.Range(0, 20).Select(_ => gate.Line())];
        (await gate.SendAsync(lines)).GetProperty("accepted").GetInt32().ShouldBe(20);
        var again = await gate.SendAsync([.. lines, gate.Line()]);
        (again.GetProperty("accepted").GetInt32(), again.GetProperty("known").GetInt32()).ShouldBe((1, 20));
        (await ListAsync($"filter={gate.Id}")).GetProperty("total").GetInt32().ShouldBe(21);
    }

    [Fact]
    public async Task A_packed_batch_is_taken_and_a_bomb_is_not()
    {
        var gate = await app.PairAsync("压缩门");
        async Task<HttpStatusCode> SendAsync(byte[] bytes)
        {
            using var into = new MemoryStream();
            await using (var gzip = new GZipStream(into, CompressionLevel.Optimal, leaveOpen: true)) await gzip.WriteAsync(bytes, Stop);
            using var content = new ByteArrayContent(into.ToArray());
            content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            content.Headers.ContentEncoding.Add("gzip");
            using var answer = await gate.Http.PostAsync("/api/passes/gates/events", content, Stop);
            return answer.StatusCode;
        }
        (await SendAsync(JsonSerializer.SerializeToUtf8Bytes(new[] { gate.Line(), gate.Line() }))).ShouldBe(HttpStatusCode.OK);
        (await ListAsync($"filter={gate.Id}")).GetProperty("total").GetInt32().ShouldBe(2);
        ((int)await SendAsync([.. Encoding.UTF8.GetBytes("["), .. Enumerable.Repeat((byte)' ', 20_000_000), (byte)']'])).ShouldBeInRange(400, 413);
    }

    [Fact]
    public async Task Strange_lines_are_kept_as_far_as_they_make_sense_and_unusable_ones_are_named()
    {
        var gate = await app.PairAsync("怪门");
        using var content = new StringContent($$"""
            [{"id":"{{Guid.CreateVersion7()}}","at":{{app.Clock.GetUtcNow().ToUnixTimeMilliseconds()}},"verdict":"Perhaps","reason":"<script>","cti":"xyz","kind":99,"plate":"{{new string('沪', 500)}}","unknown":[1,2],"temperature":9999},
             {"at":1,"verdict":"Admit"}, {"id":"{{Guid.CreateVersion7()}}","at":5}]
            """, Encoding.UTF8, "application/json");
        using var answer = await gate.Http.PostAsync("/api/passes/gates/events", content, Stop);
        var said = await answer.Content.ReadFromJsonAsync<JsonElement>(Stop);
        said.GetProperty("accepted").GetInt32().ShouldBe(1);
        said.GetProperty("faulty").EnumerateArray().Select(f => (f.GetProperty("index").GetInt32(), f.GetProperty("field").GetString())).ShouldBe([(1, "id"), (2, "at")]);
        var line = (await ListAsync($"filter={gate.Id}")).GetProperty("items")[0];
        (line.GetProperty("verdict").GetString(), line.GetProperty("reason").GetString(), line.GetProperty("plate").GetString()!.Length).ShouldBe(("Refuse", "Unknown", 12));
        using var many = await gate.Http.PostAsJsonAsync("/api/passes/gates/events", Enumerable.Range(0, 501).Select(_ => gate.Line()), Stop);
        (await many.Content.ReadFromJsonAsync<JsonElement>(Stop)).GetProperty("code").GetString().ShouldBe("passes.too-many-lines");
    }

    private Task<JsonElement> ListAsync(string query) => app.Office.GetFromJsonAsync<JsonElement>($"/api/passes/entries?{query}", Stop);

    [Fact]
    public async Task What_a_visitor_said_is_sealed_and_opened_for_a_purpose()
    {
        var gate = await app.PairAsync("访客门");
        var id = Guid.CreateVersion7();
        await gate.SendAsync(gate.Line(id, reason: "Visitor", visitor: new { name = "赵来访", phone = "19900001111", unit = "8号楼 101", reason = "探亲" }));
        (await app.Office.GetFromJsonAsync<JsonElement>($"/api/passes/entries/{id}", Stop)).GetProperty("visitor").GetProperty("name").GetString().ShouldBe("赵来访");
        (await app.As("community-worker", PassesApp.Community).GetAsync($"/api/passes/entries/{id}", Stop)).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await app.As("guard", PassesApp.Community, "community.service").GetAsync($"/api/passes/entries/{id}", Stop)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task A_document_that_does_not_fit_suspends_the_pass_and_is_an_event()
    {
        var gate = await app.PairAsync("核证门");
        var made = await app.IssueAsync(new { kind = "Resident", form = "Paper", person = await app.SomebodyAsync(20) });
        var cti = (await gate.LookAsync(made.GetProperty("code").GetString()!)).Claims!.Cti;
        await gate.SendAsync(gate.Line(cti: cti, verdict: "Refuse", reason: "IdMismatch", idChecked: "mismatch"));
        await WatchAsync();
        (await app.Office.GetFromJsonAsync<JsonElement>($"/api/passes/{made.GetProperty("id").GetGuid()}", Stop)).GetProperty("row").GetProperty("state").GetString().ShouldBe("Suspended");
        await app.SettleAsync();
        (await gate.SyncAsync()).ShouldBe(ListOutcome.Applied);
        (await gate.LookAsync(made.GetProperty("code").GetString()!)).Reason.ShouldBe(PassReason.Suspended);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task The_same_pass_through_two_gates_at_once_is_found_when_their_logs_meet(bool inTwoLooks)
    {
        PairedGate one = await app.PairAsync("双一门"), two = await app.PairAsync("双二门");
        var cti = Convert.ToHexStringLower(System.Security.Cryptography.RandomNumberGenerator.GetBytes(8));
        await one.SendAsync(one.Line(cti: cti));
        if (inTwoLooks) await WatchAsync();
        await two.SendAsync(two.Line(cti: cti));
        await WatchAsync();
        var found = await app.InScopeAsync(s => Task.FromResult(s.GetRequiredService<Liren.Passes.Data.PassesDb>().Journal.Count(j => j.Type.EndsWith("PassMisused") && j.Body.Contains("twice-inside") && j.Subject == two.Id)));
        found.ShouldBe(1);
    }

    /// <summary>Until the log has been looked through to its end, as the server does by itself.</summary>
    private async Task WatchAsync()
    {
        for (var tries = 0; tries < 100; tries++)
        {
            var done = await app.InScopeAsync(async s =>
            {
                var db = s.GetRequiredService<Liren.Passes.Data.PassesDb>();
                return (await db.Cursors.SingleOrDefaultAsync(c => c.Id == Liren.Passes.Domain.LogCursor.Watched, Stop))?.Seq >= await db.Entries.MaxAsync(e => e.Seq, Stop);
            });
            if (done) return;
            await Task.Delay(100, Stop);
        }
        Assert.Fail("The log was not looked through.");
    }

    [Fact]
    public async Task Gates_hear_of_revocations_and_of_each_other_while_they_listen()
    {
        PairedGate ear = await app.PairAsync("听门"), mouth = await app.PairAsync("说门");
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/passes/gates/live");
        using var answer = await ear.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Stop);
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync(Stop));
        (await NextAsync(reader)).ShouldBe("hello");
        await mouth.SendAsync(mouth.Line(cti: "00112233aabbccdd"));
        (await NextAsync(reader)).ShouldBe("seen");
        var made = await app.IssueAsync(new { kind = "Courier", form = "Paper", compound = PassesApp.Compound, name = "快递" });
        await app.SettleAsync();
        (await app.Office.PostAsJsonAsync($"/api/passes/{made.GetProperty("id").GetGuid()}/revoke", new { reason = "停用" }, Stop)).EnsureSuccessStatusCode();
        await app.SettleAsync();
        (await NextAsync(reader)).ShouldBe("revocations");
    }

    private static async Task<string> NextAsync(StreamReader reader)
    {
        while (await reader.ReadLineAsync(Stop) is { } line)
            if (line.StartsWith("event: ", StringComparison.Ordinal) && line is not ("event: config" or "event: trust")) return line["event: ".Length..];
        return "end";
    }

    [Fact]
    public async Task A_list_tells_what_changed_since_and_nothing_twice()
    {
        var gate = await app.PairAsync("名单门");
        // What the tests before revoked is still on its way into the list.
        await app.SettleAsync();
        (await gate.SyncAsync()).ShouldBe(ListOutcome.Applied);
        var before = gate.List.Seq;
        var made = await app.IssueAsync(new { kind = "Courier", form = "Paper", compound = PassesApp.Compound, name = "快递乙" });
        (await app.Office.PostAsJsonAsync($"/api/passes/{made.GetProperty("id").GetGuid()}/revoke", new { reason = "停用" }, Stop)).EnsureSuccessStatusCode();
        await app.SettleAsync();
        (await gate.SyncAsync()).ShouldBe(ListOutcome.Applied);
        gate.List.Seq.ShouldBe(before + 1);
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/passes/revocations/{PassesApp.Community}?since={gate.List.Seq}");
        request.Headers.TryAddWithoutValidation("If-None-Match", $"\"{gate.List.Seq}\"");
        (await gate.Http.SendAsync(request, Stop)).StatusCode.ShouldBe(HttpStatusCode.NotModified);
        var fresh = new RevocationList(PassesApp.Community);
        var (whole, trust) = (await gate.Http.GetByteArrayAsync($"/api/passes/revocations/{PassesApp.Community}", Stop), await gate.TrustAsync());
        fresh.Apply(whole, trust).ShouldBe(ListOutcome.Applied);
        (fresh.Seq, fresh.Count).ShouldBe((gate.List.Seq, gate.List.Count));
        (await gate.Http.GetAsync("/api/passes/revocations/11.01", Stop)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_rotated_key_verifies_on_and_a_revoked_one_does_not()
    {
        var gate = await app.PairAsync("换钥门");
        var made = await app.IssueAsync(new { kind = "Courier", form = "Paper", compound = PassesApp.Compound, name = "快递丙" });
        var (id, old) = (made.GetProperty("id").GetGuid(), made.GetProperty("code").GetString()!);
        var admin = app.As("administrator");
        using var rotated = await admin.PostAsJsonAsync("/api/passes/keys/rotate", new { role = "Pass", place = PassesApp.Community }, Stop);
        rotated.StatusCode.ShouldBe(HttpStatusCode.Created);
        (await gate.LookAsync(old)).Reason.ShouldBe(PassReason.IdRequired);
        var keys = (await admin.GetFromJsonAsync<JsonElement>("/api/passes/keys", Stop)).EnumerateArray().Where(k => k.GetProperty("role").GetString() == "Pass").ToList();
        var retired = keys.First(k => k.GetProperty("state").GetString() == "VerifyOnly").GetProperty("kid").GetString();
        foreach (var k in keys.Where(k => k.GetProperty("state").GetString() == "VerifyOnly"))
            (await admin.PostAsync($"/api/passes/keys/{k.GetProperty("kid").GetString()}/revoke", null, Stop)).EnsureSuccessStatusCode();
        (await gate.LookAsync(old)).Reason.ShouldBe(PassReason.KeyRevoked, retired);
        // The same card gets a new code under the new key.
        var again = await app.Office.GetFromJsonAsync<JsonElement>($"/api/passes/{id}/code", Stop);
        (await gate.LookAsync(again.GetProperty("code").GetString()!)).Reason.ShouldBe(PassReason.IdRequired);
        (await app.Office.PostAsJsonAsync("/api/passes/keys/rotate", new { role = "Pass", place = PassesApp.Community }, Stop)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task After_ninety_days_new_keys_sign_under_the_same_root()
    {
        var gate = await app.PairAsync("老门");
        await app.IssueAsync(new { kind = "Courier", form = "Paper", compound = PassesApp.Compound, name = "快递戊" });
        app.Clock.Advance(TimeSpan.FromDays(91));
        var made = await app.IssueAsync(new { kind = "Courier", form = "Paper", compound = PassesApp.Compound, name = "快递己" });
        await gate.SyncAsync();
        (await gate.LookAsync(made.GetProperty("code").GetString()!)).Reason.ShouldBe(PassReason.IdRequired);
        var roots = (await app.As("administrator").GetFromJsonAsync<JsonElement>("/api/passes/keys", Stop)).EnumerateArray().Count(k => k.GetProperty("role").GetString() == "Root");
        roots.ShouldBe(1);
    }

    [Fact]
    public async Task A_gate_cannot_suspend_passes_of_another_compound()
    {
        var gate = await app.PairAsync("坏门");
        var pass = Liren.Passes.Domain.Pass.Issue(new(Guid.CreateVersion7(), "31.01.15.016.001", "31.01.15.016.001.x", "31.01.15.016.001.x", null, "别处", null, null, PassKind.Courier, PassForm.Paper, app.Clock.GetUtcNow(), app.Clock.GetUtcNow().AddDays(1)), "test", app.Clock.GetUtcNow());
        await app.InScopeAsync(async s => { var db = s.GetRequiredService<Liren.Passes.Data.PassesDb>(); db.Add(pass); return await db.SaveChangesAsync(Stop); });
        await gate.SendAsync(gate.Line(cti: pass.Cti, verdict: "Refuse", reason: "IdMismatch", idChecked: "mismatch"));
        await WatchAsync();
        (await app.InScopeAsync(s => s.GetRequiredService<Liren.Passes.Data.PassesDb>().Passes.SingleAsync(p => p.Id == pass.Id, Stop))).State.ShouldBe(Liren.Contracts.Passes.PassState.Active);
    }

    [Fact]
    public async Task Guards_sign_in_with_a_number_that_the_gate_checks_by_itself()
    {
        var gate = await app.PairAsync("签到门");
        using var added = await app.Office.PostAsJsonAsync("/api/passes/guards", new { compound = PassesApp.Compound, name = "老吴", pin = "4711" }, Stop);
        added.StatusCode.ShouldBe(HttpStatusCode.Created);
        var guard = (await gate.Http.GetFromJsonAsync<JsonElement>("/api/passes/gates/me", Stop)).GetProperty("guards").EnumerateArray().Single(g => g.GetProperty("name").GetString() == "老吴");
        var hash = System.Security.Cryptography.Rfc2898DeriveBytes.Pbkdf2("4711", guard.GetProperty("salt").GetBytesFromBase64(), guard.GetProperty("iterations").GetInt32(), System.Security.Cryptography.HashAlgorithmName.SHA256, 32);
        Convert.ToBase64String(hash).ShouldBe(guard.GetProperty("hash").GetString());
        (await app.Office.PostAsJsonAsync("/api/passes/guards", new { compound = PassesApp.Compound, name = "老周", pin = "1111" }, Stop)).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
    }

    [Fact]
    public async Task Old_lines_are_deleted_on_schedule_and_the_journal_says_so()
    {
        var gate = await app.PairAsync("旧门");
        await gate.SendAsync(gate.Line());
        app.Clock.Advance(TimeSpan.FromDays(31));
        await gate.SendAsync(gate.Line());
        await app.InScopeAsync(async s => { await s.GetRequiredService<ForgetEntries>().RunAsync(Stop); return 0; });
        (await ListAsync($"filter={gate.Id}")).GetProperty("total").GetInt32().ShouldBe(1);
        (await app.InScopeAsync(s => Task.FromResult(s.GetRequiredService<Liren.Passes.Data.PassesDb>().Journal.Count(j => j.Type.EndsWith("GateLogForgotten"))))).ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task Lines_of_a_pass_are_found_once_before_and_after_they_enter_its_index_and_leave_it_with_the_log()
    {
        var gate = await app.PairAsync("索引门");
        var made = await app.IssueAsync(new { kind = "Courier", form = "Paper", compound = PassesApp.Compound, name = "快递庚" });
        var id = made.GetProperty("id").GetGuid();
        Task<(int Lines, int Indexed)> CountAsync() => app.InScopeAsync(async s =>
        {
            var db = s.GetRequiredService<Liren.Passes.Data.PassesDb>();
            var passes = db.Passes.Where(p => p.Id == id).Select(p => p.Cti);
            return (await db.EntriesOf(passes).CountAsync(Stop), await db.Passages.CountAsync(i => passes.Contains(i.Cti), Stop));
        });
        var cti = (await gate.LookAsync(made.GetProperty("code").GetString()!)).Claims!.Cti;
        await gate.SendAsync(gate.Line(cti: cti), gate.Line(cti: cti, direction: "out"));
        (await CountAsync()).Lines.ShouldBe(2);
        await WatchAsync();
        (await CountAsync()).ShouldBe((2, 2));
        await gate.SendAsync(gate.Line(cti: cti));
        (await CountAsync()).Lines.ShouldBe(3);
        await WatchAsync();
        app.Clock.Advance(TimeSpan.FromDays(31));
        await app.InScopeAsync(async s => { await s.GetRequiredService<ForgetEntries>().RunAsync(Stop); return 0; });
        (await CountAsync()).ShouldBe((0, 0));
    }

    [Fact]
    public async Task A_pass_that_expires_leaves_the_list()
    {
        var gate = await app.PairAsync("到期门");
        var made = await app.IssueAsync(new { kind = "Courier", form = "Paper", compound = PassesApp.Compound, name = "快递丁", days = 1 });
        (await app.Office.PostAsJsonAsync($"/api/passes/{made.GetProperty("id").GetGuid()}/revoke", new { reason = "停用" }, Stop)).EnsureSuccessStatusCode();
        await app.SettleAsync();
        (await gate.SyncAsync()).ShouldBe(ListOutcome.Applied);
        var cti = (await gate.LookAsync(made.GetProperty("code").GetString()!)).Claims!.Cti;
        gate.List.Find(cti).ShouldBe(Revocation.Revoked);
        app.Clock.Advance(TimeSpan.FromDays(2));
        // The clock wakes the job too. Of two at the same numbers one fails and runs again, as the runner lets it.
        for (var tries = 0; ; tries++)
            try { await app.InScopeAsync(async s => { await s.GetRequiredService<ExpirePasses>().RunAsync(Stop); return 0; }); break; }
            catch (DbUpdateException) when (tries < 3) { }
        (await gate.SyncAsync()).ShouldBe(ListOutcome.Applied);
        gate.List.Find(cti).ShouldBeNull();
    }

    [Fact]
    public async Task Statistics_count_by_gate_and_hour()
    {
        var gate = await app.PairAsync("统计门");
        await gate.SendAsync(gate.Line(), gate.Line(), gate.Line(direction: "out"), gate.Line(verdict: "Refuse", reason: "Expired"));
        var cells = (await app.Office.GetFromJsonAsync<JsonElement>($"/api/passes/statistics?place={PassesApp.Compound}", Stop)).GetProperty("cells");
        var cell = cells.EnumerateArray().Single(c => c.GetProperty("gate").GetString() == "统计门");
        (cell.GetProperty("in").GetInt32(), cell.GetProperty("out").GetInt32(), cell.GetProperty("refused").GetInt32()).ShouldBe((2, 1, 1));
        var gates = await app.Office.GetFromJsonAsync<JsonElement>($"/api/passes/gates?q=统计门", Stop);
        (gates.GetProperty("items")[0].GetProperty("state").GetString(), gates.GetProperty("items")[0].GetProperty("today").GetInt32()).ShouldBe(("online", 4));
    }

    [Fact]
    public async Task A_shift_is_handed_over_once()
    {
        var gate = await app.PairAsync("交班门");
        var now = app.Clock.GetUtcNow().ToUnixTimeMilliseconds();
        var shift = new { id = Guid.CreateVersion7(), guard = "老周", from = now - 3_600_000, to = now, counts = new { admit = 10, check = 2, refuse = 1, @in = 8, @out = 4 }, note = "对讲机没电" };
        // A gate that hears nothing sends again, perhaps while the first is still being written.
        foreach (var answer in await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => gate.Http.PostAsJsonAsync("/api/passes/gates/shift", shift, Stop)))) answer.EnsureSuccessStatusCode();
        (await gate.Http.PostAsJsonAsync("/api/passes/gates/shift", shift, Stop)).EnsureSuccessStatusCode();
        (await app.InScopeAsync(s => Task.FromResult(s.GetRequiredService<Liren.Passes.Data.PassesDb>().Shifts.Count(x => x.GateId == gate.Id)))).ShouldBe(1);
    }
}
