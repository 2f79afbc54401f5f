using System.Net.Http.Json;
using System.Text.Json;
using Liren.Shared;

namespace Liren.Bench.Supplies;

/// <summary>
/// The opening second: 50,000 residents, a tenth of whom tap twice, ask the real program for 20,000 shares over 256 connections; every answer waits for the disk. In the same run its
/// peers: an endpoint of the same process that answers a constant, one commit for each request in the same database, and a script in Redis that writes before it answers (both behind
/// the same web server). Who finds everything gone costs the peer that commits each request no write; so it is compared by the shares given a second, each of which is on disk. Once on SQLite and, with the prefix pg_, once on PostgreSQL. The books are audited after every rush.
/// </summary>
internal sealed class RushBench : IBench
{
    private const int Connections = 256;

    public string Name => "rush";

    private sealed record Sizes(int Residents, int Shares);

    public async Task RunAsync(BenchRun run, CancellationToken stop)
    {
        var sizes = run.Quick ? new Sizes(3_000, 1_200) : new(50_000, 20_000);
        await using var redis = await RedisServer.StartAsync(stop);
        if (redis is null) BenchRun.Say("no redis-server on this machine: vs_redis_always is left out");
        await MeasureAsync(run, sizes, "", redis, [], stop);
        await using var postgres = await PostgresServer.StartAsync(stop);
        if (postgres is null) { BenchRun.Say("no PostgreSQL on this machine: pg_ is left out"); return; }
        await MeasureAsync(run, sizes, "pg_", redis, [("ConnectionStrings__Postgres", postgres.Connection)], stop);
    }

    private static async Task MeasureAsync(BenchRun run, Sizes sizes, string prefix, RedisServer? redis, (string, string)[] environment, CancellationToken stop)
    {
        BenchRun.Say($"{prefix}rush: {sizes.Residents} residents");
        var data = Directory.CreateTempSubdirectory("liren-bench-").FullName;
        try
        {
            await Roster.CompoundAsync(data, environment);
            var roster = Path.Combine(data, "roster.csv");
            Roster.Write(roster, sizes.Residents);
            await LirenProcess.JsonAsync(data, ["import", "residents", roster, "--compound", Roster.Compound], environment);
            using var plugins = new PeerPlugin();
            await using var liren = await LirenProcess.UpAsync(data, false, [.. environment, ("Plugins__Folder", plugins.Folder), ("Logging__LogLevel__Default", "Warning")]);
            using var http = liren.Client(await LirenProcess.KeyAsync(data, environment: environment));
            http.Timeout = TimeSpan.FromMinutes(5);
            var rush = new Rush(http, liren, sizes, redis, stop);
            await rush.StockAsync();
            BenchRun.Say($"{prefix}rush: warming up");
            // The runtime compiles hot code a second time once it has run for some seconds: each side gets that before it is measured.
            for (var n = run.Quick ? 1 : 0; n < 2; n++)
            {
                await rush.OursAsync();
                await rush.EmptyAsync();
                await rush.PeerAsync("commit");
                if (redis is not null) await rush.PeerAsync("redis");
            }
            var (ours, empty, commit, scripted) = (new List<Crowded>(), new List<Crowded>(), new List<Crowded>(), new List<Crowded>());
            for (var round = 0; round < run.Rounds; round++)
            {
                BenchRun.Say($"{prefix}rush: round {round + 1}");
                if (round % 2 == 1) empty.Add(await rush.EmptyAsync());
                ours.Add(await rush.OursAsync());
                if (round % 2 == 0) empty.Add(await rush.EmptyAsync());
                commit.Add(await rush.PeerAsync("commit"));
                if (redis is not null) scripted.Add(await rush.PeerAsync("redis"));
            }
            run.Report.Ratio(prefix + "http_vs_empty", ours.Zip(empty, (o, p) => o.Rate / p.Rate).Median());
            run.Report.Ratio(prefix + "vs_one_commit", ours.Zip(commit, (o, p) => o.GivenRate / p.GivenRate).Median());
            run.Report.Ratio(prefix + "answers_vs_one_commit", ours.Zip(commit, (o, p) => o.Rate / p.Rate).Median());
            if (redis is not null) run.Report.Ratio(prefix + "vs_redis_always", ours.Zip(scripted, (o, p) => o.Rate / p.Rate).Median());
            run.Report.Figure(prefix + "answers_per_s", ours.Select(o => o.Rate).Median());
            run.Report.Figure(prefix + "given_per_s", ours.Select(o => o.GivenRate).Median());
            run.Report.Figure(prefix + "p50_ms", ours.Select(o => o.P50Ms).Median());
            run.Report.Figure(prefix + "p99_ms", ours.Select(o => o.P99Ms).Median());
            run.Report.Figure(prefix + "p99_empty_ms", empty.Select(o => o.P99Ms).Median());
            run.Report.Figure(prefix + "server_us", ours.Select(o => o.ServerMicros).Median());
            run.Report.Figure(prefix + "empty_per_s", empty.Select(o => o.Rate).Median());
            run.Report.Figure(prefix + "one_commit_per_s", commit.Select(o => o.Rate).Median());
            run.Report.Figure(prefix + "one_commit_given_per_s", commit.Select(o => o.GivenRate).Median());
            if (redis is not null) run.Report.Figure(prefix + "redis_always_per_s", scripted.Select(o => o.Rate).Median());
            run.Report.Figure(prefix + "oversold", rush.Oversold);
            run.Report.Figure(prefix + "duplicates", rush.Duplicates);
        }
        finally { Directory.Delete(data, recursive: true); }
    }

