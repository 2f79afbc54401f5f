namespace Liren.Sdk.Security;

/// <summary>Purposes for which personal data may be read. Text keys are "purpose.{code}".</summary>
public static class Purposes
{
    /// <summary>社区服务.</summary>
    public const string CommunityService = "community.service";
    /// <summary>物业服务.</summary>
    public const string PropertyService = "property.service";
    /// <summary>事件处置.</summary>
    public const string IncidentHandling = "incident.handling";
    /// <summary>疫情防控.</summary>
    public const string EpidemicControl = "epidemic.control";
    /// <summary>台账维护: keeping the register right.</summary>
    public const string RegisterKeeping = "register.keeping";
    /// <summary>监督审计.</summary>
    public const string Audit = "supervision.audit";
    /// <summary>本人查阅.</summary>
    public const string DataSubject = "data.subject";

    /// <summary>All known purposes.</summary>
    public static readonly IReadOnlyList<string> All = [CommunityService, PropertyService, IncidentHandling, EpidemicControl, RegisterKeeping, Audit, DataSubject];
}

/// <summary>The purpose stated for reads in this flow of control: header <c>Liren-Purpose</c>, query <c>purpose</c>, or named by the page.</summary>
public static class Purpose
{
    private static readonly AsyncLocal<string?> Local = new();

    /// <summary>The purpose stated, or null.</summary>
    public static string? Current => Local.Value;

    /// <summary>States the purpose for the rest of this flow of control; unknown ones are refused (422 purpose.unknown).</summary>
    public static void State(string purpose)
    {
        Rule.Require(Purposes.All.Contains(purpose), "purpose.unknown", "purpose", purpose);
        Local.Value = purpose;
    }

    /// <summary>The purpose stated, or 400 purpose.missing.</summary>
    public static string Required => Local.Value ?? throw new RuleBrokenException("purpose.missing", "purpose", 400);
}

/// <summary>One read of one person's data.</summary>
/// <param name="Subject">Whose data.</param>
/// <param name="Purpose">Why.</param>
/// <param name="Fields">Which fields, comma separated.</param>
/// <param name="Disclosure">How: "plain", "masked", "exists", "export".</param>
/// <param name="Allowed">False for a refused attempt.</param>
public sealed record AccessEntry(Guid Subject, string Purpose, string Fields, string Disclosure, bool Allowed = true);

/// <summary>
/// The access log (访问日志): who read whose data, why. Tamper-evident, one entry per subject. Implemented by the identity module.
/// </summary>
public interface IAccessLog
{
    /// <summary>Returns when the entries are on disk: no log, no data. Who reads is taken from <see cref="Actor.Current"/>.</summary>
    ValueTask RecordAsync(IReadOnlyList<AccessEntry> entries, CancellationToken cancellation = default);
}

/// <summary>Masks personal data for people whose role does not need it plain.</summary>
public static class Mask
{
    /// <summary>王小英 → 王*英, 王英 → 王*, 欧阳小英 → 欧*英.</summary>
    public static string Name(string name)
    {
        var runes = name.EnumerateRunes().ToArray();
        return runes.Length switch
        {
            0 => "",
            1 => "*",
            2 => $"{runes[0]}*",
            _ => $"{runes[0]}{new string('*', 1)}{runes[^1]}",
        };
    }

    /// <summary>13812345678 → 138****5678; shorter numbers keep their last two digits.</summary>
    public static string Phone(string phone) => phone.Length switch
    {
        >= 11 => $"{phone[..3]}****{phone[^4..]}",
        >= 5 => $"***{phone[^2..]}",
        _ => "***",
    };

    /// <summary>11010519491231002X → 1101**********002X.</summary>
    public static string CitizenId(string id) => id.Length >= 10 ? $"{id[..4]}{new string('*', id.Length - 8)}{id[^4..]}" : "****";
}
