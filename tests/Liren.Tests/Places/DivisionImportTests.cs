using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Liren.Contracts.Places;
using Liren.Places.Data;
using Liren.Places.Features;
using Liren.Sdk.Data;
using Liren.Sdk.Security;
using Liren.Shared;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Liren.Tests.Places;

public sealed class DivisionImportTests(LirenApp app) : IClassFixture<LirenApp>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private async Task<JsonElement> ImportAsync(string text, bool dryRun = false)
    {
        using var http = app.As(BuiltInRoles.Administrator);
        using var answer = await http.PostAsync($"/api/places/divisions/import?dryRun={dryRun}", new StringContent(text, Encoding.UTF8, "text/csv"), Stop);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, await answer.Content.ReadAsStringAsync(Stop));
        return await answer.Content.ReadFromJsonAsync<JsonElement>(Stop);
    }

    private static (int Read, int Added, int Changed, int Unchanged, int Refused) Counts(JsonElement answer) =>
        (answer.GetProperty("read").GetInt32(), answer.GetProperty("added").GetInt32(), answer.GetProperty("changed").GetInt32(), answer.GetProperty("unchanged").GetInt32(), answer.GetProperty("refused").GetInt32());

    private Task<List<Liren.Places.Domain.Division>> TableAsync(string below) => app.InScopeAsync(s =>
        s.GetRequiredService<PlacesDb>().Divisions.AsNoTracking().WhereWithin(d => d.Path, [below]).OrderBy(d => d.Path).ToListAsync(Stop));

    [Fact]
    public async Task Good_rows_are_taken_bad_ones_named_and_a_repeat_changes_nothing()
    {
        const string text = "code,name,parent\n71,甲省,\n7101,乙市,71\n710101,丙区,7101\n710101001,丁街道,710101\n710101001002,戊第十居委会,710101001\n710101001001,戊第九居委会,710101001\n71010,错误,\n710199001,孤儿街道,710199\n7101,乙市,71\n";
        Counts(await ImportAsync(text, dryRun: true)).ShouldBe((9, 6, 0, 0, 3));
        (await TableAsync("71")).ShouldBeEmpty();
        var answer = await ImportAsync(text);
        Counts(answer).ShouldBe((9, 6, 0, 0, 3));
        answer.GetProperty("refusals").EnumerateArray().Select(r => $"{r.GetProperty("row")} {r.GetProperty("column")} {r.GetProperty("value")} {r.GetProperty("code")}")
            .ShouldBe(["8 code 71010 places.division.bad-code", "9 parent 710199 places.division.orphan", "10 code 7101 places.division.duplicate"]);
        answer.GetProperty("refusals")[1].GetProperty("reason").GetString()!.ShouldContain("710199");
        Counts(await ImportAsync(text)).ShouldBe((9, 0, 0, 6, 3));
        var community = (await TableAsync("71")).Single(d => d.Path == "71.01.01.001.002");
        (community.ParentPath, community.Code, community.Name, community.Kind).ShouldBe(("71.01.01.001", "710101001002", "戊第十居委会", PlaceKind.Community));
        // 第九 before 第十, although its code is the larger.
        var children = await app.InScopeAsync(s => s.GetRequiredService<IPlaceDirectory>().ChildrenAsync("71.01.01.001", Stop));
        children.Select(c => c.Name).ShouldBe(["戊第九居委会", "戊第十居委会"]);
    }

    [Fact]
    public async Task A_new_name_is_a_change_and_what_the_file_leaves_out_stays()
    {
        await ImportAsync("72,甲省\n7201,乙市\n7202,丙市\n");
        var answer = await ImportAsync("72,甲省\n7201,新乙市\n");
        Counts(answer).ShouldBe((2, 0, 1, 1, 0));
        answer.GetProperty("absent").GetInt64().ShouldBeGreaterThanOrEqualTo(1);
        (await TableAsync("72")).Select(d => d.Name).ShouldBe(["甲省", "新乙市", "丙市"]);
    }

    [Fact]
    public async Task A_parent_in_the_table_is_enough()
    {
        await ImportAsync("73,甲省\n7301,乙市\n");
        Counts(await ImportAsync("730101,丙区\n730199001,丁街道\n")).ShouldBe((2, 1, 0, 0, 1));
        // The level of zeros is filled in once, by the name in the table, and a later row that names it is the same division.
        (await ImportAsync("730100001,直属街道\n")).GetProperty("filled").GetInt32().ShouldBe(1);
        (await ImportAsync("730100002,直属镇\n")).GetProperty("filled").GetInt32().ShouldBe(0);
        Counts(await ImportAsync("code,name,parent\n730100,乙市,7301\n")).ShouldBe((1, 0, 0, 1, 0));
    }

    [Fact]
    public async Task The_import_stands_once_in_the_journal_and_a_dry_run_does_not()
    {
        await ImportAsync("74,甲省\n7401,\n7402,\n7403,\n7404,\n", dryRun: true);
        await ImportAsync("74,甲省\n7401,\n7402,\n7403,\n7404,\n");
        var bodies = await app.InScopeAsync(s => s.GetRequiredService<SdkDb>().Journal.Where(j => j.Type == typeof(DivisionsImported).FullName).Select(j => j.Body).ToListAsync(Stop));
        bodies.Count(b => b.Contains("\"added\":1,\"changed\":0,\"refused\":4", StringComparison.Ordinal)).ShouldBe(1);
    }

    [Fact]
    public async Task Only_who_may_import_everywhere_may_import()
    {
        using var content = new StringContent("75,甲省\n", Encoding.UTF8, "text/csv");
        using var here = app.As(BuiltInRoles.Administrator, "31.01");
        (await here.PostAsync("/api/places/divisions/import", content, Stop)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        using var worker = app.As(BuiltInRoles.CommunityWorker);
        (await worker.PostAsync("/api/places/divisions/import", content, Stop)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await TableAsync("75")).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("", "places.divisions.empty")]
    [InlineData("PK\u0003\u0004 workbook", "places.divisions.workbook")]
    [InlineData("name,parent\n甲,乙\n", "places.divisions.no-column")]
    public async Task A_file_that_is_no_table_is_answered_with_a_sentence(string text, string code)
    {
        using var http = app.As(BuiltInRoles.Administrator);
        using var answer = await http.PostAsync("/api/places/divisions/import", new StringContent(text, Encoding.UTF8, "text/csv"), Stop);
        answer.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await answer.Content.ReadFromJsonAsync<JsonElement>(Stop)).GetProperty("code").GetString().ShouldBe(code);
    }

    [Fact]
    public async Task A_file_beyond_the_limit_is_refused_before_it_is_read()
    {
        await Should.ThrowAsync<Sdk.RuleBrokenException>(() => app.InScopeAsync(async s =>
        {
            await using var file = await s.GetRequiredService<ImportDivisions>().ReceiveAsync(new Endless(), Stop);
            return 0;
        }));
        Directory.GetFiles(app.Services.GetRequiredService<DataLocation>().Sub("incoming")).ShouldBeEmpty();
    }

    [Fact]
    public async Task Two_imports_at_once_and_twenty_thousand_rows_end_in_one_whole_table()
    {
        var path = Path.GetTempFileName();
        try
        {
            var rows = DivisionTable.Write(path, shrink: 30);
            Task<ImportDivisions.Result> RunAsync() => app.InScopeAsync(async s =>
            {
                await using var file = File.OpenRead(path);
                return await s.GetRequiredService<ImportDivisions>().RunAsync(file, dryRun: false, null, Stop);
            });
            var both = await Task.WhenAll(RunAsync(), RunAsync());
            both.ShouldAllBe(b => b.Read == rows && b.Refused == 0 && b.Added + b.Changed + b.Unchanged == rows);
            // What one had added the other found; rows of other tests in these provinces do not count.
            both.Sum(b => b.Added + b.Changed).ShouldBeGreaterThanOrEqualTo(rows);
            var again = await RunAsync();
            (again.Added, again.Changed, again.Unchanged).ShouldBe((0, 0, rows));
            var orphans = await app.InScopeAsync(s =>
            {
                var db = s.GetRequiredService<PlacesDb>();
                return db.Divisions.Where(d => d.ParentPath != "" && !db.Divisions.Any(p => p.Path == d.ParentPath)).CountAsync(Stop);
            });
            orphans.ShouldBe(0);
        }
        finally { File.Delete(path); }
    }

    private sealed class Endless : Stream
    {
        public override bool CanRead => true;
        public override bool CanSeek => false;
        public override bool CanWrite => false;
        public override long Length => throw new NotSupportedException();
        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }
        public override void Flush() { }
        public override int Read(byte[] buffer, int offset, int count) => count;
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();
        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
