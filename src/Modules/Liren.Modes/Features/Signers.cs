using Liren.Modes.Domain;
using Liren.Sdk;
using Liren.Sdk.Security;

namespace Liren.Modes.Features;

/// <summary>Who signs: always a named person, never a program, a device or the machine.</summary>
internal static class Signers
{
    public static Signer Current => Actor.Current is { Id: { } id, Kind: ActorKind.Person or ActorKind.Operator } actor ? new(id, actor.Name) : throw new RuleBrokenException("modes.named-person", null, 403);
}
