using Liren.Contracts.Insight;
using Liren.Insight.Domain;
using Liren.Sdk;
using Liren.Sdk.Text;
using Liren.Sdk.Ui;

namespace Liren.Insight.Features;

/// <summary>A figure that a tile may show.</summary>
/// <param name="Id">Id of a measure, title of a figure of this moment, or <see cref="FigureBook.Use"/>.</param>
/// <param name="Group">Text key of what it belongs to.</param>
/// <param name="Name">In the reader's language.</param>
/// <param name="Permission">What is needed to see it.</param>
/// <param name="Measure">The measure it is; null otherwise.</param>
/// <param name="Source">Who tells it, for a figure of this moment; null otherwise.</param>
internal sealed record KnownFigure(string Id, string Group, string Name, string Permission, MeasureDef? Measure = null, IHomeTiles? Source = null)
{
    /// <summary>It is so now, whatever was so in the days before.</summary>
    public bool IsOfNow => Source is not null;
}

/// <summary>Every figure that exists already and that boards may show: measures, what is so at this moment, and what people did.</summary>
internal sealed class FigureBook(MeasureBook measures, IEnumerable<IHomeTiles> sources, Texts texts)
{
    public const string Use = "insight.use";

    private static readonly int[] Days = [1, 7, 30];

    private readonly Dictionary<string, (IHomeTiles Source, TileOffer Offer)> now = sources.SelectMany(s => s.Offers.Select(o => (s, o))).ToDictionary(p => p.o.Title);

    /// <summary>All of them, those of this moment first.</summary>
    public IEnumerable<KnownFigure> All => now.Keys.Concat(measures.Sources.SelectMany(s => s.Measures).Select(m => m.Id)).Append(Use).Select(id => Find(id)!);

    /// <summary>The figure; null when this installation does not know it.</summary>
    public KnownFigure? Find(string id)
    {
        if (measures.Find(id) is { } def) return new(id, $"insight.source.{measures.SourceOf(def).Name}", texts[def.Key], "insight.read", def);
        if (id == Use) return new(id, "insight.nav.use", texts["insight.acts"], "insight.read");
        return now.TryGetValue(id, out var found) ? new(id, "insight.board-now", $"{texts[$"insight.module.{id[..id.IndexOf('.', StringComparison.Ordinal)]}"]} · {texts[id]}", found.Offer.Permission, Source: found.Source) : null;
    }

    /// <summary>A tile as it is asked for; every refusal names its field.</summary>
    public BoardTile Read(TileAsked? asked, int at)
    {
        string Field(string name) => $"tiles[{at}].{name}";
        var figure = Find(asked?.Figure ?? "") ?? throw new RuleBrokenException("insight.board-figure", Field("figure"), 422, asked?.Figure ?? "");
        var form = asked!.Form is null ? TileForm.Number : Enum.TryParse<TileForm>(asked.Form, ignoreCase: true, out var known) && !asked.Form.Any(char.IsDigit) ? known : throw new RuleBrokenException("insight.board-form-none", Field("form"), 422, asked.Form);
        var days = figure.IsOfNow ? 1 : asked.Days ?? 7;
        Rule.Require(Days.Contains(days), "insight.board-days", Field("days"), days);
        Rule.Require(form is TileForm.Number || figure.Measure is not null, "insight.board-no-bars", Field("form"), figure.Name);
        Rule.Require(form is TileForm.Number || days > 1 || figure.Measure!.HasHours(), "insight.board-no-hours", Field("days"), figure.Name);
        return new(figure.Id, form, days, asked.Width ?? 1);
    }
}

/// <summary>A tile in words of the outside; what is left out is a figure of seven days, one column wide.</summary>
/// <param name="Figure">Id of the figure, of <c>/api/insight/boards/figures</c>.</param>
/// <param name="Form">number or bars.</param>
/// <param name="Days">1, 7 or 30, up to today.</param>
/// <param name="Width">1, 2 or 3 columns.</param>
internal sealed record TileAsked(string? Figure, string? Form = null, int? Days = null, int? Width = null);
