using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Liren.Contracts.Places;
using Liren.Places.Data;
using Liren.Places.Domain;
using Liren.Sdk;

namespace Liren.Tests.Places;

/// <summary>Tables of divisions as people bring them.</summary>
public sealed class DivisionSheetTests
{
    private static readonly Dictionary<DivisionCode, string> Nothing = [];

    private static readonly List<(string Code, string Name, string Parent)> SomeProvinces = [.. Liren.Shared.DivisionTable.Rows(shrink: 400).Where(r => r.Code[0] == '1')];

    private static DivisionSheet Read(string text, Encoding? encoding = null)
    {
        encoding ??= new UTF8Encoding(false);
        return DivisionFile.Read(new MemoryStream([.. encoding.GetPreamble(), .. encoding.GetBytes(text)]), CancellationToken.None);
    }

    private static (List<string> Paths, IReadOnlyList<DivisionRefusal> Refused) Settle(string text)
    {
        var sheet = Read(text);
        sheet.MissingParents();
        return ([.. sheet.Settle(Nothing).Select(e => $"{e.Code.Path} {e.Name}{(e.Filled ? " filled" : "")}")], sheet.Refusals);
    }

    private static DivisionCode Code(string digits)
    {
        DivisionCode.TryRead(digits, out var code, out _).ShouldBeTrue();
        return code;
    }

    [Theory]
    [InlineData("31", "31", PlaceKind.Province)]
    [InlineData("310000000000", "31", PlaceKind.Province)]
    [InlineData("310115", "31.01.15", PlaceKind.District)]
    [InlineData("310115016", "31.01.15.016", PlaceKind.Street)]
    [InlineData("310115016037", "31.01.15.016.037", PlaceKind.Community)]
    [InlineData("441900003", "44.19.00.003", PlaceKind.Street)]
    [InlineData("441900000000", "44.19", PlaceKind.City)]
    public void A_code_tells_path_and_kind(string digits, string path, PlaceKind kind)
    {
        var code = Code(digits);
        code.Path.ShouldBe(path);
        PlacePath.OfDivision(digits).ShouldBe(path);
        code.Kind.ShouldBe(kind);
        code.Parent.Path.ShouldBe(PlacePath.Parent(path));
        code.Full.ShouldBe(digits.PadRight(12, '0'));
    }

    [Theory]
    [InlineData("code,name,parent\n31,上海市,\n3101,市辖区,31\n")]
    [InlineData("code,name\r\n31,上海市\r\n\r\n3101,市辖区\r\n")]
    [InlineData("31,上海市\n3101,市辖区")]
    [InlineData("3101,市辖区,31\n31,上海市,\n")]
    [InlineData("上级代码,区划名称,备注,区划代码\n,\"上海市\",\"甲,\"\"乙\"\"\",31\n31,市辖区,,3101\n")]
    [InlineData("Name\tParent_Code\tCode\n上海市\t0\t310000000000\n市辖区\t310000000000\t310100000000\n")]
    [InlineData("310000 , 上海市 ,86\n310100, 市辖区 ,310000\n")]
    public void The_same_table_is_read_however_it_is_written(string text)
    {
        foreach (var encoding in new Encoding[] { new UTF8Encoding(false), new UTF8Encoding(true), Encoding.Unicode, CodePagesEncodingProvider.Instance.GetEncoding("GB18030")! })
        {
            var sheet = Read(text, encoding);
            sheet.Settle(Nothing).Select(e => $"{e.Code.Path} {e.Name}").ShouldBe(["31 上海市", "31.01 市辖区"], encoding.WebName);
            sheet.Refusals.ShouldBeEmpty();
            sheet.Read.ShouldBe(2);
        }
    }

    [Theory]
    [InlineData(",上海", "code", "", "no-code")]
    [InlineData("3101150,上海", "code", "3101150", "bad-code")]
    [InlineData("31011501603X,上海", "code", "31011501603X", "bad-code")]
    [InlineData("3.10115E+11,上海", "code", "3.10115E+11", "bad-code")]
    [InlineData("０３,上海", "code", "０３", "bad-code")]
    [InlineData("000115016037,上海", "code", "000115016037", "bad-code")]
    [InlineData("100000,中国", "code", "100000", "no-province")]
    [InlineData("32", "name", "", "no-name")]
    [InlineData("32,\"  \"", "name", "", "no-name")]
    [InlineData("32,江\u0007苏", "name", "江\u0007苏", "unreadable-name")]
    [InlineData("32,江\uFFFD省", "name", "江\uFFFD省", "unreadable-name")]
    [InlineData("3201,南京市,三十二", "parent", "三十二", "bad-parent")]
    [InlineData("32,江苏省,31", "parent", "31", "province-parent")]
    [InlineData("3102,某市,33", "parent", "33", "wrong-parent")]
    [InlineData("310115,浦东新区,31", "parent", "31", "wrong-parent")]
    [InlineData("310115,浦东新区,3101", "parent", "3101", "orphan")]
    [InlineData("310115000000,浦东新区,310100000000", "parent", "310100000000", "orphan")]
    [InlineData("310115,浦东新区", "code", "310115", "orphan")]
    [InlineData("31,上海", "code", "31", "duplicate")]
    [InlineData("310000,上海市,86", "code", "310000", "duplicate")]
    [InlineData("32,\"江苏省", "row", "32,\"江苏省", "open-quote")]
    public void A_bad_row_is_named_with_column_value_and_reason(string row, string column, string value, string reason)
    {
        var (paths, refused) = Settle($"code,name,parent\n31,上海市,\n\n{row}\n33,浙江省,\n");
        paths.ShouldBe(["31 上海市", "33 浙江省"]);
        var one = refused.ShouldHaveSingleItem();
        (one.Row, one.Column, one.Value, one.Reason).ShouldBe((4, column, value, "places.division." + reason));
    }

