using System.Buffers.Binary;
using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Liren.Devices.Domain;
using Liren.Sdk.Security;
using Microsoft.AspNetCore.Http;

namespace Liren.Devices.Hub;

/// <summary>
/// Lets devices in by HTTP digest (RFC 2617, MD5, qop auth), as GA/T 1400 has it: user name is the device's code, password its key. A challenge is good for five minutes,
/// and each answer to it once.
/// </summary>
internal sealed partial class DigestDoor(DeviceBook book, DeviceDoor door, Protector protector, Refusals refusals, TimeProvider clock)
{
    private const string Realm = "liren";
    private const int MostHeader = 2_000, MostUsed = 10_000, NonceBytes = 32;
    private static readonly TimeSpan Good = TimeSpan.FromMinutes(5);

    // Challenges are not kept but signed, so that asking for many fills nothing; kept is only which were answered.
    private readonly byte[] signing = RandomNumberGenerator.GetBytes(32);
    private readonly Dictionary<string, uint> used = [];

    /// <summary>What WWW-Authenticate says.</summary>
    public string Challenge()
    {
        Span<byte> nonce = stackalloc byte[NonceBytes];
        BinaryPrimitives.WriteInt64BigEndian(nonce, clock.GetUtcNow().ToUnixTimeMilliseconds());
        RandomNumberGenerator.Fill(nonce[8..16]);
        HMACSHA256.HashData(signing, nonce[..16]).AsSpan(0, 16).CopyTo(nonce[16..]);
        return $"Digest realm=\"{Realm}\", qop=\"auth\", algorithm=MD5, nonce=\"{Base64Url.EncodeToString(nonce)}\"";
    }

    /// <summary>Half of the answer, which a device with this key can give: sealed, because it is worth as much as the key here.</summary>
    public static byte[] Seal(Protector protector, Device device, string secret) => protector.Encrypt(Md5($"{device.Code}:{Realm}:{secret}"), Context(device.Code));

    /// <summary>The device that answered a challenge; null: nobody, ask again. A broken rule when it may not speak now.</summary>
    public async Task<LiveDevice?> AdmitAsync(HttpContext http, CancellationToken stop)
    {
        var header = http.Request.Headers.Authorization.ToString();
        if (!header.StartsWith("Digest ", StringComparison.OrdinalIgnoreCase) || header.Length > MostHeader) return null;
        var said = Members().Matches(header[7..]).GroupBy(m => m.Groups[1].Value.ToLowerInvariant()).ToDictionary(g => g.Key, g => g.First().Groups[2].Success ? g.First().Groups[2].Value : g.First().Groups[3].Value);
        string Of(string name) => said.GetValueOrDefault(name, "");
        var device = Of("username") is { Length: > 0 and <= 40 } code ? await book.FindAsync(code, stop) : null;
        // The device may have changed a moment ago, its key too.
        if (device is not null && Environment.TickCount64 - device.ReadAt > 100) await book.RefreshAsync(device.Id, stop);
        var address = http.Connection.RemoteIpAddress;
        var refused = device is null ? "unknown-device"
            : device.Digest is null ? "no-digest"
            : !Fits(http, device, Of) ? "wrong-key"
            : !IsFresh(Of("nonce")) ? "stale"
            : !IsFirst(Of("nonce"), Of("qop").Length > 0 ? Of("nc") : null) ? "replayed" : null;
        if (refused is not null)
        {
            // An old challenge is not the device's fault: it gets another.
            if (refused != "stale") refusals.Add(Of("username"), address?.ToString(), refused);
            return null;
        }
        door.Require(device!);
        lock (device!) device.Address = address;
        return device;
    }

    private bool Fits(HttpContext http, LiveDevice device, Func<string, string> of)
    {
        var here = $"{http.Request.PathBase}{http.Request.Path}{http.Request.QueryString}";
        var about = Uri.TryCreate(of("uri"), UriKind.Absolute, out var whole) && whole.Scheme.StartsWith("http", StringComparison.Ordinal) ? whole.PathAndQuery : of("uri");
        if (about != here || of("realm") != Realm || of("algorithm") is not ("" or "MD5" or "md5") || of("qop") is not ("" or "auth")) return false;
        var asked = Md5($"{http.Request.Method}:{of("uri")}");
        return Fits(device.Digest!) || (device.OldDigest is { } old && device.OldSecretUntil > clock.GetUtcNow() && Fits(old));

        bool Fits(byte[] digest)
        {
            var half = protector.Decrypt(digest, Context(device.Code));
            var right = Md5(of("qop").Length > 0 ? $"{half}:{of("nonce")}:{of("nc")}:{of("cnonce")}:{of("qop")}:{asked}" : $"{half}:{of("nonce")}:{asked}");
            return CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(right), Encoding.UTF8.GetBytes(of("response").ToLowerInvariant()));
        }
    }

    private bool IsFresh(string text)
    {
        Span<byte> nonce = stackalloc byte[NonceBytes];
        if (text.Length != Base64Url.GetEncodedLength(NonceBytes) || !Base64Url.TryDecodeFromChars(text, nonce, out var length) || length != NonceBytes) return false;
        if (!CryptographicOperations.FixedTimeEquals(nonce[16..], HMACSHA256.HashData(signing, nonce[..16]).AsSpan(0, 16))) return false;
        return clock.GetUtcNow() - DateTimeOffset.FromUnixTimeMilliseconds(BinaryPrimitives.ReadInt64BigEndian(nonce)) is var age && age >= TimeSpan.Zero && age <= Good;
    }

    // An answer counts upwards (nc); one of the old form, without a count, is good once.
    private bool IsFirst(string nonce, string? count)
    {
        var number = 1u;
        if (count is not null && !uint.TryParse(count, NumberStyles.HexNumber, CultureInfo.InvariantCulture, out number)) return false;
        lock (used)
        {
            if (used.TryGetValue(nonce, out var before) && (count is null || number <= before)) return false;
            if (used.Count >= MostUsed) foreach (var old in used.Keys.Where(n => !IsFresh(n)).ToList()) used.Remove(old);
            // Full of answers of the last minutes: refusing is safe, forgetting is not.
            if (used.Count >= MostUsed && !used.ContainsKey(nonce)) return false;
            used[nonce] = number;
            return true;
        }
    }

    private static string Context(string code) => "devices.digest:" + code;

#pragma warning disable CA5351 // GA/T 1400 devices know no other digest; the key behind it has 256 random bits
    private static string Md5(string text) => Convert.ToHexStringLower(MD5.HashData(Encoding.UTF8.GetBytes(text)));
#pragma warning restore CA5351

    [GeneratedRegex("""(\w+)\s*=\s*(?:"([^"]*)"|([^\s,"]+))""")]
    private static partial Regex Members();
}
