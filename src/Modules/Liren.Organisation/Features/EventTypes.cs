using System.Text.Json;
using Liren.Contracts.Organisation;
using Liren.Organisation.Data;
using Microsoft.EntityFrameworkCore;

namespace Liren.Organisation.Features;

/// <summary>The types of events: those every installation knows, changed and added to by its own.</summary>
internal sealed class EventTypeList(OrganisationDb db) : IEventTypes
{
    private static readonly Dictionary<string, EventTypeCard> BuiltIn = Read();

    /// <summary>Codes every installation knows.</summary>
    public static bool IsBuiltIn(string code) => BuiltIn.ContainsKey(code);

    public async Task<IReadOnlyList<EventTypeCard>> AllAsync(CancellationToken cancellation = default)
    {
        var all = new Dictionary<string, EventTypeCard>(BuiltIn);
        foreach (var own in await db.EventTypes.AsNoTracking().ToListAsync(cancellation)) all[own.Code] = new(own.Code, own.Zh, own.En, own.InUse);
        return [.. all.Values.OrderBy(t => t.Code, StringComparer.Ordinal)];
    }

    public async Task<EventTypeCard?> FindAsync(string code, CancellationToken cancellation = default) =>
        await db.EventTypes.AsNoTracking().SingleOrDefaultAsync(t => t.Code == code, cancellation) is { } own
            ? new(own.Code, own.Zh, own.En, own.InUse) : BuiltIn.GetValueOrDefault(code);

    private static Dictionary<string, EventTypeCard> Read()
    {
        using var stream = typeof(EventTypeList).Assembly.GetManifestResourceStream("EventTypes.json")!;
        return JsonSerializer.Deserialize<Dictionary<string, string[]>>(stream)!.ToDictionary(t => t.Key, t => new EventTypeCard(t.Key, t.Value[0], t.Value[1], true));
    }
}
