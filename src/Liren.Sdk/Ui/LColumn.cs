using Microsoft.AspNetCore.Components;

namespace Liren.Sdk.Ui;

/// <summary>A column of <see cref="LTable{TRow}"/>.</summary>
public sealed class LColumn<TRow> : ComponentBase
{
    [CascadingParameter] internal LTable<TRow> Table { get; set; } = null!;

    /// <summary>Heading.</summary>
    [Parameter, EditorRequired] public string Title { get; set; } = "";

    /// <summary>Name to sort by; null when it cannot be sorted.</summary>
    [Parameter] public string? Sort { get; set; }

    /// <summary>Text of the cell.</summary>
    [Parameter] public Func<TRow, object?>? Value { get; set; }

    /// <summary>Cell when text is not enough.</summary>
    [Parameter] public RenderFragment<TRow>? ChildContent { get; set; }

    /// <summary>Right-aligned digits.</summary>
    [Parameter] public bool Numeric { get; set; }

    /// <inheritdoc/>
    protected override void OnInitialized() => Table.Add(this);
}
