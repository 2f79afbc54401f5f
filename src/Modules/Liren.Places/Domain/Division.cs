using Liren.Contracts.Places;

namespace Liren.Places.Domain;

/// <summary>A national division (行政区划), down to the community. Written only by the import; read here.</summary>
internal sealed class Division
{
    public string Path { get; init; } = "";
    public string ParentPath { get; init; } = "";
    /// <summary>12 digits.</summary>
    public string Code { get; init; } = "";
    public string Name { get; init; } = "";
    public PlaceKind Kind { get; init; }
    public string SortKey { get; init; } = "";
    public DateTimeOffset? ClosedAt { get; init; }

    /// <summary>True when a path can only be a division's: digits and nothing else.</summary>
    public static bool Is(string path) => path.Length > 0 && path.All(c => char.IsAsciiDigit(c) || c == '.');
}
