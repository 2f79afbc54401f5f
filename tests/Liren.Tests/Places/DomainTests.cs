using FsCheck;
using FsCheck.Fluent;
using Liren.Contracts.Places;
using Liren.Places.Domain;
using Liren.Sdk;

namespace Liren.Tests.Places;

/// <summary>Names, codes, floors and plans of places.</summary>
public sealed class DomainTests
{
    [Theory]
    [InlineData("2号楼", "10号楼")]
    [InlineData("二期", "十期")]
    [InlineData("九号楼", "十一号楼")]
    [InlineData("十九号楼", "二十号楼")]
    [InlineData("９栋", "10栋")]
    [InlineData("1-9", "1-10")]
    [InlineData("A2", "A10")]
    public void Names_sort_as_people_count(string first, string second) =>
        string.CompareOrdinal(NaturalOrder.KeyOf(first), NaturalOrder.KeyOf(second)).ShouldBeLessThan(0);

    [Fact]
    public void Numbers_of_any_length_sort_by_value() =>
        Prop.ForAll(ArbMap.Default.ArbFor<(PositiveInt, PositiveInt)>(), pair =>
            Math.Sign(string.CompareOrdinal(NaturalOrder.KeyOf($"{pair.Item1.Get}号楼"), NaturalOrder.KeyOf($"{pair.Item2.Get}号楼"))) == Math.Sign(pair.Item1.Get.CompareTo(pair.Item2.Get))).QuickCheckThrowOnFailure();

    [Fact]
    public void Any_text_gives_a_sort_key_and_a_valid_code() =>
        Prop.ForAll(ArbMap.Default.ArbFor<NonEmptyString>(), text =>
        {
            // Lone surrogates are no text: nothing that arrives as UTF-8 can hold one.
            if (text.Get.Any(char.IsSurrogate)) return;
            _ = NaturalOrder.KeyOf(text.Get);
            PlacePath.IsValid("31.01." + PlaceCode.Of(PlaceKind.Building, text.Get)).ShouldBeTrue();
        }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(PlaceKind.Building, "8", "b8")]
    [InlineData(PlaceKind.Building, "8号楼", "b8")]
    [InlineData(PlaceKind.Building, "８栋", "b8")]
    [InlineData(PlaceKind.Building, "08#", "b8")]
    [InlineData(PlaceKind.Building, "A座", "ba")]
    [InlineData(PlaceKind.Unit, "1单元", "u1")]
    [InlineData(PlaceKind.Room, "2602室", "r2602")]
    [InlineData(PlaceKind.Room, "3A01", "r3a01")]
    [InlineData(PlaceKind.Room, "B1-118", "rb1-118")]
    public void However_a_place_is_written_its_code_is_one(PlaceKind kind, string written, string code) => PlaceCode.Of(kind, written).ShouldBe(code);

    [Fact]
    public void A_name_in_characters_has_a_code_that_never_changes() => PlaceCode.Of(PlaceKind.Building, "综合楼").ShouldBe(PlaceCode.Of(PlaceKind.Building, " 综合楼 "));

    [Fact]
    public void Floors_lie_as_in_the_lift() =>
        new[] { "12", "3A", "B1", "1", "3", "B2", "5", null, "12A" }.OrderBy(Floors.Order).ShouldBe(["B2", "B1", "1", "3", "3A", "5", "12", "12A", null]);

    [Theory]
    [InlineData("3层", "3")]
    [InlineData("３a", "3A")]
    [InlineData("  ", null)]
    [InlineData("12F", "12")]
    public void A_floor_is_written_as_on_the_button(string written, string? floor) => Floors.Check(written).ShouldBe(floor);

    [Theory]
    [InlineData("602室", "6")]
    [InlineData("3A01室", "3A")]
    [InlineData("2602", "26")]
    [InlineData("B1-118", "B1")]
    [InlineData("602-1室", "6")]
    [InlineData("12", null)]
    [InlineData("门卫室", null)]
    public void A_guess_at_the_floor_is_offered_to_whoever_checks_it(string room, string? floor) => Floors.Guess(room).ShouldBe(floor);

    [Fact]
    public void A_range_reads_numbers_letters_and_basements()
    {
        Ranges.Read("1-3、5，A~C", 100, "x").ShouldBe(["1", "2", "3", "5", "A", "B", "C"]);
        Ranges.Read("B2-3", 100, "x").ShouldBe(["B2", "B1", "1", "2", "3"]);
        Should.Throw<RuleBrokenException>(() => Ranges.Read("1-x9", 100, "buildings")).Field.ShouldBe("buildings");
        Should.Throw<RuleBrokenException>(() => Ranges.Read("1-9999", 500, "buildings")).Code.ShouldBe("places.range-too-long");
    }

    [Fact]
    public void A_plan_makes_every_building_unit_and_room_once()
    {
        var items = new BuildingPlan("1-17", 3, "1-6", 2).Expand("31.01.15.016.037.x");
        items.Count(i => i.Kind == PlaceKind.Building).ShouldBe(17);
        items.Count(i => i.Kind == PlaceKind.Unit).ShouldBe(51);
        items.Count(i => i.Kind == PlaceKind.Room).ShouldBe(612);
        items.Select(i => i.Path).ShouldBeUnique();
        items.ShouldContain(i => i.Path == "31.01.15.016.037.x.b17.u3.r602" && i.Name == "602室" && i.Floor == "6");
    }

    [Fact]
    public void A_plan_without_units_counts_on_and_unlucky_floors_are_called_otherwise()
    {
        var items = new BuildingPlan("A", 0, "B1,1-5", 2, Unlucky: UnluckyFloors.Rename).Expand("31.01.15.016.037.x");
        items.Where(i => i.Kind == PlaceKind.Room).Select(i => i.Code).ShouldBe(["rb101", "rb102", "r101", "r102", "r201", "r202", "r301", "r302", "r3a01", "r3a02", "r501", "r502"]);
        new BuildingPlan("1", 0, "1-14", 1, Unlucky: UnluckyFloors.LeaveOut).Expand("31.01.15.016.037.x").Where(i => i.Floor is not null).Select(i => i.Floor).ShouldBe(["1", "2", "3", "5", "6", "7", "8", "9", "10", "11", "12"]);
        new BuildingPlan("1", 2, "1", 2, "{F}{M}").Expand("31.01.15.016.037.x").Where(i => i.Floor is not null).Select(i => i.Name).ShouldBe(["101室", "102室", "103室", "104室"]);
    }

    [Theory]
    [InlineData("1", 1, "1-6", 2, "{F}", "pattern")]
    [InlineData("1", -1, "1-6", 2, "{F}{N}", "units")]
    [InlineData("", 1, "1-6", 2, "{F}{N}", "buildings")]
    [InlineData("1-500", 50, "1-60", 20, "{F}{N}", "buildings")]
    public void A_plan_that_cannot_be_names_its_field(string buildings, int units, string floors, int rooms, string pattern, string field) =>
        Should.Throw<RuleBrokenException>(() => new BuildingPlan(buildings, units, floors, rooms, pattern).Expand("31.01.15.016.037.x")).Field.ShouldBe(field);

    [Theory]
    [InlineData("8-1-2602", "31.01.15.016.037.x.b8.u1.r2602")]
    [InlineData("8#2602", "31.01.15.016.037.x.b8.r2602")]
    public void The_short_form_names_a_room(string text, string path)
    {
        RoomNumber.TryRead(text, out var end, out var code).ShouldBeTrue();
        path.ShouldEndWith(end);
        path.ShouldEndWith("." + code);
    }
}
