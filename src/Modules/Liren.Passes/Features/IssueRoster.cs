using Liren.Codes;
using Liren.Contracts.Passes;
using Liren.Contracts.Places;
using Liren.Passes.Data;
using Liren.Passes.Domain;
using Liren.Sdk;
using Liren.Sdk.Security;
using Liren.Sdk.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;

namespace Liren.Passes.Features;

/// <summary>Passes for the people of a courier or service company by its list (快递、服务人员名单): all of them, or none and what is wrong with which line.</summary>
[Needs("passes.issue")]
internal sealed class IssueRoster(PassesDb db, Keyring keyring, Myself myself, FourEyes eyes, IPlaceDirectory places, TimeProvider clock) : IFeature
{
    // As many as one address can name to be printed.
    private const int MostLines = 150;

    /// <param name="Compound">Compound or community it opens.</param>
    /// <param name="Employer">Company, as it stands on the card.</param>
    /// <param name="Lines">One person a line: name, last four of the document number, telephone, plate; commas or tabs between, only the name is needed.</param>
    /// <param name="Kind">Courier or Service.</param>
    /// <param name="Days">1–14; one day is usual.</param>
    /// <param name="FromMinute">Opens from this minute of the day; with <paramref name="ToMinute"/>.</param>
    /// <param name="ToMinute">Opens until this minute of the day.</param>
    public sealed record Request(string Compound, string Employer, string Lines, PassKind Kind = PassKind.Courier, int Days = 1, int? FromMinute = null, int? ToMinute = null);

    /// <param name="Line">Which line, from 1.</param>
    /// <param name="Field">name, idTail, phone or plate.</param>
    public sealed record Fault(int Line, string Field);

    /// <param name="Ids">The new passes, in the order of the list; empty when a line was wrong.</param>
    /// <param name="Faults">What is wrong; nothing was issued then.</param>
    /// <param name="Waiting">True when somebody else has to agree first: one account has issued many today.</param>
    public sealed record Response(IReadOnlyList<Guid> Ids, IReadOnlyList<Fault> Faults, bool Waiting = false);

    private sealed record Person(string Name, string? IdTail, string? Phone, string? Plate);

    public static void Map(IEndpointRouteBuilder api) => api.MapPost("/roster", (Request request, NewId id, IssueRoster feature, CancellationToken stop) => feature.RunAsync(request, id, stop));

    public async Task<Response> RunAsync(Request request, NewId id, CancellationToken stop)
    {
        Actor.Current.Require("passes.issue", request.Compound ?? "");
        var place = await places.FindAsync(request.Compound!, stop);
        Rule.Require(place is { Kind: PlaceKind.Compound or PlaceKind.Community }, "passes.no-compound", "compound");
        var employer = (request.Employer ?? "").Trim();
        Rule.Require(employer.Length is > 0 and <= 40, "passes.employer", "employer");
        Rule.Require(request.Kind is PassKind.Courier or PassKind.Service, "passes.roster-kind", "kind");
        Rule.Require(request.Days is >= 1 and <= 14, "passes.too-long", "days", 14);
        var lines = (request.Lines ?? "").Split('\n').Select((text, n) => (Number: n + 1, Text: text.Trim())).Where(l => l.Text.Length > 0).ToList();
        Rule.Require(lines.Count is > 0 and <= MostLines, "passes.roster-lines", "lines", MostLines);
        var (people, faults) = (new List<Person>(), new List<Fault>());
        foreach (var (number, text) in lines)
            if (Read(text, out var wrong) is { } person) people.Add(person);
            else faults.Add(new(number, wrong));
        if (faults.Count > 0) return new([], faults);

        var now = clock.GetUtcNow();
        // Sent again with the same key it is the same list: each line's pass has an id of its own made from the request's.
        var ids = people.Select((_, n) => id.Repeatable ? NewId.Of($"{id.Value:N}.{n}", Actor.Current.Id, "roster").Value : Guid.CreateVersion7(now)).ToList();
        if (await db.Passes.AsNoTracking().SingleOrDefaultAsync(p => p.Id == ids[0], stop) is { } before) return new(ids, [], before.State == PassState.Requested);
        var waiting = await eyes.NeededAsync(people.Count, stop);
        await keyring.SignerAsync(KeyRole.Pass, IssuePass.CommunityOf(place!.Path), stop);
        for (var n = 0; n < people.Count; n++)
        {
            var person = people[n];
            var draft = new PassDraft(ids[n], IssuePass.CommunityOf(place.Path), place.Path, place.Path, null, Mask.Name(person.Name), employer, person.IdTail, request.Kind, PassForm.Paper, now, now.AddDays(request.Days))
            {
                Hours = request is { FromMinute: { } from, ToMinute: { } to } ? (from, to) : null, Plate = person.Plate, Sealed = myself.Seal(ids[n], new(person.Name, person.Phone, person.Plate, employer, null)),
            };
            db.Add(waiting ? Pass.Request(draft, employer, Actor.Current.Name, now) : Pass.Issue(draft, Actor.Current.Name, now, announce: false));
        }
        if (!waiting) db.Raise(new PassesIssued(place.Path, people.Count, now));
        await db.SaveChangesAsync(stop);
        return new(ids, [], waiting);
    }

    private static Person? Read(string text, out string wrong)
    {
        var parts = text.Split([',', '，', '\t', ';', '；']).Select(p => p.Trim()).ToArray();
        string? Part(int n) => n < parts.Length && parts[n].Length > 0 ? parts[n] : null;
        var (name, tail, phone, plate) = (Part(0), Part(1)?.ToUpperInvariant(), Part(2), Part(3));
        wrong = name is not { Length: <= 40 } ? "name"
            : tail is not null && !(tail.Length == 4 && tail[..3].All(char.IsAsciiDigit) && (char.IsAsciiDigit(tail[3]) || tail[3] == 'X')) ? "idTail"
            : phone is not null && !VisitorNote.IsPhone(phone) ? "phone"
            : plate is not null && Plate.Read(plate) is null ? "plate" : "";
        return wrong.Length > 0 ? null : new(name!, tail, phone, Plate.Read(plate));
    }
}
