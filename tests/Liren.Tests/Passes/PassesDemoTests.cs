using System.Net.Http.Json;
using Liren.Passes;
using Liren.Passes.Data;
using Liren.Passes.Domain;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Liren.Tests.Passes;

/// <summary>The demo of passes at each start of a server that is in use.</summary>
public sealed class PassesDemoTests(PassesApp app) : IClassFixture<PassesApp>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_later_start_invents_no_way_for_a_pass_made_since()
    {
        var before = await EntriesAsync();
        before.ShouldBeGreaterThan(100);
        using (var more = await app.Office.PostAsJsonAsync("/api/passes/batch", new { place = $"{PassesApp.Compound}.b7" }, Stop)) more.EnsureSuccessStatusCode();
        await app.InScopeAsync(async s => { await ActivatorUtilities.CreateInstance<PassesDemo>(s).SeedAsync(Stop); return 0; });
        (await EntriesAsync()).ShouldBe(before);
    }

    private Task<int> EntriesAsync() => app.InScopeAsync(s => s.GetRequiredService<PassesDb>().Entries.CountAsync(Stop));
}
