using System.Linq.Expressions;
using Liren.Contracts.Places;
using Liren.Identity.Data;
using Liren.Identity.Domain;
using Liren.Sdk;
using Liren.Sdk.Data;
using Liren.Sdk.Events;
using Liren.Sdk.Security;
using Liren.Sdk.Text;
using Liren.Sdk.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;

namespace Liren.Identity.Features;

/// <summary>The access log: who read whose data, why. Reading it is logged too.</summary>
[Needs("identity.access-log"), PersonalData]
internal sealed class ListAccessLog(IdentityDb db, IAccessLog log) : IFeature
{
    public sealed record Row(long Seq, DateTimeOffset At, string Actor, string Purpose, Guid Subject, string Fields, string Disclosure, bool Allowed);

    private static readonly Dictionary<string, Expression<Func<AccessLeaf, object?>>> Columns = new()
    {
        ["seq"] = l => l.Seq, ["at"] = l => l.At, ["actor"] = l => l.Actor, ["purpose"] = l => l.Purpose,
    };

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/access-log", ([AsParameters] ListQuery query, HttpContext http, Texts texts, ListAccessLog feature, CancellationToken stop) =>
            ListAnswer.AnswerAsync(http, texts, "access-log", query, q => feature.RunAsync(q, stop)));

    public async Task<Page<Row>> RunAsync(ListQuery query, CancellationToken stop)
    {
        var rows = db.AccessLog.AsNoTracking();
        if (query.Text is { } text) rows = Guid.TryParse(text, out var id) ? rows.Where(l => l.Subject == id || l.ActorId == id) : rows.Where(l => l.Actor.Contains(text));
        if (query.Filter is { Length: > 0 } purpose) rows = rows.Where(l => l.Purpose == purpose);
        var page = await rows.PageAsync(query, Columns, "-seq", l => new Row(l.Seq, l.At, l.Actor, l.Purpose, l.Subject, l.Fields, l.Disclosure, l.Allowed), stop);
        await log.RecordAsync([.. page.Items.Select(r => r.Subject).Distinct().Select(s => new AccessEntry(s, Purpose.Required, "access-log", query.All ? "export" : "plain"))], stop);
        return page;
    }
}

/// <summary>Walks the hash chain of the access log and names the first line that is not what it was.</summary>
[Needs("identity.access-log")]
internal sealed class VerifyAccessLog(IdentityDb db) : IFeature
{
    /// <param name="Ok">True when every line fits the one before.</param>
    /// <param name="Lines">Lines walked.</param>
    /// <param name="Seq">Last line that fits.</param>
    /// <param name="Hash">Its hash: keep it, and a later truncation or rewriting shows.</param>
    /// <param name="Broken">First line that does not fit.</param>
    public sealed record Response(bool Ok, long Lines, long Seq, string Hash, long? Broken);

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/access-log/verify", (long? from, string? hash, VerifyAccessLog feature, CancellationToken stop) => feature.RunAsync(from, hash, stop));

    /// <param name="from">A line remembered earlier, with its hash; it must still be there unchanged.</param>
    /// <param name="known">Hash of that line, hexadecimal.</param>
    /// <param name="stop">Stops.</param>
    public async Task<Response> RunAsync(long? from, string? known, CancellationToken stop)
    {
        Rule.Require(from is null == known is null, "identity.verify-pair", "hash");
        var hash = AccessLeaf.Genesis;
        long seq = 0, lines = 0;
        await foreach (var leaf in db.AccessLog.AsNoTracking().OrderBy(l => l.Seq).AsAsyncEnumerable().WithCancellation(stop))
        {
            var expected = leaf.Compute(hash);
            if (leaf.Seq != seq + 1 || !expected.AsSpan().SequenceEqual(leaf.Hash)
                || (leaf.Seq == from && !Convert.ToHexString(leaf.Hash).Equals(known, StringComparison.OrdinalIgnoreCase)))
                return new(false, lines, seq, Convert.ToHexString(hash), seq + 1);
            (hash, seq, lines) = (leaf.Hash, leaf.Seq, lines + 1);
        }
        // Lines cut off the end leave a chain that fits in itself; only somebody who remembered a later line can tell.
        if (from > seq) return new(false, lines, seq, Convert.ToHexString(hash), seq + 1);
        return new(true, lines, seq, Convert.ToHexString(hash), null);
    }
}

