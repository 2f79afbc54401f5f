using Liren.People.Data;
using Liren.People.Domain;
using Liren.Sdk;
using Liren.Sdk.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace Liren.People.Features;

/// <summary>One person in short: what gates and other systems ask for, thousands of times a second. Everything else is in <see cref="ShowFile"/>.</summary>
[Needs("people.read"), PersonalData]
internal sealed class ShowPerson(PersonReader reader, IAccessLog log, TimeProvider clock) : IFeature
{
    /// <param name="Id">Which person.</param>
    /// <param name="Version">For If-Match.</param>
    /// <param name="Name">In full with people.plain at the person's place, else masked.</param>
    /// <param name="Sex">Null when not known.</param>
    /// <param name="Age">Full years.</param>
    /// <param name="HomePath">Room.</param>
    /// <param name="State">Present, moved away or deceased.</param>
    /// <param name="Phone">Always masked; see reveal.</param>
    /// <param name="IdNo">Always masked; see reveal.</param>
    public sealed record Response(Guid Id, int Version, string Name, Sex? Sex, int? Age, string? HomePath, PersonState State, string? Phone, string? IdNo);

    private const string Fields = "name,sex,age,home,phone.masked,idNo.masked";

    public static void Map(IEndpointRouteBuilder api) => api.MapGet("/persons/{id:guid}", (Guid id, ShowPerson feature, CancellationToken stop) => feature.RunAsync(id, stop));

    public async Task<Response> RunAsync(Guid id, CancellationToken stop)
    {
        var row = Rule.Found(await reader.FindAsync(id, stop), "people.no-person");
        var actor = Actor.Current;
        var home = row.HomePath;
        if (home is null || !actor.May(PersonAccess.Read, home)) home = (await reader.RoomsAsync(id, stop)).Find(r => actor.May(PersonAccess.Read, r));
        if (home is null && !actor.May(PersonAccess.Read, ""))
        {
            await log.RecordAsync([new(id, Purpose.Required, Fields, "exists", Allowed: false)], stop);
            throw new RuleBrokenException("sdk.not-allowed", null, 403, PersonAccess.Read, "");
        }
        var plain = actor.May(PersonAccess.Plain, home ?? "");
        await log.RecordAsync([new(id, Purpose.Required, Fields, plain ? "plain" : "masked")], stop);
        return new(row.Id, row.Version, plain ? row.Name : Mask.Name(row.Name), row.Sex, row.BirthDate is { } birth ? Days.Age(birth, Days.Of(clock.GetUtcNow())) : null,
            home, row.State, row.Phone, row.IdNo);
    }
}
