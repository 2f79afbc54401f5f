using Liren.Contracts.Incidents;
using Liren.Contracts.Places;
using Liren.Incidents.Domain;
using Liren.Sdk;
using Liren.Sdk.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace Liren.Incidents.Features;

/// <summary>The proof of a closed incident (闭环凭证): who, when, what evidence, what the sensor showed, who confirmed; its hash is in the journal.</summary>
[Needs("incidents.read")]
internal sealed class ShowCertificate(ShowIncident show, Desk desk, Judge judge) : IFeature
{
    /// <param name="Sha">SHA-256 in the journal's closing event.</param>
    /// <param name="Whole">True when what is stored now still gives the same value.</param>
    /// <param name="Incident">The incident.</param>
    /// <param name="Accept">From opening to acceptance.</param>
    /// <param name="Arrive">From acceptance to arrival.</param>
    /// <param name="Handle">From arrival to "handled".</param>
    /// <param name="Verify">From "handled" to closing.</param>
    /// <param name="All">From opening to closing.</param>
    public sealed record Response(string Sha, bool Whole, ShowIncident.Response Incident, TimeSpan? Accept, TimeSpan? Arrive, TimeSpan? Handle, TimeSpan? Verify, TimeSpan All);

    public static void Map(IEndpointRouteBuilder api) => api.MapGet("/{id:guid}/certificate", (Guid id, ShowCertificate feature, CancellationToken stop) => feature.RunAsync(id, stop));

    public async Task<Response> RunAsync(Guid id, CancellationToken stop)
    {
        var i = await show.RunAsync(id, stop);
        Rule.State(i.Row.State == IncidentState.Closed && i.Certificate is not null, "incidents.not-closed");
        DateTimeOffset? When(string clock) => i.Clocks.FirstOrDefault(c => c.Kind == clock)?.Done;
        var (accepted, arrived, handled, ended) = (When("accept"), When("arrive"), When("handle"), i.Row.EndedAt!.Value);
        var stored = await desk.LoadAsync(id, stop);
        var whole = Judge.CertificateOf(stored, await judge.ReadingsAsync(stored, stop, ended), ended) == i.Certificate;
        return new(i.Certificate!, whole, i, accepted - i.Row.OpenedAt, arrived - accepted, handled - (arrived ?? accepted), ended - handled, ended - i.Row.OpenedAt);
    }
}

/// <summary>Signs with the code of each place (到场码牌), to print and put up there.</summary>
[Needs("incidents.manage")]
internal sealed class ListSigns(IPlaceDirectory places, PlaceCode codes) : IFeature
{
    private const int Most = 200;

    public sealed record Sign(string Place, string Name, string Code, string Address);

    public static void Map(IEndpointRouteBuilder api) => api.MapGet("/signs", (string? place, ListSigns feature, CancellationToken stop) => feature.RunAsync(place, stop));

    public async Task<IReadOnlyList<Sign>> RunAsync(string? place, CancellationToken stop)
    {
        Rule.Require(!string.IsNullOrEmpty(place) && PlacePath.IsValid(place), "incidents.place-missing", "place");
        Actor.Current.Require("incidents.manage", place!);
        var found = await places.WithinAsync(place!, [PlaceKind.Area, PlaceKind.Building], Most, stop);
        return [.. found.OrderBy(p => p.Kind == PlaceKind.Area ? 0 : 1).Select(p => new Sign(p.Path, p.Name, codes.Of(p.Path), $"field/here?place={p.Path}&code={codes.Of(p.Path)}"))];
    }
}