/// <summary>谁看过我的数据: what was read about oneself. For accounts linked to a person.</summary>
[Needs("identity.me")]
internal sealed class ShowMyAccess(IdentityDb db) : IFeature
{
    public sealed record Row(long Seq, DateTimeOffset At, string Actor, string Purpose, string Fields, string Disclosure);

    private static readonly Dictionary<string, Expression<Func<AccessLeaf, object?>>> Columns = new() { ["at"] = l => l.At, ["seq"] = l => l.Seq };

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/me/access", ([AsParameters] ListQuery query, HttpContext http, Texts texts, ShowMyAccess feature, CancellationToken stop) =>
            ListAnswer.AnswerAsync(http, texts, "my-access", query, q => feature.RunAsync(q, stop)));

    public async Task<Page<Row>> RunAsync(ListQuery query, CancellationToken stop)
    {
        var me = Actor.Current.Id;
        var person = await db.Accounts.Where(a => a.Id == me).Select(a => a.PersonId).SingleOrDefaultAsync(stop);
        Rule.State(person is not null, "identity.no-person");
        var rows = db.AccessLog.AsNoTracking().Where(l => l.Subject == person && l.Allowed);
        if (query.Text is { } text) rows = rows.Where(l => l.Actor.Contains(text));
        return await rows.PageAsync(query, Columns, "-seq", l => new Row(l.Seq, l.At, l.Actor, l.Purpose, l.Fields, l.Disclosure), stop);
    }
}

/// <summary>The journal: everything that happened, in all modules.</summary>
[Needs("identity.journal")]
internal sealed class ListJournal(SdkDb db, IPlaceDirectory places) : IFeature
{
    public sealed record Row(long Seq, Guid Id, DateTimeOffset At, string Module, string Type, string? Place, string? PlaceName, Guid? Subject, string Actor, Guid? Cause, string Body);

    private static readonly Dictionary<string, Expression<Func<JournalEntry, object?>>> Columns = new()
    {
        ["seq"] = j => j.Seq, ["at"] = j => j.At, ["type"] = j => j.Type, ["actor"] = j => j.Actor, ["place"] = j => j.Place,
    };

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/journal", ([AsParameters] ListQuery query, HttpContext http, Texts texts, ListJournal feature, CancellationToken stop) =>
            ListAnswer.AnswerAsync(http, texts, "journal", query, q => feature.RunAsync(q, stop)));

    public async Task<Page<Row>> RunAsync(ListQuery query, CancellationToken stop)
    {
        var scopes = Actor.Current.ScopesFor("identity.journal");
        var rows = db.Journal.AsNoTracking().WhereWithin(j => j.Place, scopes);
        if (query.Place is { Length: > 0 } place) rows = rows.WhereWithin(j => j.Place, [place]);
        if (query.Filter is { Length: > 0 } module) rows = rows.Where(j => j.Module == module);
        if (query.Text is { } text)
            rows = Guid.TryParse(text, out var id) ? rows.Where(j => j.Subject == id || j.Id == id || j.Cause == id || j.ActorId == id) : rows.Where(j => j.Type.Contains(text) || j.Actor.Contains(text));
        var page = await rows.PageAsync(query, Columns, "-seq",
            j => new Row(j.Seq, j.Id, j.At, j.Module, j.Type, j.Place, null, j.Subject, j.Actor, j.Cause, j.Body), stop);
        var names = await places.FindManyAsync(page.Items.Select(j => j.Place).OfType<string>().Distinct(), stop);
        return page with { Items = [.. page.Items.Select(j => j.Place is { } at && names.TryGetValue(at, out var card) ? j with { PlaceName = card.Name } : j)] };
    }
}
