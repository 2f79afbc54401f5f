using Liren.Sdk;
using Liren.Sdk.Data;
using Liren.Sdk.Events;
using Liren.Sdk.Security;
using Microsoft.EntityFrameworkCore;

namespace Liren.Host;

/// <summary>Seeds the demo of every module, once. Each module's seed is idempotent, so a crash in the middle is repaired by the next start.</summary>
public static class Demo
{
    private const string Key = "demo.seeded";

    /// <summary>Seeds unless it was done.</summary>
    public static async Task SeedOnceAsync(IServiceProvider services, CancellationToken cancellation)
    {
        await using var scope = services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<SdkDb>();
        if (await db.Settings.AnyAsync(s => s.Key == Key, cancellation)) return;
        using var _ = Actor.Use(Actor.System);
        foreach (var module in services.GetRequiredService<ModuleList>().All.OrderBy(m => m.DemoOrder))
        {
            await using var own = services.CreateAsyncScope();
            await module.SeedDemoAsync(own.ServiceProvider, cancellation);
            // Later modules build on what earlier ones announced.
            while (await services.GetRequiredService<EventPump>().PumpOnceAsync(cancellation) > 0) { }
        }
        db.Settings.Add(new Setting { Key = Key, Value = services.GetRequiredService<TimeProvider>().GetUtcNow().ToString("O") });
        await db.SaveChangesAsync(cancellation);
    }
}
