using System.CommandLine;
using Liren.Contracts.Passes;
using Liren.Contracts.People;
using Liren.Insight.Data;
using Liren.Insight.Domain;
using Liren.Insight.Exports;
using Liren.Insight.Features;
using Liren.Insight.Folding;
using Liren.Insight.Scans;
using Liren.Sdk;
using Liren.Sdk.Cli;
using Liren.Sdk.Data;
using Liren.Sdk.Events;
using Liren.Sdk.Jobs;
using Liren.Sdk.Operations;
using Liren.Sdk.Security;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using static Liren.Sdk.Security.BuiltInRoles;

namespace Liren.Insight;

/// <summary>Figures (统计与成效): measures that modules declare, rolled up from a gate to the city as events commit, and what Liren itself is used for.</summary>
public sealed class InsightModule : Module
{
    /// <inheritdoc/>
    public override string Name => "insight";

    /// <inheritdoc/>
    public override IReadOnlyList<Permission> Permissions =>
    [
        new("insight.read", StreetLeader, DutyOfficer, CommunityWorker, GridWorker, PropertyManager, Auditor),
        new("insight.contacts", CommunityWorker),
        new("insight.export", StreetLeader, DutyOfficer, CommunityWorker, Auditor),
        new("insight.boards", StreetLeader, DutyOfficer, CommunityWorker, PropertyManager),
        new("insight.rebuild"),
    ];

    /// <inheritdoc/>
    public override IReadOnlyList<NavItem> Navigation =>
    [
        new("nav.insight", "insight.nav.boards", "/insight/boards", "insight.read", 19),
        new("nav.insight", "insight.nav.overview", "/insight", "insight.read", 20),
        new("nav.insight", "insight.nav.supervision", "/insight/supervision", "insight.read", 21),
        new("nav.insight", "insight.nav.use", "/insight/use", "insight.read", 22),
        new("nav.insight", "insight.nav.measures", "/insight/measures", "insight.read", 23),
        new("nav.insight", "insight.nav.exports", "/insight/exports", "insight.export", 24),
    ];

    /// <inheritdoc/>
    public override void AddServices(IHostApplicationBuilder builder)
    {
        builder.AddModuleDb<InsightDb, InsightDb.Sqlite, InsightDb.Postgres>();
        builder.On<PersonErased, ForgetPerson, InsightDb>();
        builder.Relay<GateLogForgotten, ForgetScans>();
        builder.AddJob<SelfChecks>();
        builder.AddJob<ForgetPeopleSets>();
        var services = builder.Services;
        services.AddSingleton<MeasureBook>();
        services.AddSingleton<Freshness>();
        services.AddSingleton<PersonNumbers>();
        services.AddSingleton<IEventRoute, FoldRoute>();
        services.AddScoped<Folder>();
        services.AddScoped<Recount>();
        services.AddScoped<Rebuild>();
        services.AddScoped<FactsQuery>();
        services.AddScoped<ActsQuery>();
        services.AddScoped<FigureBook>();
        services.AddScoped<BoardBook>();
        services.AddScoped<TileReader>();
        services.AddScoped<Audiences>();
        services.AddScoped<AudienceNames>();
        services.AddScoped<ExportMaker>();
        services.AddSingleton<ExportBell>();
        services.AddHostedService<ExportWriter>();
        builder.AddJob<ForgetExports>();
        services.AddScoped<ICheck, InsightCheck>();
        services.AddSingleton<ScanCache>();
        services.AddHostedService<LogFollower>();
        services.AddHostedService<CacheFollower>();
        services.AddHostedService<FirstCount>();
    }

    /// <inheritdoc/>
    public override IEnumerable<Command> Verbs(CliHost host) => InsightVerbs.All(host);
}
