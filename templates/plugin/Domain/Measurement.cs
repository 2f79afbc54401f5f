using Liren.Contracts.Places;
using Liren.Sdk;

namespace Acme.Noise.Domain;

/// <summary>How loud it was somewhere.</summary>
internal sealed class Measurement : Entity
{
    /// <summary>Where.</summary>
    public required string Place { get; init; }

    /// <summary>How loud, dB(A).</summary>
    public required int Decibels { get; init; }

    /// <summary>When (UTC).</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Checks the rules and makes one.</summary>
    public static Measurement Of(Guid id, string place, int decibels, DateTimeOffset at)
    {
        Rule.Require(PlacePath.IsValid(place), "noise.place-invalid", "place");
        Rule.Require(decibels is >= 20 and <= 140, "noise.decibels-range", "decibels", decibels);
        return new Measurement { Id = id, Place = place, Decibels = decibels, At = at };
    }
}

/// <summary>A place to listen to, because incidents happen there.</summary>
internal sealed class Watch
{
    /// <summary>Where.</summary>
    public required string Place { get; init; }

    /// <summary>Incidents so far.</summary>
    public int Incidents { get; set; }
}
