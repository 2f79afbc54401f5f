using System.Text;
using System.Text.Json;
using Liren.Codes;
using Liren.Codes.Hcert;

namespace Liren.Tests.Codes;

public sealed class CodeLinesTests
{
    private readonly Issuer issuer = new();

    private List<JsonElement> Run(Stream input)
    {
        var output = new StringWriter();
        CodeLines.Run(input, output, line => CodeLines.OfPass(line, issuer.Trust, Issuer.Now));
        return [.. output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonDocument.Parse(l).RootElement)];
    }

    private List<JsonElement> Run(string text) => Run(new MemoryStream(Encoding.UTF8.GetBytes(text)));

    [Fact]
    public void Each_line_is_answered_by_one_line_of_JSON()
    {
        var answers = Run($"{issuer.Live(issuer.Phoned())}\r\n\n{issuer.Sign(Issuer.Paper())}\n{new Issuer().Sign(Issuer.Paper())}");
        answers.Select(a => (a.GetProperty("ok").GetBoolean(), a.GetProperty("reason").GetString())).ShouldBe([(true, "Ok"), (false, "NotAPass"), (true, "IdRequired"), (false, "UnknownIssuer")]);
        answers[0].GetProperty("claims").GetProperty("name").GetString().ShouldBe("王*英");
        answers[0].GetProperty("kind").GetString().ShouldBe("Resident");
    }

    [Fact]
    public void A_line_without_end_costs_no_memory_and_the_next_is_answered()
    {
        var good = issuer.Sign(Issuer.Paper());
        var before = GC.GetAllocatedBytesForCurrentThread();
        var answers = Run(new Endless(200_000_000, "\n" + good + "\n"));
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(8_000_000);
        answers.Select(a => a.GetProperty("reason").GetString()).ShouldBe(["Malformed", "IdRequired"]);
    }

    [Fact]
    public void Bytes_that_are_no_text_are_answered() => Run(new MemoryStream([0xFF, 0x00, 0xC3, 0x28, 10, 0xFE])).Count.ShouldBe(2);

    [Fact]
    public void Nothing_in_is_nothing_out() => Run("").ShouldBeEmpty();

    [Fact]
    public void A_trust_file_may_list_keys_or_hold_the_signed_list()
    {
        var listed = TrustFile.ReadPassKeys(JsonSerializer.Serialize(new[] { Convert.ToBase64String(issuer.Key.Spki) }));
        CodeLines.OfPass(issuer.Sign(Issuer.Paper()), listed, Issuer.Now).Ok.ShouldBeTrue();
        var signed = TrustFile.ReadPassKeys(JsonSerializer.Serialize(new { root = Convert.ToBase64String(issuer.Root.Spki), list = Convert.ToBase64String(issuer.Trust.Sign(issuer.Root)) }));
        CodeLines.OfPass(issuer.Sign(Issuer.Paper()), signed, Issuer.Now).Ok.ShouldBeTrue();
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("[1]")]
    [InlineData("[\"?\"]")]
    [InlineData("[null]")]
    [InlineData("[\"AAAA\"]")]
    [InlineData("{\"root\":\"AAAA\",\"list\":\"AAAA\"}")]
    public void A_trust_file_that_is_none_is_refused_with_a_sentence(string json) => Should.Throw<FormatException>(() => TrustFile.ReadPassKeys(json)).Message.ShouldNotBeEmpty();

    [Fact]
    public void Unusable_certificates_are_counted()
    {
        TrustFile.ReadCertificates("[\"AAAA\",\"\"]", out var unusable).Dispose();
        unusable.ShouldBe(2);
    }

    private sealed class Endless(long length, string tail) : Stream
    {
        private readonly byte[] end = Encoding.UTF8.GetBytes(tail);
        private long at;
        public override int Read(byte[] buffer, int offset, int count)
        {
            var many = (int)Math.Min(count, Math.Max(0, length - at));
            if (many > 0) { buffer.AsSpan(offset, many).Fill((byte)'A'); at += many; return many; }
            var left = (int)Math.Min(count, length + end.Length - at);
            if (left > 0) { end.AsSpan((int)(at - length), left).CopyTo(buffer.AsSpan(offset)); at += left; }
            return left;
        }
        public override bool CanRead => true;
        public override bool CanSeek => false;
        public override bool CanWrite => false;
        public override long Length => throw new NotSupportedException();
        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }
        public override void Flush() { }
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();
        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
