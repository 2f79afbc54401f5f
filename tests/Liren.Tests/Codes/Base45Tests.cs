using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Liren.Codes;

namespace Liren.Tests.Codes;

public sealed class Base45Tests
{
    [Theory]
    [InlineData("AB", "BB8")]
    [InlineData("Hello!!", "%69 VD92EX0")]
    [InlineData("base-45", "UJCLQE7W581")]
    [InlineData("ietf!", "QED8WEX0")]
    [InlineData("", "")]
    public void The_examples_of_RFC_9285_come_out_both_ways(string plain, string text)
    {
        Base45.Encode(Encoding.ASCII.GetBytes(plain)).ShouldBe(text);
        Base45.Decode(text).ShouldBe(Encoding.ASCII.GetBytes(plain));
    }

    [Theory]
    [InlineData("GGW")]          // 65,536
    [InlineData(":::")]
    [InlineData("A")]
    [InlineData("ABCD")]
    [InlineData("V5")]           // a last pair of 256
    [InlineData("bb8")]
    [InlineData("BB8\n")]
    [InlineData("BB\u00e4")]
    [InlineData("BB\u0142")]     // its low seven bits are a letter of the alphabet
    public void What_an_encoder_would_not_write_is_refused(string text) => Base45.Decode(text).ShouldBeNull();

    [Fact]
    public void Every_byte_string_comes_back() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(500), Prop.ForAll((byte[] bytes) => Base45.Decode(Base45.Encode(bytes))!.SequenceEqual(bytes)));

    [Fact]
    public void Whatever_is_decoded_encodes_to_the_same_text() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(2_000), Prop.ForAll(
            Gen.Elements("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:".ToCharArray()).ArrayOf().ToArbitrary(),
            (char[] text) => Base45.Decode(text) is not { } bytes || Base45.Encode(bytes).AsSpan().SequenceEqual(text)));
}
