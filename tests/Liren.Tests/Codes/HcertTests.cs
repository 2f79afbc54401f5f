using System.Formats.Cbor;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Liren.Codes;
using Liren.Codes.Hcert;

namespace Liren.Tests.Codes;

/// <summary>Foreign health certificates, made here with every freedom the specification leaves and every fault that naive verifiers let through.</summary>
public sealed class HcertTests : IDisposable
{
    private readonly ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly RSA rsa = RSA.Create(2048);
    private readonly HcertTrust trust = new();
    private readonly byte[] certificate;

    private static readonly DateTimeOffset Now = new(2021, 7, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly long At = Now.ToUnixTimeSeconds();

    public HcertTests()
    {
        certificate = Certificate(new CertificateRequest("CN=Test DSC", key, HashAlgorithmName.SHA256));
        trust.TryAdd(certificate).ShouldBeTrue();
    }

    public void Dispose()
    {
        key.Dispose();
        rsa.Dispose();
        trust.Dispose();
    }

    private static byte[] Certificate(CertificateRequest request, params string[] usages)
    {
        if (usages.Length > 0)
        {
            var oids = new OidCollection();
            foreach (var usage in usages) oids.Add(new Oid(usage));
            request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension(oids, false));
        }
        using var made = request.CreateSelfSigned(Now.AddYears(-1), Now.AddYears(1));
        return made.RawData;
    }

    private sealed record Shape
    {
        public Action<CborWriter>? Expires { get; init; } = w => w.WriteInt64(At + 10);
        public Action<CborWriter>? Issued { get; init; } = w => w.WriteInt64(At - 10);
        public IReadOnlyList<(string Group, int Entries)> Groups { get; init; } = [("v", 1)];
        public bool Named { get; init; } = true;
        public long Alg { get; init; } = -7;
        public bool AlgOpen { get; init; }
        public byte[]? Kid { get; init; }
        public byte[]? OpenKid { get; init; }
        public string Tags { get; init; } = "D2";
        public bool Packed { get; init; } = true;
        public Func<byte[], byte[]>? Sign { get; init; }
    }

    private byte[] Kid => SHA256.HashData(certificate)[..8];

    private string Make(Shape s)
    {
        var claims = Map(w =>
        {
            w.WriteInt32(1); w.WriteTextString("XX");
            if (s.Expires is not null) { w.WriteInt32(4); s.Expires(w); }
            if (s.Issued is not null) { w.WriteInt32(6); s.Issued(w); }
            w.WriteInt32(-260); w.WriteStartMap(1); w.WriteInt32(1);
            w.WriteStartMap(null);
            w.WriteTextString("ver"); w.WriteTextString("1.3.0");
            if (s.Named) { w.WriteTextString("nam"); w.WriteStartMap(1); w.WriteTextString("fnt"); w.WriteTextString("DOE"); w.WriteEndMap(); }
            w.WriteTextString("dob"); w.WriteTextString("1990");
            foreach (var (group, entries) in s.Groups)
            {
                w.WriteTextString(group); w.WriteStartArray(entries);
                for (var i = 0; i < entries; i++) { w.WriteStartMap(1); w.WriteTextString("co"); w.WriteTextString("AT"); w.WriteEndMap(); }
                w.WriteEndArray();
            }
            w.WriteEndMap(); w.WriteEndMap();
        });
        var header = s is { AlgOpen: true, Kid: null } ? [] : Map(w =>
        {
            if (!s.AlgOpen) { w.WriteInt32(1); w.WriteInt64(s.Alg); }
            if (s.Kid is not null) { w.WriteInt32(4); w.WriteByteString(s.Kid); }
        });
        var signed = new byte[Sign1.ToBeSignedLength(header.Length, claims.Length)];
        var length = Sign1.WriteToBeSigned(header, claims, signed);
        var signature = (s.Sign ?? (data => key.SignData(data, HashAlgorithmName.SHA256)))(signed[..length]);
        var message = new CborWriter(CborConformanceMode.Lax);
        message.WriteStartArray(4);
        message.WriteByteString(header);
        message.WriteStartMap(null);
        if (s.AlgOpen) { message.WriteInt32(1); message.WriteInt64(s.Alg); }
        if (s.OpenKid is not null) { message.WriteInt32(4); message.WriteByteString(s.OpenKid); }
        message.WriteEndMap();
        message.WriteByteString(claims);
        message.WriteByteString(signature);
        message.WriteEndArray();
        byte[] bytes = [.. Convert.FromHexString(s.Tags), .. message.Encode()];
        return "HC1:" + Base45.Encode(s.Packed ? Pack(bytes) : bytes);
    }

