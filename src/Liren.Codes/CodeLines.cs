using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Liren.Codes.Hcert;

namespace Liren.Codes;

/// <summary>Codes in, one a line; answers out, one JSON object a line. A line of any length costs no more than the longest code.</summary>
public static class CodeLines
{
    private const int MostCharacters = 65_536;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, Converters = { new JsonStringEnumConverter() },
    };

    /// <summary>One answer.</summary>
    /// <param name="Ok">The code is good; for a paper pass: together with the identity document.</param>
    /// <param name="Kind">Kind of pass or certificate; null unless the signature held.</param>
    /// <param name="Reason">Name of the <see cref="PassReason"/> or <see cref="HcertReason"/>.</param>
    /// <param name="Claims">What it says; null unless the signature held.</param>
    public sealed record Answer(bool Ok, string? Kind, string Reason, object? Claims);

    /// <summary>Answers a pass under a trust list, at a time, without gate and memory.</summary>
    public static Answer OfPass(ReadOnlySpan<char> line, TrustList trust, DateTimeOffset at)
    {
        var decision = PassVerifier.Check(line, new GateContext { Now = at, Compound = null, Trust = trust });
        return new(decision.Reason is PassReason.Ok or PassReason.IdRequired, decision.Claims?.Kind.ToString(), decision.Reason.ToString(), decision.Claims);
    }

    /// <summary>Answers a foreign health certificate: kind, country and times, nothing of the person.</summary>
    public static Answer OfHcert(ReadOnlySpan<char> line, HcertTrust trust, DateTimeOffset at)
    {
        var decision = HealthCertificate.Check(line, trust, at);
        var known = decision.Kind != HcertKind.None;
        return new(decision.Ok, known ? decision.Kind.ToString() : null, decision.Reason.ToString(), known ? new { decision.Country, decision.IssuedAt, decision.Expires } : null);
    }

    /// <summary>Reads to the end, answering line by line. Only the line end (LF or CR LF) is taken off: a space belongs to a code.</summary>
    public static void Run(Stream input, TextWriter output, Func<string, Answer> answer)
    {
        using var reader = new StreamReader(input, new UTF8Encoding(false), detectEncodingFromByteOrderMarks: true, bufferSize: 32_768, leaveOpen: true);
        var line = new StringBuilder();
        var (tooLong, any) = (false, false);
        var buffer = new char[16_384];
        for (int read; (read = reader.Read(buffer, 0, buffer.Length)) > 0;)
        {
            var rest = buffer.AsSpan(0, read);
            while (rest.Length > 0)
            {
                var end = rest.IndexOf('\n');
                var part = end < 0 ? rest : rest[..end];
                any |= part.Length > 0;
                if (line.Length + part.Length > MostCharacters) { tooLong = true; line.Clear(); }
                else if (!tooLong) line.Append(part);
                if (end < 0) break;
                Answered();
                rest = rest[(end + 1)..];
            }
            output.Flush();
        }
        if (any) Answered();
        output.Flush();

        void Answered()
        {
            if (line.Length > 0 && line[^1] == '\r') line.Length--;
            var said = tooLong ? new Answer(false, null, nameof(PassReason.Malformed), null) : answer(line.ToString());
            output.WriteLine(JsonSerializer.Serialize(said, Json));
            line.Clear();
            (tooLong, any) = (false, false);
        }
    }
}
