using Liren.Cases.Data;
using Liren.Cases.Domain;
using Liren.Contracts.Places;
using Liren.Sdk;
using Liren.Sdk.Data;
using Liren.Sdk.Security;
using Liren.Sdk.Text;
using Liren.Sdk.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;

namespace Liren.Cases.Features;

/// <summary>Limits of all jurisdictions (办理时限), those shipped included.</summary>
[Needs("cases.read")]
internal sealed class ListLimits(CasesDb db, TypeBook types, IPlaceDirectory places, TimeProvider clock) : IFeature
{
    /// <param name="InForce">Holds today.</param>
    /// <param name="Shipped">Comes with the program; own rules go first.</param>
    public sealed record Row(Guid Id, string Place, string PlaceName, string Type, string TypeName, string? Register, string? Assign, string? Handle, string? Verify, string From, string? Until, string Basis, bool InForce, bool Shipped, int Version);

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/limits", ([AsParameters] ListQuery query, HttpContext http, Texts texts, ListLimits feature, CancellationToken stop) => ListAnswer.AnswerAsync(http, texts, "limits", query, q => feature.RunAsync(q, stop)));

    public async Task<Page<Row>> RunAsync(ListQuery query, CancellationToken stop)
    {
        var own = await db.Limits.AsNoTracking().ToListAsync(stop);
        var names = await places.FindManyAsync(own.Select(l => l.PlacePath).Where(p => p.Length > 0).Distinct(), stop);
        var today = Show.Day(clock.GetUtcNow());
        var rows = new List<Row>();
        foreach (var (rule, shipped) in own.Select(l => (l, false)).Concat(Shipped.Limits.Select(l => (l, true))))
            rows.Add(new(rule.Id, rule.PlacePath, rule.PlacePath.Length == 0 ? "" : names.TryGetValue(rule.PlacePath, out var card) ? card.Name : rule.PlacePath, rule.Type, rule.Type == CaseLimit.AnyType ? "" : await types.NameAsync(rule.Type, stop),
                rule.Register, rule.Assign, rule.Handle, rule.Verify, shipped ? "" : $"{rule.From:yyyy-MM-dd}", rule.Until is { } until ? $"{until:yyyy-MM-dd}" : null, rule.Basis, rule.InForce(today), shipped, rule.Version));
        IEnumerable<Row> chosen = rows;
        if (query.Filter == "own") chosen = chosen.Where(r => !r.Shipped);
        if (query.Filter == "shipped") chosen = chosen.Where(r => r.Shipped);
        if (!string.IsNullOrEmpty(query.Place)) chosen = chosen.Where(r => PlacePath.Overlap(query.Place, r.Place));
        if (query.Text is { } text) chosen = chosen.Where(r => r.TypeName.Contains(text, StringComparison.OrdinalIgnoreCase) || r.PlaceName.Contains(text, StringComparison.OrdinalIgnoreCase) || r.Type.Contains(text, StringComparison.OrdinalIgnoreCase) || r.Basis.Contains(text, StringComparison.OrdinalIgnoreCase));
        var key = query.Sort?.TrimStart('-');
        Func<Row, string> by = key switch { null or "" or "type" => r => r.Type, "place" => r => r.Place, "from" => r => r.From, _ => throw new RuleBrokenException("sdk.unknown-sort", "sort", 422, key, "type, place, from") };
        var sorted = (query.Sort?.StartsWith('-') == true ? chosen.OrderByDescending(by, StringComparer.Ordinal) : chosen.OrderBy(by, StringComparer.Ordinal)).ThenBy(r => r.Shipped).ThenBy(r => r.Place, StringComparer.Ordinal).ThenByDescending(r => r.From, StringComparer.Ordinal).ToList();
        return sorted.CutPage(query);
    }
}

/// <summary>Sets, ends and imports limits; running clocks keep the limit they started with.</summary>
[Needs("cases.limits")]
internal sealed class SetLimits(CasesDb db, TypeBook types, IPlaceDirectory places) : IFeature
{
    private const string Permission = "cases.limits";