    [Fact]
    public void A_name_of_sixty_characters_is_taken_and_one_more_is_not()
    {
        Settle($"31,{new string('长', 60)}").Refused.ShouldBeEmpty();
        Settle($"31,{new string('长', 61)}").Refused.ShouldHaveSingleItem().Reason.ShouldBe("places.division.long-name");
    }

    [Fact]
    public void A_refused_row_makes_neither_duplicates_nor_parents()
    {
        var (paths, refused) = Settle("31,\n31,上海市\n3201,南京市\n32,\n3202,无锡市\n");
        paths.ShouldBe(["31 上海市"]);
        refused.Select(r => (r.Row, r.Reason[16..])).ShouldBe([(1, "no-name"), (3, "orphan"), (4, "no-name"), (5, "orphan")]);
    }

    [Theory]
    [InlineData("code,name,parent\n44,广东省,\n4419,东莞市,44\n441900,东莞市,4419\n441900003,东城街道,441900\n441900003001,岗贝社区,441900003\n", "")]
    [InlineData("code,name\n441900003001,岗贝社区\n441900003,东城街道\n441900,东莞市\n4419,东莞市\n44,广东省\n", "")]
    [InlineData("code,name,parent\n440000000000,广东省,0\n441900000000,东莞市,440000000000\n441900003000,东城街道,441900000000\n441900003001,岗贝社区,441900003000\n", " filled")]
    [InlineData("code,name\n44,广东省\n4419,东莞市\n441900003,东城街道\n441900003001,岗贝社区\n", " filled")]
    public void A_city_without_districts_gets_its_streets_however_the_table_says_so(string text, string filled)
    {
        var (paths, refused) = Settle(text);
        refused.ShouldBeEmpty();
        paths.ShouldBe(["44 广东省", "44.19 东莞市", "44.19.00 东莞市" + filled, "44.19.00.003 东城街道", "44.19.00.003.001 岗贝社区"]);
    }

    [Theory]
    [InlineData("code,name,parent\n35,福建省,\n3505,泉州市,35\n350527,金门县,3505\n350527000,金门县,350527\n350527000000,金门县,350527000\n")]
    [InlineData("35,福建省\n3505,泉州市\n350527000000,金门县\n350527000,金门县\n350527,金门县\n")]
    public void A_county_that_is_its_own_street_and_community_has_all_its_levels(string text)
    {
        var (paths, refused) = Settle(text);
        refused.ShouldBeEmpty();
        paths.ShouldBe(["35 福建省", "35.05 泉州市", "35.05.27 金门县", "35.05.27.000 金门县", "35.05.27.000.000 金门县"]);
    }

    [Fact]
    public void A_few_spoilt_bytes_do_not_turn_a_table_into_another_encoding()
    {
        byte[] bytes = [.. "31,上海市\n32,江苏省\n33,浙江省\n34,安徽"u8, 0xE7, 0x2C, (byte)'\n', .. "35,福建省\n"u8];
        var sheet = DivisionFile.Read(new MemoryStream(bytes), CancellationToken.None);
        sheet.Settle(Nothing).Select(e => e.Name).ShouldBe(["上海市", "江苏省", "浙江省", "福建省"]);
        sheet.Refusals.ShouldHaveSingleItem().Row.ShouldBe(4);
    }

    [Theory]
    [InlineData("", "empty")]
    [InlineData("code,name\n\n", "empty")]
    [InlineData("name,parent\n上海市,\n", "no-column")]
    [InlineData("代码,上级\n31,\n", "no-column")]
    [InlineData("PK\u0003\u0004 a workbook", "workbook")]
    public void A_file_that_is_no_table_is_refused_as_a_whole(string text, string code) =>
        Should.Throw<RuleBrokenException>(() => Read(text)).Code.ShouldBe("places.divisions." + code);

    /// <summary>In any order of rows, every planted fault is found at its row, and everything else is taken.</summary>
    [Fact]
    public void Every_planted_duplicate_and_orphan_is_found_by_its_row() => Check.QuickThrowOnFailure(Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
    {
        var random = new Random(seed);
        var dropped = SomeProvinces.Where(r => r.Code.Length is > 2 and < 12 && random.Next(200) == 0).Select(r => r.Code).ToList();
        bool Lost(string code) => dropped.Any(d => code.StartsWith(d, StringComparison.Ordinal));
        var rows = SomeProvinces.Where(r => !dropped.Contains(r.Code)).Select(r => (r.Code, r.Name, r.Parent, Wrong: Lost(r.Code))).ToList();
        foreach (var twice in rows.Where(_ => random.Next(50) == 0).ToList()) rows.Add(twice with { Name = "又一次" });
        rows = [.. rows.OrderBy(_ => random.Next())];
        var withParents = random.Next(2) == 0;
        var text = new StringBuilder(withParents ? "code,name,parent\n" : "code,name\n");
        var expected = new List<int>();
        var seen = new HashSet<string>();
        var row = 1;
        foreach (var (code, name, parent, wrong) in rows)
        {
            row++;
            if (wrong || !seen.Add(code)) expected.Add(row);
            text.Append(withParents ? $"{code},{name},{parent}\n" : $"{code},{name}\n");
        }
        var sheet = Read(text.ToString());
        var entries = sheet.Settle(Nothing);
        sheet.Refusals.Select(r => r.Row).ShouldBe(expected);
        entries.Select(e => e.Code.ToString()).ShouldBe(seen.Where(c => !Lost(c)).Order(StringComparer.Ordinal), ignoreOrder: true);
        entries.Select(e => e.Code.Path).ShouldBe(entries.Select(e => e.Code.Path).Order(StringComparer.Ordinal));
        return true;
    }));
}
