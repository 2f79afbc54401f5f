namespace Liren.Sdk.Data;

/// <summary>Files that nobody but the owner of the program may read (0600): keys, photos, rosters, backups. The right is set as the file is made, so that there is no moment in between.</summary>
public static class OwnFile
{
    /// <summary>Makes and opens it.</summary>
    /// <param name="path">Where.</param>
    /// <param name="mode">CreateNew fails when it is there.</param>
    /// <param name="access">Write, or both.</param>
    public static FileStream Create(string path, FileMode mode = FileMode.CreateNew, FileAccess access = FileAccess.Write)
    {
        var options = new FileStreamOptions { Mode = mode, Access = access };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return new FileStream(path, options);
    }
}
