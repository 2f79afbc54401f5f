using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using DuckDB.NET.Data;
using Liren.Insight.Data;
using Liren.Tests.Cases;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Liren.Tests.Insight;

/// <summary>Figures given away as files.</summary>
public sealed class ExportTests(GridApp app) : IClassFixture<GridApp>
{
    private const string Street = "31.01.15.016";
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private HttpClient Leader => app.As("street-leader", Street);

    private static object Asked(string format = "csv", bool shared = false, string measure = "cases.reported", string? level = "compound", string? purpose = "月度汇报", string from = "2020-02-01", string by = "day", bool split = true) =>
        new { measure, place = Street, level, from, to = "2020-02-13", by, split, format, shared, purpose };

    private async Task<(Guid Id, JsonElement Row)> MadeAsync(object asked)
    {
        using var made = await Leader.PostAsJsonAsync("/api/insight/exports", asked, Stop);
        made.StatusCode.ShouldBe(HttpStatusCode.Created, await made.Content.ReadAsStringAsync(Stop));
        var id = (await made.Content.ReadFromJsonAsync<JsonElement>(Stop)).GetProperty("id").GetGuid();
        for (var n = 0; ; n++)
        {
            var row = (await Leader.GetFromJsonAsync<JsonElement>("/api/insight/exports", Stop)).EnumerateArray().Single(e => e.GetProperty("id").GetGuid() == id);
            if (row.GetProperty("state").GetString() != "Waiting") return (id, row);
            n.ShouldBeLessThan(200);
            await Task.Delay(50, Stop);
        }
    }

    private async Task<byte[]> FileAsync(Guid id) => await Leader.GetByteArrayAsync($"/api/insight/exports/{id}/file", Stop);

    private static async Task RefusedAsync(HttpResponseMessage answer, HttpStatusCode status, string code, string? field = null)
    {
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>(Stop);
        answer.StatusCode.ShouldBe(status, problem.ToString());
        problem.GetProperty("code").GetString().ShouldBe(code);
        if (field is not null) problem.GetProperty("field").GetString().ShouldBe(field);
    }

