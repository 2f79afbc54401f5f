using Liren.Sdk;
using Liren.Sdk.Data;
using Liren.People.Data;
using Microsoft.Extensions.Hosting;

namespace Liren.People;

/// <summary>People (人口): persons, households, occupancy, tags, consent, import.</summary>
public sealed class PeopleModule : Module
{
    /// <inheritdoc/>
    public override string Name => "people";

    /// <inheritdoc/>
    public override void AddServices(IHostApplicationBuilder builder) =>
        builder.AddModuleDb<PeopleDb, PeopleDb.Sqlite, PeopleDb.Postgres>();
}
