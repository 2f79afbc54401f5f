using System.Diagnostics;
using Liren.Contracts.Places;
using Liren.Places.Data;
using Liren.Places.Domain;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Liren.Tests.Places;

/// <summary>The demo compound and what other modules ask of it.</summary>
public sealed class DemoApp : LirenApp
{
    protected override bool Demo => true;
}

public sealed class RegisterTests(DemoApp app) : IClassFixture<DemoApp>
{
    private const string Compound = "31.01.15.016.037.liren";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private Task<T> AskAsync<T>(Func<IPlaceDirectory, Task<T>> ask) => app.InScopeAsync(s => ask(s.GetRequiredService<IPlaceDirectory>()));

    private Task<IReadOnlyDictionary<RoomName, string>> ResolveAsync(string compound, IReadOnlyCollection<RoomName> rooms, bool make) =>
        app.InScopeAsync(s => s.GetRequiredService<IRoomRegister>().ResolveAsync(compound, rooms, make, Stop));

    private async Task<string> CompoundAsync(string code)
    {
        await app.InScopeAsync(async s =>
        {
            var db = s.GetRequiredService<PlacesDb>();
            db.Add(Place.Add(Guid.CreateVersion7(), "31.01.15.016.037", PlaceKind.Community, PlaceKind.Compound, code, code, app.Clock.GetUtcNow()));
            return await db.SaveChangesAsync(Stop);
        });
        return $"31.01.15.016.037.{code}";
    }

    [Fact]
    public async Task The_demo_compound_stands_under_its_community()
    {
        var compound = (await AskAsync(d => d.FindAsync(Compound, Stop))).ShouldNotBeNull();
        compound.Kind.ShouldBe(PlaceKind.Compound);
        (await AskAsync(d => d.FullNameAsync($"{Compound}.b8.u1.r602", Stop))).ShouldBe("联洋第一居委会 里仁花园 8号楼 1单元 602室");
        (await AskAsync(d => d.FullNameAsync("31.01.15.nowhere", Stop))).ShouldBe("31.01.15.nowhere");
        var children = await AskAsync(d => d.ChildrenAsync(Compound, Stop));
        children.Where(c => c.Kind == PlaceKind.Building).Select(c => c.Name).ShouldBe(Enumerable.Range(1, 17).Select(n => $"{n}号楼"));
        children.Single(c => c.Path == Compound + ".plaza").AreaKind.ShouldBe("plaza");
        (await AskAsync(d => d.ChildrenAsync("", Stop))).ShouldContain(c => c.Path == "31");
        (await AskAsync(d => d.WithinAsync("31.01.15.016", [PlaceKind.Room], 5, Stop))).Count.ShouldBe(5);
        (await AskAsync(d => d.WithinAsync("31.01", [PlaceKind.District, PlaceKind.Compound], 100, Stop))).Select(c => c.Path).ShouldContain(Compound);
        (await AskAsync(d => d.WithinAsync("", [PlaceKind.District], 100, Stop))).Select(c => c.Path).ShouldContain("61.06.02");
    }

    [Theory]
    [InlineData("里仁", Compound)]
    [InlineData("5-1-602", Compound + ".b5.u1.r602")]
    [InlineData("16#602", Compound + ".b16.r602")]
    [InlineData("花木", "31.01.15.016")]
    [InlineData("310115016", "31.01.15.016")]
    public async Task A_place_is_found_by_what_people_call_it(string text, string path) =>
        // Other tests of this fixture build compounds with the same room numbers beside it.
        (await AskAsync(d => d.SearchAsync(text, [""], 5, Stop))).Select(c => c.Path).ShouldContain(path);

