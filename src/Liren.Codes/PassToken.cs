using System.Formats.Cbor;

namespace Liren.Codes;

/// <summary>The code of a pass, <c>LR1:</c> + base45(COSE_Sign1(claims)). Formats: docs/developers/passes.md.</summary>
public static class PassToken
{
    /// <summary>How a pass's text begins.</summary>
    public const string Prefix = "LR1:";
    /// <summary>Longest text that is looked at, in characters.</summary>
    public const int MostCharacters = 1_200;

    internal const long MapLabel = -65537;
    private const int MostMembers = 8;

    /// <summary>Signs a pass.</summary>
    /// <exception cref="ArgumentException">A claim the reader would refuse.</exception>
    public static string Sign(PassClaims claims, SigningKey key) => Prefix + Base45.Encode(SignBytes(claims, key));

    /// <summary>The COSE bytes of a pass, as they also go into a live proof.</summary>
    /// <exception cref="ArgumentException">A claim the reader would refuse.</exception>
    public static byte[] SignBytes(PassClaims claims, SigningKey key)
    {
        var payload = Write(claims);
        if (!TryReadClaims(payload, out _)) throw new ArgumentException("These claims make no pass that can be read.", nameof(claims));
        return Sign1.Write(key, payload);
    }

    private static byte[] Write(PassClaims c)
    {
        var w = new CborWriter(CborConformanceMode.Canonical, convertIndefiniteLengthEncodings: true);
        w.WriteStartMap(null);
        w.WriteInt32(1); w.WriteTextString(c.Issuer);
        w.WriteInt32(4); w.WriteInt64(c.Expires);
        if (c.NotBefore is { } from) { w.WriteInt32(5); w.WriteInt64(from); }
        w.WriteInt32(6); w.WriteInt64(c.IssuedAt);
        w.WriteInt32(7); w.WriteByteString(Convert.FromHexString(c.Cti));
        if (c.DeviceKey is { } device) WriteDeviceKey(w, Convert.FromHexString(device));
        w.WriteInt64(MapLabel);
        w.WriteStartMap(null);
        w.WriteInt32(1); w.WriteTextString(c.Compound);
        Text(w, 2, c.Unit);
        Text(w, 3, c.Name);
        w.WriteInt32(4); w.WriteInt32((int)c.Kind);
        if (c.Gates != 0) { w.WriteInt32(5); w.WriteUInt64(c.Gates); }
        Text(w, 6, c.IdTail);
        w.WriteInt32(7); w.WriteInt32((int)c.Form);
        if (c is { FromMinute: { } first, ToMinute: { } last })
        {
            w.WriteInt32(8);
            w.WriteStartArray(2); w.WriteInt32(first); w.WriteInt32(last); w.WriteEndArray();
        }
        if (c.MostUses is { } uses) { w.WriteInt32(9); w.WriteInt32(uses); }
        Text(w, 10, c.Plate);
        if (c.Members.Count > 0)
        {
            w.WriteInt32(11);
            w.WriteStartArray(c.Members.Count);
            foreach (var member in c.Members)
            {
                w.WriteStartArray(2); w.WriteByteString(Convert.FromHexString(member.Cti)); w.WriteTextString(member.Name); w.WriteEndArray();
            }
            w.WriteEndArray();
        }
        Text(w, 12, c.HostUnit);
        w.WriteEndMap();
        w.WriteEndMap();
        return w.Encode();
    }

    private static void Text(CborWriter w, int label, string? text)
    {
        if (text is null) return;
        w.WriteInt32(label);
        w.WriteTextString(text);
    }

    private static void WriteDeviceKey(CborWriter w, byte[] point)
    {
        w.WriteInt32(8);
        w.WriteStartMap(1);
        w.WriteInt32(1);
        w.WriteStartMap(4);
        w.WriteInt32(1); w.WriteInt32(2);
        w.WriteInt32(-1); w.WriteInt32(1);
        w.WriteInt32(-2); w.WriteByteString(point.AsSpan(0, 32));
        w.WriteInt32(-3); w.WriteByteString(point.AsSpan(32));
        w.WriteEndMap();
        w.WriteEndMap();
    }

