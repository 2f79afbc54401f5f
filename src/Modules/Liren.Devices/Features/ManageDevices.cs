using System.Linq.Expressions;
using Liren.Contracts.Places;
using Liren.Devices.Data;
using Liren.Devices.Domain;
using Liren.Devices.Hub;
using Liren.Sdk;
using Liren.Sdk.Data;
using Liren.Sdk.Security;
using Liren.Sdk.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;

namespace Liren.Devices.Features;

/// <summary>Registers and changes devices, gives and takes keys, prints labels (设备登记). Keys and labels are shown once.</summary>
[Needs("devices.edit")]
internal sealed class ManageDevices(DevicesDb db, DeviceKinds kinds, IPlaceDirectory places, Protector protector, TimeProvider clock) : IFeature
{
    private const int Tries = 5;

    /// <param name="Code">Its name in topics: small letters, digits and hyphens.</param>
    /// <param name="Kind">One of the kinds.</param>
    /// <param name="Name">As people call it.</param>
    /// <param name="Place">Path of the place it stands at.</param>
    /// <param name="Serial">The maker's number.</param>
    /// <param name="Gateway">Code of the gateway it speaks through.</param>
    /// <param name="Simulated">A simulator's; refused in production.</param>
    /// <param name="Channel">What its gateway, recorder or platform calls it: a channel or a national code of 20 digits.</param>
    public sealed record Request(string? Code, string? Kind, string? Name, string? Place, string? Serial = null, string? Gateway = null, bool Simulated = false, string? Channel = null);

    /// <summary>What can be changed.</summary>
    public sealed record Edit(string? Name, string? Place, string? Serial = null, string? Gateway = null, string? Channel = null);

    /// <param name="State">State to go to.</param>
    public sealed record Go(DeviceState? State);

    /// <param name="Label">What the label says: LD1:code:claim.</param>
    public sealed record ClaimRequest(string? Label);

    /// <param name="Id">The device.</param>
    /// <param name="Code">Its name in topics.</param>
    public sealed record Made(Guid Id, string Code);

    /// <param name="Code">User name of the device.</param>
    /// <param name="Secret">Its password, shown this once.</param>
    public sealed record KeyMade(string Code, string Secret);

