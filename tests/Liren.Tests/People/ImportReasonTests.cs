using Liren.Contracts.Places;
using Liren.Places.Data;
using Liren.Sdk.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Liren.Tests.People;

/// <summary>Every kind of bad row has its own reason, at its own cell; the good rows beside it are taken.</summary>
public sealed class ImportReasonTests(LirenApp app) : ImportBase(app), IClassFixture<LirenApp>
{
    private const string Header = "楼号,单元,房号,姓名,证件类型,证件号码,联系电话,关系,产权份额,性别,出生日期,入住日期,迁出日期,是否居住,标签,标签同意";
    private const string Good = "9,1,901,刘平安,,,13612345679,业主,,男,,,,,,";

    /// <summary>Code, column and the row; "|" parts several rows, of which the last is the bad one.</summary>
    public static TheoryData<string, string?, string> Rows => new()
    {
        { "people.name-missing", "D", "8,1,2602,,,,13612345678,业主,,,,,,,," },
        { "people.name-missing", "D", "8,1,2602,空置,,,,业主,,,,,,,," },
        { "people.name-digits", "D", "8,1,2602,张三2,,,,业主,,,,,,,," },
        { "people.name-two-people", "D", "8,1,2602,赵六/钱七,,,,业主,,,,,,,," },
        { "people.name-relation", "D", "8,1,2602,张三的女儿,,,,家属,,,,,,,," },
        { "people.name-characters", "D", "8,1,2602,张!三,,,,业主,,,,,,,," },
        { "people.name-short", "D", "8,1,2602,张,,,,业主,,,,,,,," },
        { "people.name-long", "D", $"8,1,2602,{new string('张', 51)},,,,业主,,,,,,,," },
        { "people.name-incomplete-alone", "D", "8,1,2602,李先生,,,,租户,,,,,,,," },
        { "people.id-length", "F", "8,1,2602,张三,,1101051949123100,,业主,,,,,,,," },
        { "people.id-characters", "F", "8,1,2602,张三,,1101051949A231002X,,业主,,,,,,,," },
        { "people.id-area", "F", "8,1,2602,张三,,990105194912310023,,业主,,,,,,,," },
        { "people.id-birth", "F", "8,1,2602,张三,,11010519491331002X,,业主,,,,,,,," },
        { "people.id-checksum", "F", "8,1,2602,张三,,110105194912310020,,业主,,,,,,,," },
        { "people.id-future", "F", $"8,1,2602,张三,,{Id(1, "20210101")},,业主,,,,,,,," },
        { "people.id-age", "F", $"8,1,2602,张三,,{Id(1, "18800101")},,业主,,,,,,,," },
        { "people.id-precision", "F", "8,1,2602,张三,,1.10105E+17,,业主,,,,,,,," },
        { "people.id-masked-alone", "F", "8,1,2602,张三,,110105********0048,,业主,,,,,,,," },
        { "people.id-sex-differs", "J", "8,1,2602,张三,,11010519491231002X,,业主,,男,,,,,," },
        { "people.id-birth-differs", "K", "8,1,2602,张三,,11010519491231002X,,业主,,,1950-01-01,,,,," },
        { "people.id-kind-unknown", "E", "8,1,2602,张三,会员卡,11010519491231002X,,业主,,,,,,,," },
        { "people.id-other-kind", "F", "8,1,2602,张三,身份证,810000199408230021,,业主,,,,,,,," },
        { "people.passport-shape", "F", "8,1,2602,John Smith,护照,E1,,租户,,,,,,,," },
        { "people.permit-hk-shape", "F", "8,1,2602,张三,回乡证,X123,,租户,,,,,,,," },
        { "people.permit-tw-shape", "F", "8,1,2602,张三,台胞证,123,,租户,,,,,,,," },
        { "people.id-twice", "F", "8,1,2602,张三,,11010519491231002X,,业主,,,,,,,,|8,1,2603,李四,,11010519491231002X,,业主,,,,,,,," },
        { "people.phone-shape", "G", "8,1,2602,张三,,,1381234567,业主,,,,,,,," },
        { "people.phone-junk", "G", "8,1,2602,张三,,,13800138000,业主,,,,,,,," },
        { "people.phone-many", "G", "8,1,2602,张三,,,13912345671/13912345672/13912345673/13912345674/13912345675,业主,,,,,,,," },
        { "people.phone-precision", "G", "8,1,2602,张三,,,1.38E+10,业主,,,,,,,," },
        { "people.room-missing", "C", ",,,张三,,,13612345678,业主,,,,,,,," },
        { "people.room-no-room", "C", "8,1,,张三,,,13612345678,业主,,,,,,,," },
        { "people.room-no-building", "A", ",,2602室,张三,,,13612345678,业主,,,,,,,," },
        { "people.room-unreadable", "C", "8,1,!!,张三,,,13612345678,业主,,,,,,,," },
        { "people.room-other-compound", "C", ",,万科城8号楼2602,张三,,,13612345678,业主,,,,,,,," },
        { "people.relation-unknown", "H", "8,1,2602,张三,,,13612345678,远房亲戚,,,,,,,," },
        { "people.head-twice", "H", "8,1,2602,张三,,,13612345678,户主,,,,,,,,|8,1,2602,李四,,,13712345678,户主,,,,,,,," },
        { "people.share-shape", "I", "8,1,2602,张三,,,13612345678,业主,一半,,,,,,," },
        { "people.share-owner", "I", "8,1,2602,张三,,,13612345678,租户,1/2,,,,,,," },
        { "people.share-sum", "I", "8,1,2602,张三,,,13612345678,业主,2/3,,,,,,,|8,1,2602,李四,,,13712345678,共有人,1/2,,,,,,," },
        { "people.sex-unknown", "J", "8,1,2602,张三,,,13612345678,业主,,不详,,,,,," },
        { "people.birth-future", "K", "8,1,2602,张三,,,13612345678,业主,,,2020-03-01,,,,," },
        { "people.birth-age", "K", "8,1,2602,张三,,,13612345678,业主,,,1880-03-01,,,,," },
        { "people.date-shape", "K", "8,1,2602,张三,,,13612345678,业主,,,去年,,,,," },
        { "people.date-ambiguous", "L", "8,1,2602,张三,,,13612345678,业主,,,,2/3/2019,,,," },
        { "people.date-lunar", "K", "8,1,2602,张三,,,13612345678,业主,,,农历腊月初八,,,,," },
        { "people.since-future", "L", "8,1,2602,张三,,,13612345678,业主,,,,2020-03-01,,,," },
        { "people.until-before-since", "M", "8,1,2602,张三,,,13612345678,租户,,,,2019-03-01,2019-02-01,,," },
        { "people.lives-unknown", "N", "8,1,2602,张三,,,13612345678,业主,,,,,,也许,," },
        { "people.tag-unknown", "O", "8,1,2602,张三,,,13612345678,业主,,,,,,,爱唱歌,书面" },
        { "people.tag-no-consent", "P", "8,1,2602,张三,,,13612345678,业主,,,,,,,独居," },
        { "people.consent-unknown", "P", "8,1,2602,张三,,,13612345678,业主,,,,,,,独居,大概" },
        { "people.consent-guardian", "O", "8,1,2602,张小三,,,13612345678,家属,,,2015-01-01,,,,独居,书面" },
        { "people.row-duplicate", null, "8,1,2602,张三,,,13612345678,业主,,,,,,,,|8,1,2602,张三,,,13612345678,业主,,,,,,,," },
        { "people.cell-error", "G", "8,1,2602,张三,,,#REF!,业主,,,,,,,," },
        { "people.cell-error", "F", "8,1,2602,张三,,#N/A,,业主,,,,,,,," },
        { "people.row-cells", null, "8,1,2602,张三,,,13612345678,业主,,,,,,,,,多出来的" },
        { "people.row-quotes", null, "8,1,2602,\"张三\"先生,,,13612345678,业主,,,,,,,," },
    };

