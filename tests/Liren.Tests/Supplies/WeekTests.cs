using System.Globalization;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Liren.Sdk.Security;
using Liren.Supplies.Data;
using Liren.Supplies.Domain;
using Liren.Supplies.Features;
using Liren.Supplies.Rush;
using Liren.Tests.People;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Liren.Tests.Supplies;

/// <summary>
/// A week of a community in an hour of nobody: all households are invited, ask by page, telephone and desk, come to their slots or do not, and nobody repairs anything by hand.
/// LIREN_WEEK_HOUSEHOLDS says how many; a few by default, 16,000 by hand. What happened each day is in the output.
/// </summary>
public sealed class WeekTests(LirenApp app) : ImportBase(app), IClassFixture<LirenApp>
{
    private const int Days = 7;
    private static readonly int Households = int.TryParse(Environment.GetEnvironmentVariable("LIREN_WEEK_HOUSEHOLDS"), NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count : 600;
    private readonly HttpClient worker = app.As(BuiltInRoles.CommunityWorker, "", Purposes.CommunityService);
    private readonly Random random = new(16_000);

    private async Task<JsonElement> PostAsync(string path, object body, int? version = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, $"/api/supplies/{path}") { Content = JsonContent.Create(body) };
        if (version is not null) request.Headers.TryAddWithoutValidation("If-Match", $"\"{version}\"");
        return await SuppliesApp.OkAsync(await worker.SendAsync(request, Stop));
    }

    [Fact]
    public async Task All_households_are_invited_reserve_and_collect_without_repair()
    {
        var compound = await CompoundAsync();
        // Ten buildings at a time: a roster comes in sheets, and each import is waited for.
        foreach (var sheet in Enumerable.Range(0, Households).Chunk(2_000))
        {
            var csv = new StringBuilder("楼号,房号,姓名\n");
            foreach (var i in sheet) csv.Append(CultureInfo.InvariantCulture, $"{i / 200 + 1},{i % 200 / 10 + 1:00}{i % 10 + 1:00},王{(char)('一' + i % 5000)}\n");
            await ImportAsync(compound, csv.ToString());
        }
        var shares = Households * 95 / 100;
        var item = (await PostAsync("items", new { place = compound, name = "口罩", unit = "只" })).GetProperty("id").GetGuid();
        await PostAsync("stock/receive", new { item, lot = "A", quantity = shares * 5 });
        var points = new List<Guid>();
        foreach (var name in new[] { "东门", "西门", "活动室" }) points.Add((await PostAsync("points", new { place = compound, name, desks = 1, opensMinute = 540, closesMinute = 1080 })).GetProperty("id").GetGuid());
        var now = App.Clock.GetUtcNow();
        var opens = new DateTimeOffset(now.ToOffset(TimeSpan.FromHours(8)).Date.AddDays(1).AddHours(8), TimeSpan.FromHours(8));
        var made = await PostAsync("rounds", new { place = compound, title = "口罩", item, perShare = 5, mode = "FirstCome", unit = "Household", opensAt = opens, closesAt = opens.AddDays(2), pickupFrom = opens.AddHours(1), pickupUntil = opens.AddDays(Days), waitMost = Households, heldForDesk = shares / 5,
            points = points.Select((p, i) => new { point = p, shares = shares / 3 + (i < shares % 3 ? 1 : 0) }) });
        var id = made.GetProperty("id").GetGuid();
        (await PostAsync($"rounds/{id}/publish", new { }, made.GetProperty("version").GetInt32())).GetProperty("entitled").GetInt32().ShouldBe(Households);
        App.Clock.Advance(opens - now);

        var book = App.Services.GetRequiredService<RoundBook>();
        var serial = int.Parse((await worker.GetFromJsonAsync<JsonElement>($"/api/supplies/rounds/{id}", Stop)).GetProperty("row").GetProperty("code").GetString()![1..], CultureInfo.InvariantCulture);
        var came = new HashSet<int>();
        var report = TestContext.Current.TestOutputHelper!;
        report.WriteLine("day  entered  reserved  waiting  collected  cancelled  not collected  released today");
        for (var day = 0; day < Days; day++)
        {
            // Two days in which people ask: most by page, some of them twice; a fifth by telephone and desk.
            if (day < 2) await EnterAsync(book, serial, Enumerable.Range(0, Households).Where(no => no % 5 < 3 ? day == 0 : day == 1));
            App.Clock.Advance(TimeSpan.FromHours(10.5));
            await ComeAsync(book, serial, id, day, opens, came);
            App.Clock.Advance(TimeSpan.FromHours(3));
            var released = (await PostAsync($"rounds/{id}/release", new { })).GetProperty("moved").GetInt32();
            await App.InScopeAsync(async s => { await ActivatorUtilities.CreateInstance<RoundClock>(s).RunAsync(Stop); return 0; });
            var c = await book.CountsAsync(serial);
            report.WriteLine($"{day + 1,3}{c.Entered,9}{c.Confirmed,10}{c.Waiting,9}{c.Collected,11}{c.Cancelled,11}{c.NoShow,15}{released,16}");
            var audit = await worker.GetFromJsonAsync<JsonElement>($"/api/supplies/rounds/{id}/audit", Stop);
            (audit.GetProperty("oversold").GetInt32(), audit.GetProperty("duplicates").GetInt32(), audit.GetProperty("foreign").GetInt32(), audit.GetProperty("entries").GetInt32()).ShouldBe((0, 0, 0, c.Entered));
            App.Clock.Advance(TimeSpan.FromHours(10.5));
        }
        var settled = await PostAsync($"rounds/{id}/settle", new { });
        var counts = await book.CountsAsync(serial);
        (counts.Entered, counts.Confirmed).ShouldBe((Households, 0));
        counts.Collected.ShouldBe(came.Count);
        counts.Collected.ShouldBeGreaterThan(shares * 9 / 10);
        (settled.GetProperty("handedOut").GetInt32() + settled.GetProperty("left").GetInt32()).ShouldBe(shares);
        var stock = (await worker.GetFromJsonAsync<JsonElement>("/api/supplies/stock", Stop)).GetProperty("items").EnumerateArray().Single(r => r.GetProperty("itemId").GetGuid() == item);
        (stock.GetProperty("store").GetInt32(), stock.GetProperty("reserved").GetInt32(), stock.GetProperty("handedOut").GetInt32()).ShouldBe(((shares - came.Count) * 5, 0, came.Count * 5));
    }

