using Liren.Contracts.Modes;
using Liren.Contracts.Wall;
using Liren.Modes.Data;
using Liren.Modes.Domain;
using Liren.Modes.Features;
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

namespace Liren.Modes;

/// <summary>Modes (平战结合): emergency orders with an end, what they change and allow, and the destruction of what was collected under them.</summary>
public sealed class ModesModule : Module
{
    /// <inheritdoc/>
    public override string Name => "modes";

    /// <inheritdoc/>
    public override int DemoOrder => 45;

    /// <inheritdoc/>
    public override IReadOnlyList<Permission> Permissions =>
    [
        new("modes.read", StreetLeader, DutyOfficer, CommunityWorker, GridWorker, Checker, PropertyManager, Guard, Auditor, Integration),
        new("modes.order", StreetLeader),
        new("modes.confirm", StreetLeader, DutyOfficer),
        new("modes.destroy", StreetLeader, DutyOfficer, CommunityWorker, Checker),
    ];

    /// <inheritdoc/>
    public override IReadOnlyList<NavItem> Navigation =>
    [
        new("nav.modes", "modes.nav.orders", "/modes", "modes.read", 230),
        new("nav.modes", "modes.nav.destructions", "/modes/destructions", "modes.read", 240),
    ];

    /// <inheritdoc/>
    public override void AddServices(IHostApplicationBuilder builder)
    {
        builder.AddModuleDb<ModesDb, ModesDb.Sqlite, ModesDb.Postgres>();
        builder.On<ModeOrderMoved, TurnOrders, ModesDb>();
        builder.On<OrderClock, TurnOrders, ModesDb>();
        builder.On<DestructionMoved, CertifyOrder, ModesDb>();
        builder.AddJob<DestroyDue>();
        var services = builder.Services;
        services.AddSingleton<ModeBook>();
        services.AddSingleton<IModes>(s => s.GetRequiredService<ModeBook>());
        services.AddSingleton<ICollections>(s => s.GetRequiredService<ModeBook>());
        services.AddScoped<CollectionList>();
        services.AddScoped<IShellLines, ModeLines>();
        services.AddScoped<IWallSource, OrdersOnWall>();
    }

    /// <inheritdoc/>
    public override IEnumerable<System.CommandLine.Command> Verbs(CliHost host) => ModesVerbs.All(host);

    /// <inheritdoc/>
    public override Task SeedDemoAsync(IServiceProvider services, CancellationToken cancellation) => ActivatorUtilities.CreateInstance<ModesDemo>(services).SeedAsync(cancellation);
}
