using FsCheck;
using FsCheck.Fluent;
using Liren.Incidents.Sensing;

namespace Liren.Tests.Incidents;

/// <summary>Which counts are judged.</summary>
public sealed class CrowdSieveTests
{
    private static readonly DateTimeOffset Start = new(2020, 2, 13, 7, 0, 0, TimeSpan.Zero);
    private static readonly Guid Counter = Guid.CreateVersion7();

    private static List<int> Passed(IEnumerable<(int Second, double Value)> counts)
    {
        var sieve = new CrowdSieve();
        return [.. counts.Where(c => sieve.Passes(Counter, Start.AddSeconds(c.Second), c.Value)).Select(c => c.Second)];
    }

    [Fact]
    public void A_quiet_counter_is_heard_every_five_minutes() => Passed(Enumerable.Range(0, 601).Select(s => (s, 3.0))).ShouldBe([0, 300, 600]);

    [Fact]
    public void A_crowd_is_heard_at_once_then_every_ten_seconds_and_so_is_its_end() =>
        Passed(Enumerable.Range(0, 60).Select(s => (s, s is >= 5 and < 33 ? 25.0 : 3.0))).ShouldBe([0, 5, 15, 25, 33, 43, 53]);

    [Fact]
    public void What_is_older_than_the_last_judged_is_not_judged() => Passed([(10, 3), (9, 25), (10, 25), (11, 25)]).ShouldBe([10, 11]);

    [Fact]
    public void Each_counter_is_sieved_by_itself()
    {
        var sieve = new CrowdSieve();
        sieve.Passes(Counter, Start, 3).ShouldBeTrue();
        sieve.Passes(Guid.CreateVersion7(), Start, 3).ShouldBeTrue();
    }

    [Fact]
    public void No_change_between_crowd_and_none_is_missed() => Prop.ForAll(ArbMap.Default.ArbFor<bool[]>(), crowd =>
    {
        var passed = Passed(crowd.Select((c, s) => (s, c ? 20.0 : 19.0))).ToHashSet();
        return Enumerable.Range(0, crowd.Length).All(s => s > 0 && crowd[s] == crowd[s - 1] || passed.Contains(s));
    }).QuickCheckThrowOnFailure();
}
