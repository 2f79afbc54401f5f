using System.CommandLine;
using Liren.People.Data;
using Liren.Sdk;
using Liren.Sdk.Cli;
using Liren.Sdk.Data;
using Liren.Sdk.Security;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using static Liren.Sdk.Security.BuiltInRoles;

namespace Liren.People;

/// <summary>People (人口): persons, households, occupancy, tags, consent, import.</summary>
public sealed class PeopleModule : Module
{
    /// <inheritdoc/>
    public override string Name => "people";

    /// <inheritdoc/>
    public override int DemoOrder => 40;

    /// <inheritdoc/>
    public override IReadOnlyList<Permission> Permissions =>
    [
        new("people.read", StreetLeader, DutyOfficer, CommunityWorker, GridWorker, Checker, PropertyManager),
        new("people.plain", CommunityWorker), new("people.edit", CommunityWorker, PropertyManager), new("people.import", CommunityWorker, PropertyManager),
    ];

    /// <inheritdoc/>
    public override IReadOnlyList<NavItem> Navigation =>
    [
        new("nav.people", "people.nav.import", "/people/import", "people.import", 240),
    ];

    /// <inheritdoc/>
    public override void AddServices(IHostApplicationBuilder builder)
    {
        builder.AddModuleDb<PeopleDb, PeopleDb.Sqlite, PeopleDb.Postgres>();
        builder.Services.AddSingleton<Sealer>();
        builder.AddImport();
    }

    /// <inheritdoc/>
    public override IEnumerable<Command> Verbs(CliHost host) => [ImportVerb.Create(host)];
}
