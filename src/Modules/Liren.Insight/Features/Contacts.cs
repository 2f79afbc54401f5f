using Liren.Contracts.Modes;
using Liren.Contracts.Organisation;
using Liren.Contracts.Passes;
using Liren.Sdk;
using Liren.Sdk.Security;
using Liren.Sdk.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Liren.Insight.Features;

/// <summary>
/// Who passed the same gates within minutes of a person (同门岗同时). It asks, it does not accuse. Only for epidemic control, while an emergency order is in force
/// at the person's home, with the reference of a case; every person shown is logged. A busy gate gives the size of its crowd, not a list.
/// </summary>
[Needs("insight.contacts")]
[PersonalData]
internal sealed class FindContacts(IGateLog gates, IModes modes, IAccessLog log, TimeProvider clock) : IFeature
{
    private const int MostDays = 14, MostMinutes = 30, MostPeople = 500;

    /// <param name="Reference">Number of the case it is asked for.</param>
    /// <param name="Days">Back from now.</param>
    /// <param name="Minutes">Apart, before or after.</param>
    /// <param name="Least">Only people met at least so often.</param>
    public sealed record Request(Guid Person, string? Reference, int Days = 14, int Minutes = 5, int Least = 1, bool SameDirection = false, bool WithoutHousehold = true);

    /// <param name="Order">Order under which it was asked.</param>
    public sealed record Response(int Passages, string Order, IReadOnlyList<Meeting> People, IReadOnlyList<Crowd> Crowds);

    public static void Map(IEndpointRouteBuilder api) => api.MapPost("/contacts", (Request request, FindContacts feature, CancellationToken stop) => feature.RunAsync(request, stop));

    public async Task<Response> RunAsync(Request request, CancellationToken stop)
    {
        if (Purpose.Required != Purposes.EpidemicControl) throw new RuleBrokenException("insight.contacts-purpose", "purpose", 403);
        Rule.Require(request.Reference?.Trim() is { Length: >= 4 and <= 60 }, "insight.contacts-reference", "reference");
        Rule.Require(request.Days is >= 1 and <= MostDays, "insight.contacts-days", "days", MostDays);
        Rule.Require(request.Minutes is >= 1 and <= MostMinutes, "insight.contacts-minutes", "minutes", MostMinutes);
        Rule.Require(request.Least is >= 1 and <= 1_000, "insight.contacts-least", "least");
        var now = clock.GetUtcNow();
        var found = await gates.MeetingsAsync(new(request.Person, now.AddDays(-request.Days), now, request.Minutes, request.SameDirection, request.WithoutHousehold), stop);
        // Nobody learns from the refusal whether a person of another place has a pass.
        if (found.Home is not { } home || !Actor.Current.May("insight.contacts", home)) throw new RuleBrokenException("insight.contacts-nobody", "person", 404);
        var mode = await modes.ModeAtAsync(home, now, stop);
        Rule.State(mode.Mode == Mode.Emergency, "insight.contacts-order");
        List<Meeting> people = [.. found.People.Where(p => p.Times >= request.Least)];
        Rule.Require(people.Count <= MostPeople, "insight.contacts-many", "least", people.Count, MostPeople);
        var fields = $"contacts:{request.Reference!.Trim()}";
        await log.RecordAsync([new(request.Person, Purposes.EpidemicControl, fields, "plain"), .. people.Select(p => new AccessEntry(p.Person, Purposes.EpidemicControl, fields, "masked"))], stop);
        return new(found.Passages, mode.OrderNo ?? mode.OrderId?.ToString() ?? "", people, found.Crowds);
    }
}
