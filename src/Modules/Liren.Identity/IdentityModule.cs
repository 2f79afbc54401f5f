using Liren.Sdk;
using Liren.Sdk.Data;
using Liren.Identity.Data;
using Liren.Identity.Features;
using Liren.Sdk.Security;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Liren.Identity;

/// <summary>Identity (身份): accounts, roles, keys, sign-in, access log.</summary>
public sealed class IdentityModule : Module
{
    /// <inheritdoc/>
    public override string Name => "identity";

    /// <inheritdoc/>
    public override void AddServices(IHostApplicationBuilder builder)
    {
        builder.AddModuleDb<IdentityDb, IdentityDb.Sqlite, IdentityDb.Postgres>();
        builder.Services.AddSingleton<IActorSource, ActorSource>();
    }
}
