using System.Linq.Expressions;
using Liren.Codes;
using Liren.Contracts.Passes;
using Liren.Contracts.Places;
using Liren.Passes.Data;
using Liren.Passes.Domain;
using Liren.Sdk;
using Liren.Sdk.Data;
using Liren.Sdk.Security;
using Liren.Sdk.Text;
using Liren.Sdk.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;

namespace Liren.Passes.Features;

/// <summary>A pass in a list; its name is masked in itself.</summary>
internal sealed record PassRow(Guid Id, string Serial, PassKind Kind, PassForm Form, PassState State, string Name, string? Unit, string? Plate, string Compound, string CompoundName, DateTimeOffset From, DateTimeOffset Until, bool Enrolled, int Version);

/// <summary>Passes (通行证). Filters: requested, active, suspended, ended, phone, paper, vehicle, visitor, soon (ends within three days).</summary>
[Needs("passes.read")]
[PersonalData]
internal sealed class ListPasses(PassesDb db, IPlaceDirectory places, IAccessLog log, TimeProvider clock) : IFeature
{
    private static readonly Dictionary<string, Expression<Func<Pass, object?>>> Columns = new()
    {
        ["serial"] = p => p.Serial, ["state"] = p => p.State, ["kind"] = p => p.Kind, ["unit"] = p => p.PlacePath, ["until"] = p => p.Until, ["issuedAt"] = p => p.IssuedAt, ["changedAt"] = p => p.ChangedAt,
    };

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/", ([AsParameters] ListQuery query, HttpContext http, Texts texts, ListPasses feature, CancellationToken stop) =>
            ListAnswer.AnswerAsync(http, texts, "passes", query, q => feature.RunAsync(q, stop)));

    public async Task<Page<PassRow>> RunAsync(ListQuery query, CancellationToken stop)
    {
        var now = clock.GetUtcNow();
        var rows = db.Passes.AsNoTracking().WhereWithin(p => p.PlacePath, Actor.Current.ScopesFor("passes.read"));
        if (!string.IsNullOrEmpty(query.Place)) rows = rows.WhereWithin(p => p.PlacePath, [query.Place]);
        rows = query.Filter switch
        {
            null or "" => rows,
            "requested" => rows.Where(p => p.State == PassState.Requested),
            "visitor" => rows.Where(p => p.Kind == PassKind.Visitor),
            "active" => rows.Where(p => p.State == PassState.Active && p.Until >= now),
            "suspended" => rows.Where(p => p.State == PassState.Suspended),
            "ended" => rows.Where(p => p.State == PassState.Revoked || p.State == PassState.Replaced || p.State == PassState.Expired),
            "phone" => rows.Where(p => p.Form == PassForm.Phone),
            "paper" => rows.Where(p => p.Form == PassForm.Paper),
            "vehicle" => rows.Where(p => p.Kind == PassKind.Vehicle),
            "soon" => rows.Where(p => p.State == PassState.Active && p.Until >= now && p.Until < now.AddDays(3)),
            _ => throw new RuleBrokenException("passes.filter", "filter", 422, query.Filter),
        };
        if (query.Text is { } text)
        {
            var typed = HumanCode.Typed(text);
            rows = rows.Where(p => p.Serial == typed || (p.Unit != null && p.Unit.Contains(text)) || p.Name.Contains(text) || (p.Plate != null && p.Plate.Contains(typed)));
        }
        var page = await rows.PageAsync(query, Columns, "-issuedAt", p => p, stop);
        await log.RecordAsync([.. page.Items.Where(p => p.PersonId is not null).Select(p => new AccessEntry(p.PersonId!.Value, Purpose.Required, "pass", query.All ? "export" : "masked"))], stop);
        var names = await places.FindManyAsync(page.Items.Select(p => p.CompoundPath).Distinct(), stop);
        return new([.. page.Items.Select(p => Of(p, names))], page.Total, page.PageNumber, page.Size);
    }

    internal static PassRow Of(Pass p, IReadOnlyDictionary<string, PlaceCard> names) => new(p.Id, p.Serial, p.Kind, p.Form, p.State, p.Name, p.Unit, p.Plate, p.CompoundPath,
        names.TryGetValue(p.CompoundPath, out var card) ? card.Name : p.CompoundPath, p.From, p.Until, p.DeviceKey is not null, p.Version);
}

/// <summary>One pass with its history and its last ways through gates.</summary>
[Needs("passes.read")]
[PersonalData]
internal sealed class ShowPass(PassesDb db, IPlaceDirectory places, IAccessLog log) : IFeature
{
    /// <param name="Row">The pass.</param>
    /// <param name="IdTail">Last four of the document number.</param>
    /// <param name="PersonId">Who holds it.</param>
    /// <param name="Hours">Minutes of the day it opens between.</param>
    /// <param name="MostUses">How often it may be used.</param>
    /// <param name="Changes">What happened to it, newest first.</param>
    public sealed record Response(PassRow Row, string? IdTail, Guid? PersonId, int[]? Hours, int? MostUses, IReadOnlyList<Change> Changes);

    /// <param name="At">When.</param>
    /// <param name="Actor">Who.</param>
    /// <param name="From">State before.</param>
    /// <param name="To">State after.</param>
    /// <param name="Reason">Why.</param>
    public sealed record Change(DateTimeOffset At, string Actor, PassState? From, PassState To, string? Reason);

    public static void Map(IEndpointRouteBuilder api) => api.MapGet("/{id:guid}", (Guid id, ShowPass feature, CancellationToken stop) => feature.RunAsync(id, stop));

    public async Task<Response> RunAsync(Guid id, CancellationToken stop)
    {
        var pass = await Passes.FindAsync(db, id, "passes.read", stop);
        if (pass.PersonId is { } person) await log.RecordAsync([new(person, Purpose.Required, "pass,idTail", "masked")], stop);
        var names = await places.FindManyAsync([pass.CompoundPath], stop);
        return new(ListPasses.Of(pass, names), pass.IdTail, pass.PersonId, pass is { FromMinute: { } from, ToMinute: { } to } ? [from, to] : null, pass.MostUses,
            [.. pass.Changes.OrderByDescending(c => c.At).ThenByDescending(c => c.Id).Select(c => new Change(c.At, c.Actor, c.From, c.To, c.Reason))]);
    }
}
