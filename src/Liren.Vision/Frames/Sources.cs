using System.Globalization;
using System.Net;
using System.Runtime.CompilerServices;

namespace Liren.Vision.Frames;

/// <summary>
/// Where pictures come from, one after the other until it breaks; whoever watches begins again. The same frame is filled each time.
/// </summary>
internal interface IPictureSource
{
    /// <summary>Pictures in the rhythm of the camera.</summary>
    IAsyncEnumerable<Frame> ReadAsync(CancellationToken stop);
}

/// <summary>Video over the network; of key frames only when asked, which costs a fraction of decoding all.</summary>
internal sealed class StreamSource(string address, double every, bool keyframes) : IPictureSource
{
    // What a camera answers may not lead ffmpeg to files of this machine.
    private readonly string[] input = [.. keyframes ? ["-skip_frame", "nokey"] : Array.Empty<string>(), .. address.StartsWith("rtsp", StringComparison.Ordinal)
        ? new[] { "-rtsp_transport", "tcp", "-protocol_whitelist", "rtsp,rtsps,rtp,udp,tcp,tls", "-i", address }
        : ["-protocol_whitelist", "http,https,tcp,tls,crypto", "-i", address]];

    public IAsyncEnumerable<Frame> ReadAsync(CancellationToken stop) => Ffmpeg.ReadAsync(input, 1 / every, null, stop);
}

/// <summary>A video file over and over, at its own speed.</summary>
internal sealed class FileSource(string path, double every) : IPictureSource
{
    public IAsyncEnumerable<Frame> ReadAsync(CancellationToken stop) => Ffmpeg.ReadAsync(["-re", "-stream_loop", "-1", .. Ffmpeg.File(path)], 1 / every, null, stop);
}

/// <summary>A camera that answers with a picture when it is asked; name and password in the address are used for Basic or Digest.</summary>
internal sealed class SnapshotSource(string address, double every, TimeProvider clock) : IPictureSource
{
    private const int MostBytes = 20 * 1024 * 1024;
    private static readonly TimeSpan patience = TimeSpan.FromSeconds(10);

    public async IAsyncEnumerable<Frame> ReadAsync([EnumeratorCancellation] CancellationToken stop)
    {
        var uri = new Uri(address);
        var who = Uri.UnescapeDataString(uri.UserInfo).Split(':', 2);
        using var handler = new SocketsHttpHandler { Credentials = who is [var name, var password] ? new NetworkCredential(name, password) : null, AllowAutoRedirect = false };
        using var http = new HttpClient(handler) { MaxResponseContentBufferSize = MostBytes, Timeout = patience };
        var plain = new UriBuilder(uri) { UserName = "", Password = "" }.Uri;
        using var rhythm = new PeriodicTimer(TimeSpan.FromSeconds(every), clock);
        do
        {
            byte[] picture;
            try { picture = await http.GetByteArrayAsync(plain, stop); }
            catch (HttpRequestException e) { throw new VisionException($"the camera did not answer with a picture: {e.Message}", e); }
            catch (OperationCanceledException e) when (!stop.IsCancellationRequested) { throw new VisionException(string.Create(CultureInfo.InvariantCulture, $"the camera did not answer within {patience.TotalSeconds} s"), e); }
            await foreach (var frame in Ffmpeg.ReadAsync(["-protocol_whitelist", "pipe", "-i", "pipe:0"], null, picture, stop)) yield return frame;
        }
        while (await rhythm.WaitForNextTickAsync(stop));
    }
}

/// <summary>A folder a camera puts pictures into: the newest that is whole is looked at, older ones are passed over.</summary>
internal sealed class FolderSource(string folder, double every, bool delete, TimeProvider clock) : IPictureSource
{
    private (DateTime At, string Name) last;

    public async IAsyncEnumerable<Frame> ReadAsync([EnumeratorCancellation] CancellationToken stop)
    {
        using var rhythm = new PeriodicTimer(TimeSpan.FromSeconds(every), clock);
        Dictionary<string, long> sizes = [];
        do
        {
            List<(FileInfo File, long Length)> there = [.. new DirectoryInfo(folder).GetFiles().Where(f => (f.LastWriteTimeUtc, f.Name).CompareTo(last) > 0).OrderBy(f => f.LastWriteTimeUtc).ThenBy(f => f.Name, StringComparer.Ordinal).Select(f => (f, f.Length))];
            // Whole is what has not grown since the look before.
            if (there.FindLastIndex(f => f.Length > 0 && sizes.GetValueOrDefault(f.File.Name) == f.Length && PictureFile.Is(f.File.FullName)) is >= 0 and var newest)
            {
                var file = there[newest].File;
                await foreach (var frame in Ffmpeg.ReadAsync(Ffmpeg.File(file.FullName), null, null, stop)) yield return frame;
                last = (file.LastWriteTimeUtc, file.Name);
                if (delete) foreach (var (done, length) in there[..(newest + 1)]) if (length > 0 && PictureFile.Is(done.FullName)) done.Delete();
            }
            sizes = there.ToDictionary(f => f.File.Name, f => f.Length);
        }
        while (await rhythm.WaitForNextTickAsync(stop));
    }
}
