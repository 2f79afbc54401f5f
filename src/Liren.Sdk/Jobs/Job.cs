using Liren.Sdk.Security;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Liren.Sdk.Jobs;

/// <summary>Work that repeats: retention, reminders, health. Must be idempotent: a run may be cut short and repeated.</summary>
public interface IJob
{
    /// <summary>Name in logs and doctor.</summary>
    string Name { get; }
    /// <summary>Pause between runs.</summary>
    TimeSpan Every { get; }
    /// <summary>One run, in a scope of its own.</summary>
    Task RunAsync(CancellationToken cancellation);
}

/// <summary>Registers jobs.</summary>
public static class JobServices
{
    /// <summary>Runs the job while the server runs.</summary>
    public static IHostApplicationBuilder AddJob<TJob>(this IHostApplicationBuilder builder) where TJob : class, IJob
    {
        builder.Services.AddScoped<TJob>();
        builder.Services.AddSingleton<IHostedService, JobRunner<TJob>>();
        return builder;
    }
}

internal sealed class JobRunner<TJob>(IServiceScopeFactory scopes, TimeProvider clock, ILogger<TJob> log) : BackgroundService where TJob : class, IJob
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var pause = TimeSpan.FromMinutes(1);
            try
            {
                await using var scope = scopes.CreateAsyncScope();
                var job = scope.ServiceProvider.GetRequiredService<TJob>();
                pause = job.Every;
                using var _ = Actor.Use(Actor.System);
                await job.RunAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested) { return; }
            catch (Exception e)
            {
                log.LogError(e, "Job failed; next run in {Pause}", pause);
            }
            try { await Task.Delay(pause, clock, stoppingToken); }
            catch (OperationCanceledException) { return; }
        }
    }
}
