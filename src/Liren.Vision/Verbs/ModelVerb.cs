using System.CommandLine;
using Liren.Vision.Model;

namespace Liren.Vision.Verbs;

/// <summary>Verb: model get, verify, convert.</summary>
internal static class ModelVerb
{
    public static Command Create() => new("model", "The model that sees people: where it comes from, and that it is the one recorded") { Get(), Verify(), Convert() };

    private static Command Get()
    {
        var json = Cli.JsonOption();
        return Cli.Runs(new("get", "Fetch the npm package, convert, check the hash; does nothing when the model is there") { json }, async (parse, stop) =>
        {
            var store = ModelStore.Default;
            await store.GetAsync(Cli.Say, stop);
            Answer(parse.GetValue(json), store);
        });
    }

    private static Command Verify()
    {
        var json = Cli.JsonOption();
        return Cli.Runs(new("verify", "Check that the model that is there has the recorded hash; fetches nothing") { json }, async (parse, stop) =>
        {
            var store = ModelStore.Default;
            await store.VerifiedAsync(stop);
            Answer(parse.GetValue(json), store);
        });
    }

    private static Command Convert()
    {
        var from = new Argument<FileInfo>("graph") { Description = "model.json of a TensorFlow.js graph model, its weight files beside it" };
        var to = new Argument<FileInfo>("onnx") { Description = "The file to write" };
        return Cli.Runs(new("convert", "Convert a TensorFlow.js graph model to ONNX; the same input makes the same bytes") { from, to }, async (parse, stop) =>
        {
            var graph = parse.GetValue(from)!;
            var onnx = GraphConverter.Convert(TfGraph.Read(await File.ReadAllBytesAsync(graph.FullName, stop), name => File.ReadAllBytes(Path.Combine(graph.DirectoryName!, Path.GetFileName(name)))));
            await File.WriteAllBytesAsync(parse.GetValue(to)!.FullName, onnx, stop);
            Console.WriteLine($"{onnx.Length} bytes, sha256 {System.Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(onnx))}");
        });
    }

    private static void Answer(bool json, ModelStore store)
    {
        var p = Provenance.NanoDet;
        if (json) Cli.PrintJson(new { store.Path, p.Id, p.Sha256, p.Bytes, p.Licence, p.Source, package = p.Package.Spec });
        else Console.WriteLine($"{store.Path}\n{p.Title}\n{p.Source}, {p.Licence}; converted from {p.Package.Spec}\nsha256 {p.Sha256}");
    }
}