    [Fact]
    public async Task Search_stays_inside_the_scopes()
    {
        (await AskAsync(d => d.SearchAsync("里仁", ["61"], 5, Stop))).ShouldBeEmpty();
        (await AskAsync(d => d.SearchAsync("里仁", [], 5, Stop))).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_roster_finds_rooms_however_it_writes_them()
    {
        RoomName[] asked = [new("8号楼", "1单元", "602室"), new("８", "1", "602"), new("16", null, "101"), new("9", null, "B1-007"), new("10栋", "2", "3A01"), new("99", "1", "101")];
        var found = await ResolveAsync(Compound, asked, make: false);
        found[asked[0]].ShouldBe($"{Compound}.b8.u1.r602");
        found[asked[1]].ShouldBe(found[asked[0]]);
        found[asked[2]].ShouldBe($"{Compound}.b16.r101");
        found[asked[3]].ShouldBe($"{Compound}.b9.rb1-007");
        found[asked[4]].ShouldBe($"{Compound}.b10.u2.r3a01");
        found.ShouldNotContainKey(asked[5]);
    }

    [Fact]
    public async Task A_room_without_its_unit_is_found_only_when_one_can_be_meant()
    {
        var compound = await CompoundAsync("units");
        await ResolveAsync(compound, [new("1", "1", "101"), new("1", "1", "102"), new("1", "2", "101")], make: true);
        RoomName clear = new("1", null, "102"), unclear = new("1", null, "101");
        var found = await ResolveAsync(compound, [clear, unclear], make: true);
        found[clear].ShouldBe($"{compound}.b1.u1.r102");
        found.ShouldNotContainKey(unclear);
    }

    [Fact]
    public async Task Twenty_thousand_missing_rooms_are_made_at_once_and_once()
    {
        var compound = await CompoundAsync("big");
        var rooms = (from b in Enumerable.Range(1, 100) from u in Enumerable.Range(1, 2) from f in Enumerable.Range(1, 25) from n in Enumerable.Range(1, 4) select new RoomName($"{b}", $"{u}", $"{f}{n:00}")).ToList();
        var watch = Stopwatch.StartNew();
        var made = await ResolveAsync(compound, rooms, make: true);
        TestContext.Current.TestOutputHelper?.WriteLine($"20,000 rooms made in {watch.Elapsed.TotalSeconds:N1} s");
        // Six seconds of a quiet machine; the limit is for what grows with the square, not for a busy test run.
        watch.Elapsed.ShouldBeLessThan(TimeSpan.FromMinutes(2));
        made.Count.ShouldBe(20_000);
        made.Values.ShouldBeUnique();
        (await ResolveAsync(compound, rooms, make: true)).ShouldBe(made, ignoreOrder: true);
        (await AskAsync(d => d.WithinAsync(compound, [PlaceKind.Room], 100_000, Stop))).Count.ShouldBe(20_000);
    }

    [Fact]
    public async Task Two_rosters_at_once_make_each_room_once()
    {
        var compound = await CompoundAsync("twice");
        var rooms = (from b in Enumerable.Range(1, 5) from f in Enumerable.Range(1, 20) select new RoomName($"{b}", null, $"{f}01")).ToList();
        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(i => Task.Run(() => ResolveAsync(compound, [.. rooms.Skip(i * 10)], make: true))));
        foreach (var answer in answers) foreach (var (room, path) in answer) answers[0][room].ShouldBe(path);
        (await AskAsync(d => d.WithinAsync(compound, [PlaceKind.Room], 1000, Stop))).Count.ShouldBe(100);
    }

    [Fact]
    public async Task Seeding_the_demo_again_changes_nothing()
    {
        Task<int> CountAsync() => app.InScopeAsync(s => s.GetRequiredService<PlacesDb>().Places.CountAsync(p => p.Path.StartsWith(Compound), Stop));
        var before = await CountAsync();
        await app.InScopeAsync(async s => { await new Liren.Places.PlacesModule().SeedDemoAsync(s, Stop); return 0; });
        (await CountAsync()).ShouldBe(before);
        before.ShouldBeGreaterThan(500);
    }
}
