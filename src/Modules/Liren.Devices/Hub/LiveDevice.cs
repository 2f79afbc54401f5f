using System.Net;
using Liren.Contracts.Devices;
using Liren.Devices.Domain;

namespace Liren.Devices.Hub;

/// <summary>A device as the hub holds it in memory; about 250 bytes. Changed under its own lock.</summary>
internal sealed class LiveDevice(Guid id, string code, long number)
{
    public Guid Id { get; } = id;
    public string Code { get; } = code;
    public long Number { get; } = number;
    public DeviceKind Kind { get; set; } = null!;
    public string Place { get; set; } = "";
    public string? Gateway { get; set; }
    public string? Channel { get; set; }
    public DeviceState State { get; set; }
    public bool Simulated { get; init; }
    public byte[]? SecretHash { get; set; }
    public byte[]? OldSecretHash { get; set; }
    public DateTimeOffset? OldSecretUntil { get; set; }
    public byte[]? Digest { get; set; }
    public byte[]? OldDigest { get; set; }

    /// <summary>When it was last read from the table, by the machine's own clock.</summary>
    public long ReadAt { get; set; }

    /// <summary>Health as last saved.</summary>
    public DeviceHealth Health { get; set; }

    /// <summary>The far end of its connection; null: it has none. An old connection may end after a new one began, so its end is known by it.</summary>
    public EndPoint? Peer { get; set; }
    public bool Connected => Peer is not null;
    public IPAddress? Address { get; set; }
    public long ConnectedAt { get; set; }
    public long DisconnectedAt { get; set; }
    public long HeardAt { get; set; }
    public bool ClockDoubt { get; set; }
    public bool Implausible { get; set; }
    public bool Covered { get; set; }
    public double LastValue { get; set; } = double.NaN;
    public long UnchangedSince { get; set; }
    public string? Reported { get; set; }
    public bool ReportedChanged { get; set; }

    /// <summary>The last write, which a repeated message waits for: it must not be acknowledged before the first.</summary>
    public Task LastWrite { get; set; } = Task.CompletedTask;

    /// <summary>Which numbers have been seen.</summary>
    public SeenNumbers Seen;

    /// <summary>Whether a secret is its own, now.</summary>
    public bool Fits(ReadOnlySpan<byte> secret, DateTimeOffset now) => Device.Fits(secret, SecretHash, OldSecretHash, OldSecretUntil, now);

    /// <summary>Whether a message may be let in at all.</summary>
    public bool MaySpeak => State is not (DeviceState.Stock or DeviceState.Retired);
}

/// <summary>What a number means that a device gave its message.</summary>
internal enum Numbering { Fresh, Duplicate, Reset, AskStore }

/// <summary>The numbers a device has used: the highest and the 64 below it. Older ones are looked up in the store.</summary>
internal struct SeenNumbers
{
    private ulong bits;

    public bool Loaded { get; private set; }
    public long Highest { get; private set; }
    public long LatestAt { get; private set; }

    /// <summary>Starts from what the store holds.</summary>
    public void Load(IEnumerable<(long Number, long At)> stored)
    {
        (bits, Highest, LatestAt, Loaded) = (0, -1, 0, true);
        var rows = stored.OrderBy(r => r.At).ToList();
        foreach (var (number, at) in rows) { if (number > Highest || Judge(number, at) == Numbering.Reset) Note(number, at, number <= Highest); else Mark(number, at); }
    }

    /// <summary>What the number means, without noting it.</summary>
    /// <param name="number">As sent.</param>
    /// <param name="at">The time the device gave; 0 when it gave none.</param>
    public readonly Numbering Judge(long number, long at)
    {
        if (number > Highest) return Numbering.Fresh;
        var back = Highest - number;
        if (back < 64 && (bits >> (int)back & 1) == 0) return Numbering.Fresh;
        // A number used before with a later time: the device counts anew.
        if (at > LatestAt) return Numbering.Reset;
        return back < 64 ? Numbering.Duplicate : Numbering.AskStore;
    }

    /// <summary>Notes it as used.</summary>
    public void Note(long number, long at, bool reset)
    {
        if (reset || Highest < 0 || number - Highest >= 64) bits = 1;
        else if (number > Highest) bits = bits << (int)(number - Highest) | 1;
        else { Mark(number, at); return; }
        Highest = number;
        LatestAt = reset ? at : Math.Max(LatestAt, at);
    }

    /// <summary>Forgets all: the next message reads the store again.</summary>
    public void Forget() => this = default;

    private void Mark(long number, long at)
    {
        var back = Highest - number;
        if (back is >= 0 and < 64) bits |= 1UL << (int)back;
        LatestAt = Math.Max(LatestAt, at);
    }
}
