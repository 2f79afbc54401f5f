using System.Globalization;
using Liren.Contracts.Insight;
using Liren.Insight.Domain;
using Liren.Sdk;
using Liren.Sdk.Security;
using Liren.Sdk.Text;
using Liren.Sdk.Ui;

namespace Liren.Insight.Features;

/// <summary>Whether a tile has a figure.</summary>
internal enum TileState
{
    /// <summary>It has.</summary>
    Shown,
    /// <summary>无数据: nothing was counted that could give one.</summary>
    NoData,
    /// <summary>无权限: whoever looks may not see it at this place.</summary>
    NoRight,
    /// <summary>未知: this installation does not know the figure (any more).</summary>
    Unknown,
}

/// <summary>A tile with its figure at a place.</summary>
/// <param name="Name">Of the figure, in the reader's language.</param>
/// <param name="Days">How many up to today; null for what is so at this moment.</param>
/// <param name="Said">The figure as people read it; "—" when there is none.</param>
/// <param name="Detail">What it is made of, or why there is none.</param>
/// <param name="Change">To the period before.</param>
/// <param name="Tone">act: it must not be so; ok: it is as it must be.</param>
/// <param name="Note">What makes it provisional.</param>
/// <param name="Points">The bars.</param>
/// <param name="Summary">The bars in one sentence.</param>
/// <param name="Chart">Page with the figure over time.</param>
/// <param name="Behind">Page with the cases behind it, for those who may open it.</param>
internal sealed record TileShown(string Figure, string Name, TileForm Form, int? Days, int Width, TileState State, string Said, string? Detail = null, string? Change = null, string? Tone = null, string? Note = null, IReadOnlyList<FigurePoint>? Points = null, string? Summary = null, string? Chart = null, string? Behind = null);

/// <summary>Fills tiles with figures. Every figure is one that another page shows too; where there is none, the tile says why.</summary>
internal sealed class TileReader(FigureBook figures, FactsQuery query, ShowCompleteness completeness, ActsQuery acting, ModuleList modules, Texts texts, TimeProvider clock)
{
    // A source tells all its figures at once, and a board often shows several of them.
    private readonly Dictionary<(IHomeTiles Source, string Place), IReadOnlyList<Tile>> told = [];

    /// <summary>The tile at a place where the caller may see figures.</summary>
    public async Task<TileShown> ReadAsync(BoardTile tile, string place, string placeName, CancellationToken stop)
    {
        if (figures.Find(tile.Figure) is not { } figure) return new(tile.Figure, tile.Figure, tile.Form, tile.Days, tile.Width, TileState.Unknown, "—", texts["insight.board-unknown"]);
        var empty = new TileShown(figure.Id, figure.Name, tile.Form, figure.IsOfNow ? null : tile.Days, tile.Width, TileState.NoRight, "—", texts["insight.board-no-right"]);
        if (!Actor.Current.May(figure.Permission, place)) return empty;
        if (figure.Measure is { } def) return await MeasureAsync(def, empty, place, placeName, stop);
        return figure.Source is { } source ? await NowAsync(source, empty, place, stop) : await UseAsync(empty, place, stop);
    }

    private async Task<TileShown> NowAsync(IHomeTiles source, TileShown empty, string place, CancellationToken stop)
    {
        if (!told.TryGetValue((source, place), out var all)) told.Add((source, place), all = await source.TilesAsync(place, stop));
        return all.FirstOrDefault(t => t.Title == empty.Figure) is { } tile ? empty with { State = TileState.Shown, Said = tile.Figure, Detail = tile.Detail, Behind = tile.Href } : empty;
    }

    private async Task<TileShown> UseAsync(TileShown empty, string place, CancellationToken stop)
    {
        var (days, after) = (empty.Days!.Value, LocalTime.DayOf(clock.GetUtcNow()) + 1);
        async Task<IReadOnlyList<Act>> ActsAsync(int from, int before) => [.. (await acting.OfAsync(place, LocalTime.StartOf(from), LocalTime.StartOf(before), stop)).Where(a => modules.All.Any(m => m.Name == a.Module && m.Name != "insight"))];
        var (now, old) = (await ActsAsync(after - days, after), await ActsAsync(after - (2 * days), after - days));
        var (done, before) = (now.Sum(a => a.Acts), old.Sum(a => a.Acts));
        return empty with
        {
            State = TileState.Shown, Said = Count(done), Detail = texts["insight.board-people", now.Select(a => a.ActorId).Distinct().Count()],
            Change = days == 1 ? texts["insight.board-yesterday", Count(before)] : Difference(days, done, before, Count(before)), Chart = $"/insight/use?place={place}",
        };
    }

