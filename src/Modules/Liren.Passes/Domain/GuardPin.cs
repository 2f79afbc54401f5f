using System.Security.Cryptography;
using Liren.Sdk;

namespace Liren.Passes.Domain;

/// <summary>A guard (门岗保安) of a compound, who signs in at its gates by a number of their own; the gate checks it without the server.</summary>
internal sealed class GuardPin : Entity
{
    /// <summary>Rounds of PBKDF2-HMAC-SHA-256: a cheap phone needs a quarter of a second.</summary>
    public const int Iterations = 100_000;

    private GuardPin() { }

    public string PlacePath { get; private init; } = "";
    public string Name { get; private set; } = "";
    public byte[] Salt { get; private set; } = [];
    public byte[] Hash { get; private set; } = [];
    public DateTimeOffset? EndedAt { get; private set; }

    /// <summary>Adds a guard with a number of four to eight digits.</summary>
    public static GuardPin Add(Guid id, string compound, string name, string pin)
    {
        Rule.Require(name.Trim().Length is > 0 and <= 40, "passes.guard-name", "name");
        var guard = new GuardPin { Id = id, PlacePath = compound, Name = name.Trim() };
        guard.SetPin(pin);
        return guard;
    }

    /// <summary>Gives a new number.</summary>
    public void SetPin(string pin)
    {
        Rule.Require(pin.Length is >= 4 and <= 8 && pin.All(char.IsAsciiDigit), "passes.pin", "pin");
        Rule.Require(pin.Distinct().Count() > 1, "passes.pin-simple", "pin");
        Salt = RandomNumberGenerator.GetBytes(16);
        Hash = Rfc2898DeriveBytes.Pbkdf2(pin, Salt, Iterations, HashAlgorithmName.SHA256, 32);
    }

    /// <summary>Works here no more.</summary>
    public void End(DateTimeOffset now) => EndedAt ??= now;
}
