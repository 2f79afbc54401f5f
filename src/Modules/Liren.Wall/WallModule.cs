using Liren.Sdk;
using Liren.Sdk.Security;
using Liren.Wall.Features;
using Liren.Wall.Model;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using static Liren.Sdk.Security.BuiltInRoles;

namespace Liren.Wall;

/// <summary>The wall (大屏): what happens at a place, live and as it was, on one large screen. Keeps nothing: it shows what the other modules know.</summary>
public sealed class WallModule : Module
{
    /// <inheritdoc/>
    public override string Name => "wall";

    /// <inheritdoc/>
    public override IReadOnlyList<Permission> Permissions => [new(Access.View, StreetLeader, DutyOfficer)];

    /// <inheritdoc/>
    public override IReadOnlyList<NavItem> Navigation => [new("nav.incidents", "wall.nav", "/walls", Access.View, 125)];

    /// <inheritdoc/>
    public override void AddServices(IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton<PlaceBook>();
        services.AddSingleton<Walls>();
        services.AddHostedService(s => s.GetRequiredService<Walls>());
    }
}
