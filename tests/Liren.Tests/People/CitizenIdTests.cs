using FsCheck;
using FsCheck.Fluent;
using Liren.People.Domain;

namespace Liren.Tests.People;

public sealed class CitizenIdTests
{
    private static readonly DateOnly Today = new(2020, 2, 13);

    private static Reading<CitizenId?> Read(string? text) => CitizenId.Read(text, Today);

    [Theory]
    [InlineData("11010519491231002X", "11010519491231002X")]
    [InlineData("11010519491231002x", "11010519491231002X")]
    [InlineData(" １１０１０５ 19491231 002Ｘ ", "11010519491231002X")]
    [InlineData("'11010519491231002X", "11010519491231002X")]
    [InlineData("110105-19491231-002X", "11010519491231002X")]
    [InlineData("110105491231002", "11010519491231002X")]
    [InlineData("610602600215003", "610602196002150034")]
    [InlineData("810000199408230021", "810000199408230021")]
    public void A_right_number_is_read_however_it_is_written(string text, string expected)
    {
        Read(text).Problem.ShouldBeNull();
        Read(text).Value!.Value.Value.ShouldBe(expected);
    }

    [Theory]
    [InlineData("1101051949123100", CitizenId.Length)]
    [InlineData("110105194912310021X", CitizenId.Length)]
    [InlineData("1101051949A231002X", CitizenId.Characters)]
    [InlineData("身份证遗失", CitizenId.Characters)]
    [InlineData("990105194912310023", CitizenId.Area)]
    [InlineData("11010519491331002X", CitizenId.NoBirth)]
    [InlineData("11010519490230002X", CitizenId.NoBirth)]
    [InlineData("110105194912310020", CitizenId.Checksum)]
    [InlineData("1.10105E+17", CitizenId.Precision)]
    [InlineData("1.10105194912310e+17", CitizenId.Precision)]
    [InlineData("110105194912310000", CitizenId.Precision)]
    [InlineData("110105********0048", CitizenId.Masked)]
    [InlineData("110105XXXXXXXX002X", CitizenId.Masked)]
    [InlineData("1101051949????002X", CitizenId.Masked)]
    [InlineData("110105202912310023", CitizenId.Future)]
    [InlineData("110105188912310023", CitizenId.TooOld)]
    public void A_wrong_number_is_told_by_its_own_reason(string text, string problem)
    {
        var id = problem is CitizenId.Future or CitizenId.TooOld ? text[..17] + CitizenId.Check(text) : text;
        Read(id).Problem.ShouldBe(problem);
        Read(id).Value.ShouldBeNull();
    }

    [Fact]
    public void Nothing_is_no_mistake() => Read("  ").ShouldBe(default);

    [Fact]
    public void Birth_sex_and_kind_come_from_the_number()
    {
        var id = Read("110105491231002").Value!.Value;
        id.Birth.ShouldBe(new DateOnly(1949, 12, 31));
        id.IsMale.ShouldBeFalse();
        id.AreaCode.ShouldBe("110105");
        id.IsResidencePermit.ShouldBeFalse();
        id.AgeOn(new DateOnly(2020, 12, 30)).ShouldBe(70);
        id.AgeOn(new DateOnly(2020, 12, 31)).ShouldBe(71);
        Read("110105491231002").Note.ShouldBe(CitizenId.FromFifteen);
        Read("810000199408230021").Value!.Value.IsResidencePermit.ShouldBeTrue();
    }

    [Fact]
    public void The_number_never_prints_itself()
    {
        var id = Read("11010519491231002X");
        $"{id.Value} {id}".ShouldNotContain("19491231");
    }

    private static readonly string[] Areas = ["110105", "310115", "610602", "440303", "810000", "710000", "659001"];

    private static Arbitrary<string> Numbers() => (
        from area in Gen.Elements(Areas)
        from day in Gen.Choose(0, 36_000)
        from order in Gen.Choose(1, 999)
        let first = $"{area}{new DateOnly(1920, 1, 1).AddDays(day):yyyyMMdd}{order:000}"
        select first + CitizenId.Check(first)).ToArbitrary();

    [Fact]
    public void Every_made_number_is_right() => Prop.ForAll(Numbers(), id => Read(id).Value?.Value == id).QuickCheckThrowOnFailure();

    [Fact]
    public void One_wrong_digit_is_always_noticed() => Prop.ForAll(Numbers(), Gen.Choose(0, 17).ToArbitrary(), Gen.Choose(1, 9).ToArbitrary(), (id, at, by) =>
    {
        var old = id[at] == 'X' ? 10 : id[at] - '0';
        var wrong = id[..at] + (at == 17 ? "0123456789X"[(old + by) % 11] : (char)('0' + ((old + by) % 10))) + id[(at + 1)..];
        return Read(wrong).Value is null;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Two_neighbours_changed_about_are_always_noticed() => Prop.ForAll(Numbers(), Gen.Choose(0, 16).ToArbitrary(), (id, at) =>
    {
        var swapped = id[..at] + id[at + 1] + id[at] + id[(at + 2)..];
        return swapped == id || Read(swapped).Value is null;
    }).QuickCheckThrowOnFailure();
}
