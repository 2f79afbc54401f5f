using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Liren.Modes.Domain;

/// <summary>The certificate of destruction (销毁证明): its number, and the hash of its facts that the journal keeps.</summary>
internal static class Certificate
{
    /// <summary>XH-20200301-3F9A1C07: the day, and the order's random part.</summary>
    public static string NumberOf(ModeOrder order, DateTimeOffset now) =>
        string.Create(CultureInfo.InvariantCulture, $"XH-{Sdk.Text.Show.Local(now):yyyyMMdd}-{order.Id.ToString("N")[^8..].ToUpperInvariant()}");

    /// <summary>SHA-256 of the facts, one a line, times in UTC to the second; what is stored now must still give it.</summary>
    public static string HashOf(ModeOrder order, IEnumerable<DestructionTask> tasks)
    {
        var facts = new StringBuilder("liren-destruction-1\n");
        Line(facts, order.CertificateNo, order.OrderNo, order.AreaPath, At(order.StartsAt), At(order.EndsAt));
        foreach (var t in tasks.OrderBy(t => t.Collection, StringComparer.Ordinal))
            Line(facts, t.Collection, t.Purpose, t.Count?.ToString(CultureInfo.InvariantCulture), t.Method, t.ReporterName, At(t.ReportedAt), t.CheckerName, At(t.Due), At(t.DestroyedAt));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(facts.ToString())));
    }

    // A length before each fact: no two lists of facts make one text.
    private static void Line(StringBuilder facts, params string?[] values)
    {
        foreach (var value in values) facts.Append(CultureInfo.InvariantCulture, $"{value?.Length ?? -1}:{value}|");
        facts.Append('\n');
    }

    private static string? At(DateTimeOffset? at) => at?.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
