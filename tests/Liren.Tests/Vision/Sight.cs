using Liren.Shared;
using Liren.Vision;
using Liren.Vision.Counting;
using Liren.Vision.Model;

namespace Liren.Tests.Vision;

/// <summary>What tests need to see with: the model, ffmpeg, the clip. Where one cannot be had the test is skipped and says why.</summary>
internal static class Sight
{
    public static string Models { get; } = Path.Combine(Repository.Root, "artifacts", "models");
    private static readonly SemaphoreSlim one = new(1, 1);

    public static async Task<byte[]> ModelAsync(CancellationToken stop)
    {
        await one.WaitAsync(stop);
        try { return await new ModelStore(Models, Provenance.NanoDet).GetAsync(_ => { }, stop); }
        catch (VisionException e) when (e.Message.StartsWith("npm", StringComparison.Ordinal)) { Assert.Skip(e.Message); throw; }
        finally { one.Release(); }
    }

    public static async Task<NanoDet> DetectorAsync(CancellationToken stop) => new(await ModelAsync(stop));

    public static async Task<string> ClipAsync(CancellationToken stop)
    {
        NeedsFfmpeg();
        await one.WaitAsync(stop);
        try
        {
            var (path, why) = await StreetClip.FindAsync(Repository.Root, stop);
            Assert.SkipWhen(path is null, why ?? "");
            return path!;
        }
        finally { one.Release(); }
    }

    public static void NeedsFfmpeg() => Assert.SkipUnless(
        Environment.GetEnvironmentVariable("PATH")!.Split(Path.PathSeparator).Any(f => File.Exists(Path.Combine(f, "ffmpeg"))), "ffmpeg is missing (Debian: apt-get install ffmpeg)");
}
