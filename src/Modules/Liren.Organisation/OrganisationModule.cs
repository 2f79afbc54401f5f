using Liren.Sdk;
using Liren.Sdk.Data;
using Liren.Organisation.Data;
using Microsoft.Extensions.Hosting;

namespace Liren.Organisation;

/// <summary>Organisation (组织): org units, posts, rota and the responsibility matrix (谁听谁).</summary>
public sealed class OrganisationModule : Module
{
    /// <inheritdoc/>
    public override string Name => "organisation";

    /// <inheritdoc/>
    public override void AddServices(IHostApplicationBuilder builder) =>
        builder.AddModuleDb<OrganisationDb, OrganisationDb.Sqlite, OrganisationDb.Postgres>();
}
