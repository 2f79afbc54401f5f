using System.CommandLine;
using Liren.Contracts.Devices;
using Liren.Contracts.Incidents;
using Liren.Contracts.Modes;
using Liren.Incidents.Data;
using Liren.Incidents.Domain;
using Liren.Incidents.Engine;
using Liren.Incidents.Features;
using Liren.Incidents.Pages;
using Liren.Incidents.Sensing;
using Liren.Sdk;
using Liren.Sdk.Cli;
using Liren.Sdk.Data;
using Liren.Sdk.Events;
using Liren.Sdk.Security;
using Liren.Sdk.Ui;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using static Liren.Sdk.Security.BuiltInRoles;

namespace Liren.Incidents;

/// <summary>Incidents (事件): from sensing to a verified result.</summary>
public sealed class IncidentsModule : Module
{
    /// <inheritdoc/>
    public override string Name => "incidents";

    /// <inheritdoc/>
    public override int DemoOrder => 50;

    /// <inheritdoc/>
    public override IReadOnlyList<Permission> Permissions =>
    [
        new("incidents.read", StreetLeader, DutyOfficer, CommunityWorker, GridWorker, Checker, PropertyManager, Guard, Auditor, Integration),
        new("incidents.report", DutyOfficer, CommunityWorker, GridWorker, Checker, PropertyManager, Guard, Integration),
        new("incidents.handle", DutyOfficer, CommunityWorker, GridWorker, PropertyManager, Guard),
        new("incidents.verify", StreetLeader, DutyOfficer, CommunityWorker, Checker),
        new("incidents.manage", StreetLeader, DutyOfficer),
        new("incidents.plans", StreetLeader, DutyOfficer),
        new("incidents.plans-approve", StreetLeader),
    ];

    /// <inheritdoc/>
    public override IReadOnlyList<NavItem> Navigation =>
    [
        new("nav.incidents", "incidents.nav.board", "/incidents", "incidents.read", 100),
        new("nav.incidents", "incidents.plans", "/incidents/plans", "incidents.read", 105),
        new("nav.incidents", "incidents.signs", "/incidents/signs", "incidents.manage", 110),
        new("nav.incidents", "incidents.cap", "/incidents/cap", "incidents.manage", 120),
    ];

    /// <inheritdoc/>
    public override void AddServices(IHostApplicationBuilder builder)
    {
        builder.AddModuleDb<IncidentsDb, IncidentsDb.Sqlite, IncidentsDb.Postgres>();
        builder.On<ObservationReceived, JudgeSignal, IncidentsDb>();
        builder.On<OfferRanOut, AskNextAfterTimeout, IncidentsDb>();
        builder.On<ClockRanOut, TellWhenLate, IncidentsDb>();
        builder.On<ModeChanged, TurnPlans, IncidentsDb>();
        builder.Relay<ObservationReceived, TellEngineOfSignals>();
        builder.Relay<IncidentMoved, TellEngineOfPeople>();
        builder.Relay<DeviceCommandMoved, TellEngineOfCommands>();
        builder.Relay<PlanPutInForce, TellEngineOfPlans>();
        builder.Relay<PlanTakenOut, TellEngineOfPlans>();
        var services = builder.Services;
        services.AddScoped<Ladder>();
        services.AddScoped<Judge>();
        services.AddScoped<Desk>();
        services.AddScoped<PlanOf>();
        services.AddScoped<Words>();
        services.AddScoped<SignalCheck>();
        services.AddSingleton<PlaceCode>();
        services.AddSingleton(new PhoneLink(PhoneLink.Field, "incidents.field.tasks", "/field", null, 10));
        services.AddSingleton(new PhoneLink(PhoneLink.Field, "incidents.field.report", "/field/report", null, 20));
        services.AddSingleton(new PhoneLink(PhoneLink.Field, "incidents.field.verify", "/field/verify", "incidents.verify", 30));
        services.AddScoped<ISearchSource, SearchIncidents>();
        services.AddScoped<IHomeTiles, IncidentTiles>();
        services.AddHostedService<SensorFollower>();
        services.AddSingleton<Reflexes>();
        services.AddSingleton<PlansAtWork>();
        services.AddHostedService(s => s.GetRequiredService<PlansAtWork>());
        services.AddHostedService<PlanFeed>();
        services.AddScoped<PlanHands>();
        services.AddScoped<WhoIsMeant>();
        services.AddSingleton(CapOptions.From(builder.Configuration));
        services.AddSingleton<CapLog>();
        services.AddHttpClient(IncidentsVerbs.Client);
    }

    /// <inheritdoc/>
    public override void MapPages(IEndpointRouteBuilder site) => FieldPages.Map(site);

    /// <inheritdoc/>
    public override IEnumerable<Command> Verbs(CliHost host) => IncidentsVerbs.All(host).Concat(PlanVerbs.All(host)).Append(CapVerb.Create());

    /// <inheritdoc/>
    public override Task SeedDemoAsync(IServiceProvider services, CancellationToken cancellation) => ActivatorUtilities.CreateInstance<IncidentsDemo>(services).SeedAsync(cancellation);
}
