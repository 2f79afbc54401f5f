using System.Globalization;

namespace Liren.Sdk.Data;

/// <summary>
/// One server per data folder: two would answer from one SQLite file with two event pumps. The lock belongs to the process, so it is gone
/// after kill -9 too.
/// </summary>
public sealed class FolderLock : IDisposable
{
    private const string Name = "server.lock";
    private readonly FileStream file;

    private FolderLock(FileStream file) => this.file = file;

    /// <summary>Takes the lock; null when a running server holds it.</summary>
    public static FolderLock? TryTake(string folder)
    {
        Directory.CreateDirectory(folder);
        try
        {
            var file = Open(folder);
            // In a file of its own: the locked one cannot be read by others.
            File.WriteAllText(Path.Combine(folder, "server.pid"), Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
            return new(file);
        }
        catch (IOException) { return null; }
    }

    /// <summary>Process that holds the lock, as it wrote itself down; null when none does.</summary>
    public static int? Holder(string folder)
    {
        try
        {
            if (File.Exists(Path.Combine(folder, Name))) Open(folder).Dispose();
            return null;
        }
        catch (IOException)
        {
            var pid = Path.Combine(folder, "server.pid");
            return File.Exists(pid) && int.TryParse(File.ReadAllText(pid), CultureInfo.InvariantCulture, out var process) ? process : 0;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => file.Dispose();

    private static FileStream Open(string folder) => new(Path.Combine(folder, Name), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
}
