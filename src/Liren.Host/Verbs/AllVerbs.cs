using System.CommandLine;
using Liren.Sdk.Cli;

namespace Liren.Host.Verbs;

/// <summary>All verbs: the host's own and those of the modules.</summary>
public static class AllVerbs
{
    /// <summary>The verbs, ready to parse.</summary>
    public static IEnumerable<Command> For()
    {
        var host = new CliHost(Services);
        yield return Up.Create();
        yield return Doctor.Create(host);
        yield return Cert.Create(host);
        yield return Backup.Create(host);
        yield return Restore.Create(host);
        var settings = new ConfigurationBuilder().AddEnvironmentVariables().Build();
        var own = Modules.Load(Modules.PluginFolders(settings), out _).SelectMany(m => m.Verbs(host)).ToList();
        // Several modules add to the same verb ("import divisions", "import residents").
        foreach (var verb in own.GroupBy(v => v.Name))
        {
            var first = verb.First();
            foreach (var more in verb.Skip(1))
            {
                // A verb keeps its first parent, and looks for the options of all verbs there.
                more.Options.Add(CliHost.DataOption);
                foreach (var sub in more.Subcommands) first.Subcommands.Add(sub);
            }
            yield return first;
        }
    }

    private static IServiceProvider Services(ParseResult parse)
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { ContentRootPath = AppContext.BaseDirectory });
        builder.Configuration.AddEnvironmentVariables();
        builder.Configuration["Data:Folder"] = parse.GetValue(CliHost.DataOption);
        builder.Logging.AddConsole(o => o.LogToStandardErrorThreshold = LogLevel.Trace).SetMinimumLevel(LogLevel.Warning);
        Server.AddLiren(builder);
        return builder.Services.BuildServiceProvider();
    }
}
