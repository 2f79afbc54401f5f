using System.Text;
using System.Xml.Linq;
using FsCheck;
using FsCheck.Fluent;
using Liren.Alerts;

namespace Liren.Tests.Alerts;

/// <summary>CAP 1.2 read and written: nothing lost, every rule with its element and line.</summary>
public sealed class AlertTests
{
    private static string Folder => Path.Combine(Repository.Root, "tests", "vectors", "cap");

    public static TheoryData<string> Vectors => [.. Directory.GetFiles(Folder, "*.xml").Select(f => Path.GetFileNameWithoutExtension(f)!).Order()];

    private static AlertReading Read(string xml) => AlertReader.Read(Encoding.UTF8.GetBytes(xml));

    private static string Vector(string name) => File.ReadAllText(Path.Combine(Folder, name + ".xml"));

    /// <summary>Elements and texts in their order; space between elements means nothing.</summary>
    private static IEnumerable<string> Facts(string xml) => XDocument.Parse(xml, LoadOptions.PreserveWhitespace).Descendants().Select(e => $"{e.Name.LocalName}={(e.HasElements ? "" : e.Value)}");

    [Theory, MemberData(nameof(Vectors))]
    public void The_examples_of_the_standard_come_back_without_loss(string name)
    {
        var read = Read(Vector(name));
        read.Faults.ShouldBeEmpty();
        read.Alert!.Identifier.ShouldBe(name);
        Facts(Encoding.UTF8.GetString(AlertWriter.Write(read.Alert))).ShouldBe(Facts(Vector(name)));
    }

    [Fact]
    public void There_are_four_of_them() => Vectors.Count.ShouldBe(4);

    [Fact]
    public void What_they_say_is_understood()
    {
        var storm = Read(Vector("KSTO1055887203")).Alert!;
        storm.Sent.ShouldBe(new DateTimeOffset(2003, 6, 17, 14, 57, 0, TimeSpan.FromHours(-7)));
        var area = storm.Infos[0].Areas[0];
        (area.Polygons[0].Count, area.Polygons[0][0], area.Geocodes.Count).ShouldBe((5, new AlertPoint(38.47m, -120.14m), 3));
        (storm.ExpiredAt(storm.Sent), storm.ExpiredAt(storm.Sent.AddMinutes(63))).ShouldBe((false, true));
        var quake = Read(Vector("TRI13970876.2")).Alert!;
        quake.References[0].ShouldBe(new AlertReference("trinet@caltech.edu", "TRI13970876.1", new(2003, 6, 11, 20, 30, 0, TimeSpan.FromHours(-7))));
        quake.Infos[0].Areas[0].Circles[0].ShouldBe(new AlertCircle(new(32.9525m, -115.5527m), 0));
        Read(Vector("KAR0-0306112239-SW")).Alert!.Infos.Select(i => i.Language).ShouldBe(["en-US", "es-US"]);
    }

    [Theory]
    [InlineData("<identifier>KSTO1055887203<", "<identifier>KSTO 1055<", "name", "alert/identifier", 3)]
    [InlineData("<sender>KSTO@NWS.NOAA.GOV<", "<sender>a,b<", "name", "alert/sender", 4)]
    [InlineData("<identifier>KSTO1055887203<", "<identifier>a&amp;b<", "name", "alert/identifier", 3)]
    [InlineData("14:57:00-07:00", "21:57:00Z", "time", "alert/sent", 5)]
    [InlineData("14:57:00-07:00", "14:57:00.5-07:00", "time", "alert/sent", 5)]
    [InlineData("2003-06-17T14:57", "2003-06-31T14:57", "time", "alert/sent", 5)]
    [InlineData("<status>Actual<", "<status>actual<", "word", "alert/status", 6)]
    [InlineData("<status>Actual<", "<status>1<", "word", "alert/status", 6)]
    [InlineData("<msgType>Alert<", "<msgType>Cancel<", "references", "alert", 2)]
    [InlineData("<scope>Public<", "<scope>Restricted<", "restriction", "alert", 2)]
    [InlineData("<scope>Public<", "<scope>Private<", "addresses", "alert", 2)]
    [InlineData("    <event>SEVERE THUNDERSTORM</event>\n", "", "missing", "alert/info", 9)]
    [InlineData("<headline>", "<headline>a</headline><headline>", "repeated", "alert/info/headline[2]", 22)]
    [InlineData("<contact>", "<note>x</note><contact>", "unknown", "alert/info/note", 25)]
    [InlineData("<eventCode>", "<language>en-US</language><eventCode>", "order", "alert/info/language", 16)]
    [InlineData("<contact>", "loose<contact>", "text", "alert/info", 9)]
    [InlineData("<instruction>Go", "<instruction><b/>Go", "leaf", "alert/info/instruction", 24)]
    [InlineData(" 38.47,-120.14<", " 38.48,-120.14<", "polygon-open", "alert/info/area/polygon", 28)]
    [InlineData("38.34,-119.95 38.52,-119.74 38.62,-119.89 ", "38.34,-119.95 ", "polygon-few", "alert/info/area/polygon", 28)]
    [InlineData("38.34,-119.95", "98.34,-119.95", "point", "alert/info/area/polygon", 28)]
    [InlineData("38.34,-119.95", "38.34;-119.95", "point", "alert/info/area/polygon", 28)]
    [InlineData("<value>006109</value>", "", "missing", "alert/info/area/geocode", 29)]
    public void A_broken_rule_is_told_with_its_element_and_line(string what, string instead, string code, string path, int line)
    {
        var text = Vector("KSTO1055887203");
        text.ShouldContain(what);
        var fault = Read(text.Replace(what, instead, StringComparison.Ordinal)).Faults.ShouldHaveSingleItem();
        (fault.Code, fault.Path, fault.Line).ShouldBe((code, path, line));
        foreach (var language in new[] { "zh", "en" }) fault.Message(language).ShouldNotContain("{");
    }

