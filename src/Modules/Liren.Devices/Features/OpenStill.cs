using Liren.Contracts.Devices;
using Liren.Devices.Data;
using Liren.Sdk;
using Liren.Sdk.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;

namespace Liren.Devices.Features;

/// <summary>Opens the blurred picture of an alarm (查看报警留图). Who opened it and why stands in the journal before the picture leaves.</summary>
[Needs("devices.stills")]
internal sealed class OpenStill(DevicesDb db, StillStore stills, TimeProvider clock) : IFeature
{
    /// <param name="Reason">Why it must be looked at.</param>
    public sealed record Request(string? Reason);

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/{id:guid}/stills/{sha256}/open", async (Guid id, string sha256, Request request, OpenStill feature, CancellationToken stop) => TypedResults.File(await feature.RunAsync(id, sha256, request, stop), "image/jpeg"));

    public async Task<byte[]> RunAsync(Guid id, string sha256, Request request, CancellationToken stop)
    {
        var device = Rule.Found(await db.Devices.AsNoTracking().SingleOrDefaultAsync(d => d.Id == id, stop), "devices.no-device");
        Actor.Current.Require("devices.stills", device.PlacePath);
        var reason = request.Reason?.Trim() ?? "";
        Rule.Require(reason.Length is >= 4 and <= 300, "devices.still-reason", "reason");
        var picture = Rule.Found(await stills.ReadAsync(id, sha256, stop), "devices.no-still");
        db.Raise(new StillOpened(id, device.PlacePath, sha256, reason, clock.GetUtcNow()));
        await db.SaveChangesAsync(stop);
        return picture;
    }
}
