using Liren.Contracts.Organisation;
using Liren.Contracts.Places;
using Liren.Sdk;

namespace Liren.Organisation.Domain;

/// <summary>Kinds of organisations (单位类型).</summary>
internal enum OrgKind
{
    /// <summary>区、县人民政府.</summary>
    District,
    /// <summary>街道办事处、镇人民政府.</summary>
    Street,
    /// <summary>居（村）民委员会.</summary>
    CommunityOffice,
    /// <summary>网格化管理中心.</summary>
    GridCentre,
    /// <summary>派出所、公安分局.</summary>
    PoliceStation,
    /// <summary>社区卫生服务中心、医院.</summary>
    HealthCentre,
    /// <summary>消防救援站.</summary>
    FireBrigade,
    /// <summary>科室、职能部门.</summary>
    Department,
    /// <summary>物业服务企业.</summary>
    PropertyCompany,
    /// <summary>业主大会.</summary>
    OwnersAssembly,
    /// <summary>业主委员会.</summary>
    OwnersCommittee,
    /// <summary>其他承包单位: lifts, cleaning, greening.</summary>
    Contractor,
}

/// <summary>An organisation (单位): its kind, the place it serves, the telephone of its duty desk.</summary>
internal sealed class OrgUnit : Entity
{
    private OrgUnit() { }

    /// <summary>Unique and for good: rules and sheets name an organisation by it.</summary>
    public string Code { get; private init; } = "";
    public string Name { get; private set; } = "";
    public OrgKind Kind { get; private set; }
    /// <summary>The place it serves; "" is everywhere.</summary>
    public string PlacePath { get; private set; } = "";
    /// <summary>Telephone of the office, never of a person.</summary>
    public string? DutyPhone { get; private set; }
    public string? Address { get; private set; }
    public DateTimeOffset CreatedAt { get; private init; }
    public DateTimeOffset? ClosedAt { get; private set; }
    public string? ClosedReason { get; private set; }

    public OrgCard Card => new(Id, Code, Name, Kind.ToString(), PlacePath);

    public static OrgUnit Add(Guid id, string code, string name, OrgKind kind, string place, string? dutyPhone, string? address, DateTimeOffset now)
    {
        code = code.Trim();
        Rule.Require(IsCode(code), "organisation.code", "code");
        var org = new OrgUnit { Id = id, Code = code, CreatedAt = now };
        org.Set(name, kind, place, dutyPhone, address);
        org.Raise(new OrgUnitAdded(id, place, now));
        return org;
    }

    public void Edit(string name, OrgKind kind, string place, string? dutyPhone, string? address, DateTimeOffset now)
    {
        Rule.State(ClosedAt is null, "organisation.closed", Name);
        Set(name, kind, place, dutyPhone, address);
        Raise(new OrgUnitChanged(Id, PlacePath, "details", now));
    }

    public void Close(string reason, DateTimeOffset now)
    {
        Rule.State(ClosedAt is null, "organisation.closed", Name);
        Rule.Require(reason.Trim().Length is >= 2 and <= 200, "organisation.close-reason", "reason");
        (ClosedAt, ClosedReason) = (now, reason.Trim());
        Raise(new OrgUnitChanged(Id, PlacePath, "closed", now));
    }

    /// <summary>Who stands above it in some line has changed.</summary>
    public void SuperiorChanged(DateTimeOffset now) => Raise(new OrgUnitChanged(Id, PlacePath, "superior", now));

    public static bool IsCode(string code) => code.Length is >= 2 and <= 40 && code.All(c => c is >= 'a' and <= 'z' or >= '0' and <= '9' or '-');

    private void Set(string name, OrgKind kind, string place, string? dutyPhone, string? address)
    {
        Rule.Require(name.Trim().Length is >= 2 and <= 60, "organisation.name", "name");
        Rule.Require(Enum.IsDefined(kind), "organisation.kind", "kind");
        Rule.Require(place.Length == 0 || Contracts.Places.PlacePath.IsValid(place), "organisation.place", "place", place);
        dutyPhone = string.IsNullOrWhiteSpace(dutyPhone) ? null : dutyPhone.Trim();
        Rule.Require(dutyPhone is null || (dutyPhone.Length is >= 3 and <= 20 && dutyPhone.All(c => char.IsAsciiDigit(c) || c is '-' or '+' or ' ')), "organisation.duty-phone", "dutyPhone");
        address = string.IsNullOrWhiteSpace(address) ? null : address.Trim();
        Rule.Require(address is null or { Length: <= 120 }, "organisation.address", "address");
        (Name, Kind, PlacePath, DutyPhone, Address) = (name.Trim(), kind, place, dutyPhone, address);
    }
}
