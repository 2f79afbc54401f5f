using System.CommandLine;
using Liren.Contracts.Organisation;
using Liren.Contracts.Places;
using Liren.Organisation.Data;
using Liren.Organisation.Features;
using Liren.Sdk;
using Liren.Sdk.Cli;
using Liren.Sdk.Data;
using Liren.Sdk.Events;
using Liren.Sdk.Jobs;
using Liren.Sdk.Security;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using static Liren.Sdk.Security.BuiltInRoles;

namespace Liren.Organisation;

/// <summary>Organisation (组织): org units, posts, rota and the responsibility matrix (谁听谁).</summary>
public sealed class OrganisationModule : Module
{
    /// <inheritdoc/>
    public override string Name => "organisation";

    /// <inheritdoc/>
    public override int DemoOrder => 20;

    /// <inheritdoc/>
    public override IReadOnlyList<Permission> Permissions =>
    [
        new("organisation.read", StreetLeader, DutyOfficer, CommunityWorker, GridWorker, Checker, PropertyManager, Guard, Auditor, Integration),
        new("organisation.edit", StreetLeader, CommunityWorker),
        new("organisation.rota", StreetLeader, DutyOfficer, CommunityWorker, PropertyManager),
        new("organisation.matrix", StreetLeader),
        // Those who stand in shifts: their own position, their own swaps.
        new("organisation.duty", StreetLeader, DutyOfficer, CommunityWorker, GridWorker, Checker, PropertyManager, Guard),
    ];

    /// <inheritdoc/>
    public override void AddServices(IHostApplicationBuilder builder)
    {
        builder.AddModuleDb<OrganisationDb, OrganisationDb.Sqlite, OrganisationDb.Postgres>();
        var services = builder.Services;
        services.AddSingleton<ActiveMatrix>();
        services.AddScoped<MatrixReader>();
        services.AddScoped<RotaReader>();
        services.AddScoped<DutyRota>();
        services.AddScoped<StaffPositions>();
        services.AddScoped<IDutyRota>(s => s.GetRequiredService<DutyRota>());
        services.AddScoped<IStaffPositions>(s => s.GetRequiredService<StaffPositions>());
        services.AddScoped<IResponsibilityMatrix, ResponsibilityMatrix>();
        services.AddScoped<IOrganisationDirectory, OrganisationDirectory>();
        services.AddScoped<IEventTypes, EventTypeList>();
        builder.On<MatrixActivated, ForgetActiveMatrix, OrganisationDb>();
        builder.On<OrgUnitAdded, ForgetActiveMatrix, OrganisationDb>();
        builder.On<OrgUnitChanged, ForgetActiveMatrix, OrganisationDb>();
        builder.On<PlaceChanged, ForgetActiveMatrix, OrganisationDb>();
        builder.On<PlaceAdded, ForgetActiveMatrix, OrganisationDb>();
        builder.AddJob<ForgetPositions>();
    }

    /// <inheritdoc/>
    public override IEnumerable<Command> Verbs(CliHost host) => OrganisationVerbs.All(host);

    /// <inheritdoc/>
    public override Task SeedDemoAsync(IServiceProvider services, CancellationToken cancellation) => ActivatorUtilities.CreateInstance<OrganisationDemo>(services).SeedAsync(cancellation);
}