    [Theory]
    [InlineData("32.9525,-115.5527 -1", "circle"), InlineData("32.9525,-115.5527", "circle"), InlineData("32.9525 -115.5527 1", "circle")]
    public void A_circle_is_a_point_and_a_radius(string circle, string code) =>
        Read(Vector("TRI13970876.2").Replace("32.9525,-115.5527 0", circle, StringComparison.Ordinal)).Faults.ShouldHaveSingleItem().Code.ShouldBe(code);

    [Fact]
    public void References_are_three_parts_each() =>
        Read(Vector("TRI13970876.2").Replace("trinet@caltech.edu,TRI13970876.1,2003-06-11T20:30:00-07:00", "TRI13970876.1", StringComparison.Ordinal)).Faults.ShouldHaveSingleItem().Code.ShouldBe("reference");

    [Fact]
    public void All_faults_are_told_at_once_in_their_order() =>
        Read(Vector("KSTO1055887203").Replace("Actual", "actual", StringComparison.Ordinal).Replace("14:57:00-07:00", "14:57:00Z", StringComparison.Ordinal)).Faults.Select(f => f.Line).ShouldBe([5, 6]);

    [Theory]
    [InlineData("<!DOCTYPE alert [<!ENTITY e SYSTEM \"file:///etc/passwd\">]><alert xmlns=\"urn:oasis:names:tc:emergency:cap:1.2\"><identifier>&e;</identifier></alert>", "xml")]
    [InlineData("<!DOCTYPE lolz [<!ENTITY a \"aa\"><!ENTITY b \"&a;&a;\">]><alert>&b;</alert>", "xml")]
    [InlineData("<alert", "xml"), InlineData("", "xml"), InlineData("not xml", "xml")]
    [InlineData("<html/>", "root"), InlineData("<alert xmlns=\"urn:oasis:names:tc:emergency:cap:1.1\"/>", "namespace")]
    public void What_is_no_cap_message_is_refused(string text, string code) => Read(text).Faults.ShouldHaveSingleItem().Code.ShouldBe(code);

    [Fact]
    public void A_message_over_one_mebibyte_is_refused_unread()
    {
        Read(new string(' ', AlertReader.MostBytes + 1)).Faults.ShouldHaveSingleItem().Code.ShouldBe("too-large");
        // Deep nesting costs no stack.
        Read($"<alert xmlns=\"urn:oasis:names:tc:emergency:cap:1.2\">{string.Concat(Enumerable.Repeat("<a>", 100_000))}").Faults.ShouldHaveSingleItem().Code.ShouldBe("xml");
    }

    [Fact]
    public void Nothing_that_can_be_written_down_makes_the_reader_fall() =>
        Prop.ForAll(ArbMap.Default.ArbFor<NonNull<string>>(), ArbMap.Default.ArbFor<PositiveInt>(), (junk, where) =>
        {
            var text = Vector("KSTO1055887203");
            var at = where.Get * 7919 % text.Length;
            return Read(text.Insert(at, junk.Get)) is { } read && read.Alert is null != (read.Faults.Count == 0);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_message_of_ours_is_written_by_the_rules_or_not_at_all()
    {
        var alert = new Alert("0197a000.2", "liren@example.org", new(2020, 2, 13, 6, 0, 0, TimeSpan.Zero), AlertStatus.Exercise, AlertKind.Update, AlertScope.Private)
        {
            Addresses = ["huamu@example.org", "two words"], Incidents = ["0213-K7QW"], References = [new("liren@example.org", "0197a000.1", new(2020, 2, 13, 13, 0, 0, TimeSpan.FromHours(8)))],
        };
        var xml = Encoding.UTF8.GetString(AlertWriter.Write(alert));
        xml.ShouldContain("<sent>2020-02-13T06:00:00-00:00</sent>");
        var back = Read(xml).Alert!;
        (back.Sent, back.Addresses.Count, back.Addresses[1], back.References[0]).ShouldBe((alert.Sent, 2, "two words", alert.References[0]));
        Should.Throw<ArgumentException>(() => AlertWriter.Write(alert with { Identifier = "with space" }));
    }

    [Fact]
    public void A_signed_message_is_known_as_signed()
    {
        var signed = Vector("TRI13970876.2").Replace("</info>\n</alert>", "</info>\n<Signature xmlns=\"http://www.w3.org/2000/09/xmldsig#\"><SignedInfo/></Signature></alert>", StringComparison.Ordinal);
        Read(signed).Alert!.Signed.ShouldBeTrue();
    }
}
