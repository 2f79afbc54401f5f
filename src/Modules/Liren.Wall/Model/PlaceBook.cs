using System.Collections.Concurrent;
using Liren.Contracts.Places;
using Liren.Sdk.Events;
using Microsoft.Extensions.DependencyInjection;

namespace Liren.Wall.Model;

/// <summary>A place as a wall names and draws it.</summary>
/// <param name="Name">Compound, and building or area; never a unit or room.</param>
/// <param name="Area">Path of the compound, or of the place when it lies above compounds.</param>
/// <param name="At">Longitude and latitude; null when nobody has said.</param>
internal sealed record Spot(string Name, string Area, double[]? At);

/// <summary>Names and points of places, remembered: asked of the register once, forgotten when a place changes.</summary>
internal sealed class PlaceBook : IDisposable
{
    private static readonly string[] Changes = [nameof(PlaceAdded), nameof(PlaceChanged), nameof(PlaceClosed), nameof(PlacesAdded), nameof(PlaceRemoved), nameof(DivisionsImported)];
    private readonly IServiceScopeFactory scopes;
    private readonly ConcurrentDictionary<string, PlaceCard?> cards = new();
    private readonly ConcurrentDictionary<string, Spot> spots = new();
    private readonly IDisposable ear;

    public PlaceBook(IServiceScopeFactory scopes)
    {
        this.scopes = scopes;
        ear = LiveBus.Shared.Listen(note =>
        {
            if (!Changes.Contains(note.Type)) return;
            Version++;
            cards.Clear();
            spots.Clear();
        });
    }

    /// <summary>Another number whenever a place has changed: a map drawn before is old.</summary>
    public int Version { get; private set; }

    /// <summary>Reads what is not known yet of these places and those above them.</summary>
    public async Task LearnAsync(IEnumerable<string> paths, CancellationToken stop)
    {
        var missing = paths.Where(p => !spots.ContainsKey(p)).Distinct().SelectMany(PlacePath.SelfAndAncestors).Where(p => p.Length > 0 && !cards.ContainsKey(p)).Distinct().ToList();
        if (missing.Count == 0) return;
        await using var scope = scopes.CreateAsyncScope();
        var found = await scope.ServiceProvider.GetRequiredService<IPlaceDirectory>().FindManyAsync(missing, stop);
        foreach (var path in missing) cards[path] = found.GetValueOrDefault(path);
    }

    /// <summary>How a wall names and draws a place that was learnt.</summary>
    public Spot Spot(string path) => spots.TryGetValue(path, out var known) ? known : spots[path] = Make(path);

    private Spot Make(string path)
    {
        var above = PlacePath.SelfAndAncestors(path).Select(p => cards.GetValueOrDefault(p)).OfType<PlaceCard>().ToList();
        // A room or unit says who lives there: the wall stops at the compound. A lift or corridor of a building names the building.
        var shown = above.FirstOrDefault(c => c.Kind is not (PlaceKind.Room or PlaceKind.Unit));
        if (above.Count > 0 && above[0].Kind is PlaceKind.Room or PlaceKind.Unit) shown = above.FirstOrDefault(c => c.Kind <= PlaceKind.Compound);
        if (shown is null) return new(path.Split('.')[0], path, null);
        var compound = above.FirstOrDefault(c => c.Kind == PlaceKind.Compound);
        var name = compound is null || compound == shown ? shown.Name : $"{compound.Name} {shown.Name}";
        var at = above.SkipWhile(c => c != shown).FirstOrDefault(c => c.Longitude is not null && c.Kind >= PlaceKind.Compound);
        return new(name, compound?.Path ?? shown.Path, at is { Longitude: { } x, Latitude: { } y } ? [Math.Round(x, 6), Math.Round(y, 6)] : null);
    }

    public void Dispose() => ear.Dispose();
}
