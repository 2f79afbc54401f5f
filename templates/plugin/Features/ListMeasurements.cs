using System.Linq.Expressions;
using Acme.Noise.Data;
using Acme.Noise.Domain;
using Liren.Sdk;
using Liren.Sdk.Data;
using Liren.Sdk.Security;
using Liren.Sdk.Text;
using Liren.Sdk.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;

namespace Acme.Noise.Features;

/// <summary>Measurements of the places one may see, loudest or newest first; with incidents counted at the same place.</summary>
[Needs("noise.read")]
internal sealed class ListMeasurements(NoiseDb db) : IFeature
{
    public sealed record Row(Guid Id, string Place, int Decibels, DateTimeOffset At, int Incidents);

    private static readonly Dictionary<string, Expression<Func<Measurement, object?>>> Columns = new() { ["place"] = m => m.Place, ["decibels"] = m => m.Decibels, ["at"] = m => m.At };

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/measurements", ([AsParameters] ListQuery query, HttpContext http, Texts texts, ListMeasurements feature, CancellationToken stop) =>
            ListAnswer.AnswerAsync(http, texts, "noise", query, q => feature.RunAsync(q, stop)));

    public Task<Page<Row>> RunAsync(ListQuery query, CancellationToken stop)
    {
        var rows = db.Measurements.AsNoTracking().WhereWithin(m => m.Place, Actor.Current.ScopesFor("noise.read"));
        if (query.Text is { } text) rows = rows.Where(m => m.Place.Contains(text));
        if (query.Place is { Length: > 0 } place) rows = rows.WhereWithin(m => m.Place, [place]);
        return rows.PageAsync(query, Columns, "-at", m => new Row(m.Id, m.Place, m.Decibels, m.At, db.Watches.Where(w => w.Place == m.Place).Select(w => w.Incidents).FirstOrDefault()), stop);
    }
}
