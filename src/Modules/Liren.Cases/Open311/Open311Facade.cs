using System.Globalization;
using Liren.Cases.Data;
using Liren.Cases.Domain;
using Liren.Cases.Features;
using Liren.Contracts.Cases;
using Liren.Contracts.Places;
using Liren.Sdk;
using Liren.Sdk.Security;
using Liren.Sdk.Text;
using Liren.Sdk.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;

namespace Liren.Cases.Open311;

/// <summary>The words of GeoReport v2 for our cases: a service is a public type, a request is a case, open and closed are all it knows of states.</summary>
internal sealed class Open311Facade(CasesDb db, TypeBook types, Intake intake, IPlaceDirectory places, Texts texts, TimeProvider clock)
{
    /// <summary>Most days and rows of a list.</summary>
    private const int MostDays = 90, MostRows = 1_000;
    /// <summary>Farther from any place of ours than this, in metres, is not ours.</summary>
    private const double Reach = 1_000;
    private static readonly TimeSpan Shanghai = TimeSpan.FromHours(8);

    public string Say(string key, params object[] args) => texts[key, args];

    public async Task<IResult> ServicesAsync(string format, CancellationToken stop) => Open311Format.List(format, "services", "service", (await types.PublicAsync(stop)).Select(Service));

    private Dictionary<string, object?> Service(CaseType type) => new()
    {
        ["service_code"] = type.Code, ["service_name"] = type.Name, ["description"] = Say("cases.open311.service", type.Name), ["metadata"] = "false", ["type"] = "realtime", ["keywords"] = type.Name, ["group"] = Say($"cases.group.{type.Group}"),
    };

    public async Task<IResult> ServiceAsync(string format, string code, CancellationToken stop)
    {
        var type = (await types.PublicAsync(stop)).FirstOrDefault(t => t.Code == code) ?? throw new Open311Exception(404, Say("cases.open311.no-service", code));
        return Open311Format.One(format, "service_definition", new() { ["service_code"] = type.Code, ["attributes"] = Array.Empty<object?>() });
    }

    public async Task<IResult> RequestsAsync(string format, IQueryCollection query, CancellationToken stop)
    {
        var shown = (await types.PublicAsync(stop)).ToDictionary(t => t.Code);
        var rows = db.Cases.AsNoTracking().Where(c => shown.Keys.Contains(c.Type));
        if (Many(query["service_request_id"]) is { Length: > 0 } ids) rows = rows.Where(c => ids.Contains(c.Code));
        else
        {
            var now = clock.GetUtcNow();
            var (asked, until) = (Date(query, "start_date"), Date(query, "end_date") ?? now);
            var from = asked ?? until.AddDays(-MostDays);
            if (from > until) throw new Open311Exception(400, Say("cases.open311.order"));
            if ((until - from).TotalDays > MostDays) throw new Open311Exception(400, Say("cases.open311.days", MostDays));
            rows = rows.Where(c => c.ReportedAt >= from && c.ReportedAt <= until);
        }
        if (Many(query["service_code"]) is { Length: > 0 } codes) rows = rows.Where(c => codes.Contains(c.Type));
        if (Many(query["status"]) is { Length: > 0 } states)
        {
            if (Array.Find(states, s => s is not ("open" or "closed")) is { } unknown) throw new Open311Exception(400, Say("cases.open311.status", unknown));
            var chosen = Enum.GetValues<CaseState>().Where(s => states.Contains(StatusOf(s))).ToList();
            rows = rows.Where(c => chosen.Contains(c.State));
        }
        var (size, page) = (Number(query, "page_size", MostRows, MostRows), Number(query, "page", 1, 100_000));
        var found = await rows.OrderByDescending(c => c.ReportedAt).ThenBy(c => c.Id).Skip((page - 1) * size).Take(size).ToListAsync(stop);
        var answers = new List<Dictionary<string, object?>>();
        var coarse = await CoarseAsync(found, stop);
        foreach (var c in found) answers.Add(Request(c, shown[c.Type], coarse[c.PlacePath]));
        return Open311Format.List(format, "service_requests", "request", answers);
    }

