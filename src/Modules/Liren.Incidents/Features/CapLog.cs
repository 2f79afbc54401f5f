using Liren.Sdk;
using Liren.Sdk.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;

namespace Liren.Incidents.Features;

/// <summary>How this installation speaks CAP.</summary>
/// <param name="Sender">Its own name in messages (<c>Cap:Sender</c>).</param>
/// <param name="Senders">Those whose messages are taken (<c>Cap:Senders:0</c> ...); all others are quarantined.</param>
/// <param name="Events">Event types by the words others use for them (<c>Cap:Events:WORDS</c>).</param>
internal sealed record CapOptions(string Sender, IReadOnlySet<string> Senders, IReadOnlyDictionary<string, string> Events)
{
    public static CapOptions From(IConfiguration configuration)
    {
        var section = configuration.GetSection("Cap");
        return new(section["Sender"] ?? "liren@localhost", section.GetSection("Senders").GetChildren().Select(c => c.Value).OfType<string>().ToHashSet(StringComparer.Ordinal),
            section.GetSection("Events").GetChildren().Where(c => c.Value is not null).ToDictionary(c => c.Key, c => c.Value!, StringComparer.OrdinalIgnoreCase));
    }
}

/// <summary>What became of a message.</summary>
internal enum CapOutcome
{
    /// <summary>已接收: it is an observation now.</summary>
    Taken,
    /// <summary>重复: it had been taken before.</summary>
    Repeated,
    /// <summary>已过期: stored nowhere.</summary>
    Expired,
    /// <summary>已取消: those who run the incidents it led to were told.</summary>
    Cancelled,
    /// <summary>不处理: a test, a draft, an acknowledgement, or our own.</summary>
    Ignored,
    /// <summary>发送方未登记.</summary>
    UnknownSender,
    /// <summary>事件类型无法对应.</summary>
    UnknownEvent,
    /// <summary>地点无法对应.</summary>
    UnknownPlace,
}

/// <summary>One message that came in.</summary>
internal sealed record CapLine(DateTimeOffset At, string Sender, string Identifier, string Event, CapOutcome Outcome, string By);

/// <summary>Messages of the last day (预警消息), quarantined ones included; in memory and bounded: what was taken is stored as observations.</summary>
internal sealed class CapLog(TimeProvider clock)
{
    private const int Most = 500;
    private static readonly TimeSpan Kept = TimeSpan.FromHours(24);
    private readonly LinkedList<CapLine> lines = [];

    public void Add(string sender, string identifier, string what, CapOutcome outcome)
    {
        var line = new CapLine(clock.GetUtcNow(), Short(sender), Short(identifier), Short(what), outcome, Actor.Current.Name);
        lock (lines)
        {
            lines.AddFirst(line);
            if (lines.Count > Most) lines.RemoveLast();
        }
    }

    /// <summary>Latest first.</summary>
    public IReadOnlyList<CapLine> Lately()
    {
        var since = clock.GetUtcNow() - Kept;
        lock (lines) return [.. lines.TakeWhile(l => l.At >= since)];
    }

    private static string Short(string text) => string.Concat(text.Where(c => !char.IsControl(c)).Take(80));
}

/// <summary>The messages that came in within a day, and what became of them.</summary>
[Needs("incidents.manage")]
internal sealed class ListCap(CapLog log) : IFeature
{
    public static void Map(IEndpointRouteBuilder api) => api.MapGet("/cap", (ListCap feature) => feature.RunAsync());

    public Task<IReadOnlyList<CapLine>> RunAsync()
    {
        // Senders belong to the installation, not to a place.
        Actor.Current.Require("incidents.manage");
        return Task.FromResult(log.Lately());
    }
}
