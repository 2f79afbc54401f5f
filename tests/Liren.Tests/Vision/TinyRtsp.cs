using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Liren.Tests.Vision;

/// <summary>A camera that speaks RTSP: asks for a name and a password, then sends an MPEG transport stream over the same connection, and hangs up at its end.</summary>
internal sealed class TinyRtsp : IAsyncDisposable
{
    private const int PacketsAtOnce = 7, PacketLength = 188, TransportStream = 33;
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource end = new();
    private readonly byte[] stream;
    private readonly Task serving;

    public TinyRtsp(byte[] stream)
    {
        this.stream = stream;
        listener.Start();
        serving = ServeAsync();
    }

    public string Address(string who) => $"rtsp://{who}@127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/live";

    /// <summary>How often the stream was asked for with the right name and password.</summary>
    public int Played { get; private set; }

    private async Task ServeAsync()
    {
        try
        {
            while (!end.IsCancellationRequested)
            {
                using var client = await listener.AcceptTcpClientAsync(end.Token);
                try { await TalkAsync(client.GetStream()); }
                catch (IOException) { /* it hung up */ }
            }
        }
        catch (OperationCanceledException) { /* the end */ }
    }

    private async Task TalkAsync(NetworkStream line)
    {
        using var reader = new StreamReader(line, Encoding.ASCII, leaveOpen: true);
        while (await reader.ReadLineAsync(end.Token) is { } first)
        {
            var (verb, number, allowed) = (first.Split(' ')[0], "", false);
            for (var header = await reader.ReadLineAsync(end.Token); !string.IsNullOrEmpty(header); header = await reader.ReadLineAsync(end.Token))
            {
                if (header.StartsWith("CSeq:", StringComparison.OrdinalIgnoreCase)) number = header[5..].Trim();
                if (header == "Authorization: Basic " + Convert.ToBase64String("op:s3cret"u8)) allowed = true;
            }
            const string Sdp = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=street\r\nt=0 0\r\nm=video 0 RTP/AVP 33\r\na=control:track1\r\n";
            var answer = verb switch
            {
                "OPTIONS" => "200 OK\r\nPublic: OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN\r\n\r\n",
                _ when !allowed => "401 Unauthorized\r\nWWW-Authenticate: Basic realm=\"cam\"\r\n\r\n",
                "DESCRIBE" => $"200 OK\r\nContent-Type: application/sdp\r\nContent-Length: {Sdp.Length}\r\n\r\n{Sdp}",
                "SETUP" => "200 OK\r\nTransport: RTP/AVP/TCP;unicast;interleaved=0-1\r\nSession: 7\r\n\r\n",
                _ => "200 OK\r\nSession: 7\r\n\r\n",
            };
            await line.WriteAsync(Encoding.ASCII.GetBytes(Numbered(answer, number)), end.Token);
            if (verb != "PLAY") continue;
            Played++;
            await SendAsync(line);
            return;
        }
    }

    private static string Numbered(string answer, string number) => $"RTSP/1.0 {answer[..answer.IndexOf("\r\n", StringComparison.Ordinal)]}\r\nCSeq: {number}{answer[answer.IndexOf("\r\n", StringComparison.Ordinal)..]}";

    // RTP packets of seven transport packets each, interleaved on channel 0.
    private async Task SendAsync(NetworkStream line)
    {
        for (int at = 0, count = 0; at < stream.Length; at += PacketsAtOnce * PacketLength, count++)
        {
            var load = stream.AsMemory(at, Math.Min(PacketsAtOnce * PacketLength, stream.Length - at));
            var packet = new byte[16 + load.Length];
            (packet[0], packet[4], packet[5]) = ((byte)'$', 0x80, TransportStream);
            BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(2), (ushort)(12 + load.Length));
            BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(6), (ushort)count);
            BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(8), (uint)(count * 90));
            load.CopyTo(packet.AsMemory(16));
            await line.WriteAsync(packet, end.Token);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await end.CancelAsync();
        listener.Stop();
        await serving;
        end.Dispose();
        listener.Dispose();
    }
}