    /// <summary>Reads signed claims; false when one is missing, unknown, out of range or of the wrong kind.</summary>
    internal static bool TryReadClaims(ReadOnlySpan<byte> payload, out PassClaims claims)
    {
        claims = null!;
        var r = new StrictCbor(payload);
        var keys = new StrictCbor.KeyOrder();
        if (!r.TryMap(out var pairs)) return false;
        string? issuer = null, cti = null, device = null;
        long expires = -1, from = -1, issued = -1;
        Liren? own = null;
        for (var i = 0; i < pairs; i++)
        {
            if (!r.TryKey(ref keys, out var label)) return false;
            switch (label)
            {
                case 1: if (!r.TryText(120, out issuer) || issuer.Length == 0) return false; break;
                case 4: if (!TryTime(ref r, out expires)) return false; break;
                case 5: if (!TryTime(ref r, out from)) return false; break;
                case 6: if (!TryTime(ref r, out issued)) return false; break;
                case 7: if (!r.TryBytes(out var id) || id.Length != 8) return false; cti = Convert.ToHexStringLower(id); break;
                case 8: if (!TryDeviceKey(ref r, out device)) return false; break;
                case MapLabel: if (!Liren.TryRead(ref r, out own)) return false; break;
                default: return false;
            }
        }
        if (!r.AtEnd || issuer is null || cti is null || expires < 0 || issued < 0 || own is null) return false;
        // A phone's pass without the phone's key, or a key in a pass that is no phone's, contradicts itself.
        if (own.Form == PassForm.Phone != device is not null) return false;
        claims = own.ToClaims(issuer, expires, from < 0 ? null : from, issued, cti, device);
        return true;
    }

    // Within the years 1970-9999, so that every time can be shown.
    private static bool TryTime(ref StrictCbor r, out long seconds) => r.TryInt(out seconds) && seconds is >= 0 and <= 253_402_300_799;

    private static bool TryDeviceKey(ref StrictCbor r, out string? point)
    {
        point = null;
        if (!r.TryMap(out var one) || one != 1 || !r.TryInt(out var label) || label != 1 || !r.TryMap(out var four) || four != 4) return false;
        if (!r.TryInt(out label) || label != 1 || !r.TryInt(out var kty) || kty != 2) return false;
        if (!r.TryInt(out label) || label != -1 || !r.TryInt(out var crv) || crv != 1) return false;
        if (!r.TryInt(out label) || label != -2 || !r.TryBytes(out var x) || x.Length != 32) return false;
        if (!r.TryInt(out label) || label != -3 || !r.TryBytes(out var y) || y.Length != 32) return false;
        point = Convert.ToHexStringLower(x) + Convert.ToHexStringLower(y);
        return true;
    }

    /// <summary>The map of our own label.</summary>
    private sealed class Liren
    {
        private string? compound, unit, name, idTail, plate, host;
        private long kind, form, uses = -1, gates;
        private int from = -1, to = -1;
        private List<PassMember>? members;

        public PassForm Form => (PassForm)form;

        public static bool TryRead(ref StrictCbor r, out Liren? own)
        {
            own = null;
            var map = new Liren();
            var keys = new StrictCbor.KeyOrder();
            if (!r.TryMap(out var pairs)) return false;
            for (var i = 0; i < pairs; i++)
                if (!r.TryKey(ref keys, out var label) || !map.TryValue(label, ref r)) return false;
            if (map.compound is not { Length: > 0 } || map.name is not { Length: > 0 } || map.kind is < 1 or > 7 || map.form is < 1 or > 3) return false;
            own = map;
            return true;
        }

        private bool TryValue(long label, ref StrictCbor r) => label switch
        {
            1 => r.TryText(120, out compound),
            2 => r.TryText(60, out unit),
            3 => r.TryText(60, out name),
            4 => r.TryInt(out kind),
            5 => r.TryInt(out gates) && gates >= 0,
            6 => r.TryText(8, out idTail),
            7 => r.TryInt(out form),
            8 => TryHours(ref r),
            9 => r.TryInt(out uses) && uses is >= 1 and <= 10_000,
            10 => r.TryText(24, out plate),
            11 => TryMembers(ref r),
            12 => r.TryText(60, out host),
            _ => r.TrySkip(),
        };

        private bool TryHours(ref StrictCbor r)
        {
            if (!r.TryArray(out var two) || two != 2 || !r.TryInt(out var first) || !r.TryInt(out var last)) return false;
            if (first is < 0 or > 1439 || last is < 1 or > 1440 || first == last) return false;
            (from, to) = ((int)first, (int)last);
            return true;
        }

        private bool TryMembers(ref StrictCbor r)
        {
            if (!r.TryArray(out var count) || count is 0 or > MostMembers) return false;
            members = new List<PassMember>(count);
            for (var i = 0; i < count; i++)
            {
                if (!r.TryArray(out var two) || two != 2 || !r.TryBytes(out var cti) || cti.Length != 8 || !r.TryText(60, out var name)) return false;
                members.Add(new(Convert.ToHexStringLower(cti), name));
            }
            return true;
        }

        public PassClaims ToClaims(string issuer, long expires, long? notBefore, long issuedAt, string cti, string? device) => new()
        {
            Issuer = issuer, Expires = expires, NotBefore = notBefore, IssuedAt = issuedAt, Cti = cti, DeviceKey = device,
            Compound = compound!, Unit = unit, Name = name!, Kind = (PassKind)kind, Gates = (ulong)gates, IdTail = idTail, Form = (PassForm)form,
            FromMinute = from < 0 ? null : from, ToMinute = to < 0 ? null : to, MostUses = uses < 0 ? null : (int)uses, Plate = plate,
            Members = members ?? (IReadOnlyList<PassMember>)[], HostUnit = host,
        };
    }
}
