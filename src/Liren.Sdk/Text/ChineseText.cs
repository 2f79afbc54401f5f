using System.Text;

namespace Liren.Sdk.Text;

/// <summary>Text out of files that people send (中文文本).</summary>
public static class ChineseText
{
    /// <summary>Decodes UTF-8 with or without mark, UTF-16 with one, or, when it is none of these, GB18030: what Excel in China saves as "CSV".</summary>
    public static string Decode(byte[] bytes)
    {
        if (bytes.AsSpan().StartsWith(Encoding.UTF8.Preamble)) return Encoding.UTF8.GetString(bytes.AsSpan(3));
        if (bytes.AsSpan().StartsWith(Encoding.Unicode.Preamble)) return Encoding.Unicode.GetString(bytes.AsSpan(2));
        if (bytes.AsSpan().StartsWith(Encoding.BigEndianUnicode.Preamble)) return Encoding.BigEndianUnicode.GetString(bytes.AsSpan(2));
        try { return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes); }
        catch (DecoderFallbackException) { return CodePagesEncodingProvider.Instance.GetEncoding("GB18030")!.GetString(bytes); }
    }
}
