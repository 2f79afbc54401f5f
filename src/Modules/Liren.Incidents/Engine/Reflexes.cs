using System.Collections.Concurrent;
using System.Text.Json;
using Liren.Contracts.Devices;
using Liren.Plans;
using Liren.Plans.Language;
using Liren.Plans.Running;
using Liren.Sdk.Text;

namespace Liren.Incidents.Engine;

/// <summary>
/// What the engine says to devices goes out as soon as it is on disk (反射通道), from memory: a speaker must not wait for the tables people read. The same orders
/// are kept by <see cref="PlanHands"/> a little later.
/// </summary>
internal sealed class Reflexes(IUrgentCommands urgent, Texts texts, TimeProvider clock)
{
    private const int MostRemembered = 10_000;
    private static readonly TimeSpan spokenWithin = TimeSpan.FromMinutes(1);
    private readonly ConcurrentDictionary<string, string?> kinds = new();

    /// <summary>The devices an expression means at a place; null: it means others, or not all devices are known yet.</summary>
    public IReadOnlyList<string>? Find(Resolve ask, string area)
    {
        if (kinds.Count > MostRemembered) kinds.Clear();
        if (kinds.GetOrAdd(ask.Expression, static text => PlanCompiler.TreeOf(text) is CallExpr call ? WhoIsMeant.KindOf(call) : null) is not { } kind) return null;
        return urgent.At(area, kind) is { } ids ? [.. ids.Select(WhoIsMeant.TargetOfDevice)] : null;
    }

    /// <summary>Sends what has just been decided.</summary>
    public void Send(Applied applied)
    {
        if (!applied.Fresh) return;
        foreach (var effect in applied.Outcome.Effects)
            if (effect is Send send && OrderOf(send, send.Step) is { } order) urgent.Send(order);
    }

    /// <summary>The order an effect is; null: it is none for a device.</summary>
    public DeviceCommand? OrderOf(Send send, string reason) => send.Kind == "broadcast" && WhoIsMeant.DeviceOf(send.Target) is { } device
        ? new(send.Key, device, "say", JsonSerializer.Serialize(new { text = TextOf(send.Options.GetValueOrDefault("text")) }), clock.GetUtcNow() + spokenWithin, reason, $"plan/{send.Incident}")
        : null;

    // A plan names a text of the installation, or says it itself.
    private string TextOf(string? written) =>
        written is not null && written.StartsWith("t.", StringComparison.Ordinal) && $"incidents.say.{written[2..]}" is var key && texts.Has(key) ? texts.In("zh", key) : written ?? "";
}
