using System.CommandLine;
using Liren.Contracts.Insight;
using Liren.Contracts.Passes;
using Liren.Contracts.Wall;
using Liren.Passes.Data;
using Liren.Passes.Features;
using Liren.Passes.Pages;
using Liren.Sdk;
using Liren.Sdk.Cli;
using Liren.Sdk.Data;
using Liren.Sdk.Events;
using Liren.Sdk.Jobs;
using Liren.Sdk.Security;
using Liren.Sdk.Ui;
using Liren.Sdk.Web;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using static Liren.Sdk.Security.BuiltInRoles;

namespace Liren.Passes;

/// <summary>Passes (通行证) and gates (门岗): issued, shown, checked without the server, revoked, accounted for.</summary>
public sealed class PassesModule : Module
{
    /// <inheritdoc/>
    public override string Name => "passes";

    /// <inheritdoc/>
    public override int DemoOrder => 60;

    /// <inheritdoc/>
    public override IReadOnlyList<Permission> Permissions =>
    [
        new("passes.read", StreetLeader, DutyOfficer, CommunityWorker, GridWorker, PropertyManager, Auditor),
        new("passes.issue", CommunityWorker, PropertyManager),
        new("passes.suspend", DutyOfficer, CommunityWorker),
        new("passes.revoke", CommunityWorker),
        new("passes.gates-read", StreetLeader, DutyOfficer, CommunityWorker, GridWorker, PropertyManager, Guard, Auditor),
        new("passes.gates", CommunityWorker, PropertyManager),
        new("passes.log", DutyOfficer, CommunityWorker, Auditor),
        new("passes.own", Resident, StreetLeader, DutyOfficer, CommunityWorker, GridWorker, Checker, PropertyManager, Guard, Auditor),
        new("passes.keys"),
        new("passes.gate", BuiltInRoles.Gate),
        new("passes.terminal", BuiltInRoles.Gate),
    ];

    /// <inheritdoc/>
    public override IReadOnlyList<NavItem> Navigation =>
    [
        new("nav.passes", "passes.nav.passes", "/passes", "passes.read", 200),
        new("nav.passes", "passes.nav.log", "/passes/log", "passes.log", 210),
        new("nav.passes", "passes.nav.gates", "/passes/gates", "passes.gates-read", 220),
        new("nav.passes", "passes.nav.terminals", "/passes/terminals", "passes.gates-read", 225),
        new("nav.passes", "passes.nav.statistics", "/passes/statistics", "passes.gates-read", 230),
        new("nav.passes", "passes.nav.keys", "/passes/keys", "passes.keys", 240),
    ];

    /// <inheritdoc/>
    public override IReadOnlyList<HotPath> HotPaths => [new("/api/passes/gates/events", "passes.gate", ReceiveEntries.AnswerAsync)];

    /// <inheritdoc/>
    public override void AddServices(IHostApplicationBuilder builder)
    {
        builder.AddModuleDb<PassesDb, PassesDb.Sqlite, PassesDb.Postgres>();
        builder.On<PassMoved, KeepRevocations, PassesDb>();
        builder.On<GateChanged, TellGates, PassesDb>();
        builder.On<TrustChanged, TellGates, PassesDb>();
        TerminalServices.Add(builder);
        builder.AddJob<ForgetEntries>();
        builder.AddJob<ExpirePasses>();
        var services = builder.Services;
        services.AddSingleton(new PhoneLink(PhoneLink.My, "passes.my.home", "/my", null, 10));
        services.AddSingleton(new PhoneLink(PhoneLink.My, "passes.my.visitors", "/my/visitors", null, 20));
        services.AddSingleton(new PhoneLink(PhoneLink.My, "passes.my.entries", "/my/entries", null, 30));
        services.AddSingleton<OpenKeys>();
        services.AddSingleton<TrustMemory>();
        services.AddSingleton<GateBook>();
        services.AddSingleton<GateLogStore>();
        services.AddSingleton<IMeasures, GateMeasures>();
        services.AddScoped<IReporters, GatesHeard>();
        services.AddScoped<GateLines>();
        services.AddScoped<IGateLog, GateLogReader>();
        services.AddScoped<OwnTrust>();
        services.AddScoped<IPassCodes, PassCodes>();
        services.AddScoped<Keyring>();
        services.AddScoped<KeyCeremony>();
        services.AddScoped<Myself>();
        services.AddScoped<FourEyes>();
        services.AddScoped<LogWatch>();
        services.AddScoped<IWallSource, GatesOnWall>();
        services.AddScoped<IWallPassages, PassagesOnWall>();
        services.AddHostedService<LogWatcher>();
    }

    /// <inheritdoc/>
    public override void MapPages(IEndpointRouteBuilder site) => MyPages.Map(site);

    /// <inheritdoc/>
    public override IEnumerable<Command> Verbs(CliHost host) => [.. PassesVerbs.All(host), .. TerminalVerbs.All(host)];

    /// <inheritdoc/>
    public override Task SeedDemoAsync(IServiceProvider services, CancellationToken cancellation) => ActivatorUtilities.CreateInstance<PassesDemo>(services).SeedAsync(cancellation);
}
