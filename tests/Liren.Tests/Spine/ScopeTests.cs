using Liren.Contracts.Places;
using Liren.Sdk.Data;
using Liren.Sdk.Events;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Liren.Tests.Spine;

public sealed class ScopeTests(LirenApp app) : IClassFixture<LirenApp>
{
    // Neighbours in byte order on both sides of the dot, where a careless prefix would leak.
    private static readonly string[] Segments = ["0", "01", "010", "1", "a", "a-", "a-b", "ab", "b", "z", "zz"];

    private static string RandomPath(Random random) => string.Join('.', Enumerable.Range(0, random.Next(1, 6)).Select(_ => Segments[random.Next(Segments.Length)]));

    [Fact]
    public async Task The_database_draws_the_border_of_a_place_exactly_where_the_rule_does()
    {
        var random = new Random(20200213);
        var paths = Enumerable.Range(0, 400).Select(_ => RandomPath(random)).Distinct().ToList();
        await app.InScopeAsync(async services =>
        {
            var db = services.GetRequiredService<SdkDb>();
            foreach (var path in paths) db.Journal.Add(new JournalEntry { Module = "sdk", Type = "scope", Actor = "test", Body = "{}", Place = path, At = app.Clock.GetUtcNow() });
            await db.SaveChangesAsync();
            for (var round = 0; round < 150; round++)
            {
                string[] scopes = [.. Enumerable.Range(0, random.Next(0, 4)).Select(_ => random.Next(20) == 0 ? "" : RandomPath(random))];
                var found = await db.Journal.Where(j => j.Type == "scope").WhereWithin(j => j.Place, scopes).Select(j => j.Place!).ToListAsync();
                found.Order(StringComparer.Ordinal).ShouldBe(paths.Where(p => scopes.Any(s => PlacePath.IsWithin(p, s))).Order(StringComparer.Ordinal), $"scopes {string.Join(" ", scopes)}");
            }
            return 0;
        });
    }

    [Theory]
    [InlineData("310115104001", "31.01.15.104.001")]
    [InlineData("310115000000", "31.01.15")]
    [InlineData("31", "31")]
    [InlineData("310115", "31.01.15")]
    [InlineData("31011510400", null)]
    [InlineData("31011510400X", null)]
    [InlineData("000000000000", null)]
    public void A_division_code_becomes_its_path(string code, string? path) => PlacePath.OfDivision(code).ShouldBe(path);

    [Fact]
    public void A_place_lies_within_itself_and_all_above_it_and_nowhere_else()
    {
        const string room = "31.01.15.016.037.liren.b1.u1.r101";
        PlacePath.SelfAndAncestors(room).ShouldAllBe(a => PlacePath.IsWithin(room, a));
        PlacePath.IsWithin("31.010", "31.01").ShouldBeFalse();
        PlacePath.IsWithin("31", "31.01").ShouldBeFalse();
        PlacePath.Parent(PlacePath.Root).ShouldBe(PlacePath.Root);
        PlacePath.Depth(room).ShouldBe(9);
    }
}
