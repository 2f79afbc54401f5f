namespace Liren.Sdk.Operations;

/// <summary>How serious a finding of <c>doctor</c> is.</summary>
public enum FindingLevel
{
    /// <summary>As it should be.</summary>
    Ok,
    /// <summary>Works, but somebody should look.</summary>
    Warn,
    /// <summary>Does not work; doctor exits with 1.</summary>
    Fail,
}

/// <summary>One line of <c>doctor</c>.</summary>
/// <param name="Name">What was looked at: "disk", "access log".</param>
/// <param name="Level">How it is.</param>
/// <param name="Found">What was found.</param>
/// <param name="Repair">The sentence that repairs it; null when nothing is to be done.</param>
public sealed record Finding(string Name, FindingLevel Level, string Found, string? Repair = null)
{
    /// <summary>As it should be.</summary>
    public static Finding Ok(string name, string found) => new(name, FindingLevel.Ok, found);

    /// <summary>Somebody should look.</summary>
    public static Finding Warn(string name, string found, string repair) => new(name, FindingLevel.Warn, found, repair);

    /// <summary>Does not work.</summary>
    public static Finding Fail(string name, string found, string repair) => new(name, FindingLevel.Fail, found, repair);
}

/// <summary>
/// Something <c>./liren doctor</c> looks at. The host has its own; a module adds one with <c>services.AddScoped&lt;ICheck, MyCheck&gt;()</c>.
/// It only reads, and it runs while the server runs.
/// </summary>
public interface ICheck
{
    /// <summary>Looks, and says what it found. An exception becomes a failed finding.</summary>
    IAsyncEnumerable<Finding> LookAsync(CancellationToken cancellation);

    /// <summary>Name used when the look itself fails.</summary>
    string Name { get; }

    /// <summary>False for what can be looked at without a migrated database.</summary>
    bool NeedsDatabase => true;
}
