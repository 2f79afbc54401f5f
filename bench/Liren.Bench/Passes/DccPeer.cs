using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Liren.Codes.Hcert;
using Liren.Shared;

namespace Liren.Bench.Passes;

/// <summary>
/// Foreign health certificates, the same texts, checked by us and by the npm library @pathcheck/dcc-sdk in Node.js, by processor time. The library (GPL) is
/// fetched into a temporary folder for the run and thrown away; it is no part of the project. Where it cannot be had, the ratio is left out.
/// </summary>
internal static class DccPeer
{
    private const string Library = "@pathcheck/dcc-sdk@0.0.27", Bundler = "esbuild@0.28.2";
    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeSeconds(1_581_575_527);

    public static async Task RunAsync(BenchRun run, CancellationToken stop)
    {
        using var health = new HealthCodes(Now);
        using var trust = new HcertTrust();
        trust.TryAdd(health.Der);
        var texts = Enumerable.Range(0, 256).Select(i => HealthCodes.Text(HealthCodes.Zip(health.Message(health.Vaccination(i))))).ToArray();
        bool Check(int i) => HealthCertificate.Check(texts[i % texts.Length], trust, Now).Ok;
        var seconds = run.Quick ? 0.3 : 1;
        PassBench.Rate(seconds, Check);
        var folder = Directory.CreateTempSubdirectory("liren-bench-dcc-").FullName;
        try
        {
            BenchRun.Say($"fetching {Library} as a peer");
            // Its own loader of modules does not understand today's JavaScript in what it depends on; bundled it runs, and no slower.
            var bundle = Path.Combine(folder, "peer.cjs");
            if (await StartAsync("npm", ["install", "--prefix", folder, "--ignore-scripts", "--no-audit", "--no-fund", Library, Bundler], "", stop) is null
                || await StartAsync(Path.Combine(folder, "node_modules", ".bin", "esbuild"), [Path.Combine(folder, "node_modules", "@pathcheck", "dcc-sdk", "lib", "main.js"), "--bundle", "--platform=node", "--format=cjs", $"--outfile={bundle}", "--log-level=error"], "", stop) is null)
            {
                BenchRun.Say($"{Library} cannot be had here: verify_vs_dcc_sdk is left out");
                return;
            }
            var input = JsonSerializer.Serialize(new { texts, kid = Convert.ToBase64String(health.Kid), spki = Convert.ToBase64String(health.Spki) });
            var (ours, peers) = (new List<double>(), new List<double>());
            for (var round = 0; round < run.Rounds; round++)
            {
                BenchRun.Say($"{texts.Length} health certificates, round {round + 1}");
                var peer = await StartAsync("node", [Path.Combine(AppContext.BaseDirectory, "Passes", "dcc-peer.mjs"), bundle, seconds.ToString(CultureInfo.InvariantCulture)], input, stop)
                    ?? throw new InvalidOperationException("The peer failed");
                peers.Add(double.Parse(peer.Trim().Split('\n')[^1], CultureInfo.InvariantCulture));
                ours.Add(PassBench.Rate(seconds, Check));
            }
            run.Report.Ratio("verify_vs_dcc_sdk", ours.Zip(peers, (a, b) => a / b).Median());
            run.Report.Figure("hcert_per_cpu_s", ours.Median());
            run.Report.Figure("dcc_sdk_per_cpu_s", peers.Median());
        }
        finally { Directory.Delete(folder, recursive: true); }
    }

    /// <summary>What a program said; null when it is not installed or failed, with its errors shown.</summary>
    private static async Task<string?> StartAsync(string program, string[] arguments, string input, CancellationToken stop)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })!;
            var (output, errors) = (process.StandardOutput.ReadToEndAsync(stop), process.StandardError.ReadToEndAsync(stop));
            try
            {
                await process.StandardInput.WriteAsync(input.AsMemory(), stop);
                process.StandardInput.Close();
            }
            catch (IOException)
            {
                // It ended before it had read everything: its exit code and errors say why.
            }
            await process.WaitForExitAsync(stop);
            if (process.ExitCode == 0) return await output;
            BenchRun.Say(await errors);
            return null;
        }
        catch (Win32Exception)
        {
            return null;
        }
    }
}
