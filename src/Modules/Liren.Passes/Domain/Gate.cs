using System.Security.Cryptography;
using System.Text;
using Liren.Codes;
using Liren.Contracts.Passes;
using Liren.Sdk.Security;
using Liren.Sdk;

namespace Liren.Passes.Domain;

/// <summary>How a gate works.</summary>
/// <param name="Name">As people call it.</param>
/// <param name="Level">What it asks of phones.</param>
/// <param name="IdCheckPercent">Share of people who show their document, 0–100.</param>
/// <param name="Questions">What the guard asks; empty: nothing.</param>
/// <param name="AskTemperature">Whether the temperature is taken.</param>
/// <param name="TemperatureLimit">From this on a person is not let through, tenths of a degree Celsius.</param>
/// <param name="AmberAfterMinutes">Age of the lists from which the gate shows amber.</param>
/// <param name="RedAfterHours">Age of the lists from which nothing opens by itself.</param>
internal sealed record GatePolicy(string Name, ProofLevel Level = ProofLevel.Window, int IdCheckPercent = 5, IReadOnlyList<string>? Questions = null, bool AskTemperature = false,
    int TemperatureLimit = 373, int AmberAfterMinutes = 60, int RedAfterHours = 24);

/// <summary>A gate (门岗) of a compound.</summary>
internal sealed class Gate : Entity
{
    private const int PairingMinutes = 10, PairingLength = 8;

    private Gate() { }

    /// <summary>Number in its nonces, unique in the installation, 1–65,535.</summary>
    public int Number { get; private init; }
    /// <summary>Its bit in the passes' mask, unique in the compound, 0–61.</summary>
    public int Bit { get; private init; }
    public string CompoundPath { get; private init; } = "";
    /// <summary>The area it stands in, or the compound.</summary>
    public string PlacePath { get; private init; } = "";
    public string Name { get; private set; } = "";
    public ProofLevel Level { get; private set; }
    public int IdCheckPercent { get; private set; }
    /// <summary>One a line.</summary>
    public string Questions { get; private set; } = "";
    public bool AskTemperature { get; private set; }
    public int TemperatureLimit { get; private set; }
    public int AmberAfterMinutes { get; private set; }
    public int RedAfterHours { get; private set; }
    public DateTimeOffset? ClosedAt { get; private set; }
    /// <summary>Its device key; null when no device is paired.</summary>
    public Guid? KeyId { get; private set; }
    public string? DeviceName { get; private set; }
    public string? PairingHash { get; private set; }
    public DateTimeOffset? PairingUntil { get; private set; }

    /// <summary>Adds a gate.</summary>
    public static Gate Add(Guid id, int number, int bit, string compound, string place, GatePolicy policy, DateTimeOffset now)
    {
        Rule.State(bit <= 61 && number <= ushort.MaxValue, "passes.too-many-gates");
        var gate = new Gate { Id = id, Number = number, Bit = bit, CompoundPath = compound, PlacePath = place };
        gate.Set(policy);
        gate.Raise(new GateChanged(id, compound, "added", now));
        return gate;
    }

    /// <summary>Changes how it works; the device hears of it at once.</summary>
    public void Edit(GatePolicy policy, DateTimeOffset now)
    {
        Rule.State(ClosedAt is null, "passes.gate-closed");
        Set(policy);
        Raise(new GateChanged(Id, CompoundPath, "edited", now));
    }

    private void Set(GatePolicy p)
    {
        Rule.Require(p.Name.Trim().Length is > 0 and <= 40, "passes.gate-name", "name");
        Rule.Require(p.IdCheckPercent is >= 0 and <= 100, "passes.percent", "idCheckPercent");
        Rule.Require(p.TemperatureLimit is >= 350 and <= 420, "passes.temperature-limit", "temperatureLimit");
        Rule.Require(p.AmberAfterMinutes is >= 1 and <= 1440, "passes.amber", "amberAfterMinutes");
        Rule.Require(p.RedAfterHours is >= 1 and <= 168, "passes.red", "redAfterHours");
        var questions = (p.Questions ?? []).Select(q => q.Trim()).Where(q => q.Length > 0).ToList();
        Rule.Require(questions.Count <= 6 && questions.All(q => q.Length <= 60), "passes.questions", "questions");
        (Name, Level, IdCheckPercent, Questions) = (p.Name.Trim(), p.Level, p.IdCheckPercent, string.Join('\n', questions));
        (AskTemperature, TemperatureLimit, AmberAfterMinutes, RedAfterHours) = (p.AskTemperature, p.TemperatureLimit, p.AmberAfterMinutes, p.RedAfterHours);
    }

    /// <summary>A one-time code that a device pairs with; the one before is worth nothing.</summary>
    public string NewPairing(DateTimeOffset now)
    {
        Rule.State(ClosedAt is null, "passes.gate-closed");
        var code = HumanCode.New(PairingLength);
        (PairingHash, PairingUntil) = (HashOf(code), now.AddMinutes(PairingMinutes));
        return code;
    }

    /// <summary>Pairs a device; returns the key of the device before, which must be revoked.</summary>
    public Guid? Pair(Guid keyId, string deviceName, DateTimeOffset now)
    {
        var before = KeyId;
        (KeyId, DeviceName, PairingHash, PairingUntil) = (keyId, deviceName, null, null);
        Raise(new GateChanged(Id, CompoundPath, "paired", now));
        return before;
    }

    /// <summary>Parts from its device; returns the key to revoke.</summary>
    public Guid? Unpair(DateTimeOffset now)
    {
        var before = KeyId;
        (KeyId, DeviceName, PairingHash, PairingUntil) = (null, null, null, null);
        Raise(new GateChanged(Id, CompoundPath, "unpaired", now));
        return before;
    }

    /// <summary>Closes it; its records stay.</summary>
    public Guid? Close(DateTimeOffset now)
    {
        Rule.State(ClosedAt is null, "passes.gate-closed");
        var key = Unpair(now);
        ClosedAt = now;
        Raise(new GateChanged(Id, CompoundPath, "closed", now));
        return key;
    }

    /// <summary>Under this form a pairing code lies in the database: whoever reads it there cannot use it.</summary>
    public static string HashOf(string code) => Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(code)));
}
