using System.Runtime.Loader;
using Liren.Cases;
using Liren.Devices;
using Liren.Identity;
using Liren.Incidents;
using Liren.Insight;
using Liren.Modes;
using Liren.Organisation;
using Liren.Passes;
using Liren.People;
using Liren.Places;
using Liren.Sdk;
using Liren.Supplies;
using Liren.Wall;

namespace Liren.Host;

/// <summary>A plug-in that could not be loaded; shown to the operator, never fatal.</summary>
public sealed record FaultyPlugin(string Folder, string Reason);

/// <summary>The list of what there is: the built-in modules, then whatever lies in the plug-in folder (<c>plugins/NAME/NAME.dll</c>).</summary>
public static class Modules
{
    /// <summary>Built-in modules.</summary>
    public static IReadOnlyList<Module> BuiltIn { get; } =
        [new PlacesModule(), new OrganisationModule(), new IdentityModule(), new PeopleModule(), new ModesModule(), new IncidentsModule(), new PassesModule(), new DevicesModule(), new CasesModule(), new SuppliesModule(), new InsightModule(), new WallModule()];

    /// <summary>
    /// Where plug-ins lie: the folder named by <c>Plugins:Folder</c> (environment: <c>Plugins__Folder</c>); without the setting,
    /// <c>plugins</c> beside the program and <c>plugins</c> in the working folder.
    /// </summary>
    public static IReadOnlyList<string> PluginFolders(IConfiguration configuration) => configuration["Plugins:Folder"] is { Length: > 0 } named
        ? [Path.GetFullPath(named)]
        : [.. new[] { Path.Combine(AppContext.BaseDirectory, "plugins"), Path.GetFullPath("plugins") }.Distinct()];

    /// <summary>Built-in modules and the plug-ins of the folders; those that fail are listed in <paramref name="faulty"/>.</summary>
    public static IReadOnlyList<Module> Load(IReadOnlyList<string> pluginFolders, out IReadOnlyList<FaultyPlugin> faulty)
    {
        var modules = new List<Module>(BuiltIn);
        var failed = new List<FaultyPlugin>();
        foreach (var folder in pluginFolders.Where(Directory.Exists).SelectMany(Directory.GetDirectories).Order())
        {
            var assembly = Path.GetFullPath(Path.Combine(folder, Path.GetFileName(folder) + ".dll"));
            try
            {
                foreach (var type in Types(assembly))
                {
                    var module = (Module)Activator.CreateInstance(type)!;
                    if (modules.Any(m => m.Name == module.Name)) throw new InvalidOperationException($"A module named {module.Name} exists already");
                    modules.Add(module);
                }
            }
            // Whatever a foreign assembly throws while it loads must not stop the house.
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                failed.Add(new(folder, (e.InnerException ?? e).Message));
            }
        }
        faulty = failed;
        return modules;
    }

    private static IEnumerable<Type> Types(string path)
    {
        var loaded = AssemblyLoadContext.Default.Assemblies.FirstOrDefault(a => !a.IsDynamic && a.GetName().Name == Path.GetFileNameWithoutExtension(path));
        var assembly = loaded ?? AssemblyLoadContext.Default.LoadFromAssemblyPath(path);
        return assembly.GetExportedTypes().Where(t => t.IsAssignableTo(typeof(Module)) && !t.IsAbstract);
    }
}
