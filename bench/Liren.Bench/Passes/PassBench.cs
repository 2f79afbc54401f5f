using System.Diagnostics;
using Liren.Codes;

namespace Liren.Bench.Passes;

/// <summary>
/// What a pass costs: text of a code to verdict, against the bare signature check of OpenSSL and against another maker's library, all by processor time
/// of one core; and a line of the gate log, on disk before its answer, against an endpoint that does nothing.
/// </summary>
internal sealed class PassBench : IBench
{
    private const string Community = "31.01.15.016.037", Compound = Community + ".liren";
    private const int Many = 4_096;
    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeSeconds(1_581_575_527);

    public string Name => "pass";

    public async Task RunAsync(BenchRun run, CancellationToken stop)
    {
        var seconds = run.Quick ? 0.3 : 1;
        var (es256, sm2) = (new Passes(SignAlg.Es256), new Passes(SignAlg.Sm2));
        var (full, again, national, openssl, opensslSm2) = (new List<double>(), new List<double>(), new List<double>(), new List<double>(), new List<double>());
        BenchRun.Say($"{Many} passes, from text to verdict, against OpenSSL");
        // The first round only warms up.
        for (var round = 0; round <= run.Rounds; round++)
        {
            (double, double, double) Ours() => (Rate(seconds, es256.Full), Rate(seconds, es256.Again), Rate(seconds, sm2.Full));
            async Task<(double, double)> Peer() => (await OpenSslAsync("ecdsap256", stop), await OpenSslAsync("sm2", stop));
            var first = round % 2 == 0 ? Ours() : default;
            var peer = await Peer();
            var ours = round % 2 == 0 ? first : Ours();
            if (round == 0) continue;
            full.Add(ours.Item1); again.Add(ours.Item2); national.Add(ours.Item3);
            openssl.Add(peer.Item1); opensslSm2.Add(peer.Item2);
        }
        run.Report.Ratio("verify_vs_openssl", full.Zip(openssl, (a, b) => a / b).Median());
        run.Report.Ratio("sm2_vs_openssl", national.Zip(opensslSm2, (a, b) => a / b).Median());
        run.Report.Ratio("repeat_vs_full", again.Zip(full, (a, b) => a / b).Median());
        run.Report.Figure("verify_per_cpu_s", full.Median());
        run.Report.Figure("repeat_per_cpu_s", again.Median());
        run.Report.Figure("sm2_per_cpu_s", national.Median());
        run.Report.Figure("openssl_p256_per_cpu_s", openssl.Median());
        run.Report.Figure("openssl_sm2_per_cpu_s", opensslSm2.Median());
        run.Report.Figure("verify_alloc_bytes", Allocated(es256));
        await DccPeer.RunAsync(run, stop);
        await new GateLogBench().RunAsync(run, stop);
    }

    /// <summary>Operations a second of processor time of this process; each must succeed.</summary>
    internal static double Rate(double seconds, Func<int, bool> operation)
    {
        GC.Collect();
        using var self = Process.GetCurrentProcess();
        var (count, start, before) = (0, Stopwatch.GetTimestamp(), self.TotalProcessorTime);
        for (; Stopwatch.GetElapsedTime(start).TotalSeconds < seconds; count++)
            if (!operation(count)) throw new InvalidOperationException("A good code was refused");
        self.Refresh();
        return count / (self.TotalProcessorTime - before).TotalSeconds;
    }

    private static double Allocated(Passes passes)
    {
        passes.Full(0);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 1; i <= 1_000; i++) passes.Full(i);
        return (GC.GetAllocatedBytesForCurrentThread() - before) / 1_000d;
    }

    /// <summary>Signature checks a second of processor time by <c>openssl speed</c>.</summary>
    private static async Task<double> OpenSslAsync(string algorithm, CancellationToken stop)
    {
        var start = new ProcessStartInfo("openssl", ["speed", "-seconds", "1", algorithm]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync(stop);
        var output = await process.StandardOutput.ReadToEndAsync(stop);
        await process.WaitForExitAsync(stop);
        var last = output.Split('\n', StringSplitOptions.RemoveEmptyEntries).LastOrDefault(l => l.Contains("256 bits", StringComparison.Ordinal));
        return last is not null && double.TryParse(last.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^1], System.Globalization.CultureInfo.InvariantCulture, out var rate) && rate > 0
            ? rate : throw new InvalidOperationException($"openssl speed {algorithm} said nothing: {output}{await errors}");
    }

    /// <summary>Paper passes of one issuer, and a gate that has seen none of them, or all.</summary>
    private sealed class Passes
    {
        private readonly string[] texts;
        private readonly TrustedKey key;
        private readonly GateContext seen;
        private GateContext unseen;

        public Passes(SignAlg alg)
        {
            using var issuer = SigningKey.Create(alg);
            key = new(issuer.Public(), [Community], KeyUses.Pass, 0, 4_000_000_000, KeyState.Active);
            texts = [.. Enumerable.Range(0, Many).Select(i => PassToken.Sign(Claims(i), issuer))];
            (seen, unseen) = (Gate(), Gate());
            foreach (var text in texts) Good(text, seen);
        }

        // A new list of the same keys has forgotten every signature; the keys themselves stay made.
        private GateContext Gate() => new() { Now = Now, Compound = Compound, Trust = new TrustList(1, Now.ToUnixTimeSeconds(), Now.ToUnixTimeSeconds() + 86_400, [key]) };

        private static PassClaims Claims(int i) => new()
        {
            Issuer = Community, Expires = Now.ToUnixTimeSeconds() + 864_000, IssuedAt = Now.ToUnixTimeSeconds() - 60, Cti = $"{(ulong)i * 0x9E3779B97F4A7C15:x16}", Compound = Compound,
            Unit = $"{i % 12 + 1}-{i % 4 + 1}-{i % 18 + 1:D2}01", Name = "王*英", Kind = PassKind.Resident, IdTail = "021X", Form = PassForm.Paper,
        };

        private static bool Good(string text, GateContext gate) => PassVerifier.Check(text, gate).Reason == PassReason.IdRequired;

        /// <summary>One that this gate sees for the first time.</summary>
        public bool Full(int i)
        {
            if (i % Many == 0) unseen = Gate();
            return Good(texts[i % Many], unseen);
        }

        /// <summary>One that it has seen before.</summary>
        public bool Again(int i) => Good(texts[i % Many], seen);
    }
}
