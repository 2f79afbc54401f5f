using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace Liren.E2E;

/// <summary>Ten questions of a street officer, each answered from the first page in at most three clicks.</summary>
public sealed class InsightTests(Site site)
{
    private const int Most = 3;

    private sealed record Question(string Words, string[] Clicks, string Answer);

    private const string Overview = "nav a[href='/insight']", Supervision = "nav a[href='/insight/supervision']", Use = "nav a[href='/insight/use']", Measures = "nav a[href='/insight/measures']";

    private static readonly Question[] Questions =
    [
        new("这一周进出了多少人次？", [Overview], ".insight-tiles .stat:has-text('进出人次') b"),
        new("这一周有多少不同的居民出入？", [Overview], ".insight-tiles .stat:has-text('出入居民人数') b"),
        new("哪个下级地点进出最多？", [Overview, ".insight-tiles .stat:has-text('进出人次') > a"], "main h2:has-text('进出人次')"),
        new("近 30 天立案多少事件？", [Overview, ".tiles a:has-text('近 30 天')"], ".insight-tiles .stat:has-text('立案事件数') b"),
        new("从感知到闭环要多久？", [Overview, ".tiles a:has-text('近 30 天')"], ".insight-tiles .stat:has-text('感知到闭环用时') b"),
        new("有没有无人负责的事件？", [Overview], ".insight-tiles .stat:has-text('无人负责的事件') b"),
        new("案件响应率是多少，上期是多少？", [Supervision], "tbody tr:has-text('响应率') td.num"),
        new("响应率背后是哪些案件？", [Supervision, "tbody tr:has-text('响应率') a:has-text('查看明细')"], "main tbody tr a[href^='/cases/'], main .empty, main tbody td"),
        new("哪些模块闲置，谁在用？", [Use], "main tbody tr:has-text('网格案件')"),
        new("“响应率”怎么算，谁负责？", [Measures], "main tbody tr:has-text('cases.response-rate'):has-text('按时响应案件数 ÷ 结案数')"),
    ];

    [Fact]
    public async Task A_street_officer_has_ten_answers_in_at_most_three_clicks_each()
    {
        Questions.Length.ShouldBe(10);
        await using var tab = await site.OpenAsync("leader");
        foreach (var question in Questions)
        {
            question.Clicks.Length.ShouldBeLessThanOrEqualTo(Most, question.Words);
            await tab.GoAsync("/");
            foreach (var click in question.Clicks)
            {
                await tab.SeesAsync(tab.Page.Locator(click).First);
                await tab.Page.Locator(click).First.ClickAsync();
            }
            await tab.SeesAsync(tab.Page.Locator(question.Answer).First);
            (await tab.Page.Locator(question.Answer).First.InnerTextAsync()).Trim().ShouldNotBeEmpty(question.Words);
        }
    }

    [Fact]
    public async Task Every_page_of_figures_fits_a_desk_and_a_phone_by_day_and_by_night()
    {
        await using var tab = await site.OpenAsync("leader");
        foreach (var (address, sees, shot) in ((string, string, string)[])[("/insight?days=30&measure=passes.people", "svg", "insight"), ("/insight/measures", "main table", "insight-measures"), ("/insight/supervision", "main table", "insight-supervision"), ("/insight/use", "main table", "insight-use"), ("/insight/exports", "#x-measure", "insight-exports")])
        {
            await tab.GoAsync(address);
            await tab.SeesAsync(tab.Page.Locator(sees).First);
            await tab.LookAtBothAsync(shot);
            await tab.ThemeAsync("dark");
            (await tab.AxeAsync()).ShouldBeEmpty(shot);
            await tab.ShotAsync($"{shot}-dark");
        }
    }

    [Fact]
    public async Task From_the_street_down_to_the_area_and_back_and_out_as_a_file()
    {
        await using var tab = await site.OpenAsync("leader");
        await tab.GoAsync("/insight?measure=cases.reported&days=30");
        await tab.SeesAsync(tab.Page.Locator("svg .bar-in").First);
        foreach (var _ in Enumerable.Range(0, 2))
        {
            var before = tab.Page.Url;
            await tab.Page.Locator("section:has(h2:has-text('下级地点')) tbody a").First.ClickAsync();
            await tab.Page.WaitForURLAsync(url => url != before);
            await tab.SeesAsync(tab.Page.Locator("section:has(h2:has-text('下级地点'))"));
        }
        await tab.LookAsync("insight-compound");
        await tab.GoAsync("/insight/exports");
        await tab.Page.SelectOptionAsync("#x-measure", "cases.reported");
        await tab.Page.FillAsync("#x-purpose", "街道月报");
        await tab.Page.Locator("button.primary").ClickAsync();
        await tab.SeesAsync(tab.Page.Locator("tbody .badge", new() { HasText = "可下载" }).First);
        var fetching = tab.Page.WaitForDownloadAsync();
        await tab.Page.Locator("tbody a:has-text('下载')").First.ClickAsync();
        (await fetching).SuggestedFilename.ShouldMatch(new Regex(@"^cases\.reported-.*\.xlsx$").ToString());
        await tab.LookAsync("insight-exported");
    }
}
