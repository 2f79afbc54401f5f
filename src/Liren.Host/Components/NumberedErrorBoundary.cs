using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;

namespace Liren.Host.Components;

/// <summary>Shows a failed page's number and writes the exception under that number, so that a person can read it out on the telephone.</summary>
public sealed class NumberedErrorBoundary : ErrorBoundary
{
    [Inject] private ILogger<NumberedErrorBoundary> Log { get; set; } = null!;
    [Inject] private NavigationManager Navigation { get; set; } = null!;

    /// <summary>Number of the last failure.</summary>
    public string? Number { get; private set; }

    /// <inheritdoc/>
    protected override Task OnErrorAsync(Exception exception)
    {
        Number = Guid.CreateVersion7().ToString("N")[^8..];
        Log.LogError(exception, "Page {Path} failed, number {Number}", new Uri(Navigation.Uri).AbsolutePath, Number);
        return Task.CompletedTask;
    }
}
