using System.CommandLine;
using Liren.Cases.Data;
using Liren.Cases.Domain;
using Liren.Cases.Features;
using Liren.Cases.Open311;
using Liren.Cases.Pages;
using Liren.Contracts.Insight;
using Liren.Contracts.Organisation;
using Liren.Contracts.People;
using Liren.Contracts.Wall;
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

namespace Liren.Cases;

/// <summary>Grid cases (网格案卷): reported by collectors, residents and programs, handled within a limit, verified by the collector, evaluated.</summary>
public sealed class CasesModule : Module
{
    /// <inheritdoc/>
    public override string Name => "cases";

    /// <inheritdoc/>
    public override int DemoOrder => 70;

    /// <inheritdoc/>
    public override IReadOnlyList<Permission> Permissions =>
    [
        new("cases.read", StreetLeader, DutyOfficer, CommunityWorker, GridWorker, Checker, PropertyManager, Handler, Auditor),
        new("cases.report", DutyOfficer, CommunityWorker, GridWorker, Checker, PropertyManager, Integration),
        new("cases.manage", DutyOfficer),
        new("cases.handle", CommunityWorker, PropertyManager, Handler),
        new("cases.collect", GridWorker, Checker),
        new("cases.approve", StreetLeader),
        new("cases.limits", StreetLeader, DutyOfficer),
        new("cases.reporter", DutyOfficer, CommunityWorker),
        new("cases.own", Resident),
    ];

    /// <inheritdoc/>
    public override IReadOnlyList<NavItem> Navigation =>
    [
        new("nav.cases", "cases.nav.cases", "/cases", "cases.read", 150),
        new("nav.cases", "cases.nav.limits", "/cases/limits", "cases.read", 160),
    ];

    /// <inheritdoc/>
    public override void AddServices(IHostApplicationBuilder builder)
    {
        builder.AddModuleDb<CasesDb, CasesDb.Sqlite, CasesDb.Postgres>();
        builder.On<CaseClockRanOut, WhenClockRunsOut, CasesDb>();
        builder.On<WorkTimeChanged, RecountClocks, CasesDb>();
        builder.On<PersonErased, ForgetReporters, CasesDb>();
        var services = builder.Services;
        services.AddScoped<Desk>();
        services.AddScoped<Intake>();
        services.AddScoped<TypeBook>();
        services.AddScoped<Words>();
        services.AddScoped<Open311Facade>();
        services.AddSingleton<Open311Limits>();
        services.AddSingleton(new PhoneLink(PhoneLink.Field, "cases.field.cases", "/field/cases", "cases.read", 40));
        services.AddSingleton(new PhoneLink(PhoneLink.My, "cases.my.report", "/my/report", "cases.own", 25));
        services.AddSingleton<IMeasures, CaseMeasures>();
        services.AddScoped<ISearchSource, SearchCases>();
        services.AddScoped<IHomeTiles, CaseTiles>();
        services.AddScoped<IWallSource, CasesOnWall>();
    }

    /// <inheritdoc/>
    public override void MapPages(IEndpointRouteBuilder site)
    {
        CasePhonePages.Map(site);
        Open311Pages.Map(site);
    }

    /// <inheritdoc/>
    public override IEnumerable<Command> Verbs(CliHost host) => CasesVerbs.All(host);

    /// <inheritdoc/>
    public override Task SeedDemoAsync(IServiceProvider services, CancellationToken cancellation) => ActivatorUtilities.CreateInstance<CasesDemo>(services).SeedAsync(cancellation);
}