    [Fact]
    public void There_are_more_than_thirty_kinds_of_bad_rows_each_with_its_own_sentence_in_both_languages()
    {
        var codes = Rows.Select(r => r.Data.Item1).Distinct().ToList();
        codes.Count.ShouldBeGreaterThan(50);
        var texts = App.Services.GetRequiredService<Texts>();
        var guide = File.ReadAllText(Path.Combine(Repository.Root, "docs", "users", "import.md"));
        codes.Where(c => !guide.Contains($"`{c}`", StringComparison.Ordinal)).ShouldBeEmpty("not in the guide");
        foreach (var language in new[] { "zh", "en" })
        {
            codes.Where(c => !texts.Keys(language).Contains(c)).ShouldBeEmpty();
            codes.GroupBy(c => texts.In(language, c)).Where(g => g.Count() > 1).Select(g => g.Key).ShouldBeEmpty();
        }
    }

    [Theory, MemberData(nameof(Rows))]
    public async Task A_bad_row_is_named_with_row_column_value_and_reason_and_the_good_ones_are_taken(string code, string? column, string rows)
    {
        var lines = rows.Split('|');
        var preview = await PreviewAsync(await CompoundAsync(), string.Join("\n", [Header, Good, .. lines]));
        var problems = preview.GetProperty("problems").EnumerateArray().ToList();
        problems.Select(p => p.GetProperty("code").GetString()).ShouldBe([code]);
        var problem = problems[0];
        problem.GetProperty("row").GetInt32().ShouldBe(lines.Length + 2);
        problem.GetProperty("column").GetString().ShouldBe(column);
        var message = problem.GetProperty("message").GetString()!;
        message.ShouldNotContain("people.");
        message.ShouldNotContain("{0}");
        if (column is not null) problem.GetProperty("header").GetString().ShouldBe(Header.Split(',')[column[0] - 'A']);
        // Numbers and names are masked wherever they are told.
        foreach (var plain in new[] { "11010519491231002X", "1381234567", "1101051949123100" }) preview.ToString().ShouldNotContain(plain);
        Counts(preview).ShouldBe($"{lines.Length} 0 0 1");
    }