    /// <param name="Text">CSV with a head line, or a YAML list.</param>
    public sealed record ImportRequest(string? Text);
    /// <param name="Line">Line of the CSV, or number of the YAML entry.</param>
    public sealed record Fault(int Line, string Code, string? Field, string Sentence);
    /// <param name="Faults">When there is one, nothing was changed.</param>
    public sealed record Imported(int Added, int Changed, int Unchanged, IReadOnlyList<Fault> Faults);

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPut("/limits", (LimitLine line, SetLimits feature, CancellationToken stop) => feature.SetAsync(line, stop));
        api.MapDelete("/limits/{id:guid}", (Guid id, SetLimits feature, CancellationToken stop) => feature.RemoveAsync(id, stop));
        api.MapPost("/limits/import", (ImportRequest request, SetLimits feature, Texts texts, CancellationToken stop) => feature.ImportAsync(request.Text, texts, stop));
    }

    public async Task SetAsync(LimitLine line, CancellationToken stop)
    {
        await CheckAsync(line, stop);
        await PutAsync(line, stop);
        await db.SaveChangesAsync(stop);
    }

    public async Task RemoveAsync(Guid id, CancellationToken stop)
    {
        var rule = Rule.Found(await db.Limits.SingleOrDefaultAsync(l => l.Id == id, stop), "cases.no-limit");
        Actor.Current.Require(Permission, rule.PlacePath);
        db.Remove(rule);
        await db.SaveChangesAsync(stop);
    }

    /// <summary>Whole or not at all; the same table twice changes nothing.</summary>
    public async Task<Imported> ImportAsync(string? text, Texts texts, CancellationToken stop)
    {
        var (faults, added, changed, unchanged, seen) = (new List<Fault>(), 0, 0, 0, new HashSet<(string, string, DateOnly)>());
        foreach (var (number, written) in LimitSheet.Read(text ?? ""))
        {
            try
            {
                var line = written.Read();
                await CheckAsync(line, stop);
                Rule.Require(seen.Add((line.Place, line.Type, line.From)), "cases.limit-twice", "type");
                switch (await PutAsync(line, stop)) { case null: unchanged++; break; case true: added++; break; default: changed++; break; }
            }
            catch (RuleBrokenException broken) when (broken.Status is 422 or 403) { faults.Add(new(number, broken.Code, broken.Field, texts.Say(broken))); }
        }
        if (faults.Count > 0) return new(0, 0, 0, faults);
        await db.SaveChangesAsync(stop);
        return new(added, changed, unchanged, []);
    }

    private async Task CheckAsync(LimitLine line, CancellationToken stop)
    {
        Actor.Current.Require(Permission, line.Place);
        Rule.Require(line.Place.Length == 0 || (PlacePath.IsValid(line.Place) && await places.FindAsync(line.Place, stop) is not null), "cases.no-place", "place", line.Place);
        Rule.Require(line.Type == CaseLimit.AnyType || (await types.AllAsync(stop)).Any(t => t.Code == line.Type), "cases.no-type", "type", line.Type);
    }

    /// <summary>True: added. False: changed. Null: was so already.</summary>
    private async Task<bool?> PutAsync(LimitLine line, CancellationToken stop)
    {
        var rule = await db.Limits.SingleOrDefaultAsync(l => l.PlacePath == line.Place && l.Type == line.Type && l.From == line.From, stop);
        if (rule is null) { db.Add(CaseLimit.Set(Guid.CreateVersion7(), line)); return true; }
        rule.Change(line);
        db.ChangeTracker.DetectChanges();
        return db.Entry(rule).State == EntityState.Modified ? false : null;
    }
}

/// <summary>Looks for holes in the limits of a place: types in use for which a clock has no limit, and rules that no longer fit.</summary>
[Needs("cases.read")]
internal sealed class CheckLimits(CasesDb db, TypeBook types, TimeProvider clock) : IFeature
{
    /// <param name="Type">The type.</param>
    /// <param name="Limits">The four limits in force, in the order register, assign, handle, verify; null where there is none.</param>
    /// <param name="From">For each: "place type" of the rule it comes from.</param>
    public sealed record Row(string Type, string TypeName, bool Public, IReadOnlyList<string?> Limits, IReadOnlyList<string?> From);
    public sealed record Response(string Place, IReadOnlyList<Row> Rows, int Holes, IReadOnlyList<string> Unused);

    public static void Map(IEndpointRouteBuilder api) => api.MapGet("/limits/check", (string? place, CheckLimits feature, CancellationToken stop) => feature.RunAsync(place ?? "", stop));

    public async Task<Response> RunAsync(string place, CancellationToken stop)
    {
        var (book, today) = (await types.LimitsAsync(stop), Show.Day(clock.GetUtcNow()));
        string[] clocks = [Clocks.Register, Clocks.Assign, Clocks.Handle, Clocks.Verify];
        var rows = new List<Row>();
        foreach (var type in await types.InUseAsync(stop))
        {
            var found = clocks.Select(c => book.Find(c, type.Code, place, today)).ToList();
            rows.Add(new(type.Code, type.Name, type.Public, [.. found.Select(f => f?.Limit.ToString())], [.. found.Select(f => f is { } hit ? $"{(hit.Rule.PlacePath.Length == 0 ? "*" : hit.Rule.PlacePath)} {hit.Rule.Type}" : null)]));
        }
        var used = rows.Select(r => r.Type).ToHashSet();
        var unused = (await db.Limits.AsNoTracking().Where(l => l.Type != CaseLimit.AnyType).Select(l => l.Type).Distinct().ToListAsync(stop)).Where(t => !used.Contains(t)).Order(StringComparer.Ordinal).ToList();
        return new(place, rows, rows.Sum(r => r.Limits.Count(l => l is null)), unused);
    }
}

/// <summary>Which event types are cases here, and which are public.</summary>
[Needs("cases.limits")]
internal sealed class SetType(CasesDb db, TypeBook types) : IFeature
{
    public sealed record Request(bool InUse, bool Public);

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/types", async (SetType feature, CancellationToken stop) => await feature.ListAsync(stop));
        api.MapPut("/types/{code}", (string code, Request request, SetType feature, CancellationToken stop) => feature.RunAsync(code, request, stop));
    }

    public Task<IReadOnlyList<CaseType>> ListAsync(CancellationToken stop) => types.AllAsync(stop);

    public async Task RunAsync(string code, Request request, CancellationToken stop)
    {
        // What may be reported is the same for everybody.
        Actor.Current.Require("cases.limits", "");
        Rule.Require((await types.AllAsync(stop)).Any(t => t.Code == code), "cases.no-type", "code", code);
        var setting = await db.TypeSettings.SingleOrDefaultAsync(t => t.Code == code, stop);
        if (setting is null) db.Add(setting = new TypeSetting { Code = code });
        (setting.InUse, setting.Public) = (request.InUse, request.Public && request.InUse);
        await db.SaveChangesAsync(stop);
    }
}

/// <summary>Types that are cases here.</summary>
[Needs("cases.read")]
internal sealed class ListCaseTypes(TypeBook types) : IFeature
{
    public static void Map(IEndpointRouteBuilder api) => api.MapGet("/types/in-use", (ListCaseTypes feature, CancellationToken stop) => feature.RunAsync(stop));

    public Task<IReadOnlyList<CaseType>> RunAsync(CancellationToken stop) => types.InUseAsync(stop);
}
