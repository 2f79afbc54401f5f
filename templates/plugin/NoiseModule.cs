using System.CommandLine;
using System.Globalization;
using Acme.Noise.Data;
using Acme.Noise.Features;
using Liren.Contracts.Incidents;
using Liren.Sdk;
using Liren.Sdk.Cli;
using Liren.Sdk.Data;
using Liren.Sdk.Events;
using Liren.Sdk.Jobs;
using Liren.Sdk.Security;
using Liren.Sdk.Web;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using static Liren.Sdk.Security.BuiltInRoles;

namespace Acme.Noise;

/// <summary>Everything the plug-in adds, on one page.</summary>
public sealed class NoiseModule : Module
{
    /// <inheritdoc/>
    public override string Name => "noise";

    /// <inheritdoc/>
    public override IReadOnlyList<Permission> Permissions =>
        [new("noise.read", StreetLeader, DutyOfficer, CommunityWorker, PropertyManager), new("noise.measure", CommunityWorker, PropertyManager, Integration)];

    /// <inheritdoc/>
    public override IReadOnlyList<NavItem> Navigation => [new("noise.nav", "noise.measurements", "/noise/measurements", "noise.read", 500)];

    /// <inheritdoc/>
    public override void AddServices(IHostApplicationBuilder builder) => builder
        .AddModuleDb<NoiseDb, NoiseDb.Sqlite, NoiseDb.Postgres>()
        .On<IncidentOpened, WatchPlacesOfIncidents, NoiseDb>()
        .AddJob<ForgetOldMeasurements>();

    /// <inheritdoc/>
    public override IEnumerable<Command> Verbs(CliHost host)
    {
        var place = new Argument<string>("place") { Description = "Path of the place" };
        var decibels = new Argument<int>("decibels") { Description = "20 to 140" };
        var json = CliHost.JsonOption();
        yield return new Command("noise", "Noise measurements")
        {
            host.Runs(new Command("add", "Add a measurement") { place, decibels, json }, async (parse, services, stop) =>
            {
                var made = await services.GetRequiredService<AddMeasurement>().RunAsync(new(parse.GetValue(place)!, parse.GetValue(decibels)), NewId.Fresh, stop);
                if (parse.GetValue(json)) CliHost.PrintJson(made);
                else Console.WriteLine(made.Id.ToString("D", CultureInfo.InvariantCulture));
                return 0;
            }),
        };
    }

    /// <inheritdoc/>
    public override Task SeedDemoAsync(IServiceProvider services, CancellationToken cancellation) =>
        services.GetRequiredService<AddMeasurement>().RunAsync(new("31.01.15.016.037.liren.plaza", 71), NewId.Of("noise demo", null), cancellation);
}
