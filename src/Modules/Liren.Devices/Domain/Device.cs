using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Liren.Contracts.Devices;
using Liren.Contracts.Places;
using Liren.Sdk;

namespace Liren.Devices.Domain;

/// <summary>Where a device is in its life.</summary>
internal enum DeviceState
{
    /// <summary>Registered, not on site yet.</summary>
    Stock,
    /// <summary>An installer has scanned its label on site.</summary>
    Claimed,
    /// <summary>Being tested.</summary>
    Commissioning,
    /// <summary>At work.</summary>
    InService,
    /// <summary>At work, not believed.</summary>
    Suspect,
    /// <summary>Taken out for repair: its events are not acted upon.</summary>
    Maintenance,
    /// <summary>Gone for good.</summary>
    Retired,
}

/// <summary>Whether a device can be relied upon.</summary>
internal enum DeviceHealth
{
    /// <summary>Has never spoken.</summary>
    Unknown,
    /// <summary>Speaks.</summary>
    Online,
    /// <summary>Its connection is gone.</summary>
    Offline,
    /// <summary>No report within its time.</summary>
    Stale,
    /// <summary>Its value has not changed though it must.</summary>
    Frozen,
    /// <summary>Its last value is outside what its kind can measure.</summary>
    Implausible,
    /// <summary>Its clock is more than five minutes off.</summary>
    ClockDoubt,
    /// <summary>Covered, or turned away.</summary>
    Covered,
}

/// <summary>Something that senses or acts (设备).</summary>
internal sealed partial class Device : Entity
{
    /// <summary>How long the key before is good after a rotation.</summary>
    public static readonly TimeSpan BothKeys = TimeSpan.FromHours(24);

    /// <summary>Its name in topics and on its label.</summary>
    public string Code { get; private init; } = "";
    /// <summary>Dense number, which readings are stored under.</summary>
    public long Number { get; private init; }
    public string Kind { get; private set; } = "";
    public string Name { get; private set; } = "";
    public string PlacePath { get; private set; } = "";
    public string? Serial { get; private set; }
    public DeviceState State { get; private set; } = DeviceState.Stock;
    public DeviceHealth Health { get; private set; }
    public DateTimeOffset? HealthAt { get; private set; }
    public DateTimeOffset? HeardAt { get; private set; }
    /// <summary>The gateway it speaks through.</summary>
    public string? Gateway { get; private set; }
    /// <summary>What makers' platforms call it in their messages (通道号或 20 位国标编码); one of its kind below a gateway.</summary>
    public string? Channel { get; private set; }
    /// <summary>Rows of it are simulated.</summary>
    public bool Simulated { get; private init; }
    public byte[]? SecretHash { get; private set; }
    public byte[]? OldSecretHash { get; private set; }
    public DateTimeOffset? OldSecretUntil { get; private set; }
    /// <summary>What checks a digest made with the secret; sealed, and only of devices with a national code (GA/T 1400).</summary>
    public byte[]? Digest { get; private set; }
    public byte[]? OldDigest { get; private set; }
    public DateTimeOffset? KeyAt { get; private set; }
    /// <summary>SHA-256 of what its label carries.</summary>
    public byte[]? ClaimHash { get; private set; }
    /// <summary>What it last reported of itself, as JSON.</summary>
    public string? Reported { get; private set; }
    public DateTimeOffset CreatedAt { get; private init; }

    private Device() { }

    public static Device Register(Guid id, long number, string? code, DeviceKind kind, string name, string place, string? serial, string? gateway, string? channel, bool simulated, DateTimeOffset now)
    {
        Rule.Require(code is not null && Codes().IsMatch(code), "devices.code", "code");
        var device = new Device { Id = id, Number = number, Code = code!, Kind = kind.Code, Simulated = simulated, CreatedAt = now };
        device.Fill(name, place, serial, gateway, channel);
        device.Changed("added", now);
        return device;
    }

    public void Edit(string name, string place, string? serial, string? gateway, string? channel, DateTimeOffset now)
    {
        Rule.State(State != DeviceState.Retired, "devices.retired");
        var moved = place != PlacePath;
        Fill(name, place, serial, gateway, channel);
        Changed(moved ? "moved" : "edited", now);
    }

    private void Fill(string name, string place, string? serial, string? gateway, string? channel)
    {
        Rule.Require(name?.Trim() is { Length: > 0 and <= 60 }, "devices.name", "name");
        Rule.Require(place is { Length: > 0 } && Contracts.Places.PlacePath.IsValid(place), "devices.place", "place");
        Rule.Require(serial is null or { Length: <= 60 }, "devices.serial", "serial");
        Rule.Require(gateway is null or "" || (Codes().IsMatch(gateway) && gateway != Code), "devices.gateway", "gateway");
        Rule.Require(string.IsNullOrWhiteSpace(channel) || Channels().IsMatch(channel.Trim()), "devices.channel", "channel");
        (Name, PlacePath, Serial, Gateway) = (name!.Trim(), place, string.IsNullOrWhiteSpace(serial) ? null : serial.Trim(), string.IsNullOrEmpty(gateway) ? null : gateway);
        Channel = string.IsNullOrWhiteSpace(channel) ? null : channel.Trim();
    }

