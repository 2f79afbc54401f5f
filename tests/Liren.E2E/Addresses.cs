using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace Liren.E2E;

/// <summary>Waiting for an address.</summary>
internal static class Addresses
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>
    /// Waits until an address stands in the bar. Enhanced navigation fetches a page and fires no load, so the bar itself is asked; a failure says
    /// where the browser is and what it shows.
    /// </summary>
    public static async Task ReachesAsync(this IPage page, Regex wanted)
    {
        for (var since = TimeProvider.System.GetTimestamp(); !wanted.IsMatch(page.Url); await Task.Delay(50))
            if (TimeProvider.System.GetElapsedTime(since) > Patience)
                throw new TimeoutException($"{wanted} is not reached; at {page.Url}: {await page.Locator("body").InnerTextAsync()}");
    }
}
