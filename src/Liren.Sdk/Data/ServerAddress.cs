namespace Liren.Sdk.Data;

/// <summary>Where the server of a data folder listens, as it wrote itself down; so that verbs can speak to it like any program does.</summary>
public static class ServerAddress
{
    private const string Name = "server.url";

    /// <summary>Writes the address, readable by the owner only.</summary>
    public static void Write(string folder, Uri address)
    {
        var path = Path.Combine(folder, Name);
        File.Delete(path);
        using var writer = new StreamWriter(OwnFile.Create(path, FileMode.Create));
        writer.Write(address);
    }

    /// <summary>The address of the running server; null when none runs on this folder.</summary>
    public static Uri? Read(string folder)
    {
        var path = Path.Combine(folder, Name);
        return FolderLock.Holder(folder) is not null && File.Exists(path) && Uri.TryCreate(File.ReadAllText(path).Trim(), UriKind.Absolute, out var address) ? address : null;
    }
}
