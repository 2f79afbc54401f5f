namespace Liren.Codes;

/// <summary>Whom a pass is for.</summary>
public enum PassKind
{
    /// <summary>居民.</summary>
    Resident = 1,
    /// <summary>家人代持: one code for a family.</summary>
    Family = 2,
    /// <summary>访客.</summary>
    Visitor = 3,
    /// <summary>快递.</summary>
    Courier = 4,
    /// <summary>服务人员.</summary>
    Service = 5,
    /// <summary>车辆.</summary>
    Vehicle = 6,
    /// <summary>工作人员.</summary>
    Staff = 7,
}

/// <summary>How a pass is carried.</summary>
public enum PassForm
{
    /// <summary>On a phone that holds the key named in it: shown only inside a live proof.</summary>
    Phone = 1,
    /// <summary>纸质证: with the identity document beside it.</summary>
    Paper = 2,
    /// <summary>Short-lived codes for phones that cannot keep a key.</summary>
    Strip = 3,
}

/// <summary>One person of a family pass.</summary>
/// <param name="Cti">Their own pass id, 8 bytes as hex.</param>
/// <param name="Name">Masked name.</param>
public sealed record PassMember(string Cti, string Name);

/// <summary>What a pass says. Never a full name, number, telephone or state of health.</summary>
public sealed record PassClaims
{
    /// <summary>Path of the community that issued it.</summary>
    public required string Issuer { get; init; }
    /// <summary>Last second it is valid, Unix time.</summary>
    public required long Expires { get; init; }
    /// <summary>First second it is valid, Unix time; null: from the beginning.</summary>
    public long? NotBefore { get; init; }
    /// <summary>When it was issued, Unix time.</summary>
    public required long IssuedAt { get; init; }
    /// <summary>The pass's only identity: 8 random bytes as lower-case hex.</summary>
    public required string Cti { get; init; }
    /// <summary>The phone's public key: x‖y, 64 bytes as hex; phone form only.</summary>
    public string? DeviceKey { get; init; }
    /// <summary>Path of the compound it opens; everything below included.</summary>
    public required string Compound { get; init; }
    /// <summary>Building, unit and room as written on doors: "12-3-601".</summary>
    public string? Unit { get; init; }
    /// <summary>Masked name: 王*英.</summary>
    public required string Name { get; init; }
    /// <summary>Whom it is for.</summary>
    public required PassKind Kind { get; init; }
    /// <summary>Gates it opens, one bit each; 0: all of the compound.</summary>
    public ulong Gates { get; init; }
    /// <summary>Last four characters of the document number.</summary>
    public string? IdTail { get; init; }
    /// <summary>How it is carried.</summary>
    public required PassForm Form { get; init; }
    /// <summary>From this minute of the day (Asia/Shanghai, 0–1439); null: at all hours.</summary>
    public int? FromMinute { get; init; }
    /// <summary>Up to and without this minute (1–1440); smaller than <see cref="FromMinute"/>: over midnight.</summary>
    public int? ToMinute { get; init; }
    /// <summary>How often it may be used; null: as often as wanted.</summary>
    public int? MostUses { get; init; }
    /// <summary>Number plate, upper case.</summary>
    public string? Plate { get; init; }
    /// <summary>People of a family pass.</summary>
    public IReadOnlyList<PassMember> Members { get; init; } = [];
    /// <summary>The unit a visitor goes to.</summary>
    public string? HostUnit { get; init; }
}
