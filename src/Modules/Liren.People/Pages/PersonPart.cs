using Liren.People.Features;
using Liren.Sdk;
using Liren.Sdk.Ui;
using Microsoft.AspNetCore.Components;

namespace Liren.People.Pages;

/// <summary>A part of the page about one person: it shows from the file, acts, and has the page read the file again.</summary>
public abstract class PersonPart : ModulePage
{
    /// <summary>The file the page has read.</summary>
    [CascadingParameter] internal ShowFile.Response File { get; set; } = null!;

    /// <summary>Something changed: read again.</summary>
    [Parameter] public EventCallback Changed { get; set; }

    /// <summary>Which drawer is open; null when none.</summary>
    protected string? Drawer { get; set; }

    /// <summary>Runs an act; when it went well the drawer closes and the page reads again.</summary>
    protected async Task ActAsync<TFeature>(Func<TFeature, Task> run) where TFeature : class, IFeature
    {
        if (!await DoAsync(run)) return;
        Drawer = null;
        await Changed.InvokeAsync();
    }
}
