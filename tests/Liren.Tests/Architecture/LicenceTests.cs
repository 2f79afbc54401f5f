using System.Text;
using System.Text.Json;
using System.Xml.Linq;

namespace Liren.Tests.Architecture;

/// <summary>
/// Every package that ships has a licence that may ship, and is named in THIRD-PARTY-NOTICES.md. After a change of packages run this test
/// with LIREN_WRITE_NOTICES=1 to write the file anew, and read what changed.
/// </summary>
public sealed class LicenceTests
{
    private static readonly string[] Allowed = ["MIT", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "ISC", "PostgreSQL", "MPL-2.0", "OFL-1.1"];

    /// <summary>Packages whose nuspec names a file or an address instead of an SPDX id; read by a person.</summary>
    private static readonly Dictionary<string, string> ReadByHand = new()
    {
        ["https://licenses.nuget.org/MIT"] = "MIT",
        ["http://www.apache.org/licenses/LICENSE-2.0"] = "Apache-2.0",
        ["https://www.apache.org/licenses/LICENSE-2.0"] = "Apache-2.0",
        ["(MIT OR CC0-1.0)"] = "MIT",
        ["MQTTnet"] = "MIT",
        ["MQTTnet.Server"] = "MIT",
        ["Microsoft.ML.OnnxRuntime.Managed"] = "MIT",
    };

    [Fact]
    public void Every_shipped_package_has_a_licence_that_may_ship_and_is_named_in_the_notices()
    {
        var all = Shipped("Liren.Host").UnionBy(Shipped("Liren.Vision"), p => p.Name).Concat(InWeb()).Append(Model()).ToList();
        // The native library of the same package family lies beside the program and stands in no deps.json.
        all.Add(all.Single(p => p.Name == "Microsoft.ML.OnnxRuntime.Managed") with { Name = "Microsoft.ML.OnnxRuntime" });
        var packages = all.OrderBy(p => p.Name, StringComparer.OrdinalIgnoreCase).ToList();
        packages.ShouldNotBeEmpty();
        packages.Where(p => !Allowed.Contains(p.Licence)).Select(p => $"{p.Name} {p.Version}: {p.Licence}").ShouldBeEmpty();
        var notices = Path.Combine(Repository.Root, "THIRD-PARTY-NOTICES.md");
        var text = Text(packages);
        if (Environment.GetEnvironmentVariable("LIREN_WRITE_NOTICES") == "1") File.WriteAllText(notices, text);
        File.ReadAllText(notices).ShouldBe(text);
    }

    private static string Text(IEnumerable<Package> packages)
    {
        var text = new StringBuilder("# Third-party packages\n\nWhat the program carries beside its own code. Written by the licence test.\n\n| package | version | licence | authors |\n|---|---|---|---|\n");
        foreach (var p in packages) text.Append(System.Globalization.CultureInfo.InvariantCulture, $"| {p.Name} | {p.Version} | {p.Licence} | {p.Authors} |\n");
        return text.ToString();
    }

    private sealed record Package(string Name, string Version, string Licence, string Authors);

    /// <summary>What the apps under <c>web</c> are made of: packages of their lock files that are not tools.</summary>
    private static IEnumerable<Package> InWeb() => new[] { "gate", "wall" }.SelectMany(InLock).Distinct();

    private static IEnumerable<Package> InLock(string app)
    {
        using var json = JsonDocument.Parse(File.ReadAllText(Path.Combine(Repository.Root, "web", app, "package-lock.json")));
        foreach (var package in json.RootElement.GetProperty("packages").EnumerateObject())
        {
            if (package.Name.Length == 0 || package.Value.TryGetProperty("dev", out _) || package.Value.TryGetProperty("devOptional", out _)) continue;
            var licence = package.Value.GetProperty("license").GetString()!;
            yield return new(package.Name["node_modules/".Length..] + " (npm)", package.Value.GetProperty("version").GetString()!, ReadByHand.GetValueOrDefault(licence, licence), "");
        }
    }

    /// <summary>The model that counts people is fetched on first use, not carried; its licence counts all the same.</summary>
    private static Package Model()
    {
        var model = Liren.Vision.Model.Provenance.NanoDet;
        model.Package.Licence.ShouldBe("MIT");
        return new($"{model.Id} (model, from npm {model.Package.Name})", model.Package.Version, model.Licence, "NanoDet: RangiLyu; conversion to TensorFlow.js: Vladimir Mandic (MIT)");
    }

    private static IEnumerable<Package> Shipped(string program)
    {
        var deps = Path.Combine(AppContext.BaseDirectory, program + ".deps.json");
        using var json = JsonDocument.Parse(File.ReadAllText(deps));
        var store = Environment.GetEnvironmentVariable("NUGET_PACKAGES") ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        foreach (var library in json.RootElement.GetProperty("libraries").EnumerateObject())
        {
            if (library.Value.GetProperty("type").GetString() != "package") continue;
            var name = library.Name[..library.Name.IndexOf('/', StringComparison.Ordinal)];
            var version = library.Name[(name.Length + 1)..];
            var nuspec = Path.Combine(store, library.Value.GetProperty("path").GetString()!, name.ToLowerInvariant() + ".nuspec");
            var metadata = XDocument.Load(nuspec).Root!.Elements().Single(e => e.Name.LocalName == "metadata");
            string? Value(string element) => metadata.Elements().FirstOrDefault(e => e.Name.LocalName == element)?.Value.Trim();
            var licence = metadata.Elements().FirstOrDefault(e => e.Name.LocalName == "license" && e.Attribute("type")?.Value == "expression")?.Value;
            var address = Value("licenseUrl") ?? "";
            yield return new(name, version, licence ?? ReadByHand.GetValueOrDefault(address) ?? ReadByHand.GetValueOrDefault(name, $"unknown ({address})"), (Value("authors") ?? "").Replace("|", "/", StringComparison.Ordinal));
        }
    }
}
