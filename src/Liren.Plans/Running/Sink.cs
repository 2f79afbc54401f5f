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

    /// <summary>An id that follows from its cause: UUIDv7 by time, the rest from plan, place and count.</summary>
    public static Guid Id(string plan, string area, DateTimeOffset at, int count)
    {
        var bytes = Guid.CreateVersion7(at).ToByteArray(bigEndian: true);
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{plan}\n{area}\n{at.ToUnixTimeMilliseconds()}\n{count}"));
        for (var i = 6; i < 16; i++) bytes[i] = hash[i];
        bytes[6] = (byte)(0x70 | bytes[6] & 0x0F);
        bytes[8] = (byte)(0x80 | bytes[8] & 0x3F);
        return new(bytes, bigEndian: true);
    }
}