    /// <summary>A new secret, returned this once. The one before stays good for a day, so that the device can be told.</summary>
    /// <param name="now">Now.</param>
    /// <param name="seal">Makes what checks a digest; null: none is wanted.</param>
    public string Rekey(DateTimeOffset now, Func<string, byte[]>? seal = null)
    {
        Rule.State(State != DeviceState.Retired, "devices.retired");
        var secret = Random();
        if (SecretHash is not null) (OldSecretHash, OldDigest, OldSecretUntil) = (SecretHash, Digest, now + BothKeys);
        (SecretHash, Digest, KeyAt) = (HashOf(secret), HasNationalCode ? seal?.Invoke(secret) : null, now);
        Changed("new-key", now);
        return secret;
    }

    /// <summary>No key is good any more; its connection is closed.</summary>
    public void Revoke(DateTimeOffset now)
    {
        (SecretHash, OldSecretHash, Digest, OldDigest, OldSecretUntil, KeyAt) = (null, null, null, null, null, null);
        Changed("revoked", now);
    }

    private bool HasNationalCode => Channel is { Length: 20 } channel && channel.All(char.IsAsciiDigit);

    /// <summary>What its label says: LD1:code:claim. The claim is returned this once.</summary>
    public string Label(DateTimeOffset now)
    {
        Rule.State(State == DeviceState.Stock, "devices.label-used");
        var claim = Random()[..22];
        ClaimHash = HashOf(claim);
        Changed("label", now);
        return $"LD1:{Code}:{claim}";
    }

    /// <summary>Claimed on site by whoever holds the label (扫码认领).</summary>
    public void Claim(string claim, DateTimeOffset now)
    {
        Rule.State(State == DeviceState.Stock && ClaimHash is not null, "devices.label-used");
        Rule.Require(CryptographicOperations.FixedTimeEquals(HashOf(claim), ClaimHash), "devices.label-wrong", "label");
        ClaimHash = null;
        Go(DeviceState.Claimed, now);
    }

    private static readonly Dictionary<DeviceState, DeviceState[]> Ways = new()
    {
        [DeviceState.Stock] = [DeviceState.Claimed, DeviceState.InService, DeviceState.Retired],
        [DeviceState.Claimed] = [DeviceState.Commissioning, DeviceState.Stock, DeviceState.Retired],
        [DeviceState.Commissioning] = [DeviceState.InService, DeviceState.Claimed, DeviceState.Retired],
        [DeviceState.InService] = [DeviceState.Suspect, DeviceState.Maintenance, DeviceState.Retired],
        [DeviceState.Suspect] = [DeviceState.InService, DeviceState.Maintenance, DeviceState.Retired],
        [DeviceState.Maintenance] = [DeviceState.InService, DeviceState.Commissioning, DeviceState.Retired],
        [DeviceState.Retired] = [],
    };

    /// <summary>States it may go to from here.</summary>
    public IReadOnlyList<DeviceState> Next => Ways[State];

    public void Go(DeviceState to, DateTimeOffset now)
    {
        Rule.State(Ways[State].Contains(to), "devices.state", State, to);
        State = to;
        if (to == DeviceState.Retired) (SecretHash, OldSecretHash, Digest, OldDigest, OldSecretUntil) = (null, null, null, null, null);
        Changed(to.ToString(), now);
    }

    /// <summary>Whether a secret is its own, now.</summary>
    public static bool Fits(ReadOnlySpan<byte> secret, byte[]? hash, byte[]? old, DateTimeOffset? oldUntil, DateTimeOffset now)
    {
        Span<byte> given = stackalloc byte[32];
        SHA256.HashData(secret, given);
        return (hash is not null && CryptographicOperations.FixedTimeEquals(given, hash)) || (old is not null && oldUntil > now && CryptographicOperations.FixedTimeEquals(given, old));
    }

    public void Judge(DeviceHealth health, DateTimeOffset? heardAt, string? reported, int children, DateTimeOffset now)
    {
        HeardAt = heardAt ?? HeardAt;
        Reported = reported ?? Reported;
        if (health == Health) return;
        Raise(new DeviceHealthChanged(Id, PlacePath, Health.ToString(), health.ToString(), Covers(health), now, children));
        (Health, HealthAt) = (health, now);
    }

    /// <summary>Whether readings in this health still count for the place.</summary>
    public static bool Covers(DeviceHealth health) => health is DeviceHealth.Online or DeviceHealth.Implausible or DeviceHealth.ClockDoubt;

    private void Changed(string what, DateTimeOffset now) => Raise(new DeviceChanged(Id, PlacePath, what, now));

    private static string Random() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    private static byte[] HashOf(string secret) => SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(secret));

    [GeneratedRegex("^[a-z0-9][a-z0-9-]{1,39}$")]
    private static partial Regex Codes();

    [GeneratedRegex("^[A-Za-z0-9._/:-]{1,60}$")]
    private static partial Regex Channels();
}
