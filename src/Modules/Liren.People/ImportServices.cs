using Liren.People.Data;
using Liren.People.Features;
using Liren.Sdk.Jobs;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Liren.People;

/// <summary>What the import needs.</summary>
internal static class ImportServices
{
    public static void AddImport(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<ImportFiles>().AddSingleton<ImportQueue>().AddSingleton<ImportRunner>().AddSingleton<Reasons>();
        builder.Services.AddScoped<RosterLoader>().AddScoped<PreviewRoster>();
        builder.Services.AddHostedService<ImportWorker>();
        builder.AddJob<ImportUpkeep>();
    }
}
