using Liren.People.Domain;

namespace Liren.Tests.People;

/// <summary>How names, phones and dates of rosters are read.</summary>
public sealed class NormaliserTests
{
    [Theory]
    [InlineData("张晓敏", "张晓敏")]
    [InlineData(" 张 三 ", "张三")]
    [InlineData("张\u3000三\uFEFF", "张三")]
    [InlineData("欧阳 小英", "欧阳小英")]
    [InlineData("张三（租户）", "张三")]
    [InlineData("李四【已搬走】", "李四")]
    [InlineData("张晓敏女士", "张晓敏")]
    [InlineData("买买提•艾山", "买买提·艾山")]
    [InlineData("阿依古丽.买买提", "阿依古丽·买买提")]
    [InlineData("𠮷田𫖯", "𠮷田𫖯")]
    [InlineData("李〇", "李〇")]
    [InlineData("王献之", "王献之")]
    [InlineData("李和平", "李和平")]
    [InlineData("John  Smith", "John Smith")]
    [InlineData("ＪＯＨＮ ＳＭＩＴＨ", "JOHN SMITH")]
    [InlineData("Anne-Marie O'Neil", "Anne-Marie O'Neil")]
    public void A_name_is_read(string text, string expected) => PersonName.Read(text).ShouldBe(new(new PersonName(expected)));

    [Theory]
    [InlineData("李先生", "李*")]
    [InlineData("欧阳女士", "欧阳*")]
    [InlineData("张某", "张*")]
    [InlineData("张某某", "张*")]
    [InlineData("张**", "张*")]
    [InlineData("张×", "张*")]
    [InlineData("王●●", "王*")]
    public void Only_a_surname_is_noted(string text, string expected) => PersonName.Read(text).ShouldBe(new(new PersonName(expected), null, PersonName.Incomplete));

    [Theory]
    [InlineData(null, PersonName.Missing)]
    [InlineData("空置", PersonName.Missing)]
    [InlineData("业主", PersonName.Missing)]
    [InlineData("N/A", PersonName.Missing)]
    [InlineData("张三2", PersonName.Digits)]
    [InlineData("张三/李四", PersonName.TwoPeople)]
    [InlineData("赵六、钱七", PersonName.TwoPeople)]
    [InlineData("张三 李四", PersonName.TwoPeople)]
    [InlineData("张三，李四", PersonName.TwoPeople)]
    [InlineData("张三的女儿", PersonName.Relation)]
    [InlineData("张三之妻", PersonName.Relation)]
    [InlineData("王芳母亲", PersonName.Relation)]
    [InlineData("家属", PersonName.Relation)]
    [InlineData("张!三", PersonName.Characters)]
    [InlineData("张", PersonName.TooShort)]
    public void A_text_that_is_no_name_is_told_by_its_own_reason(string? text, string problem) => PersonName.Read(text).Problem.ShouldBe(problem);

    [Fact]
    public void Names_are_compared_without_dots_blanks_and_case()
    {
        PersonName.Read("买买提·艾山").Value!.Value.Key.ShouldBe(PersonName.Read("买买提艾山").Value!.Value.Key);
        PersonName.Read("john smith").Value!.Value.Key.ShouldBe(PersonName.Read("John Smith").Value!.Value.Key);
    }

    [Theory]
    [InlineData("138-1234-5678", "13812345678")]
    [InlineData("+86 13600002222", "13600002222")]
    [InlineData("008613600002222", "13600002222")]
    [InlineData("86 136 0000 2222", "13600002222")]
    [InlineData("13912345678/021-55667788", "13912345678 02155667788")]
    [InlineData("13912345678 13712345678", "13912345678 13712345678")]
    [InlineData("13912345678、13912345678", "13912345678")]
    [InlineData("（0911）2123456", "09112123456")]
    [InlineData("55667788", "55667788")]
    [InlineData("", "")]
    public void Phones_are_read(string text, string expected)
    {
        var read = PhoneNumber.ReadAll(text);
        read.Problem.ShouldBeNull();
        string.Join(' ', read.Value!.Select(n => n.Value)).ShouldBe(expected);
    }

