using Liren.Sdk.Security;

namespace Liren.Identity.Domain;

/// <summary>An invitation to open one's own account (开通码), handed over at the office's desk: who holds the code is taken for the resident.</summary>
internal sealed class Invitation
{
    // 29^10 possibilities, three days, and a limit on tries.
    private const int Length = 10;
    private static readonly TimeSpan Life = TimeSpan.FromDays(3);

    private Invitation() { }

    public Guid Id { get; private init; }
    public byte[] CodeHash { get; private init; } = [];
    public Guid PersonId { get; private init; }
    public string PlacePath { get; private init; } = "";
    /// <summary>Masked name, shown to whoever opens the code.</summary>
    public string Name { get; private init; } = "";
    public string InvitedBy { get; private init; } = "";
    public DateTimeOffset CreatedAt { get; private init; }
    public DateTimeOffset Until { get; private init; }
    public DateTimeOffset? UsedAt { get; private set; }

    public static (Invitation Invitation, string Code) Make(Guid person, string place, string name, string by, DateTimeOffset now)
    {
        var code = HumanCode.New(Length);
        return (new() { Id = Guid.CreateVersion7(now), CodeHash = HashOf(code), PersonId = person, PlacePath = place, Name = name, InvitedBy = by, CreatedAt = now, Until = now + Life }, code);
    }

    /// <summary>Hash of a code as somebody typed it.</summary>
    public static byte[] HashOf(string typed) => Secrets.Hash(HumanCode.Typed(typed));

    public bool IsOpen(DateTimeOffset now) => UsedAt is null && Until > now;

    /// <summary>Used, once.</summary>
    public void Use(DateTimeOffset now) => UsedAt = now;
}
