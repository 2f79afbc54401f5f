using Liren.Contracts.Identity;
using Liren.Sdk;
using Liren.Sdk.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace Liren.People.Features;

/// <summary>Makes the one-time code with which a resident opens an account of their own (开通码): given by hand, after a look at the document.</summary>
[Needs("people.invite")]
internal sealed class InviteResident(PersonAccess access, IPersonAccounts accounts) : IFeature
{
    /// <param name="Code">Typed or scanned by the resident; shown once.</param>
    /// <param name="Path">Address of the page that takes it.</param>
    /// <param name="Until">Good until.</param>
    public sealed record Response(string Code, string Path, DateTimeOffset Until);

    public static void Map(IEndpointRouteBuilder api) => api.MapPost("/persons/{id:guid}/invitation", (Guid id, InviteResident feature, CancellationToken stop) => feature.RunAsync(id, stop));

    public async Task<Response> RunAsync(Guid id, CancellationToken stop)
    {
        var person = await access.FindAsync(id, "people.invite", stop);
        Rule.State(person.HomePath is not null, "people.invite-no-home");
        var (code, until) = await accounts.InviteAsync(id, person.HomePath!, Mask.Name(person.Name), stop);
        return new(code, $"/join?code={code}", until);
    }
}
