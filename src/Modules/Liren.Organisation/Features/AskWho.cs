using Liren.Contracts.Modes;
using Liren.Contracts.Organisation;
using Liren.Contracts.Places;
using Liren.Organisation.Data;
using Liren.Organisation.Domain;
using Liren.Sdk;
using Liren.Sdk.Security;
using Liren.Sdk.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Liren.Organisation.Features;

/// <summary>Who owns this kind of event here (谁听谁): owner, helpers, who follows, who of them is on duty, and why.</summary>
[Needs("organisation.read")]
internal sealed class AskWho(OrganisationDb db, ActiveMatrix active, MatrixReader reader, DutyRota rota, IEventTypes types, IServiceProvider services, Texts texts, TimeProvider clock) : IFeature
{
    public sealed record DutyRow(string Name, string Post, string PostKind);
    public sealed record OrgRow(Guid Id, string Code, string Name, string Kind, string? DutyPhone, IReadOnlyList<DutyRow> OnDuty);
    public sealed record Response(string Event, string EventName, string Place, string PlaceName, Mode Mode, DateTimeOffset At, OrgRow? Owner, IReadOnlyList<OrgRow> Support, IReadOnlyList<OrgRow> Fallback,
        IReadOnlyDictionary<string, int> SignInMinutes, IReadOnlyList<DutyRow> GridWorkers, IReadOnlyList<string> Because, int? Rule, int MatrixVersion);

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/who", (string? @event, string? place, string? mode, DateTimeOffset? at, AskWho feature, CancellationToken stop) => feature.RunAsync(@event ?? "", place ?? "", ModeOf(mode), at, stop));

    /// <summary>The mode named; null, when none is, stands for the one that holds there.</summary>
    public static Mode? ModeOf(string? mode)
    {
        if (string.IsNullOrWhiteSpace(mode)) return null;
        Rule.Require(Enum.TryParse<Mode>(mode, ignoreCase: true, out var known) && Enum.IsDefined(known), "organisation.rule-mode", "mode");
        return known;
    }

    public async Task<Response> RunAsync(string code, string place, Mode? asked, DateTimeOffset? at, CancellationToken stop)
    {
        Actor.Current.Require("organisation.read", place);
        var type = await KnownAsync(code.Trim(), stop);
        var placeName = await PlaceNameAsync(place, stop);
        var when = at ?? clock.GetUtcNow();
        var mode = asked ?? (services.GetService<IModes>() is { } modes ? (await modes.ModeAtAsync(place, when, stop)).Mode : Mode.Peace);
        var book = at is null ? await active.GetAsync(stop) : await BookAtAsync(when, stop);
        var answer = ResponsibilityMatrix.Answer(book, texts, type.Code, place, mode, Rota.DayOf(when));
        var ids = answer.Support.Concat(answer.Fallback).Append(answer.Owner).OfType<OrgCard>().Select(o => o.Id).Distinct().ToList();
        var phones = await db.Units.AsNoTracking().Where(o => ids.Contains(o.Id)).ToDictionaryAsync(o => o.Id, o => o.DutyPhone, stop);
        var posts = await db.Posts.AsNoTracking().Where(p => p.ClosedAt == null && ids.Contains(p.OrgId)).ToListAsync(stop);
        var onDuty = (await rota.PeopleAsync(posts, when, stop)).ToLookup(d => d.OrgId);
        OrgRow Row(OrgCard org) => new(org.Id, org.Code, org.Name, org.Kind, phones.GetValueOrDefault(org.Id), [.. onDuty[org.Id].Select(Show)]);
        return new(type.Code, type.Name(Sdk.Text.Show.Language), place, placeName, mode, when,
            answer.Owner is null ? null : Row(answer.Owner), [.. answer.Support.Select(Row)], [.. answer.Fallback.Select(Row)],
            answer.SignInByLevel.ToDictionary(s => s.Key, s => (int)s.Value.TotalMinutes),
            [.. (await rota.OnDutyAsync(PostKinds.GridWorker, place, when, stop)).Select(Show)], answer.Because, answer.Rule, answer.MatrixVersion);
    }

    private static DutyRow Show(DutyPerson person) => new(person.PersonName, person.PostName, person.PostKind);

    private async Task<EventTypeCard> KnownAsync(string code, CancellationToken stop)
    {
        if (await types.FindAsync(code, stop) is { } known) return known;
        // Near is what shares the most: first by family, then by anything typed.
        var family = code.Split('.')[0];
        var near = (await types.AllAsync(stop)).Where(t => t.Code.StartsWith(family + ".", StringComparison.Ordinal) || (code.Length > 1 && t.Code.Contains(code, StringComparison.OrdinalIgnoreCase))).Select(t => t.Code).Take(6).ToList();
        throw new RuleBrokenException(near.Count > 0 ? "organisation.unknown-event-near" : "organisation.unknown-event", "event", 422, code, string.Join(", ", near));
    }

    private async Task<string> PlaceNameAsync(string place, CancellationToken stop)
    {
        if (place.Length == 0) return texts["organisation.everywhere"];
        Rule.Require(PlacePath.IsValid(place), "organisation.place", "place", place);
        if (services.GetService<IPlaceDirectory>() is not { } places) return place;
        Rule.Require(await places.FindAsync(place, stop) is not null, "organisation.unknown-place", "place", place);
        return await places.FullNameAsync(place, stop);
    }

    /// <summary>The version that was in force then: versions never change once active, so the past answers as it would have.</summary>
    private async Task<MatrixBook> BookAtAsync(DateTimeOffset at, CancellationToken stop)
    {
        var version = await db.Versions.AsNoTracking().Where(v => v.ActivatedAt != null && v.ActivatedAt <= at && (v.RetiredAt == null || v.RetiredAt > at))
            .OrderByDescending(v => v.Number).FirstOrDefaultAsync(stop);
        return version is null ? await reader.BookAsync(0, [], MatrixSettings.Default, stop) : await reader.BookAsync(version, stop);
    }
}
