using System.Text.Json;

namespace Liren.Vision.Model;

/// <summary>A file of the package and its hash.</summary>
internal sealed record SourceFile(string Path, string Sha256);

/// <summary>The npm package a model is made from.</summary>
internal sealed record SourcePackage(string Name, string Version, string Licence, int Megabytes, SourceFile Graph, SourceFile Weights)
{
    public string Spec => $"{Name}@{Version}";
}

/// <summary>Where the model comes from and what it must be (模型来源); kept in nanodet-g.json.</summary>
/// <param name="Id">Its name.</param>
/// <param name="Title">What it is.</param>
/// <param name="Licence">Licence of the model itself.</param>
/// <param name="Source">Who made it.</param>
/// <param name="Package">What it is converted from.</param>
/// <param name="Sha256">Hash of the converted file.</param>
/// <param name="Bytes">Its length.</param>
internal sealed record Provenance(string Id, string Title, string Licence, string Source, SourcePackage Package, string Sha256, long Bytes)
{
    public static Provenance NanoDet { get; } = Read();

    /// <summary>What counts say they were made with: name and the begin of the hash.</summary>
    public string ModelId => $"{Id}/{Sha256[..8]}";

    private static Provenance Read()
    {
        using var from = typeof(Provenance).Assembly.GetManifestResourceStream("nanodet-g.json")!;
        return JsonSerializer.Deserialize<Provenance>(from, JsonSerializerOptions.Web)!;
    }
}
