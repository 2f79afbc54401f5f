using System.Web;
using Liren.Sdk.Web;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;

namespace Liren.Sdk.Ui;

/// <summary>A list with search, filter, sort, pages and export. Rows come from <see cref="Load"/>, which runs the page's feature.</summary>
public partial class LTable<TRow> : ComponentBase, IDisposable
{
    private readonly List<LColumn<TRow>> columns = [];
    private ListQuery query = new();
    private Page<TRow>? rows;
    private string? typed, shownPlace;
    private bool slow, failed, loading, ready;
    private int asked;
    private string path = "";

    /// <summary>Reads one page; null when it could not.</summary>
    [Parameter, EditorRequired] public Func<ListQuery, Task<Page<TRow>?>> Load { get; set; } = null!;

    /// <summary>What the table lists, for screen readers.</summary>
    [Parameter, EditorRequired] public string Caption { get; set; } = "";

    /// <summary>Address of the same list in the API; null when it must not leave.</summary>
    [Parameter] public string? ExportHref { get; set; }

    /// <summary>What can be searched for.</summary>
    [Parameter] public string? SearchHint { get; set; }

    /// <summary>Filter values with their names.</summary>
    [Parameter] public IReadOnlyList<(string Value, string Text)>? Filters { get; set; }

    /// <summary>Shown when there is nothing yet.</summary>
    [Parameter] public RenderFragment? Empty { get; set; }

    /// <summary>The columns.</summary>
    [Parameter] public RenderFragment? ChildContent { get; set; }

    /// <summary>The place chosen in the header; only rows at or below it.</summary>
    [CascadingParameter(Name = "Place")] public string? Place { get; set; }

    private int Last => rows is null ? 1 : Math.Max(1, (rows.Total + rows.Size - 1) / rows.Size);

    internal void Add(LColumn<TRow> column)
    {
        columns.Add(column);
        StateHasChanged();
    }

    /// <inheritdoc/>
    protected override void OnInitialized()
    {
        Navigation.LocationChanged += Moved;
        path = new Uri(Navigation.Uri).AbsolutePath;
        query = Read(Navigation.Uri);
        typed = query.Q;
    }

    /// <inheritdoc/>
    protected override Task OnParametersSetAsync()
    {
        if (ready && shownPlace == Place) return Task.CompletedTask;
        // Another place is another list: its third page is nothing one has seen.
        if (ready) query = query with { Page = 1 };
        (ready, shownPlace) = (true, Place);
        return ReloadAsync();
    }

    /// <summary>Reads the present page again.</summary>
    public async Task ReloadAsync()
    {
        var turn = ++asked;
        loading = true;
        failed = false;
        var reading = Load(query with { Place = Place });
        if (rows is null && await Task.WhenAny(reading, Task.Delay(200)) != reading) { slow = true; StateHasChanged(); }
        var loaded = await reading;
        // A later question was asked meanwhile: its answer counts.
        if (turn != asked) return;
        if (loaded is { Items.Count: 0, Total: > 0 } && query.Page > 1)
        {
            await GoAsync(query with { Page = Math.Max(1, (loaded.Total + loaded.Size - 1) / loaded.Size) });
            return;
        }
        failed = loaded is null;
        rows = loaded ?? rows;
        slow = loading = false;
        StateHasChanged();
    }

    private string SortOf(LColumn<TRow> column) =>
        column.Sort is null ? "none" : query.Sort == column.Sort ? "ascending" : query.Sort == "-" + column.Sort ? "descending" : "none";

    private Task SortAsync(LColumn<TRow> column) => GoAsync(query with { Sort = query.Sort == column.Sort ? "-" + column.Sort : column.Sort, Page = 1 });

    private Task SearchAsync() => typed?.Trim() == (query.Q ?? "") ? Task.CompletedTask : GoAsync(query with { Q = typed, Page = 1 });

    private Task GoAsync(ListQuery to)
    {
        query = to with { Q = to.Text };
        if (query.Q is null) typed = null;
        Navigation.NavigateTo(Navigation.GetUriWithQueryParameters(new Dictionary<string, object?>
        {
            ["q"] = query.Q, ["sort"] = to.Sort, ["filter"] = to.Filter, ["page"] = to.Page > 1 ? to.Page : null, ["size"] = to.Size > 0 ? to.Size : null,
        }));
        return ReloadAsync();
    }

    private string Export(string format)
    {
        var parts = new List<string> { "format=" + format };
        void Add(string name, string? value) { if (!string.IsNullOrEmpty(value)) parts.Add($"{name}={Uri.EscapeDataString(value)}"); }
        Add("q", query.Text);
        Add("sort", query.Sort);
        Add("filter", query.Filter);
        Add("place", Place);
        return ExportHref + (ExportHref!.Contains('?', StringComparison.Ordinal) ? "&" : "?") + string.Join('&', parts);
    }

    private static ListQuery Read(string uri)
    {
        var values = HttpUtility.ParseQueryString(new Uri(uri).Query);
        return new(string.IsNullOrWhiteSpace(values["q"]) ? null : values["q"]!.Trim(), values["sort"], int.TryParse(values["page"], out var page) ? page : 1, int.TryParse(values["size"], out var size) ? size : 0, null, values["filter"]);
    }

    private void Moved(object? sender, LocationChangedEventArgs e)
    {
        // Only the address of this page is ours: a link to another page is about to take the table away.
        if (new Uri(e.Location).AbsolutePath != path || Read(e.Location) == query) return;
        query = Read(e.Location);
        typed = query.Q;
        _ = InvokeAsync(ReloadAsync);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Navigation.LocationChanged -= Moved;
        GC.SuppressFinalize(this);
    }
}