    private sealed class Rush(HttpClient http, LirenProcess liren, Sizes sizes, RedisServer? redis, CancellationToken stop)
    {
        private const string Community = "31.01.15.016.037";
        private Guid item, point;
        private int rushes;

        public int Oversold { get; private set; }
        public int Duplicates { get; private set; }

        public async Task StockAsync()
        {
            item = (await PostAsync("items", new { place = Community, name = "口罩", unit = "只" })).GetProperty("id").GetGuid();
            for (var i = 0; i < 10; i++) await PostAsync("stock/receive", new { item, lot = $"L{i}", quantity = 10_000_000 });
            point = (await PostAsync("points", new { place = Community, name = "东门", desks = 4 })).GetProperty("id").GetGuid();
        }

        /// <summary>A fresh round, and everybody at it.</summary>
        public async Task<Crowded> OursAsync()
        {
            var now = DateTimeOffset.UtcNow;
            var made = await PostAsync("rounds", new { place = Community, title = "抢约", item, perShare = 5, mode = "FirstCome", unit = "Resident", opensAt = now, closesAt = now.AddHours(6), pickupFrom = now.AddHours(7), pickupUntil = now.AddDays(7), points = new[] { new { point, shares = sizes.Shares } } });
            var id = made.GetProperty("id").GetGuid();
            await PostAsync($"rounds/{id}/publish", new { }, made.GetProperty("version").GetInt32());
            var tokens = (await GetAsync($"rounds/{id}/invitations?purpose=community.service")).EnumerateArray().Select(r => r.GetProperty("token").GetString()!).ToList();
            if (tokens.Count != sizes.Residents) throw new InvalidOperationException($"{tokens.Count} entitled instead of {sizes.Residents}");
            // The page of the round is open on many phones before: the writer has begun.
            await GetAsync($"rounds/{id}/state");
            var crowd = await Crowd.RunAsync(liren.Port, Requests(no => Crowd.Post("/api/supplies/enter", $$"""{"token":"{{tokens[no]}}","key":"{{Guid.CreateVersion7()}}"}""")), Connections, liren.Processor, keep: true, stop);
            await AuditAsync(id, crowd);
            return crowd;
        }

