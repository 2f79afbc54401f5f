namespace Liren.Organisation.Domain;

/// <summary>Event types and the patterns rules name them by: "crowd.gathering", "crowd.*", "*".</summary>
internal static class EventPattern
{
    /// <summary>A code: 1-4 segments of a-z, 0-9 and hyphen, joined by dots.</summary>
    public static bool IsCode(string code) => code.Length is > 0 and <= 60 && code.Split('.') is { Length: >= 1 and <= 4 } parts && parts.All(IsSegment);

    /// <summary>"*", a code, or a code followed by ".*".</summary>
    public static bool IsPattern(string pattern) => pattern == "*" || IsCode(pattern.EndsWith(".*", StringComparison.Ordinal) ? pattern[..^2] : pattern);

    public static bool Matches(string pattern, string code) =>
        pattern == "*" || pattern == code || (pattern.EndsWith(".*", StringComparison.Ordinal) && code.Length > pattern.Length - 1 && code.StartsWith(pattern.AsSpan(0, pattern.Length - 1), StringComparison.Ordinal));

    /// <summary>
    /// How exactly the pattern names an event: "*" 0, "a.*" 1, "a.b.*" 2; a full code is above every wildcard that could match it.
    /// </summary>
    public static int Depth(string pattern) => pattern == "*" ? 0
        : pattern.EndsWith(".*", StringComparison.Ordinal) ? pattern.AsSpan().Count('.') : pattern.AsSpan().Count('.') + 100;

    private static bool IsSegment(string segment) => segment.Length is > 0 and <= 24 && segment.All(c => c is >= 'a' and <= 'z' or >= '0' and <= '9' or '-');
}

/// <summary>An event type of the installation's own, or its own word on a built-in one.</summary>
internal sealed class EventType
{
    public required string Code { get; init; }
    public string Zh { get; set; } = "";
    public string En { get; set; } = "";
    public bool InUse { get; set; } = true;
}
