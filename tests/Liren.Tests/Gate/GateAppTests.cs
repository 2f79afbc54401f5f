using System.Diagnostics;
using System.IO.Compression;
using System.Net;
using System.Text.Json;

namespace Liren.Tests.Gate;

/// <summary>The gate app as it is built and served; what it does in a browser is in Liren.E2E.</summary>
public sealed class GateAppTests(LirenApp app) : IClassFixture<LirenApp>
{
    private static readonly string Source = Path.Combine(Repository.Root, "web", "gate");
    private static readonly string Built = Path.Combine(Repository.Root, "artifacts", "gate");

    [Fact]
    public async Task Its_own_tests_pass()
    {
        var start = new ProcessStartInfo("npm", ["test", "--silent"]) { WorkingDirectory = Source, RedirectStandardOutput = true, RedirectStandardError = true };
        using var npm = Process.Start(start)!;
        var (output, errors) = (npm.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken), npm.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken));
        await npm.WaitForExitAsync(TestContext.Current.CancellationToken);
        var said = await output + await errors;
        npm.ExitCode.ShouldBe(0, said[Math.Max(0, said.IndexOf("\nnot ok", StringComparison.Ordinal))..]);
        said.ShouldMatch(@"# pass [1-9]\d+");
    }

    [Fact]
    public void It_is_small_enough_for_a_cheap_phone_on_a_bad_line()
    {
        Zipped("*.js").ShouldBeLessThan(80_000);
        Zipped("*.wasm").ShouldBeLessThan(420_000);
        Zipped("*.wasm").ShouldBeGreaterThan(100_000);
    }

    [Fact]
    public void Its_packages_are_locked_by_content_and_name_no_server()
    {
        var text = File.ReadAllText(Path.Combine(Source, "package-lock.json"));
        text.ShouldNotContain("\"resolved\"");
        using var json = JsonDocument.Parse(text);
        json.RootElement.GetProperty("packages").EnumerateObject().Where(p => p.Name.Length > 0).ShouldAllBe(p => p.Value.GetProperty("integrity").GetString()!.StartsWith("sha512-"));
    }

    [Fact]
    public async Task Its_files_are_served_with_the_right_life_and_nothing_may_come_from_elsewhere()
    {
        var stop = TestContext.Current.CancellationToken;
        using var http = app.CreateClient(new() { AllowAutoRedirect = false });
        using var index = await http.GetAsync("/gate/", stop);
        index.StatusCode.ShouldBe(HttpStatusCode.OK);
        index.Headers.CacheControl!.NoCache.ShouldBeTrue();
        var policy = index.Headers.GetValues("Content-Security-Policy").Single();
        policy.ShouldContain("script-src 'self' 'wasm-unsafe-eval';");
        policy.ShouldNotContain("unsafe-inline");
        policy.ShouldNotContain("http");
        index.Headers.GetValues("Permissions-Policy").Single().ShouldContain("camera=(self)");
        using var worker = await http.GetAsync("/gate/sw.js", stop);
        worker.Headers.CacheControl!.NoCache.ShouldBeTrue();
        var page = await index.Content.ReadAsStringAsync(stop);
        var script = System.Text.RegularExpressions.Regex.Match(page, "src=\"(/gate/assets/[^\"]+)\"").Groups[1].Value;
        using var asset = await http.GetAsync(script, stop);
        asset.Headers.CacheControl!.ToString().ShouldBe("public, max-age=31536000, immutable");
        using var wasm = await http.GetAsync("/gate/assets/" + Path.GetFileName(Directory.GetFiles(Path.Combine(Built, "assets"), "*.wasm").Single()), stop);
        wasm.Content.Headers.ContentType!.MediaType.ShouldBe("application/wasm");
        (await http.GetAsync("/gate/no-such-file.js", stop)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        using var bare = await http.GetAsync("/gate", stop);
        (bare.StatusCode, bare.Headers.Location?.ToString()).ShouldBe((HttpStatusCode.MovedPermanently, "/gate/"));
        using var other = await http.GetAsync("/sign-in", stop);
        other.Headers.GetValues("Content-Security-Policy").Single().ShouldNotContain("wasm-unsafe-eval");
    }

    private static long Zipped(string pattern)
    {
        var sum = 0L;
        foreach (var file in Directory.EnumerateFiles(Built, pattern, SearchOption.AllDirectories))
        {
            using var counted = new MemoryStream();
            using (var zip = new GZipStream(counted, CompressionLevel.SmallestSize, leaveOpen: true)) zip.Write(File.ReadAllBytes(file));
            sum += counted.Length;
        }
        return sum;
    }
}