        public Task<Crowded> EmptyAsync() => Crowd.RunAsync(liren.Port, Requests(no => Crowd.Post("/api/peer/empty", $$"""{"token":"AAAAAQAAAAAAAAAAAAAAAAAAAAAAAAAA","key":"{{Guid.CreateVersion7()}}"}""")), Connections, liren.Processor, keep: false, stop);

        /// <summary>A peer behind the same web server: the same crowd for as many shares.</summary>
        public async Task<Crowded> PeerAsync(string which)
        {
            var round = ++rushes;
            await ReadAsync(await http.PostAsync($"api/peer/rush/begin?round={round}&shares={sizes.Shares}&redisPort={redis?.Port ?? 0}", null, stop));
            var crowd = await Crowd.RunAsync(liren.Port, Requests(no => Crowd.Post($"/api/peer/rush/{which}", $$"""{"round":{{round}},"no":{{no}},"key":"{{Guid.CreateVersion7()}}"}""")), Connections, liren.Processor, keep: false, stop);
            if (crowd.Of(201) != sizes.Shares) throw new InvalidOperationException($"The peer {which} gave {crowd.Of(201)} shares");
            return crowd;
        }

        // A tenth tap twice, with the very same request, a moment later.
        private List<byte[]> Requests(Func<int, byte[]> make)
        {
            var count = sizes.Residents;
            var order = Enumerable.Range(0, count).ToArray();
            new Random(7).Shuffle(order);
            var all = new List<byte[]>(count + count / 10);
            var late = new Queue<byte[]>();
            for (var i = 0; i < count; i++)
            {
                var request = make(order[i]);
                all.Add(request);
                if (i % 10 == 0) late.Enqueue(request);
                if (i % 10 == 3) all.Add(late.Dequeue());
            }
            all.AddRange(late);
            return all;
        }

        // Every answer against the books: each share once, and to as many as were told so.
        private async Task AuditAsync(Guid id, Crowded crowd)
        {
            var audit = await GetAsync($"rounds/{id}/audit");
            var receipts = crowd.Answers.Values.Select(b => JsonSerializer.Deserialize<JsonElement>(b)).ToList();
            var told = receipts.Select(r => r.GetProperty("receipt").GetString()).Distinct().Count();
            var (held, made) = (audit.GetProperty("held").GetInt32(), crowd.Of(201));
            if (made != sizes.Shares || told != made || held != made || crowd.Answers.Count != made + crowd.Of(200) || crowd.Statuses.Keys.Any(s => s is not (200 or 201 or 410)))
                throw new InvalidOperationException($"Audit failed: {made} told that it is theirs, {told} different receipts, {held} on disk; {string.Join(", ", crowd.Statuses.Select(s => $"{s.Key}: {s.Value}"))}");
            Oversold += audit.GetProperty("oversold").GetInt32() + Math.Max(0, held - sizes.Shares);
            Duplicates += audit.GetProperty("duplicates").GetInt32();
        }

        private async Task<JsonElement> PostAsync(string path, object body, int? version = null)
        {
            var request = new HttpRequestMessage(HttpMethod.Post, $"api/supplies/{path}") { Content = JsonContent.Create(body) };
            if (version is not null) request.Headers.TryAddWithoutValidation("If-Match", $"\"{version}\"");
            return await ReadAsync(await http.SendAsync(request, stop));
        }

        private async Task<JsonElement> GetAsync(string path) => await ReadAsync(await http.GetAsync($"api/supplies/{path}", stop));

        private async Task<JsonElement> ReadAsync(HttpResponseMessage answer)
        {
            using var _ = answer;
            var text = await answer.Content.ReadAsStringAsync(stop);
            return answer.IsSuccessStatusCode ? text.Length == 0 ? default : JsonSerializer.Deserialize<JsonElement>(text) : throw new InvalidOperationException($"{answer.RequestMessage?.RequestUri}: {answer.StatusCode} {text}");
        }
    }
}
