namespace Liren.Incidents.Domain;

/// <summary>Level of response (响应级别), mildest first. The names sort gravest first as text, which lists rely on.</summary>
internal enum Level
{
    /// <summary>一般，蓝.</summary>
    IV,
    /// <summary>较大，黄.</summary>
    III,
    /// <summary>重大，橙.</summary>
    II,
    /// <summary>特别重大，红: only a person declares it.</summary>
    I,
}
