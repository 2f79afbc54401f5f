using System.CommandLine;
using Liren.Contracts.People;
using Liren.People.Data;
using Liren.People.Demo;
using Liren.People.Features;
using Liren.Sdk;
using Liren.Sdk.Cli;
using Liren.Sdk.Data;
using Liren.Sdk.Jobs;
using Liren.Sdk.Security;
using Liren.Sdk.Ui;
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
        // The duty officer has to reach people at night; every look at a number is logged as plain.
        new("people.plain", CommunityWorker, DutyOfficer, PropertyManager),
        new("people.edit", CommunityWorker, PropertyManager),
        // Health is not for the property company.
        new("people.tags", CommunityWorker, GridWorker, DutyOfficer),
        new("people.import", CommunityWorker, PropertyManager),
        new("people.erase", CommunityWorker),
        new("people.link"),
        new("people.invite", CommunityWorker),
    ];

    /// <inheritdoc/>
    public override IReadOnlyList<NavItem> Navigation =>
    [
        new("nav.people", "people.nav.persons", "/people", "people.read", 200),
        new("nav.people", "people.nav.households", "/people/households", "people.read", 210),
        new("nav.people", "people.nav.import", "/people/import", "people.import", 240),
    ];

    /// <inheritdoc/>
    public override void AddServices(IHostApplicationBuilder builder)
    {
        builder.AddModuleDb<PeopleDb, PeopleDb.Sqlite, PeopleDb.Postgres>();
        var services = builder.Services;
        services.AddSingleton<Sealer>();
        services.AddSingleton<PersonReader>();
        services.AddScoped<PersonAccess>();
        services.AddScoped<PersonSearch>();
        services.AddSingleton<RoomNameMemory>();
        services.AddScoped<RoomNames>();
        services.AddScoped<Moves>();
        services.AddScoped<IPersonDirectory, PersonDirectory>();
        services.AddScoped<IRoomOccupancy, PersonDirectory>();
        services.AddScoped<IPassHolders, PassHolders>();
        services.AddScoped<IResidentUnits, ResidentUnits>();
        services.AddScoped<ISearchSource, SearchPersons>();
        services.AddScoped<IHomeTiles, PeopleTiles>();
        builder.AddJob<ForgetExpiredTags>();
        builder.AddImport();
    }

    /// <inheritdoc/>
    public override IEnumerable<Command> Verbs(CliHost host) => [ImportVerb.Create(host)];

    /// <inheritdoc/>
    public override Task SeedDemoAsync(IServiceProvider services, CancellationToken cancellation) =>
        ActivatorUtilities.CreateInstance<DemoPeople>(services).SeedAsync(cancellation);
}
