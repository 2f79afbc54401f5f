using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Liren.Contracts.People;
using Liren.Contracts.Places;
using Liren.People.Data;
using Liren.People.Domain;
using Liren.People.Features;
using Liren.Sdk.Data;
using Liren.Sdk.Security;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using MiniExcelLibs;

namespace Liren.Tests.People;

/// <summary>What an import does to the register, and what it leaves behind.</summary>
public sealed class ImportTests(LirenApp app) : ImportBase(app), IClassFixture<LirenApp>
{
    private static string Family(int order) => $"""
        里仁花园业主台账（2020年2月）,,,,,,,,
        ,,,,,,,,
        序号,楼号,单元,房号,姓 名,身份证号码,联系电话,与户主关系,备注
        1,8号楼,1单元,2602室,张晓敏,{Id(order)},138-1234-5{order},户主,
        2,,,,王芳,{Id(order + 1)},13912345678/021-55667788,妻子,
        3,,,,张小宝,{Id(order + 2, "20150601")},,长子,
        4,8号楼,1单元,2603室,李先生,,13712345{order},租户,租期至2020-06
        合计,,,,,,,4人,
        填表人：某某,,,,,,,,
        """;

    [Fact]
    public async Task A_roster_as_offices_write_it_becomes_people_homes_and_a_household()
    {
        var compound = await CompoundAsync();
        var run = await ImportAsync(compound, Family(401));
        Counts(run).ShouldBe("4 0 0 0");
        var people = await PersonsAsync(compound);
        people.Count.ShouldBe(4);
        var head = people.Single(p => p.Name == "张晓敏");
        (head.Sex, head.BirthDate, head.HomePath, head.Source).ShouldBe((Sex.Male, new DateOnly(1980, 1, 1), compound + ".b8.u1.r2602", "import"));
        head.IdMasked.ShouldBe($"3101**********{Id(401)[^4..]}");
        people.Single(p => p.Name == "王芳").Contacts.Count.ShouldBe(2);
        people.ShouldContain(p => p.Name == "李*");
        var ties = await OccupanciesAsync(compound);
        ties.Count(o => o.RoomPath.EndsWith("r2602", StringComparison.Ordinal) && o.HouseholdId != null).ShouldBe(3);
        ties.Single(o => o.PersonId == head.Id).ShouldSatisfyAllConditions(o => o.Kind.ShouldBe(OccupancyKind.Owner), o => o.Relation.ShouldBeNull());
        ties.Select(o => o.Relation).OfType<Relation>().ShouldBe([Relation.Spouse, Relation.Child], ignoreOrder: true);
        ties.Single(o => o.RoomPath.EndsWith("r2603", StringComparison.Ordinal)).Kind.ShouldBe(OccupancyKind.Tenant);
    }

    [Fact]
    public async Task The_same_file_again_changes_nothing_and_a_new_telephone_is_a_change()
    {
        var compound = await CompoundAsync();
        await ImportAsync(compound, Family(411));
        var before = await PersonsAsync(compound);
        Counts(await ImportAsync(compound, Family(411))).ShouldBe("0 0 4 0");
        Counts(await PreviewAsync(compound, Family(411))).ShouldBe("0 0 4 0");
        (await PersonsAsync(compound)).Select(p => (p.Id, p.Version)).ShouldBe(before.Select(p => (p.Id, p.Version)));
        var changed = Family(411).Replace("13912345678", "13912345679", StringComparison.Ordinal);
        Counts(await PreviewAsync(compound, changed)).ShouldBe("0 1 3 0");
        Counts(await ImportAsync(compound, changed)).ShouldBe("0 1 3 0");
        (await PersonsAsync(compound)).Single(p => p.Name == "王芳").Contacts.Count.ShouldBe(3);
    }

