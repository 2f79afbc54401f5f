using Liren.Cases.Domain;
using YamlDotNet.Serialization;
using YamlDotNet.Serialization.NamingConventions;

namespace Liren.Cases.Data;

/// <summary>Types and limits as the program ships them (Shipped.yaml).</summary>
internal static class Shipped
{
    private sealed class File
    {
        public TypesPart Types { get; set; } = new();
        public List<LimitSheet.Line> Limits { get; set; } = [];
    }

    private sealed class TypesPart
    {
        public List<string> Public { get; set; } = [];
        public List<string> Inside { get; set; } = [];
    }

    private static readonly File Content = Read();

    /// <summary>Types that are cases, and whether they are public.</summary>
    public static IReadOnlyDictionary<string, bool> Types { get; } = Content.Types.Public.Select(t => (t, true)).Concat(Content.Types.Inside.Select(t => (t, false))).ToDictionary(t => t.t, t => t.Item2);

    /// <summary>Limits where an installation has none of its own.</summary>
    public static IReadOnlyList<CaseLimit> Limits { get; } = [.. Content.Limits.Select(l => CaseLimit.Set(Guid.Empty, new("", l.Type!, DateOnly.MinValue, l.Register, l.Assign, l.Handle, l.Verify, l.Basis)))];

    private static File Read()
    {
        using var stream = typeof(Shipped).Assembly.GetManifestResourceStream("Liren.Cases.Shipped.yaml")!;
        using var reader = new StreamReader(stream);
        return new DeserializerBuilder().WithNamingConvention(CamelCaseNamingConvention.Instance).Build().Deserialize<File>(reader);
    }
}