    public async Task<IResult> RequestAsync(string format, string id, CancellationToken stop)
    {
        var shown = (await types.PublicAsync(stop)).ToDictionary(t => t.Code);
        var c = await db.Cases.AsNoTracking().SingleOrDefaultAsync(c => c.Code == id, stop);
        if (c is null || !shown.TryGetValue(c.Type, out var type)) throw new Open311Exception(404, Say("cases.open311.no-request", id));
        return Open311Format.List(format, "service_requests", "request", [Request(c, type, (await CoarseAsync([c], stop))[c.PlacePath])]);
    }

    /// <summary>A report is numbered at once, so a token leads to its number as soon as it is known.</summary>
    public async Task<IResult> TokenAsync(string format, string token, CancellationToken stop)
    {
        var c = Guid.TryParseExact(token, "N", out var id) ? await db.Cases.AsNoTracking().SingleOrDefaultAsync(c => c.Id == id, stop) : null;
        if (c is null) throw new Open311Exception(404, Say("cases.open311.no-token", token));
        return Open311Format.List(format, "service_requests", "request", [new() { ["service_request_id"] = c.Code, ["token"] = token }]);
    }

    public async Task<IResult> PostAsync(string format, Upload form, CancellationToken stop)
    {
        var type = (await types.PublicAsync(stop)).FirstOrDefault(t => t.Code == form["service_code"]) ?? throw new Open311Exception(form["service_code"] is null ? 400 : 404, Say("cases.open311.no-service", form["service_code"] ?? ""));
        var (latitude, longitude) = (Coordinate(form, "lat", 90), Coordinate(form, "long", 180));
        if ((latitude is null) != (longitude is null)) throw new Open311Exception(400, Say("cases.open311.position"));
        var place = await PlaceAsync(form["address_id"], form["address_string"], longitude, latitude, stop);
        var name = string.Join(' ', new[] { form["last_name"], form["first_name"] }.OfType<string>());
        var text = string.Join('\n', new[] { form["description"], form["address_string"] is { } address ? Say("cases.open311.address", address) : null, form["media_url"] is { } media ? Say("cases.open311.media", media) : null }.OfType<string>());
        var made = await intake.TakeAsync(new(type.Code, place, longitude, latitude, text.Length > 0 ? text : type.Name, CaseSource.Program, new(name.Length > 0 ? name : null, form["phone"], form["email"])), form.Photos, form.Key, stop);
        return Open311Format.List(format, "service_requests", "request", [new() { ["service_request_id"] = made.Code, ["token"] = made.Id.ToString("N"), ["service_notice"] = Say("cases.open311.notice"), ["account_id"] = null }], 201);
    }

    /// <summary>The place of a report: by its path, else the nearest known place around the point, else the only one the address is found at; within what the key may report on.</summary>
    private async Task<string> PlaceAsync(string? path, string? address, double? longitude, double? latitude, CancellationToken stop)
    {
        var scopes = Actor.Current.ScopesFor("cases.report");
        if (path is not null)
            return PlacePath.IsValid(path) && scopes.Any(s => PlacePath.IsWithin(path, s)) && await places.FindAsync(path, stop) is not null ? path : throw new Open311Exception(400, Say("cases.open311.no-place", path));
        if (longitude is not null)
        {
            var near = new List<PlaceCard>();
            foreach (var scope in scopes) near.AddRange(await places.WithinAsync(scope, [PlaceKind.Compound, PlaceKind.Area, PlaceKind.Building], 10_000, stop));
            var best = near.Select(p => (p.Path, Metres: Earth.Metres(p.Longitude, p.Latitude, longitude, latitude))).Where(p => p.Metres <= Reach).OrderBy(p => p.Metres).FirstOrDefault();
            return best.Path ?? throw new Open311Exception(400, Say("cases.open311.far", Reach));
        }
        if (address is null) throw new Open311Exception(400, Say("cases.open311.where"));
        var hits = (await places.SearchAsync(address, scopes, 2, stop)).Where(h => h.Kind is PlaceKind.Compound or PlaceKind.Area or PlaceKind.Building or PlaceKind.Community).ToList();
        return hits is [var only] ? only.Path : throw new Open311Exception(400, Say("cases.open311.no-place", address));
    }

