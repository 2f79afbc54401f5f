using Liren.Shared;

namespace Liren.Bench;

/// <summary>The peer as a plug-in folder, as the program wants it.</summary>
internal sealed class PeerPlugin : IDisposable
{
    private const string Name = "Liren.Bench.Peer";

    public PeerPlugin()
    {
        var into = Directory.CreateDirectory(Path.Combine(Folder, Name)).FullName;
        var built = Path.Combine(LirenProcess.Root, "artifacts", "bin", Name, Path.GetFileName(Path.GetDirectoryName(LirenProcess.Program))!, Name + ".dll");
        File.Copy(built, Path.Combine(into, Name + ".dll"));
    }

    public string Folder { get; } = Directory.CreateTempSubdirectory("liren-bench-plugins-").FullName;

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
