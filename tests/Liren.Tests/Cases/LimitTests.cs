using Liren.Cases.Data;
using Liren.Cases.Domain;
using Liren.Contracts.Organisation;
using Liren.Sdk;

namespace Liren.Tests.Cases;

/// <summary>Which limit holds.</summary>
public sealed class LimitTests
{
    private const string District = "31.01.15", Street = "31.01.15.016", Plaza = "31.01.15.016.037.liren.plaza";
    private static readonly DateOnly Day = new(2026, 3, 1);

    private static CaseLimit Own(string place, string type, string? handle, string from = "2026-01-01", string? until = null, string? verify = null) =>
        CaseLimit.Set(Guid.CreateVersion7(), new(place, type, Date(from), null, null, handle, verify, "依据", until is null ? null : Date(until)));

    private static DateOnly Date(string text) => DateOnly.Parse(text, System.Globalization.CultureInfo.InvariantCulture);

    private static string? Handle(string type, string place, params CaseLimit[] own) => new LimitBook(own, Shipped.Limits).Find(Clocks.Handle, type, place, Day)?.Limit.ToString();

    [Fact]
    public void Shipped_limits_hold_where_there_are_no_own_ones()
    {
        Handle("environment.rubbish", Plaza).ShouldBe("4wh");
        Handle("environment.smell", Plaza).ShouldBe("3bd");
        foreach (var type in Shipped.Types.Keys)
            foreach (var clock in new[] { Clocks.Register, Clocks.Assign, Clocks.Handle, Clocks.Verify })
                new LimitBook([], Shipped.Limits).Find(clock, type, "", Day).ShouldNotBeNull($"{type} {clock}");
    }

    [Fact]
    public void Two_jurisdictions_have_two_limits_for_the_same_type()
    {
        CaseLimit[] own = [Own(Street, "environment.rubbish", "1bd"), Own("61.06.02", "environment.rubbish", "15bd")];
        Handle("environment.rubbish", Plaza, own).ShouldBe("1bd");
        Handle("environment.rubbish", "61.06.02.001", own).ShouldBe("15bd");
        Handle("environment.rubbish", "11.01", own).ShouldBe("4wh");
    }

    [Fact]
    public void The_deeper_jurisdiction_goes_first_then_the_exact_type_then_the_latest()
    {
        Handle("environment.rubbish", Plaza, Own(District, "environment.rubbish", "1bd"), Own(Street, "*", "2bd")).ShouldBe("2bd");
        Handle("environment.rubbish", Plaza, Own(Street, "*", "2bd"), Own(Street, "environment.rubbish", "6wh")).ShouldBe("6wh");
        Handle("environment.rubbish", Plaza, Own(Street, "environment.rubbish", "6wh"), Own(Street, "environment.rubbish", "2wh", "2026-02-01")).ShouldBe("2wh");
    }

    [Fact]
    public void A_rule_holds_from_its_first_to_its_last_day()
    {
        Handle("environment.rubbish", Plaza, Own(Street, "environment.rubbish", "2wh", "2026-03-02")).ShouldBe("4wh");
        Handle("environment.rubbish", Plaza, Own(Street, "environment.rubbish", "2wh", "2026-01-01", "2026-02-28")).ShouldBe("4wh");
        Handle("environment.rubbish", Plaza, Own(Street, "environment.rubbish", "2wh", "2026-03-01", "2026-03-01")).ShouldBe("2wh");
    }

    [Fact]
    public void A_limit_left_empty_comes_from_the_next_rule()
    {
        var book = new LimitBook([Own(Street, "environment.rubbish", null, verify: "2h"), Own(District, "*", "1bd")], Shipped.Limits);
        book.Find(Clocks.Verify, "environment.rubbish", Plaza, Day)!.Value.Limit.ShouldBe(TimeLimit.Parse("2h")!.Value);
        book.Find(Clocks.Handle, "environment.rubbish", Plaza, Day)!.Value.Limit.ShouldBe(TimeLimit.Parse("1bd")!.Value);
        book.Find(Clocks.Register, "environment.rubbish", Plaza, Day)!.Value.Limit.ShouldBe(TimeLimit.Parse("1wh")!.Value);
    }

    [Theory]
    [InlineData("4 hours", "handle")]
    [InlineData("0wh", "handle")]
    [InlineData(null, "handle")]
    public void A_limit_that_is_none_is_refused_by_its_field(string? handle, string field) => Should.Throw<RuleBrokenException>(() => Own(Street, "*", handle)).Field.ShouldBe(field);

    [Fact]
    public void The_same_table_is_read_from_csv_and_yaml()
    {
        var csv = LimitSheet.Read("﻿place,type,from,handle,basis\r\n31.01.15.016,environment.rubbish,2026-01-01,2wh,\"办法，第三条\"\r\n\r\n,*,2026-01-01,3bd,\r\n").Select(l => l.Line.Read()).ToList();
        var yaml = LimitSheet.Read("- { place: 31.01.15.016, type: environment.rubbish, from: 2026-01-01, handle: 2wh, basis: 办法，第三条 }\n- { type: '*', from: 2026-01-01, handle: 3bd }\n").Select(l => l.Line.Read()).ToList();
        csv.ShouldBe([new LimitLine("31.01.15.016", "environment.rubbish", new(2026, 1, 1), null, null, "2wh", null, "办法，第三条"), new LimitLine("", "*", new(2026, 1, 1), null, null, "3bd", null)]);
        yaml.ShouldBe(csv);
    }

    [Theory]
    [InlineData("", "cases.sheet-head")]
    [InlineData("type,from\n*,2026-01-01", "cases.sheet-head")]
    [InlineData("place,type,from,hours\n,*,2026-01-01,4", "cases.sheet-column")]
    [InlineData("place,type,from\n", "cases.sheet-empty")]
    [InlineData("- { place: [", "cases.sheet-yaml")]
    [InlineData("- { hours: 4 }", "cases.sheet-yaml")]
    public void A_table_that_cannot_be_read_is_refused(string text, string code) => Should.Throw<RuleBrokenException>(() => LimitSheet.Read(text)).Code.ShouldBe(code);
}
