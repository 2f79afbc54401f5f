using System.Linq.Expressions;
using Liren.Contracts.Places;
using Liren.Devices.Data;
using Liren.Devices.Domain;
using Liren.Devices.Hub;
using Liren.Sdk;
using Liren.Sdk.Data;
using Liren.Sdk.Security;
using Liren.Sdk.Text;
using Liren.Sdk.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;

namespace Liren.Devices.Features;

/// <summary>A device in a list.</summary>
internal sealed record DeviceRow(Guid Id, string Code, string Kind, string Name, string Place, string PlaceName, DeviceState State, DeviceHealth Health, DateTimeOffset? HeardAt, string? Gateway, bool Simulated);

/// <summary>Devices one may see. Filter: a kind, a state or a health.</summary>
[Needs("devices.read")]
internal sealed class ListDevices(DevicesDb db, DeviceKinds kinds, IPlaceDirectory places) : IFeature
{
    private static readonly Dictionary<string, Expression<Func<Device, object?>>> Columns = new() { ["code"] = d => d.Code, ["name"] = d => d.Name, ["kind"] = d => d.Kind, ["health"] = d => d.Health, ["heardAt"] = d => d.HeardAt };

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/", ([AsParameters] ListQuery query, HttpContext http, Texts texts, ListDevices feature, CancellationToken stop) => ListAnswer.AnswerAsync(http, texts, "devices", query, q => feature.RunAsync(q, stop)));

    public async Task<Page<DeviceRow>> RunAsync(ListQuery query, CancellationToken stop)
    {
        var rows = db.Devices.AsNoTracking().WhereWithin(d => d.PlacePath, Actor.Current.ScopesFor("devices.read"));
        if (!string.IsNullOrEmpty(query.Place)) rows = rows.WhereWithin(d => d.PlacePath, [query.Place]);
        if (!string.IsNullOrEmpty(query.Filter))
        {
            if (kinds.Find(query.Filter) is not null) rows = rows.Where(d => d.Kind == query.Filter);
            else if (Enum.TryParse<DeviceState>(query.Filter, true, out var state) && Enum.IsDefined(state)) rows = rows.Where(d => d.State == state);
            else if (Enum.TryParse<DeviceHealth>(query.Filter, true, out var health) && Enum.IsDefined(health)) rows = rows.Where(d => d.Health == health);
            else throw new RuleBrokenException("devices.filter", "filter", 422, query.Filter);
        }
        if (query.Text is { } text) rows = rows.Where(d => d.Code.Contains(text) || d.Name.Contains(text) || (d.Serial != null && d.Serial.Contains(text)));
        var page = await rows.PageAsync(query, Columns, "code", d => d, stop);
        var names = await places.FindManyAsync(page.Items.Select(d => d.PlacePath).Distinct(), stop);
        return new([.. page.Items.Select(d => new DeviceRow(d.Id, d.Code, d.Kind, d.Name, d.PlacePath, names.TryGetValue(d.PlacePath, out var card) ? card.Name : d.PlacePath, d.State, d.Health, d.HeardAt, d.Gateway, d.Simulated))], page.Total, page.PageNumber, page.Size);
    }
}

/// <summary>What the hub did not let in within a day: unknown devices, wrong keys, what could not be read.</summary>
[Needs("devices.edit")]
internal sealed class ListRefusals(Refusals refusals) : IFeature
{
    public static void Map(IEndpointRouteBuilder api) => api.MapGet("/refusals", (ListRefusals feature) => feature.RunAsync());

    public Task<IReadOnlyList<Refusal>> RunAsync()
    {
        // It names addresses of the whole installation, not of a place.
        Actor.Current.Require("devices.edit");
        return Task.FromResult(refusals.Lately());
    }
}
