namespace Liren.Draws;

/// <summary>What is given cannot be a fair draw.</summary>
/// <param name="fault">Stable word for what is wrong: "duplicate-tag", "no-entries", "too-few-entries" ...</param>
/// <param name="at">Where: a name, an index, a value.</param>
public sealed class DrawFaultException(string fault, string at = "") : Exception(at.Length == 0 ? fault : $"{fault}: {at}")
{
    /// <summary>Stable word for what is wrong.</summary>
    public string Fault { get; } = fault;

    /// <summary>Where: a name, an index, a value; may be empty.</summary>
    public string At { get; } = at;
}
