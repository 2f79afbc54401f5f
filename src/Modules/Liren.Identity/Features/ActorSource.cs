using Liren.Sdk.Security;

namespace Liren.Identity.Features;

/// <summary>Who somebody is, from accounts and keys.</summary>
internal sealed class ActorSource : IActorSource
{
    public ValueTask<Actor?> OfAccountAsync(Guid accountId, string stamp, CancellationToken cancellation = default) => ValueTask.FromResult<Actor?>(null);

    public ValueTask<Actor?> OfKeyAsync(string key, CancellationToken cancellation = default) => ValueTask.FromResult<Actor?>(null);
}