    private async Task EnterAsync(RoundBook book, int serial, IEnumerable<int> numbers)
    {
        var asks = new List<Task<Ask>>();
        foreach (var no in numbers)
        {
            var key = Guid.CreateVersion7();
            var channel = random.Next(100) switch { < 80 => EntryChannel.Page, < 93 => EntryChannel.Keypad, _ => EntryChannel.Desk };
            for (var taps = random.Next(10) == 0 ? 2 : 1; taps > 0; taps--) asks.Add(book.RunAsync(serial, new(Act.Enter, no) { Key = key, Channel = channel }));
        }
        foreach (var ask in await Task.WhenAll(asks)) ask.Outcome.ShouldBeOneOf(Outcome.Done, Outcome.Same);
    }

    // Whoever has a slot today: most come, a few cancel in the morning, a few are not seen.
    private async Task ComeAsync(RoundBook book, int serial, Guid id, int day, DateTimeOffset opens, HashSet<int> came)
    {
        var today = await App.InScopeAsync(async s =>
        {
            var db = s.GetRequiredService<SuppliesDb>();
            var round = await db.Rounds.AsNoTracking().Include(r => r.Points).SingleAsync(r => r.Id == id, Stop);
            var points = await db.Points.AsNoTracking().ToDictionaryAsync(p => p.Id, Stop);
            var confirmed = await db.Entries.AsNoTracking().Where(e => e.Round == serial && e.State == EntryState.Confirmed).OrderBy(e => e.Seat).ToListAsync(Stop);
            return confirmed.Where(e => points[round.Points.Single(p => p.No == e.Point).PointId] is var p && (Slots.Of(e.Turn, round.PickupFrom, p.Desks, p.OpensMinute, p.ClosesMinute).ToOffset(TimeSpan.FromHours(8)).Date - opens.Date).Days <= day).Select(e => e.No).ToList();
        });
        var asks = new List<Task<Ask>>();
        foreach (var no in today)
            switch (random.Next(100))
            {
                case < 3: asks.Add(book.RunAsync(serial, new(Act.Cancel, no))); break;
                case < 95:
                    came.Add(no);
                    asks.Add(book.RunAsync(serial, new(Act.Collect, no) { By = "志愿者", Proof = "receipt" }));
                    break;
            }
        foreach (var ask in await Task.WhenAll(asks)) ask.Outcome.ShouldBe(Outcome.Done);
    }
}