    private async Task<TileShown> MeasureAsync(MeasureDef def, TileShown empty, string place, string placeName, CancellationToken stop)
    {
        var days = empty.Days!.Value;
        var today = DateOnly.FromDayNumber(LocalTime.DayOf(clock.GetUtcNow()));
        var asked = new FactsAsked(def, place, null, today.AddDays(1 - days), today, Period.Total, false);
        var shown = empty with { State = TileState.Shown, Chart = $"/insight?place={place}&measure={def.Id}&days={days}", Behind = def.BehindFor(Actor.Current, place) };
        FactRow? row;
        try { row = await RowAsync(asked, stop); }
        catch (RuleBrokenException gone) when (gone.Code == "insight.people-gone") { return shown with { State = TileState.NoData, Detail = texts.Say(gone) }; }
        var complete = await completeness.OfAsync(asked, stop);
        if (complete.Expected == 0 && row?.Value is null or 0) return shown with { State = TileState.NoData, Said = texts["insight.no-data"], Detail = texts["insight.board-no-source"] };
        if (Figures.Height(def, row) is null) return shown with { State = TileState.NoData, Said = texts["insight.no-data"], Detail = texts["insight.board-none-counted"] };
        shown = shown with
        {
            Said = texts.Said(def, row), Detail = texts.Detail(def, row), Tone = def.Tone(row), Change = await ChangeAsync(asked, days, row, stop),
            Note = complete.Provisional ? texts["insight.heard-few", complete.Heard ?? 0, complete.Expected ?? 0] : null,
        };
        if (shown.Form is TileForm.Number) return shown;
        var points = texts.Points(asked, await query.AnswerAsync(asked with { By = days == 1 ? Period.Hour : Period.Day }, stop));
        return shown with { Points = points, Summary = texts.Summary(def, placeName, points) };
    }

    private async Task<FactRow?> RowAsync(FactsAsked asked, CancellationToken stop) => (await query.AnswerAsync(asked, stop)).Rows is [var one, ..] ? one : null;

    /// <summary>The days before, as many. Today is not over: beside the whole of yesterday it is no comparison, so both are told and nothing is claimed.</summary>
    private async Task<string> ChangeAsync(FactsAsked asked, int days, FactRow? now, CancellationToken stop)
    {
        FactRow? before;
        try { before = await RowAsync(asked with { From = asked.From.AddDays(-days), To = asked.From.AddDays(-1) }, stop); }
        catch (RuleBrokenException gone) when (gone.Code == "insight.people-gone") { return texts["insight.board-before-gone", days]; }
        var (def, said) = (asked.Measure, texts.Said(asked.Measure, before));
        if (days == 1) return texts["insight.board-yesterday", said];
        if (def.Roll is Roll.Histogram || Figures.Height(def, before) is null) return texts["insight.board-before", days, said];
        return def.Roll is Roll.Ratio ? Points(days, now!, before!, said) : Difference(days, now?.Value ?? 0, before?.Value ?? 0, said);
    }

    private string Difference(int days, long now, long before, string said) => now == before ? texts["insight.board-same", days] : texts[now > before ? "insight.board-more" : "insight.board-less", days, Count(Math.Abs(now - before)), said];

    private string Points(int days, FactRow now, FactRow before, string said)
    {
        var change = Math.Round((100m * now.Value!.Value / now.Per!.Value) - (100m * before.Value!.Value / before.Per!.Value), 1);
        return change == 0 ? texts["insight.board-same", days] : texts[change > 0 ? "insight.board-higher" : "insight.board-lower", days, Math.Abs(change).ToString("0.#", CultureInfo.InvariantCulture), said];
    }

    private static string Count(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
