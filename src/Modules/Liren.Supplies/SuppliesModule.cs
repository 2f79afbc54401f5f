using System.CommandLine;
using Liren.Contracts.Supplies;
using Liren.Sdk;
using Liren.Sdk.Cli;
using Liren.Sdk.Data;
using Liren.Sdk.Jobs;
using Liren.Sdk.Security;
using Liren.Sdk.Ui;
using Liren.Sdk.Web;
using Liren.Supplies.Data;
using Liren.Supplies.Features;
using Liren.Supplies.Pages;
using Liren.Supplies.Rush;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using static Liren.Sdk.Security.BuiltInRoles;

namespace Liren.Supplies;

/// <summary>Supplies (物资): stock, rounds that survive the opening second, draws that anybody can do again, pickup.</summary>
public sealed class SuppliesModule : Module
{
    /// <inheritdoc/>
    public override string Name => "supplies";

    /// <inheritdoc/>
    public override int DemoOrder => 70;

    /// <inheritdoc/>
    public override IReadOnlyList<Permission> Permissions =>
    [
        new("supplies.read", StreetLeader, DutyOfficer, CommunityWorker, GridWorker, PropertyManager, Auditor),
        new("supplies.rounds", StreetLeader, CommunityWorker),
        new("supplies.stock", StreetLeader, CommunityWorker, PropertyManager),
        new("supplies.desk", CommunityWorker, GridWorker, PropertyManager),
        new("supplies.own", Resident, StreetLeader, DutyOfficer, CommunityWorker, GridWorker, Checker, PropertyManager, Guard, Auditor),
    ];

    /// <inheritdoc/>
    public override IReadOnlyList<NavItem> Navigation =>
    [
        new("nav.supplies", "supplies.nav.rounds", "/supplies", "supplies.read", 250),
        new("nav.supplies", "supplies.nav.stock", "/supplies/stock", "supplies.read", 260),
        new("nav.supplies", "supplies.nav.allocations", "/supplies/allocations", "supplies.read", 270),
    ];

    /// <inheritdoc/>
    public override IReadOnlyList<HotPath> HotPaths => [new("/api/supplies/enter", null, EnterRound.AnswerAsync)];

    /// <inheritdoc/>
    public override void AddServices(IHostApplicationBuilder builder)
    {
        builder.AddModuleDb<SuppliesDb, SuppliesDb.Sqlite, SuppliesDb.Postgres>();
        builder.AddJob<RoundClock>();
        var services = builder.Services;
        services.AddSingleton<RoundBook>();
        services.AddSingleton<EntryTokens>();
        services.AddScoped<RoundFinder>();
        services.AddScoped<RoundViews>();
        services.AddScoped<PastRounds>();
        services.AddScoped<CarryIn>();
        services.AddScoped<RoundSlots>();
        services.AddScoped<DemandForecast>();
        services.AddScoped<AllocationViews>();
        services.AddScoped<StockLedger>();
        services.AddScoped<IKeypadRequests, KeypadRequests>();
        services.AddSingleton(new PhoneLink(PhoneLink.Field, "supplies.deliver-title", "/field/deliveries", "supplies.desk", 40));
        services.AddSingleton(new PhoneLink(PhoneLink.My, "supplies.my.link", "/my/supplies", null, 15));
    }

    /// <inheritdoc/>
    public override void MapPages(IEndpointRouteBuilder site) => MySuppliesPages.Map(site);

    /// <inheritdoc/>
    public override IEnumerable<Command> Verbs(CliHost host) => DrawVerbs.All();

    /// <inheritdoc/>
    public override Task SeedDemoAsync(IServiceProvider services, CancellationToken cancellation) => ActivatorUtilities.CreateInstance<SuppliesDemo>(services).SeedAsync(cancellation);
}
