using Liren.Contracts.Organisation;
using Liren.Contracts.Places;
using Liren.Organisation.Domain;
using Liren.Sdk.Text;

namespace Liren.Organisation.Features;

/// <summary>Answers who owns an event from the active matrix, in memory.</summary>
internal sealed class ResponsibilityMatrix(ActiveMatrix active, Texts texts, TimeProvider clock) : IResponsibilityMatrix
{
    public async Task<Responsibility> WhoAsync(string eventType, string place, Mode mode, CancellationToken cancellation = default) =>
        Answer(await active.GetAsync(cancellation), texts, eventType, place, mode, Rota.DayOf(clock.GetUtcNow()));

    /// <summary>The answer of a version on a day, with its reasons in the present language.</summary>
    public static Responsibility Answer(MatrixBook book, Texts texts, string eventType, string place, Mode mode, DateOnly day)
    {
        var decision = book.Index.Decide(eventType, place, mode, day);
        var rule = decision.Rule;
        var owner = rule is null ? null : book.Org(rule.Lead);
        var fallback = book.Fallback(rule, place);
        IReadOnlyList<OrgCard> support = rule is null ? [] : [.. rule.SupportCodes.Select(book.Org).OfType<OrgCard>()];
        return new(owner, support, fallback, book.SignIn["IV"], Reasons(book, texts, decision, owner, fallback, eventType, place, mode), book.Version) { SignInByLevel = book.SignIn, Rule = rule?.Number };
    }

    private static List<string> Reasons(MatrixBook book, Texts texts, Decision decision, OrgCard? owner, IReadOnlyList<OrgCard> fallback, string eventType, string place, Mode mode)
    {
        var said = new List<string>(6);
        var modeName = texts["organisation.mode." + mode];
        if (decision.Rule is not { } rule)
            said.Add(book.Version == 0 ? texts["organisation.because-no-matrix"] : texts["organisation.because-hole", eventType, place.Length == 0 ? texts["organisation.everywhere"] : place, modeName]);
        else
        {
            said.Add(owner is null
                ? texts["organisation.because-lead-gone", rule.Number, rule.Lead]
                : texts["organisation.because-rule", rule.Number, rule.Event, PlaceOf(book, texts, rule), texts["organisation.rule-mode." + rule.Mode], owner.Name]);
            foreach (var tied in decision.Tied) said.Add(texts["organisation.because-tie", tied.Number, NameOf(book, tied.Lead)]);
            foreach (var beaten in decision.Beaten.Take(3)) said.Add(texts[Reason(rule, beaten), beaten.Number, beaten.Event, PlaceOf(book, texts, beaten), NameOf(book, beaten.Lead)]);
            if (decision.Beaten.Count > 3) said.Add(texts["organisation.because-more", decision.Beaten.Count - 3]);
        }
        said.Add(fallback.Count == 0
            ? texts["organisation.because-no-fallback"]
            : texts["organisation.because-fallback", (int)book.SignIn["IV"].TotalMinutes, string.Join(" → ", fallback.Select(o => o.Name))]);
        return said;
    }

    private static string Reason(MatrixRule winner, MatrixRule beaten) =>
        PlacePath.Depth(winner.PlacePath) != PlacePath.Depth(beaten.PlacePath) ? "organisation.because-place"
        : EventPattern.Depth(winner.Event) != EventPattern.Depth(beaten.Event) ? "organisation.because-event"
        : winner.Mode == RuleMode.Any != (beaten.Mode == RuleMode.Any) ? "organisation.because-mode"
        : "organisation.because-rank";

    private static string PlaceOf(MatrixBook book, Texts texts, MatrixRule rule) =>
        rule.PlacePath.Length == 0 ? texts["organisation.everywhere"] : book.PlaceNames.GetValueOrDefault(rule.PlacePath, rule.PlacePath);

    private static string NameOf(MatrixBook book, string code) => book.Orgs.TryGetValue(code, out var org) ? org.Card.Name : code;
}