    /// <param name="Label">What to print, shown this once.</param>
    public sealed record LabelMade(string Label);

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost("/", async (Request request, NewId id, ManageDevices feature, CancellationToken stop) =>
        {
            var made = await feature.AddAsync(request, id, stop);
            return TypedResults.Created($"/api/devices/{made.Id}", made);
        });
        api.MapPut("/{id:guid}", (Guid id, Edit edit, IfMatch match, ManageDevices feature, CancellationToken stop) => feature.EditAsync(id, edit, match, stop));
        api.MapPost("/{id:guid}/key", (Guid id, ManageDevices feature, CancellationToken stop) => feature.RekeyAsync(id, stop));
        api.MapPost("/{id:guid}/revoke", (Guid id, ManageDevices feature, CancellationToken stop) => feature.RevokeAsync(id, stop));
        api.MapPost("/{id:guid}/label", (Guid id, ManageDevices feature, CancellationToken stop) => feature.LabelAsync(id, stop));
        api.MapPost("/{id:guid}/state", (Guid id, Go go, ManageDevices feature, CancellationToken stop) => feature.GoAsync(id, go.State, stop));
        api.MapPost("/claim", (ClaimRequest claim, ManageDevices feature, CancellationToken stop) => feature.ClaimAsync(claim.Label, stop));
    }

    public async Task<Made> AddAsync(Request request, NewId id, CancellationToken stop)
    {
        if (await db.Devices.AsNoTracking().SingleOrDefaultAsync(d => d.Id == id.Value, stop) is { } there) return new(there.Id, there.Code);
        var number = (await db.Devices.MaxAsync(d => (long?)d.Number, stop) ?? 0) + 1;
        var device = await MakeAsync(request, id.Value, number, stop);
        db.Add(device);
        await SaveAsync(stop);
        return new(device.Id, device.Code);
    }

    /// <summary>A device as asked for, checked, not saved.</summary>
    internal async Task<Device> MakeAsync(Request request, Guid id, long number, CancellationToken stop)
    {
        var kind = kinds.Find(request.Kind ?? "") ?? throw new RuleBrokenException("devices.kind", "kind", 422, request.Kind ?? "", string.Join(", ", kinds.All.Select(k => k.Code)));
        var device = Device.Register(id, number, request.Code, kind, request.Name!, request.Place!, request.Serial, request.Gateway, request.Channel, request.Simulated, clock.GetUtcNow());
        Actor.Current.Require("devices.edit", device.PlacePath);
        Rule.Require(await places.FindAsync(device.PlacePath, stop) is not null, "devices.place", "place");
        Rule.State(!await db.Devices.AnyAsync(d => d.Code == device.Code, stop), "devices.code-taken", device.Code);
        await CheckChannelAsync(device, stop);
        return device;
    }

    public async Task EditAsync(Guid id, Edit edit, IfMatch match, CancellationToken stop)
    {
        var device = await FindAsync(d => d.Id == id, stop);
        match.Check(device);
        device.Edit(edit.Name!, edit.Place!, edit.Serial, edit.Gateway, edit.Channel, clock.GetUtcNow());
        Actor.Current.Require("devices.edit", device.PlacePath);
        Rule.Require(await places.FindAsync(device.PlacePath, stop) is not null, "devices.place", "place");
        await CheckChannelAsync(device, stop);
        await SaveAsync(stop);
    }

    // Two of the same name below one gateway: nobody could say whose a message is.
    private async Task CheckChannelAsync(Device device, CancellationToken stop)
    {
        if (device is not { Gateway: { } gateway, Channel: { } channel }) return;
        if (await db.Devices.AsNoTracking().FirstOrDefaultAsync(d => d.Gateway == gateway && d.Channel == channel && d.Id != device.Id, stop) is { } other) throw new RuleBrokenException("devices.channel-taken", "channel", 409, channel, other.Code);
    }

    public Task<KeyMade> RekeyAsync(Guid id, CancellationToken stop) => ChangeAsync(d => d.Id == id, d => new KeyMade(d.Code, d.Rekey(clock.GetUtcNow(), secret => DigestDoor.Seal(protector, d, secret))), stop);

    public Task RevokeAsync(Guid id, CancellationToken stop) => ChangeAsync(d => d.Id == id, d => { d.Revoke(clock.GetUtcNow()); return true; }, stop);

    public Task<LabelMade> LabelAsync(Guid id, CancellationToken stop) => ChangeAsync(d => d.Id == id, d => new LabelMade(d.Label(clock.GetUtcNow())), stop);

    public Task GoAsync(Guid id, DeviceState? to, CancellationToken stop)
    {
        Rule.Require(to is not null && Enum.IsDefined(to.Value), "devices.state-name", "state");
        return ChangeAsync(d => d.Id == id, d => { d.Go(to!.Value, clock.GetUtcNow()); return true; }, stop);
    }

    public Task<Made> ClaimAsync(string? label, CancellationToken stop)
    {
        var parts = label?.Trim().Split(':') ?? [];
        Rule.Require(parts is ["LD1", _, { Length: 22 }], "devices.label-wrong", "label");
        var code = parts[1];
        return ChangeAsync(d => d.Code == code, d => { d.Claim(parts[2], clock.GetUtcNow()); return new Made(d.Id, d.Code); }, stop);
    }

    // The watch over health may save the same device at the same moment: then the act is done on what the device is now.
    private Task<T> ChangeAsync<T>(Expression<Func<Device, bool>> which, Func<Device, T> act, CancellationToken stop) => db.AgainAsync(Tries, async () =>
    {
        var answer = act(await FindAsync(which, stop));
        await db.SaveChangesAsync(stop);
        return answer;
    });

    private async Task<Device> FindAsync(Expression<Func<Device, bool>> which, CancellationToken stop)
    {
        var device = Rule.Found(await db.Devices.SingleOrDefaultAsync(which, stop), "devices.no-device");
        Actor.Current.Require("devices.edit", device.PlacePath);
        return device;
    }

    private async Task SaveAsync(CancellationToken stop)
    {
        try { await db.SaveChangesAsync(stop); }
        // Two registered at the same moment took the same number or code.
        catch (DbUpdateException e) when (e is not DbUpdateConcurrencyException) { throw new RuleBrokenException("sdk.changed-meanwhile", null, 409); }
    }
}
