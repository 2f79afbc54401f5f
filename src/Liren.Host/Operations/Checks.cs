using Liren.Sdk.Operations;

namespace Liren.Host.Operations;

/// <summary>What doctor looks at, in the order shown; modules add their own after these.</summary>
internal static class Checks
{
    public static void Add(IServiceCollection services) => services
        .AddScoped<ICheck, ProgramCheck>()
        .AddScoped<ICheck, ServerCheck>()
        .AddScoped<ICheck, DiskCheck>()
        .AddScoped<ICheck, ClockCheck>()
        .AddScoped<ICheck, KeysCheck>()
        .AddScoped<ICheck, Https.CertificateCheck>()
        .AddScoped<ICheck, PluginsCheck>()
        .AddScoped<ICheck, DatabaseCheck>()
        .AddScoped<ICheck, EventsCheck>()
        .AddScoped<ICheck, BackupCheck>();

    /// <summary>Runs them all; a check that throws is a failed finding, and without a migrated database those that need one are left out.</summary>
    public static async Task<IReadOnlyList<Finding>> RunAsync(IEnumerable<ICheck> checks, CancellationToken cancellation)
    {
        var findings = new List<Finding>();
        foreach (var check in checks)
        {
            if (check.NeedsDatabase && findings.Any(f => f is { Name: DatabaseCheck.Title, Level: FindingLevel.Fail } or { Name: DatabaseCheck.Tables, Level: not FindingLevel.Ok })) continue;
            try
            {
                await foreach (var finding in check.LookAsync(cancellation)) findings.Add(finding);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                findings.Add(Finding.Fail(check.Name, e.Message, "Repair what the message names, then run doctor again."));
            }
        }
        return findings;
    }
}
