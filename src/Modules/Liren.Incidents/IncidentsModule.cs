using Liren.Sdk;
using Liren.Sdk.Data;
using Liren.Incidents.Data;
using Microsoft.Extensions.Hosting;

namespace Liren.Incidents;

/// <summary>Incidents (事件): from sensing to a verified result.</summary>
public sealed class IncidentsModule : Module
{
    /// <inheritdoc/>
    public override string Name => "incidents";

    /// <inheritdoc/>
    public override void AddServices(IHostApplicationBuilder builder) =>
        builder.AddModuleDb<IncidentsDb, IncidentsDb.Sqlite, IncidentsDb.Postgres>();
}