    [Fact]
    public async Task Tags_without_a_column_for_consent_are_refused()
    {
        var preview = await PreviewAsync(await CompoundAsync(), "楼号,房号,姓名,标签\n8,2602,张三,独居\n");
        preview.GetProperty("problems")[0].GetProperty("code").GetString().ShouldBe("people.tag-no-consent-column");
    }

    [Fact]
    public async Task The_property_company_cannot_bring_tags_in()
    {
        var compound = await CompoundAsync();
        using var answer = await SendAsync(App.As(Liren.Sdk.Security.BuiltInRoles.PropertyManager, compound, Liren.Sdk.Security.Purposes.PropertyService), compound, System.Text.Encoding.UTF8.GetBytes("楼号,房号,姓名,标签,标签同意\n8,2602,张三,独居,书面\n"), dryRun: true);
        (await answer.Content.ReadAsStringAsync(Stop)).ShouldContain("people.tag-not-allowed");
    }

    [Fact]
    public async Task A_room_that_is_missing_closed_or_unclear_is_told_apart()
    {
        var compound = await CompoundAsync();
        await ImportAsync(compound, "楼号,单元,房号,姓名\n8,1,101,张三\n8,1,102,张四\n8,2,101,张五\n");
        await App.InScopeAsync(async s =>
        {
            var db = s.GetRequiredService<PlacesDb>();
            var room = await db.Places.SingleAsync(p => p.Path == compound + ".b8.u1.r102", Stop);
            room.Close("合并", App.Clock.GetUtcNow());
            return await db.SaveChangesAsync(Stop);
        });
        const string csv = "楼号,单元,房号,姓名\n9,1,101,李一\n8,1,999,李二\n8,1,102,李三\n8,,101,李四\n8,1,101,李五\n";
        string Codes(System.Text.Json.JsonElement preview) => string.Join(' ', preview.GetProperty("problems").EnumerateArray().Select(p => $"{p.GetProperty("row")}:{p.GetProperty("code")}"));
        var strict = await PreviewAsync(compound, csv, """{"makeRooms":false}""");
        Codes(strict).ShouldBe("2:people.building-unknown 3:people.room-unknown 4:people.room-closed 5:people.room-unit-needed");
        var open = await PreviewAsync(compound, csv);
        Codes(open).ShouldBe("4:people.room-closed 5:people.room-unit-needed");
        open.GetProperty("newRooms").GetInt32().ShouldBe(2);
        Counts(await ImportAsync(compound, csv)).ShouldBe("3 0 0 2");
        (await App.InScopeAsync(s => s.GetRequiredService<IPlaceDirectory>().FindAsync(compound + ".b9.u1.r101", Stop))).ShouldNotBeNull();
    }

    [Fact]
    public async Task What_contradicts_the_register_is_refused()
    {
        var compound = await CompoundAsync();
        Counts(await ImportAsync(compound, $"{Header}\n8,1,101,张三,,{Id(301)},,户主,2/3,,,,,,,\n8,1,102,王五,,,13612345678,业主,,,,,,,,\n")).ShouldBe("2 0 0 0");
        var preview = await PreviewAsync(compound, $"""
            {Header}
            8,1,103,李四,,{Id(301)},,业主,,,,,,,,
            8,1,101,张三,,{Id(302)},,业主,,,,,,,,
            8,1,101,赵六,,,13712345678,户主,,,,,,,,
            8,1,101,钱七,,,13812345679,共有人,1/2,,,,,,,
            """);
        preview.GetProperty("problems").EnumerateArray().Select(p => $"{p.GetProperty("row")} {p.GetProperty("column")} {p.GetProperty("code")}").ShouldBe(
            ["2 F people.id-other-person", "3 F people.id-differs", "4 H people.head-other", "5 I people.share-sum"]);
    }
}