    [Fact]
    public async Task A_preview_writes_nothing()
    {
        var compound = await CompoundAsync();
        var preview = await PreviewAsync(compound, Family(421));
        Counts(preview).ShouldBe("4 0 0 0");
        preview.GetProperty("newRooms").GetInt32().ShouldBe(2);
        preview.GetProperty("samples").GetArrayLength().ShouldBe(4);
        preview.ToString().ShouldNotContain("张晓敏");
        preview.ToString().ShouldNotContain(Id(421));
        (await PersonsAsync(compound)).ShouldBeEmpty();
        (await App.InScopeAsync(s => s.GetRequiredService<PeopleDb>().Imports.CountAsync(r => r.CompoundPath == compound, Stop))).ShouldBe(0);
        (await App.InScopeAsync(s => s.GetRequiredService<IPlaceDirectory>().ChildrenAsync(compound, Stop))).ShouldBeEmpty();
    }

    [Fact]
    public async Task One_event_tells_of_the_whole_import()
    {
        var compound = await CompoundAsync();
        var run = await ImportAsync(compound, Family(431));
        var told = await App.InScopeAsync(s => s.GetRequiredService<SdkDb>().Journal.AsNoTracking().Where(j => j.Module == "people" && j.Place != null && j.Place.StartsWith(compound)).ToListAsync(Stop));
        var only = told.ShouldHaveSingleItem();
        only.Type.ShouldBe(typeof(ResidentsImported).FullName);
        only.Subject.ShouldBe(run.GetProperty("id").GetGuid());
        only.Actor.ShouldBe("test community-worker");
        only.Body.ShouldContain("\"added\":4");
    }

