using Acme.Noise.Data;
using Liren.Sdk.Jobs;
using Microsoft.EntityFrameworkCore;

namespace Acme.Noise.Features;

/// <summary>Nobody needs last year's noise.</summary>
internal sealed class ForgetOldMeasurements(NoiseDb db, TimeProvider clock) : IJob
{
    public string Name => "noise.forget";

    public TimeSpan Every => TimeSpan.FromHours(24);

    public Task RunAsync(CancellationToken cancellation)
    {
        var border = clock.GetUtcNow().AddDays(-365);
        return db.Measurements.Where(m => m.At < border).ExecuteDeleteAsync(cancellation);
    }
}
