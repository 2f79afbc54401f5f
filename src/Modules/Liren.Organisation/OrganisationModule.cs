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
using Liren.Sdk.Ui;
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
    public override IReadOnlyList<NavItem> Navigation =>
    [
        new("nav.organisation", "organisation.nav.who", "/organisation/who", "organisation.read", 400),
        new("nav.organisation", "organisation.nav.rota", "/organisation/rota", "organisation.read", 410),
        new("nav.organisation", "organisation.nav.units", "/organisation", "organisation.read", 420),
        new("nav.organisation", "organisation.nav.posts", "/organisation/posts", "organisation.read", 430),
        new("nav.organisation", "organisation.nav.matrix", "/organisation/matrix", "organisation.read", 440),
        new("nav.organisation", "organisation.nav.calendar", "/organisation/calendar", "organisation.read", 460),
        new("nav.organisation", "organisation.nav.event-types", "/organisation/event-types", "organisation.read", 450),
    ];

    /// <inheritdoc/>
    public override void AddServices(IHostApplicationBuilder builder)
    {
        builder.AddModuleDb<OrganisationDb, OrganisationDb.Sqlite, OrganisationDb.Postgres>();
        var services = builder.Services;
        services.AddSingleton<ActiveMatrix>();
        services.AddScoped<MatrixReader>();
        services.AddScoped<MatrixChecker>();
        services.AddScoped<PlaceNames>();
        services.AddScoped<RotaReader>();
        services.AddScoped<DutyRota>();
        services.AddScoped<StaffPositions>();
        services.AddScoped<IWorkTime, WorkTime>();
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
        services.AddScoped<ISearchSource, SearchOrgs>();
        services.AddScoped<IHomeTiles, DutyTiles>();
        builder.AddJob<ForgetPositions>();
        builder.AddJob<WatchRota>();
    }

    /// <inheritdoc/>
    public override IEnumerable<Command> Verbs(CliHost host) => OrganisationVerbs.All(host);

    /// <inheritdoc/>
    public override Task SeedDemoAsync(IServiceProvider services, CancellationToken cancellation) => ActivatorUtilities.CreateInstance<OrganisationDemo>(services).SeedAsync(cancellation);
}