    private static byte[] Map(Action<CborWriter> fill)
    {
        var w = new CborWriter(CborConformanceMode.Lax);
        w.WriteStartMap(null);
        fill(w);
        w.WriteEndMap();
        return w.Encode();
    }

    private static byte[] Pack(byte[] bytes)
    {
        using var into = new MemoryStream();
        using (var zlib = new ZLibStream(into, CompressionLevel.Optimal)) zlib.Write(bytes);
        return into.ToArray();
    }

    private HcertReason Check(Shape shape) => HealthCertificate.Check(Make(shape), trust, Now).Reason;

    private Shape Good => new() { Kid = Kid };

    [Fact]
    public void A_good_certificate_tells_its_kind_and_country_and_nothing_of_the_person() =>
        HealthCertificate.Check(Make(Good), trust, Now).ShouldBe(new HcertDecision(HcertReason.Ok, HcertKind.Vaccination, "AT", At - 10, At + 10));

    [Theory]
    [InlineData("")]
    [InlineData("D2")]
    [InlineData("D83DD2")]
    public void Tag_18_with_61_around_it_and_no_tag_are_good(string tags) => Check(Good with { Tags = tags }).ShouldBe(HcertReason.Ok);

    [Theory]
    [InlineData("D1")]
    [InlineData("D2D2")]
    [InlineData("D83D")]
    public void Another_tag_is_another_message(string tags) => Check(Good with { Tags = tags }).ShouldBe(HcertReason.Malformed);

    [Fact]
    public void The_protected_key_id_wins_and_the_open_one_speaks_where_it_is_silent()
    {
        byte[] wrong = [1, 2, 3, 4, 5, 6, 7, 8];
        Check(Good with { OpenKid = wrong }).ShouldBe(HcertReason.Ok);
        Check(Good with { Kid = null, OpenKid = Kid }).ShouldBe(HcertReason.Ok);
        Check(Good with { Kid = wrong, OpenKid = Kid }).ShouldBe(HcertReason.UnknownIssuer);
        Check(Good with { Kid = null, OpenKid = wrong }).ShouldBe(HcertReason.UnknownIssuer);
        Check(Good with { Kid = null }).ShouldBe(HcertReason.UnknownIssuer);
        Check(Good with { AlgOpen = true, Kid = null, OpenKid = Kid }).ShouldBe(HcertReason.Ok);
    }

    [Fact]
    public void Signatures_of_the_wrong_length_or_kind_are_wrong_and_not_a_crash()
    {
        Check(Good with { Sign = _ => [1, 2, 3] }).ShouldBe(HcertReason.Forged);
        Check(Good with { Sign = _ => [] }).ShouldBe(HcertReason.Forged);
        Check(Good with { Sign = _ => new byte[64] }).ShouldBe(HcertReason.Forged);
        Check(Good with { Sign = data => key.SignData(data, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence) }).ShouldBe(HcertReason.Forged);
        Check(Good with { Alg = -37 }).ShouldBe(HcertReason.Forged);
        Check(Good with { Alg = -8 }).ShouldBe(HcertReason.UnknownAlgorithm);
    }

