using Liren.Sdk;

namespace Liren.People.Domain;

/// <summary>How somebody is reached (联系方式).</summary>
internal enum ContactKind
{
    /// <summary>手机.</summary>
    Mobile,
    /// <summary>固定电话.</summary>
    Landline,
}

/// <summary>A way to reach a person; its value exists only encrypted. Verified by a code read back over that very telephone.</summary>
internal sealed class ContactPoint
{
    /// <summary>How long a code may be read back.</summary>
    public static readonly TimeSpan CodeLives = TimeSpan.FromMinutes(10);

    /// <summary>Wrong codes before a new one is needed.</summary>
    public const int MostTries = 5;

    private ContactPoint() { }

    internal ContactPoint(Guid personId, ContactKind kind, Sealed value, byte[]? tailHash, DateTimeOffset now) =>
        (PersonId, Kind, Cipher, Hash, Masked, TailHash, AddedAt) = (personId, kind, value.Cipher, value.Hash, value.Masked, tailHash, now);

    public Guid Id { get; private init; } = Guid.CreateVersion7();
    public Guid PersonId { get; private init; }
    public ContactKind Kind { get; private init; }
    public byte[] Cipher { get; private init; } = [];
    public byte[] Hash { get; private init; } = [];
    /// <summary>Keyed hash of the last four digits: people give these at the door.</summary>
    public byte[]? TailHash { get; private init; }
    public string Masked { get; private init; } = "";
    public DateTimeOffset AddedAt { get; private init; }
    public DateTimeOffset? VerifiedAt { get; private set; }
    /// <summary>Who confirmed it.</summary>
    public string? VerifiedBy { get; private set; }
    /// <summary>Hash of the code that is to be read back; null when none is waiting.</summary>
    public byte[]? CodeHash { get; private set; }
    public DateTimeOffset? CodeUntil { get; private set; }
    public int CodeTries { get; private set; }

    /// <summary>A code is about to be said over this telephone.</summary>
    public void Ask(byte[] codeHash, DateTimeOffset now) => (CodeHash, CodeUntil, CodeTries) = (codeHash, now + CodeLives, 0);

    /// <summary>The person read a code back; false when it was the wrong one.</summary>
    public bool Answer(byte[] codeHash, string by, DateTimeOffset now)
    {
        Rule.State(CodeHash is not null && CodeUntil > now && CodeTries < MostTries, "people.code-gone");
        if (!CodeHash.AsSpan().SequenceEqual(codeHash))
        {
            CodeTries++;
            return false;
        }
        (CodeHash, CodeUntil, VerifiedAt, VerifiedBy) = (null, null, now, by);
        return true;
    }
}
