using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Liren.Bench.Loop;

/// <summary>One MQTT 3.1.1 connection on a bare socket: a loader that shares its processors with what it measures must cost little.</summary>
internal sealed class MqttLine : IDisposable
{
    private const byte Publish1 = 0x32, PubAck = 0x40, Subscribe1 = 0x82;
    private readonly Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly Lock sending = new();
    private readonly byte[] outgoing = new byte[1_024];
    private readonly Action<string, ReadOnlyMemory<byte>> heard;
    private ushort number;
    private long sent, acknowledged;

    private MqttLine(Action<string, ReadOnlyMemory<byte>> heard) => this.heard = heard;

    /// <summary>Messages sent, and those the server has acknowledged.</summary>
    public (long Sent, long Acknowledged) Counts => (Volatile.Read(ref sent), Volatile.Read(ref acknowledged));

    /// <summary>Connects and listens to a topic; what comes is handed over on a thread of the pool.</summary>
    public static async Task<MqttLine> OpenAsync(int port, string client, string? secret, string topic, Action<string, ReadOnlyMemory<byte>> heard, CancellationToken stop)
    {
        var line = new MqttLine(heard);
        await line.socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port), stop);
        byte[] hello = [.. Text("MQTT"), 4, (byte)(secret is null ? 0x02 : 0xC2), 0, 0, .. Text(client), .. secret is null ? [] : Text(client), .. secret is null ? [] : Text(secret)];
        line.Send(0x10, hello);
        var answer = new byte[4];
        if (await line.socket.ReceiveAsync(answer, stop) != 4 || answer[0] != 0x20 || answer[3] != 0) throw new InvalidOperationException($"{client}: connection refused ({Convert.ToHexString(answer)})");
        line.Send(Subscribe1, [0, 1, .. Text(topic), 1]);
        _ = Task.Run(() => line.ReceiveAsync(stop), stop);
        return line;
    }

    /// <summary>Sends at quality 1; does not wait.</summary>
    public void Publish(string topic, ReadOnlySpan<byte> payload)
    {
        lock (sending)
        {
            // Topic, number of the packet, payload.
            var length = 2 + topic.Length + 2 + payload.Length;
            var at = 1;
            outgoing[0] = Publish1;
            for (var rest = length; ;)
            {
                outgoing[at++] = (byte)(rest > 127 ? rest % 128 | 128 : rest);
                if ((rest /= 128) == 0) break;
            }
            BinaryPrimitives.WriteUInt16BigEndian(outgoing.AsSpan(at), (ushort)topic.Length);
            at += 2 + Encoding.ASCII.GetBytes(topic, outgoing.AsSpan(at + 2));
            number = number == ushort.MaxValue ? (ushort)1 : (ushort)(number + 1);
            BinaryPrimitives.WriteUInt16BigEndian(outgoing.AsSpan(at), number);
            payload.CopyTo(outgoing.AsSpan(at + 2));
            sent++;
            socket.Send(outgoing.AsSpan(0, at + 2 + payload.Length));
        }
    }

    private async Task ReceiveAsync(CancellationToken stop)
    {
        var buffer = new byte[64 * 1024];
        var held = 0;
        try
        {
            while (await socket.ReceiveAsync(buffer.AsMemory(held), stop) is > 0 and var read)
            {
                held += read;
                var at = 0;
                while (Packet(buffer.AsSpan(at, held - at)) is var (head, length) && length > 0)
                {
                    Take(buffer.AsMemory(at, head + length), head);
                    at += head + length;
                }
                buffer.AsSpan(at, held - at).CopyTo(buffer);
                held -= at;
            }
        }
        // Closed by us, or by the server: whoever counts sees it.
        catch (Exception e) when (e is SocketException or OperationCanceledException or ObjectDisposedException) { }
    }

    // Lengths of a packet's head and body; a body of 0: it is not here yet.
    private static (int Head, int Length) Packet(ReadOnlySpan<byte> bytes)
    {
        var (length, at) = (0, 1);
        for (var shift = 0; at < bytes.Length; shift += 7)
        {
            var next = bytes[at++];
            length |= (next & 127) << shift;
            if (next < 128) return bytes.Length >= at + length ? (at, length) : (0, 0);
        }
        return (0, 0);
    }

    private void Take(ReadOnlyMemory<byte> packet, int head)
    {
        var bytes = packet.Span;
        if (bytes[0] == PubAck) Interlocked.Increment(ref acknowledged);
        if (bytes[0] >> 4 != 3) return;
        var name = BinaryPrimitives.ReadUInt16BigEndian(bytes[head..]);
        var body = head + 2 + name;
        if ((bytes[0] & 6) != 0)
        {
            Send(PubAck, bytes.Slice(body, 2).ToArray());
            body += 2;
        }
        heard(Encoding.UTF8.GetString(bytes.Slice(head + 2, name)), packet[body..]);
    }

    private void Send(byte head, byte[] body)
    {
        lock (sending) socket.Send([head, .. Length(body.Length), .. body]);
    }

    private static byte[] Length(int length) => length > 127 ? [(byte)(length % 128 | 128), (byte)(length / 128)] : [(byte)length];

    private static byte[] Text(string text) => [(byte)(text.Length / 256), (byte)(text.Length % 256), .. Encoding.ASCII.GetBytes(text)];

    public void Dispose() => socket.Dispose();
}
