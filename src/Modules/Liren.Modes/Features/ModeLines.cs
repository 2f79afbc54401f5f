using Liren.Contracts.Modes;
using Liren.Contracts.Places;
using Liren.Sdk.Security;
using Liren.Sdk.Text;
using Liren.Sdk.Ui;

namespace Liren.Modes.Features;

/// <summary>The amber line on every console page while an emergency holds at the reader's places (应急状态横条).</summary>
internal sealed class ModeLines(ModeBook book, IPlaceDirectory places, Texts texts, TimeProvider clock) : IShellLines
{
    private const int Most = 3;

    public IReadOnlyCollection<string> ChangedBy { get; } = [nameof(ModeChanged)];

    public async Task<IReadOnlyList<ShellLine>> LinesAsync(string place, CancellationToken cancellation)
    {
        var scopes = Actor.Current.ScopesFor("modes.read");
        var now = clock.GetUtcNow();
        var holds = (await book.MapAsync(cancellation)).InForce(now).Where(h => scopes.Any(s => PlacePath.Overlap(h.Area, s)) && (place.Length == 0 || PlacePath.Overlap(h.Area, place))).ToList();
        var names = await places.FindManyAsync(holds.Take(Most).Select(h => h.Area).Distinct(), cancellation);
        var lines = holds.Take(Most).Select(h => new ShellLine(texts["modes.line", names.TryGetValue(h.Area, out var card) ? card.Name : h.Area, texts["modes.level." + h.Level], h.OrderNo, Show.Time(h.To, now)], $"/modes/{h.Id}")).ToList();
        if (holds.Count > Most) lines.Add(new(texts["modes.line-more", holds.Count - Most], "/modes?filter=in-force"));
        return lines;
    }
}
