using System.Reflection;
using System.Text.RegularExpressions;

namespace Liren.Tests.Codes;

/// <summary>The tables of docs/developers/threats.md: no row without a test, no test that does not exist.</summary>
public sealed class ThreatTableTests
{
    private static readonly string[] Rows = [.. File.ReadLines(Path.Combine(Repository.Root, "docs", "developers", "threats.md")).Where(l => l.StartsWith("| ", StringComparison.Ordinal) && !l.EndsWith("| test |", StringComparison.Ordinal))];

    private static readonly HashSet<string> Tests = [.. typeof(ThreatTableTests).Assembly.GetTypes().SelectMany(t => t.GetMethods()).Where(m => m.GetCustomAttribute<FactAttribute>() is not null).Select(m => m.Name)];

    private static IEnumerable<string> TestsOf(string row) => Regex.Matches(row[(row.TrimEnd(' ', '|').LastIndexOf('|') + 1)..], "`([^`]+)`").Select(m => m.Groups[1].Value);

    [Fact]
    public void Every_threat_names_a_test_and_every_test_named_exists()
    {
        Rows.Length.ShouldBeGreaterThan(40);
        Rows.Where(row => !TestsOf(row).Any()).ShouldBeEmpty();
        Rows.SelectMany(TestsOf).Where(name => !Tests.Contains(name)).ShouldBeEmpty();
    }

    [Fact]
    public void What_is_open_stands_in_the_roadmap()
    {
        if (!Rows.Any(r => r.Contains("**open**", StringComparison.Ordinal))) return;
        File.ReadAllText(Path.Combine(Repository.Root, "docs", "roadmap.md")).ShouldContain("developers/threats.md");
    }
}
