using Liren.Contracts.Places;
using Liren.Organisation.Data;
using Liren.Organisation.Domain;
using Liren.Sdk;
using Liren.Sdk.Security;
using Liren.Sdk.Text;
using Liren.Sdk.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;

namespace Liren.Organisation.Features;

/// <summary>A rule as somebody typed it.</summary>
internal sealed record RuleForm(string Event, string Place, string Mode, string Lead, IReadOnlyList<string>? Support = null, int Rank = 0, IReadOnlyList<string>? Fallback = null, string? Basis = null, DateOnly? Expires = null)
{
    public MatrixRule ToRule(Guid version, int number)
    {
        Rule.Require(Enum.TryParse<RuleMode>(Mode, ignoreCase: true, out var mode) && Enum.IsDefined(mode), "organisation.rule-mode-any", "mode");
        return MatrixRule.From(version, number, Event ?? "", Place ?? "", mode, Lead ?? "", Support, Rank, Fallback, Basis, Expires);
    }
}

/// <summary>Rules of a version, searched, sorted, paged; "#3 #7" finds rules by number.</summary>
[Needs("organisation.read")]
internal sealed class ListMatrixRules(OrganisationDb db, PlaceNames places) : IFeature
{
    public sealed record Row(int Number, string Event, string Place, string PlaceName, string Mode, string Lead, string LeadName, IReadOnlyList<string> Support, int Rank, IReadOnlyList<string> Fallback, string? Basis, DateOnly? Expires);

    private static readonly Dictionary<string, Func<Row, IComparable?>> Columns = new()
    {
        ["number"] = r => r.Number, ["event"] = r => r.Event, ["place"] = r => r.Place, ["mode"] = r => r.Mode, ["lead"] = r => r.LeadName, ["rank"] = r => r.Rank, ["expires"] = r => r.Expires,
    };

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/matrix/{id:guid}/rules", (Guid id, [AsParameters] ListQuery query, HttpContext http, Texts texts, ListMatrixRules feature, CancellationToken stop) =>
            ListAnswer.AnswerAsync(http, texts, "rules", query, q => feature.RunAsync(id, q, stop)));

    public async Task<Page<Row>> RunAsync(Guid id, ListQuery query, CancellationToken stop)
    {
        var rules = await db.Rules.AsNoTracking().Where(r => r.VersionId == id).ToListAsync(stop);
        var orgs = await db.Units.AsNoTracking().ToDictionaryAsync(o => o.Code, o => o.Name, stop);
        var names = await places.OfAsync(rules.Select(r => r.PlacePath), stop);
        var rows = rules.Select(r => new Row(r.Number, r.Event, r.PlacePath, names[r.PlacePath], r.Mode.ToString(), r.Lead, orgs.GetValueOrDefault(r.Lead, r.Lead),
            [.. r.SupportCodes.Select(c => orgs.GetValueOrDefault(c, c))], r.Rank, [.. r.FallbackCodes.Select(c => orgs.GetValueOrDefault(c, c))], r.Basis, r.Expires));
        // The matrix is read as a whole: what decides in a street may stand at the district or everywhere.
        if (!string.IsNullOrEmpty(query.Place)) rows = rows.Where(r => PlacePath.Overlap(r.Place, query.Place));
        if (Enum.TryParse<RuleMode>(query.Filter, out var mode)) rows = rows.Where(r => r.Mode == mode.ToString());
        if (query.Text is { } text)
        {
            var numbers = text.Split([' ', ',', '、'], StringSplitOptions.RemoveEmptyEntries).Where(t => t[0] == '#').Select(t => int.TryParse(t.AsSpan(1), out var n) ? n : 0).ToHashSet();
            rows = numbers.Count > 0 ? rows.Where(r => numbers.Contains(r.Number))
                : rows.Where(r => r.Event.Contains(text, StringComparison.OrdinalIgnoreCase) || r.PlaceName.Contains(text, StringComparison.Ordinal) || r.Place.Contains(text, StringComparison.Ordinal) || r.Lead.Contains(text, StringComparison.Ordinal) || r.LeadName.Contains(text, StringComparison.Ordinal));
        }
        return rows.Cut(query, Columns, "number");
    }
}

/// <summary>Adds a rule to a draft.</summary>
[Needs("organisation.matrix")]
internal sealed class AddMatrixRule(OrganisationDb db, TimeProvider clock) : IFeature
{
    public sealed record Response(int Number);

    public static void Map(IEndpointRouteBuilder api) => api.MapPost("/matrix/{id:guid}/rules", async (Guid id, RuleForm request, IfMatch match, AddMatrixRule feature, CancellationToken stop) =>
        TypedResults.Created($"/api/organisation/matrix/{id}", await feature.RunAsync(id, request, match, stop)));

    public async Task<Response> RunAsync(Guid id, RuleForm request, IfMatch match, CancellationToken stop)
    {
        var version = Rule.Found(await db.Versions.SingleOrDefaultAsync(v => v.Id == id, stop), "organisation.no-matrix");
        match.Check(version);
        // A number is never used again, not even that of a rule removed meanwhile: the active version may still have it.
        var number = (await db.Rules.MaxAsync(r => (int?)r.Number, stop) ?? 0) + 1;
        var rule = request.ToRule(id, number);
        MatrixAuthority.RequireRule(null, rule);
        version.Touch(clock.GetUtcNow());
        db.Add(rule);
        await db.SaveChangesAsync(stop);
        return new(number);
    }
}

/// <summary>Changes a rule of a draft.</summary>
[Needs("organisation.matrix")]
internal sealed class EditMatrixRule(OrganisationDb db, TimeProvider clock) : IFeature
{
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPut("/matrix/{id:guid}/rules/{number:int}", (Guid id, int number, RuleForm request, IfMatch match, EditMatrixRule feature, CancellationToken stop) => feature.RunAsync(id, number, request, match, stop));

    public async Task RunAsync(Guid id, int number, RuleForm request, IfMatch match, CancellationToken stop)
    {
        var version = Rule.Found(await db.Versions.SingleOrDefaultAsync(v => v.Id == id, stop), "organisation.no-matrix");
        match.Check(version);
        var before = Rule.Found(await db.Rules.SingleOrDefaultAsync(r => r.VersionId == id && r.Number == number, stop), "organisation.no-rule", number);
        var after = request.ToRule(id, number);
        MatrixAuthority.RequireRule(before, after);
        version.Touch(clock.GetUtcNow());
        db.Entry(before).State = EntityState.Detached;
        db.Update(after);
        await db.SaveChangesAsync(stop);
    }
}

/// <summary>Removes a rule from a draft.</summary>
[Needs("organisation.matrix")]
internal sealed class RemoveMatrixRule(OrganisationDb db, TimeProvider clock) : IFeature
{
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapDelete("/matrix/{id:guid}/rules/{number:int}", (Guid id, int number, IfMatch match, RemoveMatrixRule feature, CancellationToken stop) => feature.RunAsync(id, number, match, stop));

    public async Task RunAsync(Guid id, int number, IfMatch match, CancellationToken stop)
    {
        var version = Rule.Found(await db.Versions.SingleOrDefaultAsync(v => v.Id == id, stop), "organisation.no-matrix");
        match.Check(version);
        var rule = Rule.Found(await db.Rules.SingleOrDefaultAsync(r => r.VersionId == id && r.Number == number, stop), "organisation.no-rule", number);
        MatrixAuthority.RequireRule(rule, null);
        version.Touch(clock.GetUtcNow());
        db.Remove(rule);
        await db.SaveChangesAsync(stop);
    }
}
