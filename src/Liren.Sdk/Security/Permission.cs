using System.Collections.Immutable;

namespace Liren.Sdk.Security;

/// <summary>Something that may be allowed: "module.act", with the built-in roles that hold it. Its text key is "permission.{Code}".</summary>
/// <param name="Code">"people.read".</param>
/// <param name="Roles">Codes of <see cref="BuiltInRoles"/> that hold it from the start; the administrator holds all.</param>
public sealed record Permission(string Code, params string[] Roles);

/// <summary>Roles every installation has; more can be added as data. Text keys are "role.{code}".</summary>
public static class BuiltInRoles
{
    /// <summary>系统管理员: accounts, settings, everything.</summary>
    public const string Administrator = "administrator";
    /// <summary>街道领导: sees everything in the place, decides.</summary>
    public const string StreetLeader = "street-leader";
    /// <summary>值班员: runs incidents.</summary>
    public const string DutyOfficer = "duty-officer";
    /// <summary>社区工作者: registers people, places and rota.</summary>
    public const string CommunityWorker = "community-worker";
    /// <summary>网格员: is dispatched, reports.</summary>
    public const string GridWorker = "grid-worker";
    /// <summary>核查员: second person who verifies.</summary>
    public const string Checker = "checker";
    /// <summary>物业经理: compound, rooms, staff of the property company.</summary>
    public const string PropertyManager = "property-manager";
    /// <summary>门岗保安.</summary>
    public const string Guard = "guard";
    /// <summary>审计员: reads logs and journal, changes nothing.</summary>
    public const string Auditor = "auditor";
    /// <summary>居民.</summary>
    public const string Resident = "resident";
    /// <summary>Programs that send events.</summary>
    public const string Integration = "integration";

    /// <summary>门岗终端: the gate's own device.</summary>
    public const string Gate = "gate";

    /// <summary>处置人员: works for a unit that handles cases.</summary>
    public const string Handler = "handler";

    /// <summary>All of them.</summary>
    public static readonly ImmutableArray<string> All =
        [Administrator, StreetLeader, DutyOfficer, CommunityWorker, GridWorker, Checker, PropertyManager, Guard, Auditor, Resident, Integration, Gate, Handler];
}

/// <summary>The permission a feature needs; checked wherever it is run from.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class NeedsAttribute(string permission) : Attribute
{
    /// <summary>Permission code.</summary>
    public string Permission { get; } = permission;
}

/// <summary>The feature needs no permission; the reason is for the reader.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class OpenToAllAttribute(string why) : Attribute
{
    /// <summary>Why it is open.</summary>
    public string Why { get; } = why;
}

/// <summary>The feature reads personal data: the caller states a purpose, and the feature records the access.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class PersonalDataAttribute : Attribute;
