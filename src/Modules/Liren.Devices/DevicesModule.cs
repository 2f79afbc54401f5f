using Liren.Contracts.Devices;
using Liren.Contracts.Wall;
using Liren.Devices.Adapters;
using Liren.Devices.Data;
using Liren.Devices.Domain;
using Liren.Devices.Features;
using Liren.Devices.Hub;
using Liren.Sdk;
using Liren.Sdk.Cli;
using Liren.Sdk.Data;
using Liren.Sdk.Events;
using Liren.Sdk.Jobs;
using Liren.Sdk.Security;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using static Liren.Sdk.Security.BuiltInRoles;

namespace Liren.Devices;

/// <summary>Devices (设备): everything that senses or acts, its registry, the hub it speaks to, its health, its commands.</summary>
public sealed class DevicesModule : Module
{
    /// <inheritdoc/>
    public override string Name => "devices";

    /// <inheritdoc/>
    public override IReadOnlyList<Permission> Permissions =>
    [
        new("devices.read", StreetLeader, DutyOfficer, CommunityWorker, GridWorker, PropertyManager, Auditor),
        new("devices.edit", CommunityWorker, PropertyManager),
        new("devices.command", DutyOfficer, CommunityWorker),
        new("devices.stills", DutyOfficer, CommunityWorker),
    ];

    /// <inheritdoc/>
    public override IReadOnlyList<NavItem> Navigation =>
    [
        new("nav.devices", "devices.nav.devices", "/devices", "devices.read", 300),
        new("nav.devices", "devices.nav.refusals", "/devices/refusals", "devices.edit", 310),
    ];

    /// <inheritdoc/>
    public override void AddServices(IHostApplicationBuilder builder)
    {
        builder.AddModuleDb<DevicesDb, DevicesDb.Sqlite, DevicesDb.Postgres>();
        builder.On<DeviceChanged, RefreshBook, DevicesDb>();
        builder.On<DeviceCommandMoved, SendCommands, DevicesDb>();
        builder.AddJob<HealthWatch>();
        builder.AddJob<ForgetStills>();
        var services = builder.Services;
        services.AddSingleton(HubOptions.From(builder.Configuration));
        services.AddSingleton(new DeviceKinds(builder.Configuration["Devices:Kinds"] is { Length: > 0 } file ? [DeviceKinds.Shipped, File.ReadAllText(file)] : [DeviceKinds.Shipped]));
        services.AddSingleton(new EventMappings(builder.Configuration["Devices:Mappings"] is { Length: > 0 } words ? [EventMappings.Shipped, File.ReadAllText(words)] : [EventMappings.Shipped]));
        services.AddSingleton<EventTranslator>();
        services.AddSingleton<IDeviceAdapter, IsapiAdapter>();
        services.AddSingleton<ViidAdapter>();
        services.AddSingleton<IDeviceAdapter>(s => s.GetRequiredService<ViidAdapter>());
        services.AddSingleton<OnvifAdapter>();
        services.AddSingleton<IDeviceAdapter>(s => s.GetRequiredService<OnvifAdapter>());
        services.AddSingleton<DigestDoor>();
        services.AddSingleton<ViidSessions>();
        services.AddScoped<ReceiveViid>();
        services.AddSingleton<DeviceDoor>();
        services.AddSingleton<DeviceBook>();
        services.AddSingleton<Refusals>();
        services.AddSingleton<Intake>();
        services.AddSingleton<StillStore>();
        services.AddSingleton<ReadingJournal>();
        services.AddSingleton<IDeviceReadings>(s => s.GetRequiredService<ReadingJournal>());
        services.AddSingleton<MqttHub>();
        // The hub asks the post, the post sends through the hub.
        services.AddSingleton(s => new Lazy<MqttHub>(s.GetRequiredService<MqttHub>));
        services.AddHostedService(s => s.GetRequiredService<MqttHub>());
        services.AddSingleton<UrgentCommands>();
        services.AddSingleton<IUrgentCommands>(s => s.GetRequiredService<UrgentCommands>());
        services.AddScoped<CommandPost>();
        services.AddScoped<IDeviceDirectory, DeviceDirectory>();
        services.AddScoped<IWallSource, DevicesOnWall>();
        services.AddScoped<IDeviceCommands>(s => s.GetRequiredService<CommandPost>());
    }

    /// <inheritdoc/>
    public override void MapPages(IEndpointRouteBuilder site) => ReceiveViid.Map(site);

    /// <inheritdoc/>
    public override IEnumerable<System.CommandLine.Command> Verbs(CliHost host) => DevicesVerbs.All(host);
}
