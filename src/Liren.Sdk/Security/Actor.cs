using System.Collections.Immutable;
using Liren.Contracts.Places;

namespace Liren.Sdk.Security;

/// <summary>Who acts.</summary>
public enum ActorKind
{
    /// <summary>Nobody known.</summary>
    Anonymous,
    /// <summary>A person with an account.</summary>
    Person,
    /// <summary>A program with an API key.</summary>
    Integration,
    /// <summary>A device with its own key.</summary>
    Device,
    /// <summary>Liren itself: handlers, timers, jobs.</summary>
    System,
    /// <summary>The operator at the machine's own command line.</summary>
    Operator,
}

/// <summary>A set of permissions on a subtree of places.</summary>
/// <param name="Role">Code of the role it comes from.</param>
/// <param name="OrgId">Organisation on whose behalf, if any.</param>
/// <param name="Place">Subtree; "" is everywhere.</param>
/// <param name="Permissions">What may be done there; "*" is everything.</param>
public sealed record Grant(string Role, Guid? OrgId, string Place, ImmutableHashSet<string> Permissions)
{
    /// <summary>True when it holds the permission, wherever.</summary>
    public bool Has(string permission) => Permissions.Contains(permission) || Permissions.Contains("*");
}

/// <summary>Who is acting in this flow of control, and what they may do where. Deny by default.</summary>
/// <param name="Id">Account, key or device id; null for system, operator and anonymous.</param>
/// <param name="Name">Name for journal and log.</param>
/// <param name="Kind">What it is.</param>
/// <param name="OrgId">Home organisation, if any.</param>
/// <param name="Grants">What may be done where.</param>
public sealed record Actor(Guid? Id, string Name, ActorKind Kind, Guid? OrgId, ImmutableArray<Grant> Grants)
{
    private static readonly AsyncLocal<Actor?> Local = new();

    /// <summary>Nobody: no permission.</summary>
    public static readonly Actor Anonymous = new(null, "anonymous", ActorKind.Anonymous, null, []);

    /// <summary>Liren itself.</summary>
    public static readonly Actor System = new(null, "system", ActorKind.System, null, [new Grant("system", null, PlacePath.Root, ["*"])]);

    /// <summary>Whoever holds the command line holds the data folder: everything is allowed, everything is logged.</summary>
    public static readonly Actor Operator = new(null, "operator", ActorKind.Operator, null, [new Grant("operator", null, PlacePath.Root, ["*"])]);

    /// <summary>Who acts now; <see cref="Anonymous"/> when nobody was set.</summary>
    public static Actor Current => Local.Value ?? Anonymous;

    /// <summary>Acts as somebody until disposed.</summary>
    public static IDisposable Use(Actor actor)
    {
        var before = Local.Value;
        Local.Value = actor;
        return new Restore(before);
    }

    /// <summary>Sets who acts for the rest of this flow of control (middleware, circuits).</summary>
    public static void Set(Actor actor) => Local.Value = actor;

    /// <summary>May do it at least somewhere.</summary>
    public bool May(string permission) => Grants.Any(g => g.Has(permission));

    /// <summary>May do it at this place.</summary>
    public bool May(string permission, string place) => Grants.Any(g => g.Has(permission) && PlacePath.IsWithin(place, g.Place));

    /// <summary>Subtrees where it may be done; empty when nowhere.</summary>
    public IReadOnlyCollection<string> ScopesFor(string permission) => [.. Grants.Where(g => g.Has(permission)).Select(g => g.Place).Distinct()];

    /// <summary>Throws (401 when nobody is signed in, 403 otherwise) unless it may be done at the place.</summary>
    public void Require(string permission, string place)
    {
        if (May(permission, place)) return;
        if (Kind == ActorKind.Anonymous) throw new RuleBrokenException("sdk.sign-in", null, 401);
        throw new RuleBrokenException("sdk.not-allowed", null, 403, permission, place);
    }

    /// <summary>Throws unless it may be done somewhere.</summary>
    public void Require(string permission)
    {
        if (May(permission)) return;
        if (Kind == ActorKind.Anonymous) throw new RuleBrokenException("sdk.sign-in", null, 401);
        throw new RuleBrokenException("sdk.not-allowed", null, 403, permission, "");
    }

    private sealed class Restore(Actor? before) : IDisposable
    {
        public void Dispose() => Local.Value = before;
    }
}

/// <summary>Loads who somebody is; implemented by the identity module.</summary>
public interface IActorSource
{
    /// <summary>The actor of an account; null when unknown, disabled or its sign-in stamp is old.</summary>
    ValueTask<Actor?> OfAccountAsync(Guid accountId, string stamp, CancellationToken cancellation = default);

    /// <summary>The actor of an API key or device key; null when unknown, expired or revoked.</summary>
    ValueTask<Actor?> OfKeyAsync(string key, CancellationToken cancellation = default);
}
