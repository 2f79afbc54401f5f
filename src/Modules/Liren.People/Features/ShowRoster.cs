using Liren.Contracts.Places;
using Liren.People.Data;
using Liren.People.Domain;
using Liren.Sdk;
using Liren.Sdk.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Liren.People.Features;

/// <summary>An uploaded roster that waits for its mapping: columns with their guess and masked samples; also for another sheet or row of headings.</summary>
[Needs("people.import"), PersonalData]
internal sealed class ShowRoster(PeopleDb db, RosterLoader loader, ImportFiles files) : IFeature
{
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/imports/{id:guid}/roster", (Guid id, int? sheet, int? headerRow, ShowRoster feature, CancellationToken stop) => feature.RunAsync(id, sheet, headerRow, stop));

    public async Task<UploadedRoster> RunAsync(Guid id, int? sheet, int? headerRow, CancellationToken stop)
    {
        var run = await ImportScope.FindAsync(db, id, stop);
        var file = await files.ReadAsync(id, stop) ?? throw new RuleBrokenException("people.import-file-gone", null, 409);
        var map = sheet is null && headerRow is null ? RosterMap.Parse(run.Mapping) : new RosterMap { Sheet = sheet, HeaderRow = headerRow };
        return UploadRoster.Describe(id, run.State, file, await loader.OpenAsync(file, run.CompoundPath, map, stop), null);
    }
}

/// <summary>Compounds into which the caller may import.</summary>
[Needs("people.import")]
internal sealed class ListImportCompounds(IPlaceDirectory places) : IFeature
{
    private const int Most = 200;

    public static void Map(IEndpointRouteBuilder api) => api.MapGet("/imports/compounds", (string? q, ListImportCompounds feature, CancellationToken stop) => feature.RunAsync(q, stop));

    public async Task<IReadOnlyList<PlaceCard>> RunAsync(string? text, CancellationToken stop)
    {
        var scopes = Actor.Current.ScopesFor("people.import");
        if (!string.IsNullOrWhiteSpace(text)) return [.. (await places.SearchAsync(text.Trim(), scopes, 50, stop)).Where(p => p.Kind == PlaceKind.Compound)];
        var all = new List<PlaceCard>();
        foreach (var scope in scopes) all.AddRange(await places.WithinAsync(scope, [PlaceKind.Compound], Most, stop));
        return [.. all.DistinctBy(p => p.Path).Take(Most)];
    }
}
