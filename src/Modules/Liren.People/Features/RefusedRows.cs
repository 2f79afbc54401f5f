using System.Text;
using Liren.People.Data;
using Liren.People.Domain;
using Liren.Sdk;
using Liren.Sdk.Security;
using Liren.Sdk.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using MiniExcelLibs;

namespace Liren.People.Features;

/// <summary>The refused rows as they were, with a column that says why: to be corrected and imported again. Before the run: those it would refuse.</summary>
[Needs("people.import"), PersonalData]
internal sealed class RefusedRows(PeopleDb db, RosterLoader loader, PreviewRoster preview, ImportFiles files, Reasons reasons, Texts texts, IAccessLog log) : IFeature
{
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/imports/{id:guid}/refused", async (Guid id, string? format, RefusedRows feature, CancellationToken stop) =>
        {
            var csv = format == "csv";
            Rule.Require(csv || format is null or "xlsx", "sdk.unknown-format", "format", format ?? "");
            return TypedResults.File(await feature.RunAsync(id, csv, stop), csv ? "text/csv; charset=utf-8" : "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", csv ? "refused.csv" : "refused.xlsx");
        });

    public async Task<byte[]> RunAsync(Guid id, bool csv, CancellationToken stop)
    {
        var run = await ImportScope.FindAsync(db, id, stop);
        var file = await files.ReadAsync(id, stop) ?? throw new RuleBrokenException("people.import-file-gone", null, 409);
        var map = RosterMap.Parse(run.Mapping);
        Roster roster;
        Dictionary<int, string> why;
        if (run.State == ImportState.Uploaded)
        {
            (_, roster, var rows) = await preview.RunAsync(file, run.CompoundPath, map, Actor.Current.May("places.edit", run.CompoundPath), stop);
            why = rows.Where(r => !r.IsGood).ToDictionary(r => r.Number, reasons.Of);
        }
        else
        {
            roster = await loader.OpenAsync(file, run.CompoundPath, map, stop);
            var refused = await db.ImportRows.AsNoTracking().Where(r => r.RunId == id && r.Outcome == RowOutcome.Refused).ToListAsync(stop);
            why = refused.ToDictionary(r => r.Row, r => string.Join(" ", reasons.Of(r.Codes).Select(s => (s.Column.Length == 0 ? "" : $"[{s.Column}] ") + s.Sentence)));
        }
        Rule.State(why.Count > 0, "people.import-none-refused");
        // Plain values leave: who fetched which roster stands in the access log under the id of the import.
        await log.RecordAsync([new AccessEntry(id, Purpose.Required, "roster", "export")], stop);
        return Write(roster, why, texts, csv);
    }

    /// <summary>The file: headings in the first row, the reason in the last column.</summary>
    public static byte[] Write(Roster roster, IReadOnlyDictionary<int, string> why, Texts texts, bool csv)
    {
        var columns = roster.Mapping.Columns;
        var heads = columns.Select((c, i) => c.Header.Length > 0 && columns.Take(i).All(o => o.Header != c.Header) ? c.Header : $"{c.Header}({c.Letter})").Append(texts["people.import.why"]).ToList();
        var rows = roster.Sheet.Rows.Where(r => why.ContainsKey(r.Number)).Select(r => columns.Select(c => Safe(r.At(c.Index))).Append(why[r.Number]).ToList()).ToList();
        if (!csv)
        {
            using var file = new MemoryStream();
            file.SaveAs(rows.Select(r => (IDictionary<string, object>)heads.Zip(r).ToDictionary(p => p.First, p => (object)p.Second)));
            return file.ToArray();
        }
        var text = new StringBuilder("\uFEFF");
        foreach (var row in rows.Prepend(heads)) text.AppendJoin(',', row.Select(Quote)).Append("\r\n");
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    // A cell that a spreadsheet would run is shown as text; reading takes the apostrophe off again.
    private static string Safe(string cell) => cell.Length > 0 && cell[0] is '=' or '+' or '-' or '@' ? "'" + cell : cell;

    private static string Quote(string cell) => cell.AsSpan().ContainsAny(",\"\r\n") ? $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : cell;
}

/// <summary>The template (导入模板): headings, an example that is passed over when left in, and a sheet of what may be written.</summary>
[Needs("people.import")]
internal sealed class ImportTemplate(PeopleDb db) : IFeature
{
    private static readonly (string Header, string Example, bool Needed)[] Columns =
    [
        ("楼号", "8", true), ("单元", "1", false), ("房号", "2602", true), ("姓名", RosterReader.ExampleName, true), ("证件类型", "身份证", false), ("证件号码", "", false), ("联系电话", "", false),
        ("关系", "业主", false), ("产权份额", "1/2", false), ("性别", "女", false), ("出生日期", "1980-05-01", false), ("入住日期", "2019-09-01", false), ("迁出日期", "", false), ("是否居住", "是", false),
        ("标签", "", false), ("标签同意", "", false), ("备注", "", false),
    ];

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/imports/template", async (ImportTemplate feature, CancellationToken stop) =>
            TypedResults.File(await feature.RunAsync(stop), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "里仁居民导入模板.xlsx"));

    public async Task<byte[]> RunAsync(CancellationToken stop)
    {
        var tags = await db.TagKinds.AsNoTracking().OrderBy(t => t.Order).Select(t => t.NameZh).ToListAsync(stop);
        var allowed = new (string Column, string What)[]
        {
            ("楼号、单元、房号", "8、1、2602；没有单元的楼不填单元；也可改用一列“地址”，例如 8-1-2602、8号楼1单元2602室"),
            ("姓名", "身份证件上的姓名；一行一人"),
            ("证件类型", string.Join("、", RosterWords.DocumentWords) + "；不填按身份证"),
            ("证件号码", "18 位或 15 位；请先把整列设为“文本”格式再粘贴，否则末三位会变成 000"),
            ("联系电话", "手机或带区号的固定电话；多个用 / 隔开，最多 4 个"),
            ("关系", string.Join("、", RosterWords.RoleWords)),
            ("产权份额", "1/2、50%、0.5；同一房屋合计不超过 1"),
            ("性别", "男、女"),
            ("日期", "2020-02-03、2020/2/3、2020年2月3日；公历"),
            ("是否居住", "是、否"),
            ("标签", string.Join("、", tags) + "；多个用顿号隔开"),
            ("标签同意", "书面、口头、线上；本人没有同意的标签不能登记"),
        };
        using var file = new MemoryStream();
        file.SaveAs(new Dictionary<string, object>
        {
            ["居民"] = new[] { (IDictionary<string, object>)Columns.ToDictionary(c => c.Needed ? c.Header + "（必填）" : c.Header, c => (object)c.Example) },
            ["填写说明"] = allowed.Select(a => (IDictionary<string, object>)new Dictionary<string, object> { ["栏目"] = a.Column, ["可以填写"] = a.What }),
        });
        return file.ToArray();
    }
}
