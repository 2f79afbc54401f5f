using System.Linq.Expressions;
using System.Text;
using Liren.Sdk;
using Liren.Sdk.Data;
using Liren.Sdk.Text;
using Liren.Sdk.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using MiniExcelLibs;

namespace Liren.Tests.Spine;

public sealed class ListTests(LirenApp app) : IClassFixture<LirenApp>
{
    private sealed record Row(string Name, long Amount, DateTimeOffset At, IReadOnlyList<string> Tags);

    private static readonly Dictionary<string, Expression<Func<Setting, object?>>> Columns = new() { ["key"] = s => s.Key, ["value"] = s => s.Value };

    private async Task<Page<string>> PageAsync(ListQuery query) => await app.InScopeAsync(async services =>
    {
        var db = services.GetRequiredService<SdkDb>();
        if (!await db.Settings.AnyAsync(s => s.Key.StartsWith("list ")))
        {
            for (var i = 0; i < 230; i++) db.Settings.Add(new Setting { Key = $"list {i:D3}", Value = $"{i % 3}" });
            await db.SaveChangesAsync();
        }
        return await db.Settings.Where(s => s.Key.StartsWith("list ")).PageAsync(query, Columns, "-key", s => s.Key, CancellationToken.None);
    });

    [Fact]
    public async Task A_list_is_sorted_and_cut_as_asked()
    {
        var first = await PageAsync(new());
        (first.Total, first.Size, first.PageNumber, first.Items.Count, first.Items[0]).ShouldBe((230, 25, 1, 25, "list 229"));
        (await PageAsync(new(Sort: "key", Page: 2, Size: 100))).Items[0].ShouldBe("list 100");
        (await PageAsync(new(Size: 1000))).Items.Count.ShouldBe(200);
        (await PageAsync(new(Page: -3))).PageNumber.ShouldBe(1);
        (await PageAsync(new(Page: 99))).Items.ShouldBeEmpty();
        (await PageAsync(new() { All = true })).Items.Count.ShouldBe(230);
    }

    [Fact]
    public async Task A_column_that_is_not_there_is_refused_with_those_that_are()
    {
        var rule = await Should.ThrowAsync<RuleBrokenException>(() => PageAsync(new(Sort: "-password")));
        (rule.Code, rule.Field).ShouldBe(("sdk.unknown-sort", "sort"));
    }

    private async Task<byte[]> ExportAsync(string format, params Row[] rows)
    {
        var http = new DefaultHttpContext { RequestServices = app.Services };
        http.Request.QueryString = new($"?format={format}");
        http.Response.Body = new MemoryStream();
        var result = await ListAnswer.AnswerAsync(http, app.Services.GetRequiredService<Texts>(), "rows", new(), q =>
        {
            q.All.ShouldBeTrue();
            return Task.FromResult(new Page<Row>(rows, rows.Length, 1, rows.Length));
        });
        await result.ExecuteAsync(http);
        http.Response.Headers.ContentDisposition.ToString().ShouldContain($"rows.{format}");
        return ((MemoryStream)http.Response.Body).ToArray();
    }

    [Theory]
    [InlineData("=1+1")]
    [InlineData("@SUM(A1)")]
    [InlineData("+cmd|' /C calc'!A0")]
    [InlineData("-2+3")]
    [InlineData("\t=1")]
    [InlineData("＝1+1")]
    public async Task A_cell_that_a_spreadsheet_would_run_is_text(string name)
    {
        var row = new Row(name, -5, new(2020, 2, 13, 6, 0, 0, TimeSpan.Zero), ["独居", "行动不便"]);
        var csv = Encoding.UTF8.GetString(await ExportAsync("csv", row));
        csv.ShouldStartWith("\uFEFF");
        csv.Split("\r\n")[1].ShouldBe($"'{name},-5,2020-02-13 14:00:00,独居; 行动不便");
        using var sheet = new MemoryStream(await ExportAsync("xlsx", row));
        var cells = ((IDictionary<string, object>)sheet.Query().Skip(1).First()).Values.Select(v => v?.ToString()).ToList();
        cells[0].ShouldBe("'" + name);
    }

    [Fact]
    public async Task Commas_quotes_and_line_breaks_stay_in_their_cell() =>
        Encoding.UTF8.GetString(await ExportAsync("csv", new Row("a,\"b\"\nc", 1, default, []))).ShouldContain("\"a,\"\"b\"\"\nc\",1,");

    [Fact]
    public async Task A_long_number_keeps_every_digit_in_a_sheet()
    {
        using var sheet = new MemoryStream(await ExportAsync("xlsx", new Row("310115199001011234", 1, default, [])));
        ((IDictionary<string, object>)sheet.Query().Skip(1).First()).Values.First().ShouldBe("310115199001011234");
    }

    [Fact]
    public async Task An_unknown_format_is_refused() =>
        (await Should.ThrowAsync<RuleBrokenException>(() => ExportAsync("pdf"))).Field.ShouldBe("format");
}
