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
    private bool slow, failed;

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
    protected override async Task OnInitializedAsync()
    {
        Navigation.LocationChanged += Moved;
        await ReloadAsync();
    }

    /// <summary>Reads the present page again.</summary>
    public async Task ReloadAsync()
    {
        query = Read(Navigation.Uri) with { Place = Place };
        failed = false;
        var loading = Load(query);
        if (rows is null && await Task.WhenAny(loading, Task.Delay(200)) != loading) { slow = true; StateHasChanged(); }
        var loaded = await loading;
        failed = loaded is null;
        rows = loaded ?? rows;
        slow = false;
        StateHasChanged();
    }

    private string SortOf(LColumn<TRow> column) =>
        column.Sort is null ? "none" : query.Sort == column.Sort ? "ascending" : query.Sort == "-" + column.Sort ? "descending" : "none";

    private Task SortAsync(LColumn<TRow> column) => GoAsync(query with { Sort = query.Sort == column.Sort ? "-" + column.Sort : column.Sort, Page = 1 });

    private Task GoAsync(ListQuery to)
    {
        Navigation.NavigateTo(Navigation.GetUriWithQueryParameters(new Dictionary<string, object?>
        {
            ["q"] = to.Text, ["sort"] = to.Sort, ["filter"] = to.Filter, ["page"] = to.Page > 1 ? to.Page : null, ["size"] = to.Size > 0 ? to.Size : null,
        }));
        return Task.CompletedTask;
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
        return new(values["q"], values["sort"], int.TryParse(values["page"], out var page) ? page : 1, int.TryParse(values["size"], out var size) ? size : 0, null, values["filter"]);
    }

    private void Moved(object? sender, LocationChangedEventArgs e)
    {
        if (Read(e.Location) != query with { Place = null }) _ = InvokeAsync(ReloadAsync);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Navigation.LocationChanged -= Moved;
        GC.SuppressFinalize(this);
    }
}
