using Liren.Incidents.Engine;
using Liren.Plans.Running;
using Microsoft.Extensions.Time.Testing;

namespace Liren.Tests.Plans;

/// <summary>What the host of the engine promises to who feeds it.</summary>
public sealed class PlanHostTests
{
    [Fact]
    public async Task A_reading_is_not_taken_in_before_the_one_in_front_of_it()
    {
        var folder = Directory.CreateTempSubdirectory("liren-host-");
        try
        {
            var seen = new List<double?>();
            await using (var host = new PlanHost(() => PlanJournal.OfFile(Path.Combine(folder.FullName, "plans.db"), new Armed([], [], [], false)), () => new PlanEngine(),
                a => { if (a.Input is Reading r) seen.Add(r.Value); }, e => throw e, new FakeTimeProvider()))
            {
                await SubmitAsync(host, 5, 0);
                // 7 was refused, whatever the reason: 9 would hide that it is missing.
                await SubmitAsync(host, 9, 7);
                host.Feed.ShouldBe(5);
                await SubmitAsync(host, 7, 5);
                await SubmitAsync(host, 9, 7);
                host.Feed.ShouldBe(9);
                await host.PassAsync(12);
                await SubmitAsync(host, 13, 9);
                host.Feed.ShouldBe(13);
            }
            seen.ShouldBe([5, 7, 9, 13]);
        }
        finally { folder.Delete(recursive: true); }
    }

    private static Task SubmitAsync(PlanHost host, long feed, long after) => host.SubmitAsync(at => new Reading(at, "a", "people.count", "cam", "camera", at, feed), null, feed, after);
}