    [Fact]
    public void PS256_is_good_with_an_RSA_certificate()
    {
        var own = Certificate(new CertificateRequest("CN=RSA", rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
        trust.TryAdd(own).ShouldBeTrue();
        var shape = Good with { Alg = -37, Kid = SHA256.HashData(own)[..8], Sign = data => rsa.SignData(data, HashAlgorithmName.SHA256, RSASignaturePadding.Pss) };
        Check(shape).ShouldBe(HcertReason.Ok);
        Check(shape with { Sign = data => rsa.SignData(data, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1) }).ShouldBe(HcertReason.Forged);
        using var small = RSA.Create(1024);
        trust.TryAdd(Certificate(new CertificateRequest("CN=small", small, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1))).ShouldBeFalse();
    }

    [Fact]
    public void Times_may_be_floats_or_tagged_and_the_end_is_inclusive()
    {
        Check(Good with { Expires = w => w.WriteDouble(At), Issued = w => w.WriteDouble(At) }).ShouldBe(HcertReason.Ok);
        Check(Good with { Expires = w => { w.WriteTag(CborTag.UnixTimeSeconds); w.WriteInt64(At); } }).ShouldBe(HcertReason.Ok);
        Check(Good with { Expires = w => w.WriteDouble(At - 0.5) }).ShouldBe(HcertReason.Expired);
        Check(Good with { Expires = null }).ShouldBe(HcertReason.Expired);
        Check(Good with { Expires = w => w.WriteDouble(double.NaN) }).ShouldBe(HcertReason.Expired);
        Check(Good with { Issued = w => w.WriteInt64(At + 1) }).ShouldBe(HcertReason.NotYetValid);
    }

    [Theory]
    [InlineData("1.3.6.1.4.1.1847.2021.1.2", "v", HcertReason.Ok)]
    [InlineData("1.3.6.1.4.1.0.1847.2021.1.2", "v", HcertReason.Ok)]
    [InlineData("1.3.6.1.4.1.1847.2021.1.1", "v", HcertReason.WrongUsage)]
    [InlineData("1.3.6.1.4.1.1847.2021.1.3", "t", HcertReason.WrongUsage)]
    [InlineData("1.3.6.1.4.1.0.1847.2021.1.3", "r", HcertReason.Ok)]
    [InlineData("1.3.6.1.5.5.7.3.2", "r", HcertReason.Ok)]
    public void A_signer_may_be_limited_to_kinds(string usage, string group, HcertReason reason)
    {
        var own = Certificate(new CertificateRequest("CN=limited", key, HashAlgorithmName.SHA256), usage);
        trust.TryAdd(own).ShouldBeTrue();
        Check(Good with { Kid = SHA256.HashData(own)[..8], Groups = [(group, 1)] }).ShouldBe(reason);
    }

    [Fact]
    public void One_certificate_means_one_entry_of_one_kind()
    {
        Check(Good with { Groups = [("v", 2)] }).ShouldBe(HcertReason.BadContent);
        Check(Good with { Groups = [("v", 1), ("t", 1)] }).ShouldBe(HcertReason.BadContent);
        Check(Good with { Groups = [] }).ShouldBe(HcertReason.BadContent);
        Check(Good with { Groups = [("v", 0)] }).ShouldBe(HcertReason.BadContent);
        Check(Good with { Named = false }).ShouldBe(HcertReason.BadContent);
    }

    [Fact]
    public void Compression_is_compulsory_and_a_bomb_is_not_unpacked()
    {
        Check(Good with { Packed = false }).ShouldBe(HcertReason.Malformed);
        var bomb = Pack(new byte[50_000_000]);
        HealthCertificate.Check("HC1:" + Base45.Encode(bomb.AsSpan(0, Math.Min(bomb.Length, 10_000))), trust, Now).Reason.ShouldBe(HcertReason.Malformed);
        HealthCertificate.Check("HC1:" + Base45.Encode(Pack(new byte[70_000])), trust, Now).Reason.ShouldBe(HcertReason.Malformed);
    }

    [Theory]
    [InlineData("HC2:ABC", HcertReason.NotACertificate)]
    [InlineData("", HcertReason.NotACertificate)]
    [InlineData("HC1:", HcertReason.Malformed)]
    [InlineData("HC1:ABC%", HcertReason.Malformed)]
    public void Other_texts_are_answered(string text, HcertReason reason) => HealthCertificate.Check(text, trust, Now).Reason.ShouldBe(reason);

    [Fact]
    public void A_certificate_that_nobody_trusts_is_worth_nothing_however_good_its_signature()
    {
        using var empty = new HcertTrust();
        HealthCertificate.Check(Make(Good), empty, Now).Reason.ShouldBe(HcertReason.UnknownIssuer);
    }
}