    [Fact]
    public async Task The_person_of_one_number_owns_two_homes_and_is_one_person()
    {
        var compound = await CompoundAsync();
        var csv = $"楼号,房号,姓名,身份证号,关系\n1,101,陈东,{Id(441)},业主\n2,202,陈东,{Id(441)},业主\n";
        Counts(await PreviewAsync(compound, csv)).ShouldBe("1 1 0 0");
        Counts(await ImportAsync(compound, csv)).ShouldBe("1 1 0 0");
        (await PersonsAsync(compound)).Count.ShouldBe(1);
        (await OccupanciesAsync(compound)).Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_number_learnt_later_completes_the_same_person()
    {
        var compound = await CompoundAsync();
        await ImportAsync(compound, "楼号,房号,姓名,电话\n1,101,王先生,13612345671\n1,102,周瑜,\n");
        Counts(await ImportAsync(compound, $"楼号,房号,姓名,身份证号,电话\n1,101,王小明,{Id(451)},13612345671\n1,102,周瑜,{Id(453)},\n")).ShouldBe("0 2 0 0");
        (await PersonsAsync(compound)).Select(p => p.Name).ShouldBe(["周瑜", "王小明"], ignoreOrder: true);
    }

    [Fact]
    public async Task Whoever_has_moved_out_is_not_brought_back_by_an_old_roster()
    {
        var compound = await CompoundAsync();
        await ImportAsync(compound, $"楼号,房号,姓名,身份证号,入住日期,关系\n1,101,吴迪,{Id(461)},2018-01-01,租户\n");
        Counts(await ImportAsync(compound, $"楼号,房号,姓名,身份证号,入住日期,迁出日期,关系\n1,101,吴迪,{Id(461)},2018-01-01,2019-06-30,租户\n")).ShouldBe("0 1 0 0");
        Counts(await ImportAsync(compound, $"楼号,房号,姓名,身份证号,入住日期,关系\n1,101,吴迪,{Id(461)},2018-01-01,租户\n")).ShouldBe("0 0 1 0");
        (await OccupanciesAsync(compound)).ShouldHaveSingleItem().Until.ShouldBe(new DateOnly(2019, 6, 30));
        Counts(await ImportAsync(compound, $"楼号,房号,姓名,身份证号,入住日期,关系\n1,101,吴迪,{Id(461)},2019-12-01,租户\n")).ShouldBe("0 1 0 0");
        (await OccupanciesAsync(compound)).Count.ShouldBe(2);
    }

    [Fact]
    public async Task Tags_come_with_the_consent_that_carries_them()
    {
        var compound = await CompoundAsync();
        var csv = "楼号,房号,姓名,标签,标签同意\n1,101,何老太,独居、行动不便,书面\n";
        Counts(await ImportAsync(compound, csv)).ShouldBe("1 0 0 0");
        Counts(await ImportAsync(compound, csv)).ShouldBe("0 0 1 0");
        var person = (await PersonsAsync(compound)).Single();
        await App.InScopeAsync(async s =>
        {
            var db = s.GetRequiredService<PeopleDb>();
            (await db.Tags.Where(t => t.PersonId == person.Id).Select(t => t.Tag).ToListAsync(Stop)).ShouldBe(["lives-alone", "mobility"], ignoreOrder: true);
            var consent = await db.Consents.SingleAsync(c => c.PersonId == person.Id, Stop);
            (consent.Means, consent.GivenBy).ShouldBe(("paper", "self"));
            return true;
        });
    }

    [Theory]
    [InlineData("utf-8", ",", false)]
    [InlineData("utf-8", ",", true)]
    [InlineData("gb18030", ",", false)]
    [InlineData("utf-16", "\t", true)]
    [InlineData("utf-8", ";", true)]
    [InlineData("gb18030", "\t", false)]
    public async Task Text_is_read_in_every_encoding_and_with_every_separator(string encoding, string separator, bool mark)
    {
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        var compound = await CompoundAsync();
        var text = "楼号,房号,姓名,备注\r\n1,101,\"张\"\"三\"\"\",\"多行\r\n备注\"\r\n1,102,𠮷田健,\r\n\r\n".Replace(",", separator, StringComparison.Ordinal).Replace("\"张\"\"三\"\"\"", "张三", StringComparison.Ordinal);
        var code = Encoding.GetEncoding(encoding);
        byte[] file = mark ? [.. code.GetPreamble(), .. code.GetBytes(text)] : code.GetBytes(text);
        Counts(await ImportAsync(compound, file)).ShouldBe("2 0 0 0");
        (await PersonsAsync(compound)).Select(p => p.Name).ShouldBe(["张三", "𠮷田健"], ignoreOrder: true);
    }

    [Fact]
    public async Task A_workbook_is_read_with_dates_numbers_and_the_sheet_that_has_headings()
    {
        var compound = await CompoundAsync();
        using var book = new MemoryStream();
        book.SaveAs(new Dictionary<string, object>
        {
            ["说明"] = new[] { new { 说明 = "本表由物业填写" } },
            ["业主"] = new[]
            {
                new { 楼号 = (object)8, 单元 = (object)1, 房号 = (object)301, 姓名 = (object)"孙立", 手机 = (object)13612345681L, 入住日期 = new DateTime(2018, 5, 1), 身份证号 = (object)Id(471) },
                new { 楼号 = (object)8, 单元 = (object)1, 房号 = (object)"0302", 姓名 = (object)"周强", 手机 = (object)"'13612345682", 入住日期 = new DateTime(2019, 5, 1), 身份证号 = (object)110105194912310020d },
            },
        });
        var preview = await PreviewOfAsync(compound, book.ToArray());
        preview.GetProperty("problems")[0].GetProperty("code").GetString().ShouldBe("people.id-precision");
        Counts(await ImportAsync(compound, book.ToArray())).ShouldBe("1 0 0 1");
        (await OccupanciesAsync(compound)).Single().Since.ShouldBe(new DateOnly(2018, 5, 1));
    }

    private async Task<JsonElement> PreviewOfAsync(string compound, byte[] file)
    {
        using var answer = await SendAsync(Worker(), compound, file, dryRun: true, name: "台账.xlsx");
        return (await answer.Content.ReadFromJsonAsync<JsonElement>(Stop)).GetProperty("preview");
    }

    [Fact]
    public async Task The_template_imports_and_its_example_is_passed_over()
    {
        var compound = await CompoundAsync();
        var template = await Worker().GetByteArrayAsync("/api/people/imports/template", Stop);
        Counts(await PreviewOfAsync(compound, template)).ShouldBe("0 0 0 0");
        MiniExcel.GetSheetNames(new MemoryStream(template)).ShouldBe(["居民", "填写说明"]);
    }

    [Fact]
    public async Task Refused_rows_come_back_with_their_reason_and_import_once_corrected()
    {
        var compound = await CompoundAsync();
        using var http = Worker();
        using var sent = await SendAsync(http, compound, Encoding.UTF8.GetBytes("楼号,房号,姓名,电话,备注\n1,101,张三,13612345691,甲\n1,102,李四,123,=1+1\n"));
        var status = sent.Headers.Location!;
        Counts(await WaitAsync(http, status)).ShouldBe("1 0 0 1");
        var rows = await http.GetFromJsonAsync<JsonElement>(status + "/rows?filter=Refused", Stop);
        rows.GetProperty("items")[0].GetProperty("codes").GetString().ShouldBe("people.phone-shape");
        rows.GetProperty("items")[0].GetProperty("column").GetString().ShouldBe("D");
        var csv = await http.GetStringAsync(status + "/refused?format=csv", Stop);
        csv.ShouldContain("1,102,李四,123,'=1+1,[D]");
        MiniExcel.Query(new MemoryStream(await http.GetByteArrayAsync(status + "/refused", Stop))).Count().ShouldBe(2);
        Counts(await ImportAsync(compound, csv.Replace(",123,", ",13612345692,", StringComparison.Ordinal))).ShouldBe("1 0 0 0");
    }

    [Fact]
    public async Task A_file_is_kept_only_as_long_as_it_is_needed()
    {
        var compound = await CompoundAsync();
        using var http = Worker();
        var folder = App.Services.GetRequiredService<DataLocation>().Sub("imports");
        string PathOf(JsonElement run) => Path.Combine(folder, $"{run.GetProperty("id").GetGuid():N}.roster");
        var clean = await ImportAsync(compound, "楼号,房号,姓名\n1,101,张三\n");
        File.Exists(PathOf(clean)).ShouldBeFalse();
        var faulty = await ImportAsync(compound, "楼号,房号,姓名\n1,102,李4\n");
        File.Exists(PathOf(faulty)).ShouldBeTrue();
        if (!OperatingSystem.IsWindows()) File.GetUnixFileMode(PathOf(faulty)).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        App.Clock.Advance(TimeSpan.FromHours(25));
        // The job sees to it by itself.
        for (var i = 0; i < 200 && File.Exists(PathOf(faulty)); i++) await Task.Delay(50, Stop);
        File.Exists(PathOf(faulty)).ShouldBeFalse();
        (await http.GetAsync($"/api/people/imports/{faulty.GetProperty("id")}/refused", Stop)).StatusCode.ShouldBe(HttpStatusCode.Conflict);
    }

    [Fact]
    public async Task The_mapping_is_remembered_for_the_compound_and_its_headings()
    {
        var compound = await CompoundAsync();
        const string csv = "甲,乙,丙,丁\n1,101,张三,13612345701\n";
        using (var unknown = await SendAsync(Worker(), compound, Encoding.UTF8.GetBytes(csv), dryRun: true)) unknown.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        const string map = """{ "headerRow": 1, "columns": { "甲": "building", "B": "room", "丙": "name", "丁": "phone" }, "defaultKind": "tenant" }""";
        Counts(await ImportAsync(compound, csv, map)).ShouldBe("1 0 0 0");
        Counts(await PreviewAsync(compound, csv, """{ "headerRow": 1 }""")).ShouldBe("0 0 1 0");
        (await OccupanciesAsync(compound)).Single().Kind.ShouldBe(OccupancyKind.Tenant);
        var other = await CompoundAsync();
        using var elsewhere = await SendAsync(Worker(), other, Encoding.UTF8.GetBytes(csv), dryRun: true, """{ "headerRow": 1 }""");
        (await elsewhere.Content.ReadAsStringAsync(Stop)).ShouldContain("people.map-no-name");
    }

    [Theory]
    [InlineData("""{ "columns": { "姓名": "nickname" } }""", "people.map-json")]
    [InlineData("""{ "columns": { "没有": "name" } }""", "people.map-column")]
    [InlineData("""{ "colums": {} }""", "people.map-json")]
    [InlineData("""{ "headerRow": 9 }""", "people.map-header-row")]
    [InlineData("""{ "columns": { "姓名": "room" } }""", "people.map-no-name")]
    public async Task A_map_that_does_not_fit_is_refused_with_a_reason(string map, string code)
    {
        using var answer = await SendAsync(Worker(), await CompoundAsync(), Encoding.UTF8.GetBytes("楼号,房号,姓名\n1,101,张三\n"), dryRun: true, map);
        answer.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await answer.Content.ReadFromJsonAsync<JsonElement>(Stop)).GetProperty("code").GetString().ShouldBe(code);
    }

