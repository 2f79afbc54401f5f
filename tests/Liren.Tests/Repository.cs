namespace Liren.Tests;

/// <summary>Where the sources lie, for tests that read them.</summary>
internal static class Repository
{
    /// <summary>Folder of the solution.</summary>
    public static string Root { get; } = Find();

    private static string Find()
    {
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
            if (File.Exists(Path.Combine(at.FullName, "Liren.slnx"))) return at.FullName;
        throw new DirectoryNotFoundException("Liren.slnx not found above the tests");
    }
}
