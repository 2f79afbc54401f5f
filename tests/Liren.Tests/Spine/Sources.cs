namespace Liren.Tests.Spine;

/// <summary>The source files of the program, for rules that no compiler checks.</summary>
internal static class Sources
{
    public static IEnumerable<(string Name, string Text)> Files(params string[] patterns) => patterns
        .SelectMany(p => Directory.EnumerateFiles(Path.Combine(Repository.Root, "src"), p, SearchOption.AllDirectories))
        .Where(f => !f.Contains("Migrations", StringComparison.Ordinal))
        .Select(f => (Path.GetRelativePath(Repository.Root, f), File.ReadAllText(f)));
}