    [Theory]
    [InlineData("12812345678", PhoneNumber.Shape)]
    [InlineData("1381234567", PhoneNumber.Shape)]
    [InlineData("无电话", PhoneNumber.Shape)]
    [InlineData("+1 415 555 0100", PhoneNumber.Shape)]
    [InlineData("13800138000", PhoneNumber.Junk)]
    [InlineData("11111111111", PhoneNumber.Junk)]
    [InlineData("13333333333", PhoneNumber.Junk)]
    [InlineData("1.38E+10", PhoneNumber.Precision)]
    [InlineData("13912345671/13912345672/13912345673/13912345674/13912345675", PhoneNumber.TooMany)]
    public void A_text_that_is_no_phone_is_told_by_its_own_reason(string text, string problem) => PhoneNumber.ReadAll(text).Problem.ShouldBe(problem);

    [Fact]
    public void A_masked_phone_is_left_out_with_a_note()
    {
        PhoneNumber.ReadAll("139****5678").ShouldSatisfyAllConditions(r => r.Value!.ShouldBeEmpty(), r => r.Note.ShouldBe(PhoneNumber.Masked));
        PhoneNumber.ReadAll("139****5678/13712345678").Value!.Count.ShouldBe(1);
        PhoneNumber.Read("139****5678").Problem.ShouldBe(PhoneNumber.Masked);
    }

    [Theory]
    [InlineData("2020-02-03", "2020-02-03")]
    [InlineData("2020/2/3", "2020-02-03")]
    [InlineData("2020.2.3", "2020-02-03")]
    [InlineData("20200203", "2020-02-03")]
    [InlineData("2020年2月3日", "2020-02-03")]
    [InlineData("２０２０年２月３号", "2020-02-03")]
    [InlineData("二〇二〇年二月三日", "2020-02-03")]
    [InlineData("二〇二〇年十二月廿三日", "2020-12-23")]
    [InlineData("2020-02-03 00:00:00", "2020-02-03")]
    [InlineData("2020-02-03T12:30:00Z", "2020-02-03")]
    [InlineData("25789", "1970-08-09")]
    [InlineData("13/2/2020", "2020-02-13")]
    [InlineData("2/13/2020", "2020-02-13")]
    [InlineData("2018年6月", "2018-06-01")]
    [InlineData("2018.06", "2018-06-01")]
    [InlineData("201806", "2018-06-01")]
    public void A_date_is_read(string text, string expected)
    {
        var read = DateText.Read(text);
        read.Problem.ShouldBeNull();
        read.Value!.Value.ToString("yyyy-MM-dd").ShouldBe(expected);
    }

    [Theory]
    [InlineData("2/3/2020", DateText.Ambiguous)]
    [InlineData("20-2-3", DateText.Ambiguous)]
    [InlineData("200203", DateText.Ambiguous)]
    [InlineData("农历1949年冬月十二", DateText.Lunar)]
    [InlineData("2020-02-30", DateText.Shape)]
    [InlineData("2020-13-01", DateText.Shape)]
    [InlineData("去年", DateText.Shape)]
    [InlineData("1960", DateText.Shape)]
    public void A_text_that_is_no_date_is_told_by_its_own_reason(string text, string problem) => DateText.Read(text).Problem.ShouldBe(problem);

    [Theory]
    [InlineData("二十六", "26")]
    [InlineData("廿三", "23")]
    [InlineData("三百零二", "302")]
    [InlineData("一二〇三", "1203")]
    [InlineData("十", "10")]
    [InlineData("第一百二十号", "第120号")]
    public void Chinese_numerals_become_digits(string text, string expected) => ChineseNumber.ToDigits(text).ShouldBe(expected);
}
