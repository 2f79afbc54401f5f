using Liren.Sdk;
using Liren.Sdk.Data;
using Liren.Places.Data;
using Microsoft.Extensions.Hosting;

namespace Liren.Places;

/// <summary>Places (地点): divisions, compounds, buildings, rooms, areas.</summary>
public sealed class PlacesModule : Module
{
    /// <inheritdoc/>
    public override string Name => "places";

    /// <inheritdoc/>
    public override void AddServices(IHostApplicationBuilder builder) =>
        builder.AddModuleDb<PlacesDb, PlacesDb.Sqlite, PlacesDb.Postgres>();
}