    [Fact]
    public async Task A_file_of_each_format_says_what_the_page_says_and_carries_its_definitions()
    {
        for (var n = 0; n < 3; n++) await app.ReportAsync();
        var facts = (await Leader.GetFromJsonAsync<JsonElement>($"/api/insight/facts?measure=cases.reported&place={Street}&level=compound&from=2020-02-01&to=2020-02-13&by=day&split=true", Stop)).GetProperty("rows").EnumerateArray().Sum(r => r.GetProperty("value").GetInt64());
        var (csv, row) = await MadeAsync(Asked());
        row.GetProperty("state").GetString().ShouldBe("Ready");
        var bytes = await FileAsync(csv);
        bytes.AsSpan(0, 3).ToArray().ShouldBe([0xEF, 0xBB, 0xBF]);
        var lines = System.Text.Encoding.UTF8.GetString(bytes).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        lines.Skip(1).Sum(l => long.Parse(l.Split(',')[4], System.Globalization.CultureInfo.InvariantCulture)).ShouldBe(facts);
        var sheet = await Leader.GetFromJsonAsync<JsonElement>($"/api/insight/exports/{csv}/definitions", Stop);
        sheet.GetProperty("sha256").GetString().ShouldBe(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes)));
        sheet.ToString().ShouldContain("cases.reported v1");
        sheet.ToString().ShouldContain("月度汇报");
        // The same question gives the same bytes.
        (await FileAsync((await MadeAsync(Asked())).Id)).ShouldBe(bytes);

        var xlsx = await FileAsync((await MadeAsync(Asked("xlsx"))).Id);
        using (var stream = new MemoryStream(xlsx)) MiniExcelLibs.MiniExcel.GetSheetNames(stream).Count.ShouldBe(2);
        var parquet = Path.GetTempFileName();
        try
        {
            await File.WriteAllBytesAsync(parquet, await FileAsync((await MadeAsync(Asked("parquet"))).Id), Stop);
            using var duck = new DuckDBConnection("Data Source=:memory:");
            duck.Open();
            using var command = duck.CreateCommand();
            command.CommandText = $"SELECT CAST(sum(value) AS BIGINT) FROM read_parquet('{parquet}')";
            command.ExecuteScalar().ShouldBe(facts);
        }
        finally { File.Delete(parquet); }
    }

    [Fact]
    public async Task What_is_given_to_others_hides_small_counts_and_the_ledger_keeps_them_hidden()
    {
        await app.ReportAsync();
        var (id, row) = await MadeAsync(Asked(shared: true, measure: "cases.reported", level: "community", by: "month", split: false));
        var text = System.Text.Encoding.UTF8.GetString(await FileAsync(id));
        if (row.GetProperty("state").GetString() == "Ready")
            foreach (var line in text.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(l => l.Split(',')))
                (line[4].Length == 0 || line[4] == "0" || long.Parse(line[4], System.Globalization.CultureInfo.InvariantCulture) >= 5).ShouldBeTrue(text);
        var released = await app.InScopeAsync(s => s.GetRequiredService<InsightDb>().Released.Where(r => r.Measure == "cases.reported").ToListAsync(Stop));
        released.ShouldNotBeEmpty();
        // A range that overlaps another one is refused: the difference would be a small count.
        (await MadeAsync(Asked(shared: true, measure: "cases.closed", level: "street", by: "total", split: false))).Row.GetProperty("state").GetString().ShouldBe("Ready");
        var overlapping = await MadeAsync(Asked(shared: true, measure: "cases.closed", level: "street", by: "total", split: false, from: "2020-02-05"));
        overlapping.Row.GetProperty("state").GetString().ShouldBe("Failed");
        overlapping.Row.GetProperty("why").GetString()!.ShouldContain("重叠");
        await RefusedAsync(await Leader.GetAsync(new Uri($"/api/insight/exports/{overlapping.Id}/file", UriKind.Relative), Stop), HttpStatusCode.Conflict, "insight.export-failed");
    }

    [Fact]
    public async Task An_export_is_refused_with_its_field_and_fetched_by_nobody_else()
    {
        Task<HttpResponseMessage> Ask(object asked) => Leader.PostAsJsonAsync("/api/insight/exports", asked, Stop);
        await RefusedAsync(await Ask(Asked("pdf")), HttpStatusCode.UnprocessableEntity, "insight.format", "format");
        await RefusedAsync(await Ask(Asked(purpose: " ")), HttpStatusCode.UnprocessableEntity, "insight.export-purpose", "purpose");
        await RefusedAsync(await Ask(Asked(shared: true, measure: "cases.response-rate")), HttpStatusCode.UnprocessableEntity, "insight.export-sums", "measure");
        await RefusedAsync(await Ask(Asked(measure: "cases.none")), HttpStatusCode.NotFound, "insight.no-measure", "measure");
        var (id, _) = await MadeAsync(Asked());
        await RefusedAsync(await app.As("duty-officer", Street).GetAsync(new Uri($"/api/insight/exports/{id}/file", UriKind.Relative), Stop), HttpStatusCode.NotFound, "insight.export-none");
        (await app.As("grid-worker", Street).GetAsync(new Uri("/api/insight/exports", UriKind.Relative), Stop)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await app.As("auditor", Street).GetFromJsonAsync<JsonElement>("/api/insight/exports", Stop)).EnumerateArray().ShouldContain(e => e.GetProperty("id").GetGuid() == id);
    }

    [Fact]
    public async Task Use_and_supervision_are_shown_for_a_street_and_below()
    {
        await app.ReportAsync();
        var use = await Leader.GetFromJsonAsync<JsonElement>($"/api/insight/use?place={Street}", Stop);
        var cases = use.GetProperty("parts").EnumerateArray().Single(p => p.GetProperty("module").GetString() == "cases");
        cases.GetProperty("acts").GetInt32().ShouldBeGreaterThan(0);
        cases.GetProperty("idle").GetBoolean().ShouldBeFalse();
        use.GetProperty("communities").EnumerateArray().ShouldContain(c => c.GetProperty("path").GetString() == "31.01.15.016.037");
        var supervision = await Leader.GetFromJsonAsync<JsonElement>($"/api/insight/supervision?place={Street}&from=2020-02-01&to=2020-02-13", Stop);
        supervision.GetProperty("lines").EnumerateArray().Select(l => l.GetProperty("measure").GetString()).ShouldBe(["cases.response-rate", "cases.satisfied-rate", "cases.solved-rate", "cases.closed-alone", "incidents.closed-alone", "incidents.no-owner"]);
        await RefusedAsync(await Leader.GetAsync(new Uri("/api/insight/use?month=2010-01-01", UriKind.Relative), Stop), HttpStatusCode.UnprocessableEntity, "insight.month", "month");
    }
}