    /// <summary>Nothing of who reported and nothing they wrote: types, places down to the building, states.</summary>
    private Dictionary<string, object?> Request(Case c, CaseType type, string place) => new()
    {
        ["service_request_id"] = c.Code, ["status"] = StatusOf(c.State), ["status_notes"] = Say($"cases.own.{c.State}"), ["service_name"] = type.Name, ["service_code"] = type.Code, ["description"] = null, ["agency_responsible"] = c.UnitName, ["service_notice"] = null,
        ["requested_datetime"] = Written(c.ReportedAt), ["updated_datetime"] = Written(c.ChangedAt), ["expected_datetime"] = c.Clock == Clocks.Handle && c.Deadline is { } due ? Written(due) : null,
        ["address"] = place, ["address_id"] = null, ["zipcode"] = null, ["lat"] = Rounded(c, c.Latitude), ["long"] = Rounded(c, c.Longitude), ["media_url"] = null,
        ["extended_attributes"] = new Dictionary<string, object?> { ["state"] = c.State.ToString(), ["step"] = c.State.StepOf(), ["rework"] = c.Rework, ["reopened"] = c.Reopened, ["overdue"] = c.WasLate ? "true" : "false", ["solved"] = c.Solved?.ToString().ToLowerInvariant() },
    };

    private static string StatusOf(CaseState state) => state.IsOpen() ? "open" : "closed";

    /// <summary>Names down to the building: a unit or a room would say whose home it is.</summary>
    private async Task<Dictionary<string, string>> CoarseAsync(IReadOnlyList<Case> cases, CancellationToken stop)
    {
        var names = new Dictionary<string, string>();
        foreach (var path in cases.Select(c => c.PlacePath).Distinct())
        {
            var known = await places.FindManyAsync(PlacePath.SelfAndAncestors(path).Where(p => p.Length > 0), stop);
            var shown = PlacePath.SelfAndAncestors(path).FirstOrDefault(p => known.TryGetValue(p, out var card) && card.Kind is not (PlaceKind.Room or PlaceKind.Unit)) ?? "";
            names[path] = shown.Length == 0 ? "" : await places.FullNameAsync(shown, stop);
        }
        return names;
    }

    /// <summary>About ten metres; nothing for a unit or a room.</summary>
    private static double? Rounded(Case c, double? degrees) => PlacePath.Depth(c.PlacePath) > 7 || degrees is null ? null : Math.Round(degrees.Value, 4);

    private static string Written(DateTimeOffset at) => at.ToOffset(Shanghai).ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture);

    private static string[] Many(string? said) => (said ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private DateTimeOffset? Date(IQueryCollection query, string name) => query[name].FirstOrDefault() is not { Length: > 0 } text ? null
        : DateTimeOffset.TryParse(text.Replace(' ', '+'), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? at.ToUniversalTime() : throw new Open311Exception(400, Say("cases.open311.date", name));

    private int Number(IQueryCollection query, string name, int standard, int most) => query[name].FirstOrDefault() is not { Length: > 0 } text ? standard
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1 && number <= most ? number : throw new Open311Exception(400, Say("cases.open311.number", name, most));

    private double? Coordinate(Upload form, string name, double most) => form[name] is not { } text ? null
        : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && Math.Abs(number) <= most ? number : throw new Open311Exception(400, Say("cases.open311.position"));
}
