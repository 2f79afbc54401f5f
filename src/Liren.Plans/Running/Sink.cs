using System.Security.Cryptography;
using System.Text;

namespace Liren.Plans.Running;

/// <summary>Collects what one input leads to.</summary>
internal sealed class Sink
{
    public List<Effect> Effects { get; } = [];
    public List<Happened> Happened { get; } = [];

    public void Add(Effect effect) => Effects.Add(effect);

    public void Tell(DateTimeOffset at, Guid incident, string what, string subject, string? target = null, string? status = null, string? detail = null) =>
        Happened.Add(new(at, incident, what, subject, target, status, detail));

    /// <summary>The key of an effect: the same cause gives the same key after any restart.</summary>
    public static string Key(Guid incident, int version, string step, string target, int occurrence) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{incident:N}\n{version}\n{step}\n{target}\n{occurrence}")));

    /// <summary>The id of an incident: it follows from plan, place, time and count.</summary>
    public static Guid Id(string plan, string area, DateTimeOffset at, int count) => CausedId.Of(at, Encoding.UTF8.GetBytes($"{plan}\n{area}\n{at.ToUnixTimeMilliseconds()}\n{count}"));
}
