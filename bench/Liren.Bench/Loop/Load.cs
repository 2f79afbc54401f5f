using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Liren.Bench.Loop;

/// <summary>What is measured: takes readings of areas, sends a command for each area whose rule holds.</summary>
internal interface ILoop
{
    /// <summary>A reading of an area, on its way when the call returns.</summary>
    void Publish(int area, double value);

    /// <summary>Readings sent and acknowledged so far.</summary>
    (long Sent, long Acknowledged) Counts { get; }

    /// <summary>Told of each command, with its area.</summary>
    Action<int>? Commanded { get; set; }
}

/// <summary>What a load showed.</summary>
/// <param name="Waits">Milliseconds from the instant a reading was due to its command, sorted.</param>
/// <param name="Lost">Commands that did not come, and readings without an acknowledgement.</param>
/// <param name="Twice">Commands that came again.</param>
/// <param name="BehindMs">How far the loader itself fell behind, at most.</param>
/// <param name="DrainMs">From the last reading to the last acknowledgement.</param>
internal sealed record LoadResult(double[] Waits, long Lost, long Twice, double BehindMs, double DrainMs)
{
    /// <summary>A share of the waits is not longer.</summary>
    public double At(double share) => Waits.Length == 0 ? double.NaN : Waits[Math.Min(Waits.Length - 1, (int)(Waits.Length * share))];

    /// <summary>It kept up: nothing is lost, nobody waited long, the loader kept its pace.</summary>
    public bool Sustained => Lost == 0 && At(0.99) < 250 && BehindMs < 250 && DrainMs < 1_000;
}

/// <summary>
/// An open loop: readings are due at even intervals whatever the other side does, and a wait counts from the instant the reading was due. Each area passes its
/// threshold once, at a random instant.
/// </summary>
internal static partial class Load
{
    private const double Calm = 12, Crowd = 60;
    private static readonly TimeSpan warm = TimeSpan.FromSeconds(2), grace = TimeSpan.FromSeconds(10);

    /// <summary>Runs it.</summary>
    /// <param name="loop">What is measured.</param>
    /// <param name="first">First area of this load; they have not fired before.</param>
    /// <param name="areas">So many.</param>
    /// <param name="rate">Readings a second, over all areas.</param>
    /// <param name="time">For so long.</param>
    /// <param name="random">Chooses the instants.</param>
    public static async Task<LoadResult> RunAsync(ILoop loop, int first, int areas, int rate, TimeSpan time, Random random)
    {
        var fires = new double[areas];
        for (var i = 0; i < areas; i++) fires[i] = warm.TotalSeconds + random.NextDouble() * (time - warm).TotalSeconds * 0.95;
        var (due, came) = (new long[areas], new long[areas]);
        long twice = 0;
        loop.Commanded = area =>
        {
            var now = Stopwatch.GetTimestamp();
            if (area - first is >= 0 and var i && i < areas && Interlocked.CompareExchange(ref came[i], now, 0) != 0) Interlocked.Increment(ref twice);
        };
        var (sent, acknowledged) = loop.Counts;
        var behind = await Task.Factory.StartNew(() => Send(loop, first, areas, rate, time, fires, due), TaskCreationOptions.LongRunning);
        var end = Stopwatch.GetTimestamp();
        double drained = 0;
        while (Stopwatch.GetElapsedTime(end) < grace)
        {
            var (s, a) = loop.Counts;
            if (s - sent > a - acknowledged) drained = Stopwatch.GetElapsedTime(end).TotalMilliseconds;
            else if (Enumerable.Range(0, areas).All(i => due[i] == 0 || Volatile.Read(ref came[i]) != 0)) break;
            await Task.Delay(5);
        }
        loop.Commanded = null;
        var (allSent, allAcknowledged) = loop.Counts;
        var waits = Enumerable.Range(0, areas).Where(i => due[i] != 0 && came[i] != 0).Select(i => Stopwatch.GetElapsedTime(due[i], came[i]).TotalMilliseconds).Order().ToArray();
        return new(waits, due.Count(d => d != 0) - waits.Length + Math.Max(0, allSent - sent - (allAcknowledged - acknowledged)), twice, behind, drained);
    }

    private static double Send(ILoop loop, int first, int areas, int rate, TimeSpan time, double[] fires, long[] due)
    {
        var began = Stopwatch.GetTimestamp();
        var ticks = Stopwatch.Frequency / (double)rate;
        double behind = 0;
        var total = (long)(time.TotalSeconds * rate);
        for (long e = 0; e < total; e++)
        {
            var instant = began + (long)(e * ticks);
            Until(instant);
            behind = Math.Max(behind, Stopwatch.GetElapsedTime(instant).TotalMilliseconds);
            var i = (int)(e % areas);
            var crowd = e / (double)rate >= fires[i];
            if (crowd && due[i] == 0) Volatile.Write(ref due[i], instant);
            loop.Publish(first + i, crowd ? Crowd : Calm + e % 7);
        }
        return behind;
    }

    /// <summary>Sleeps until an instant, to some fifty microseconds: a sleep of the runtime is a millisecond or more.</summary>
    public static void Until(long instant)
    {
        while (Stopwatch.GetTimestamp() is var now && now < instant)
        {
            var pause = new Pause { Nanoseconds = (long)((instant - now) * 1e9 / Stopwatch.Frequency) };
            (pause.Seconds, pause.Nanoseconds) = (pause.Nanoseconds / 1_000_000_000, pause.Nanoseconds % 1_000_000_000);
            _ = NanoSleep(in pause, 0);
        }
    }

    private struct Pause
    {
        public long Seconds, Nanoseconds;
    }

    [LibraryImport("libc", EntryPoint = "nanosleep")]
    private static partial int NanoSleep(in Pause pause, nint left);
}
