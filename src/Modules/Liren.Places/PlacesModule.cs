using System.CommandLine;
using Liren.Contracts.Places;
using Liren.Places.Data;
using Liren.Places.Features;
using Liren.Sdk;
using Liren.Sdk.Cli;
using Liren.Sdk.Data;
using Liren.Sdk.Security;
using Liren.Sdk.Ui;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using static Liren.Sdk.Security.BuiltInRoles;

namespace Liren.Places;

/// <summary>Places (地点): divisions, compounds, buildings, rooms, areas.</summary>
public sealed class PlacesModule : Module
{
    /// <inheritdoc/>
    public override string Name => "places";

    /// <inheritdoc/>
    public override int DemoOrder => 10;

    /// <inheritdoc/>
    public override IReadOnlyList<Permission> Permissions =>
    [
        new("places.read", StreetLeader, DutyOfficer, CommunityWorker, GridWorker, Checker, PropertyManager, Guard, Auditor, Integration),
        new("places.edit", CommunityWorker, PropertyManager),
        new("places.import"),
    ];

    /// <inheritdoc/>
    public override IReadOnlyList<NavItem> Navigation =>
    [
        new("nav.places", "places.nav.tree", "/places", Access.Read, 300),
        new("nav.places", "places.nav.compounds", "/places/compounds", Access.Read, 310),
        new("nav.places", "places.nav.rooms", "/places/rooms", Access.Read, 320),
        new("nav.places", "places.nav.areas", "/places/areas", Access.Read, 330),
        new("nav.places", "places.nav.divisions-import", "/places/divisions/import", Access.Import, 390),
    ];

    /// <inheritdoc/>
    public override void AddServices(IHostApplicationBuilder builder)
    {
        builder.AddModuleDb<PlacesDb, PlacesDb.Sqlite, PlacesDb.Postgres>();
        builder.Services.AddScoped<IPlaceDirectory, PlaceDirectory>();
        builder.Services.AddScoped<IPlaceShapes, PlaceShapes>();
        builder.Services.AddScoped<IRoomRegister, RoomRegister>();
        builder.Services.AddSingleton<DivisionStore>();
        builder.Services.AddScoped<RoomRedrawing>();
        builder.Services.AddScoped<ISearchSource, SearchPlaces>();
        builder.Services.AddScoped<IHomeTiles, PlaceTiles>();
        builder.Services.AddScoped<Demo>();
    }

    /// <inheritdoc/>
    public override IEnumerable<Command> Verbs(CliHost host) => [new Command("import", "Import tables from files") { DivisionVerbs.Import(host) }];

    /// <inheritdoc/>
    public override Task SeedDemoAsync(IServiceProvider services, CancellationToken cancellation) => services.GetRequiredService<Demo>().SeedAsync(cancellation);
}
