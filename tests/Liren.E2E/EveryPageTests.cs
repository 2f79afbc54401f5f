using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Template;

namespace Liren.E2E;

/// <summary>What holds on every page, at a desk and on a phone, light and dark.</summary>
public sealed class EveryPageTests(Site site)
{
    private const string Administrator = "admin";

    [Theory, MemberData(nameof(Pages.Console), MemberType = typeof(Pages))]
    public async Task A_console_page_is_accessible_fits_and_stays_at_home(string address) =>
        (await CheckAsync(Administrator, address, phone: false)).ShouldBeEmpty();

    [Theory, MemberData(nameof(Pages.Plain), MemberType = typeof(Pages))]
    public async Task A_plain_page_is_accessible_fits_a_thumb_and_stays_at_home(string address)
    {
        var user = address is "/sign-in" or "/join" ? null : address.StartsWith("/field", StringComparison.Ordinal) ? "grid1" : address.StartsWith("/my", StringComparison.Ordinal) ? "resident" : Administrator;
        (await CheckAsync(user, address, phone: true)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_page_about_one_thing_is_accessible_too()
    {
        var waiting = Pages.OfOneThing.Select(e => new TemplateMatcher(TemplateParser.Parse(e.RoutePattern.RawText!.TrimStart('/')), [])).ToList();
        var wrong = new List<string>();
        foreach (var list in Pages.Console.Select(row => row.Data))
        {
            if (waiting.Count == 0) break;
            await using var tab = await site.OpenAsync(Administrator);
            await tab.GoAsync(list);
            var links = await tab.Page.EvaluateAsync<string[]>("() => [...document.querySelectorAll('main a[href]')].map(a => a.pathname).filter(Boolean).filter((a, i, all) => all.indexOf(a) === i)");
            foreach (var link in links)
            {
                if (waiting.FirstOrDefault(t => t.TryMatch(new PathString(Uri.UnescapeDataString(link)), [])) is not { } matched) continue;
                // A literal page may look like a page about one thing: "/places/import" is not a place.
                if (Pages.Console.Any(row => row.Data == link)) continue;
                waiting.Remove(matched);
                wrong.AddRange((await CheckAsync(Administrator, link, phone: false)).Select(f => $"{link}: {f}"));
            }
        }
        wrong.ShouldBeEmpty();
    }

    private async Task<IReadOnlyList<string>> CheckAsync(string? user, string address, bool phone)
    {
        var wrong = new List<string>();
        var name = address.Trim('/').Replace('/', '-') is { Length: > 0 } n ? n : "home";
        foreach (var (width, height) in new[] { (1440, 900), (390, 844) })
        {
            await using var tab = await site.OpenAsync(user, width, height);
            var answer = await tab.GoAsync(address);
            if (!answer.Headers.GetValueOrDefault("content-type", "").StartsWith("text/html", StringComparison.Ordinal)) continue;
            if (answer.Status >= 400) wrong.Add($"status {answer.Status}");
            wrong.AddRange(await tab.TooWideAsync());
            if (width < 700) wrong.AddRange(await tab.TooSmallAsync(phone ? 44 : 40));
            foreach (var theme in new[] { "light", "dark" })
            {
                await tab.ThemeAsync(theme);
                // Each width and each theme once: axe takes most of the time of the whole suite.
                if (theme == "light" == width > 700) wrong.AddRange((await tab.AxeAsync()).Select(f => $"{theme} {f}"));
                await tab.ShotAsync($"{name}-{width}-{theme}");
            }
            wrong.AddRange(tab.Faults);
        }
        return [.. wrong.Distinct()];
    }
}
