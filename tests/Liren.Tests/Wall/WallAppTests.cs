using System.Diagnostics;
using System.IO.Compression;
using System.Net;

namespace Liren.Tests.Wall;

/// <summary>The wall's page as it is built and served; what it does in a browser is in Liren.E2E.</summary>
public sealed class WallAppTests(LirenApp app) : IClassFixture<LirenApp>
{
    private static readonly string Source = Path.Combine(Repository.Root, "web", "wall");
    private static readonly string Built = Path.Combine(Repository.Root, "artifacts", "wall");
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Its_own_tests_pass()
    {
        using var npm = Process.Start(new ProcessStartInfo("npm", ["test", "--silent"]) { WorkingDirectory = Source, RedirectStandardOutput = true, RedirectStandardError = true })!;
        var (output, errors) = (npm.StandardOutput.ReadToEndAsync(Stop), npm.StandardError.ReadToEndAsync(Stop));
        await npm.WaitForExitAsync(Stop);
        var said = await output + await errors;
        npm.ExitCode.ShouldBe(0, said[Math.Max(0, said.IndexOf("\nnot ok", StringComparison.Ordinal))..]);
        said.ShouldMatch(@"# pass [1-9]");
    }

    [Fact]
    public void It_is_small_and_its_packages_are_locked_by_content()
    {
        Directory.GetFiles(Built, "*.js", SearchOption.AllDirectories).Sum(file =>
        {
            using var zipped = new MemoryStream();
            using (var gzip = new GZipStream(zipped, CompressionLevel.Optimal, leaveOpen: true)) gzip.Write(File.ReadAllBytes(file));
            return zipped.Length;
        }).ShouldBeInRange(20_000, 80_000);
        File.ReadAllText(Path.Combine(Source, "package-lock.json")).ShouldNotContain("\"resolved\"");
    }

    [Fact]
    public async Task Every_address_below_it_is_the_one_page_and_nothing_may_come_from_elsewhere()
    {
        using var http = app.CreateClient(new() { AllowAutoRedirect = false });
        var pages = new List<string>();
        foreach (var address in new[] { "/wall", "/wall/31.01.15.016.037.liren", "/wall/31.01.15.016.037.liren?day=2020-02-13" })
        {
            using var answer = await http.GetAsync(address, Stop);
            answer.StatusCode.ShouldBe(HttpStatusCode.OK, address);
            answer.Headers.CacheControl!.NoCache.ShouldBeTrue();
            var policy = answer.Headers.GetValues("Content-Security-Policy").Single();
            policy.ShouldContain("default-src 'none'");
            policy.ShouldNotContain("unsafe");
            policy.ShouldNotContain("http");
            pages.Add(await answer.Content.ReadAsStringAsync(Stop));
        }
        pages.Distinct().Count().ShouldBe(1);
        var script = System.Text.RegularExpressions.Regex.Match(pages[0], "src=\"(/wall/assets/[^\"]+)\"").Groups[1].Value;
        using var asset = await http.GetAsync(script, Stop);
        asset.Headers.CacheControl!.ToString().ShouldBe("public, max-age=31536000, immutable");
        (await http.GetAsync("/wall/assets/none.js", Stop)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        // The console's page with nearly the same name is another.
        (await http.GetAsync("/walls", Stop)).StatusCode.ShouldNotBe(HttpStatusCode.NotFound);
    }
}
