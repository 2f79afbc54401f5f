namespace Liren.People.Domain;

/// <summary>Kinds of identity documents (证件类型), in the order they are preferred.</summary>
internal enum IdentifierKind
{
    /// <summary>居民身份证.</summary>
    CitizenId,
    /// <summary>港澳台居民居住证.</summary>
    ResidencePermit,
    /// <summary>港澳居民来往内地通行证.</summary>
    HongKongMacaoPermit,
    /// <summary>台湾居民来往大陆通行证.</summary>
    TaiwanPermit,
    /// <summary>外国人永久居留身份证.</summary>
    ForeignerPermit,
    /// <summary>护照.</summary>
    Passport,
}

/// <summary>A sensitive value as it is stored.</summary>
/// <param name="Cipher">Encrypted, bound to the person.</param>
/// <param name="Hash">Keyed hash for exact search.</param>
/// <param name="Masked">What may be shown to those who do not need it plain.</param>
internal sealed record Sealed(byte[] Cipher, byte[] Hash, string Masked);

/// <summary>An identity document of a person; its number exists only encrypted.</summary>
internal sealed class Identifier
{
    private Identifier() { }

    internal Identifier(Guid personId, IdentifierKind kind, Sealed value, DateTimeOffset now) =>
        (PersonId, Kind, Cipher, Hash, Masked, AddedAt) = (personId, kind, value.Cipher, value.Hash, value.Masked, now);

    public Guid Id { get; private init; } = Guid.CreateVersion7();
    public Guid PersonId { get; private init; }
    public IdentifierKind Kind { get; private init; }
    public byte[] Cipher { get; private init; } = [];
    public byte[] Hash { get; private init; } = [];
    public string Masked { get; private init; } = "";
    public DateTimeOffset AddedAt { get; private init; }
}