    public static TheoryData<byte[], string> BadFiles => new()
    {
        { [], "people.file-empty" },
        { "\n\n"u8.ToArray(), "people.file-empty" },
        { [0xD0, 0xCF, 0x11, 0xE0, 1, 2, 3], "people.file-old" },
        { [0x50, 0x4B, 3, 4, 9, 9, 9, 9], "people.file-damaged" },
        { "%PDF-1.7"u8.ToArray(), "people.file-kind" },
        { [1, 0, 2, 0, 3, 0], "people.file-kind" },
        { "只有,一些,字\n没有,表头,的\n"u8.ToArray(), "people.no-header" },
    };

    [Theory, MemberData(nameof(BadFiles))]
    public async Task A_file_that_is_no_roster_is_refused_with_a_reason(byte[] file, string code)
    {
        using var answer = await SendAsync(Worker(), await CompoundAsync(), file, dryRun: true);
        answer.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await answer.Content.ReadFromJsonAsync<JsonElement>(Stop)).GetProperty("code").GetString().ShouldBe(code);
    }

    [Fact]
    public async Task Nobody_imports_into_or_looks_at_imports_of_places_that_are_not_theirs()
    {
        var (mine, other) = (await CompoundAsync(), await CompoundAsync());
        var run = await ImportAsync(other, "楼号,房号,姓名\n1,101,张三\n");
        using var http = Worker(mine);
        var file = Encoding.UTF8.GetBytes("楼号,房号,姓名\n1,101,张三\n");
        (await SendAsync(http, other, file)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await SendAsync(http, other, file, dryRun: true)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        foreach (var part in new[] { "", "/rows", "/refused" })
            (await http.GetAsync($"/api/people/imports/{run.GetProperty("id")}{part}", Stop)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await http.GetFromJsonAsync<JsonElement>("/api/people/imports", Stop)).GetProperty("total").GetInt32().ShouldBe(0);
        (await SendAsync(App.As(BuiltInRoles.GridWorker, mine, Purposes.RegisterKeeping), mine, file)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await SendAsync(App.As(BuiltInRoles.CommunityWorker, mine), mine, file)).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task A_match_that_discloses_somebody_stands_in_the_access_log()
    {
        var (compound, other) = (await CompoundAsync(), await CompoundAsync());
        await ImportAsync(compound, $"楼号,房号,姓名,身份证号\n1,101,陈南,{Id(481)}\n");
        var person = (await PersonsAsync(compound)).Single().Id;
        Counts(await ImportAsync(other, $"楼号,房号,姓名,身份证号\n1,101,陈北,{Id(481)}\n")).ShouldBe("0 0 0 1");
        var log = await App.As(BuiltInRoles.Auditor, purpose: Purposes.Audit).GetFromJsonAsync<JsonElement>($"/api/identity/access-log?q={person}", Stop);
        log.ToString().ShouldContain("\"exists\"");
    }
}
