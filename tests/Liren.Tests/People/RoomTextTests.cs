using Liren.Contracts.Places;
using Liren.People.Domain;

namespace Liren.Tests.People;

public sealed class RoomTextTests
{
    private static string Show(Reading<RoomName?> read) => read.Value is { } room ? $"{room.Building}|{room.Unit}|{room.Room}" : read.Problem!;

    [Theory]
    [InlineData("8号楼1单元2602室", "8|1|2602")]
    [InlineData("８栋１单元２６０２", "8|1|2602")]
    [InlineData("8-1-2602", "8|1|2602")]
    [InlineData("8#1-2602", "8|1|2602")]
    [InlineData("八号楼一单元二六〇二室", "8|1|2602")]
    [InlineData("8幢1门26层02号", "8|1|2602")]
    [InlineData("阳光花园8号楼1单元2602室", "8|1|2602")]
    [InlineData("上海市浦东新区阳光花园小区8号楼1单元2602室", "8|1|2602")]
    [InlineData("8 号楼 1 单元 2602", "8|1|2602")]
    [InlineData("8号楼2602", "8||2602")]
    [InlineData("8-2602", "8||2602")]
    [InlineData("8-0-2602", "8||2602")]
    [InlineData("08-01-0301", "8|1|301")]
    [InlineData("8楼1门501", "8|1|501")]
    [InlineData("8楼1203", "8||1203")]
    [InlineData("A座1203", "A||1203")]
    [InlineData("a座1203", "A||1203")]
    [InlineData("3号楼甲单元402", "3|甲|402")]
    [InlineData("3号楼B座1201", "3|B|1201")]
    [InlineData("二期8栋1单元301", "2期8|1|301")]
    [InlineData("北一区5号楼301", "北1区5||301")]
    [InlineData("丁香路1599弄12号1202室", "12||1202")]
    [InlineData("丁香路1599弄小区12号1202室", "12||1202")]
    [InlineData("5号楼1单元13A", "5|1|13A")]
    [InlineData("8号楼地下118", "8||B1-118")]
    [InlineData("8号楼负二层118", "8||B2-118")]
    [InlineData("8-B1-118", "8||B1-118")]
    [InlineData("3号楼8楼801", "3||801")]
    [InlineData("8号楼1单元2602-1", "8|1|2602-1")]
    [InlineData("12号1202", "12||1202")]
    [InlineData("12号2单元1202", "12|2|1202")]
    [InlineData("8号楼1单元三百零二", "8|1|302")]
    public void An_address_is_read_however_it_is_written(string text, string expected) => Show(RoomText.Read(text, "阳光花园", "丁香路1599弄")).ShouldBe(expected);

    [Theory]
    [InlineData("", RoomText.Missing)]
    [InlineData("8楼803", RoomText.NoBuilding)]
    [InlineData("8号楼", RoomText.NoRoom)]
    [InlineData("2602室", RoomText.NoBuilding)]
    [InlineData("万科城8号楼1单元2602室", RoomText.OtherCompound)]
    [InlineData("梅花路88弄12号1202室", RoomText.OtherCompound)]
    [InlineData("8号楼1单元2单元301", RoomText.Unreadable)]
    [InlineData("8号楼!!", RoomText.Unreadable)]
    [InlineData("1-2-3-4-5-6", RoomText.Unreadable)]
    public void An_address_that_cannot_be_read_is_told_by_its_own_reason(string text, string problem) => Show(RoomText.Read(text, "阳光花园", "丁香路1599弄")).ShouldBe(problem);

    [Theory]
    [InlineData("8", "1", "2602", "8|1|2602")]
    [InlineData("8号楼", "1单元", "2602室", "8|1|2602")]
    [InlineData("8", "", "0301", "8||301")]
    [InlineData("08栋", "02", "301", "8|2|301")]
    [InlineData("8", "无", "301", "8||301")]
    [InlineData("8", null, "1-2602", "8|1|2602")]
    [InlineData("8", null, "8-1-2602", "8|1|2602")]
    [InlineData("", null, "8-1-2602", "8|1|2602")]
    [InlineData("A座", null, "1203", "A||1203")]
    [InlineData("二期8栋", "1", "301", "2期8|1|301")]
    [InlineData("8", "1", "地下118", "8|1|B1-118")]
    [InlineData("8", "1", "", RoomText.NoRoom)]
    public void Columns_of_their_own_are_read_alike(string? building, string? unit, string? room, string expected) => Show(RoomText.ReadColumns(building, unit, room)).ShouldBe(expected);

    [Theory]
    [InlineData("丁香路1599弄12号1202室", "丁香路1599弄")]
    [InlineData("万科城8号楼", "万科城")]
    [InlineData("8-1-2602", null)]
    public void What_stands_before_the_building_may_name_the_compound(string text, string? expected) => RoomText.CompoundIn(text).ShouldBe(expected);
}
