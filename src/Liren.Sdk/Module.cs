using System.CommandLine;
using Liren.Sdk.Cli;
using Liren.Sdk.Security;
using Liren.Sdk.Web;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;

namespace Liren.Sdk;

/// <summary>An entry of the console's menu. Shown only to people who hold the permission somewhere.</summary>
/// <param name="Group">Text key of the group ("nav.places").</param>
/// <param name="Text">Text key of the entry.</param>
/// <param name="Href">Address of the page.</param>
/// <param name="Permission">Permission needed to see it.</param>
/// <param name="Order">Smaller comes first.</param>
public sealed record NavItem(string Group, string Text, string Href, string Permission, int Order = 100);

/// <summary>
/// One module: a part of the mission with its own tables, endpoints, pages, permissions, handlers, jobs, verbs, demo data and words.
/// Others reach it only through <c>Liren.Contracts</c>. Everything a module registers stands in its Module class.
/// </summary>
public abstract class Module
{
    /// <summary>Lower-case name: prefix of tables, routes, permissions and text keys ("passes").</summary>
    public abstract string Name { get; }

    /// <summary>Entries of the console's menu.</summary>
    public virtual IReadOnlyList<NavItem> Navigation => [];

    /// <summary>Permissions the module knows, each with the built-in roles that hold it.</summary>
    public virtual IReadOnlyList<Permission> Permissions => [];

    /// <summary>Registers tables, services, handlers and jobs. Features (<c>IFeature</c>) of the assembly are registered by the host.</summary>
    public virtual void AddServices(IHostApplicationBuilder builder) { }

    /// <summary>Maps endpoints under <c>/api/{Name}</c> that are not features. Features map themselves.</summary>
    public virtual void MapEndpoints(IEndpointRouteBuilder api) { }

    /// <summary>Endpoints that a crowd or a fleet drives: answered ahead of what only pages and people need (sessions, forms, languages).</summary>
    public virtual IReadOnlyList<HotPath> HotPaths => [];

    /// <summary>Maps pages that are not console pages (phone, resident, gate), from the root.</summary>
    public virtual void MapPages(IEndpointRouteBuilder site) { }

    /// <summary>Verbs of <c>./liren</c>.</summary>
    public virtual IEnumerable<Command> Verbs(CliHost host) => [];

    /// <summary>Demo data, seeded once into an empty installation, in order of <see cref="DemoOrder"/>. Must be idempotent and deterministic.</summary>
    public virtual Task SeedDemoAsync(IServiceProvider services, CancellationToken cancellation) => Task.CompletedTask;

    /// <summary>Smaller seeds first: places 10, identity 15, organisation 20, people 40, incidents 50, plug-ins 100.</summary>
    public virtual int DemoOrder => 100;
}

/// <summary>The modules of this installation, in order; registered as a singleton by the host.</summary>
public sealed record ModuleList(IReadOnlyList<Module> All);
