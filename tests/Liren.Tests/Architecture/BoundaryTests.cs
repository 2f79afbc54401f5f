using System.Reflection;
using ArchUnitNET.Loader;
using ArchUnitNET.xUnitV3;
using Liren.Sdk;
using Module = Liren.Sdk.Module;
using static ArchUnitNET.Fluent.ArchRuleDefinition;

namespace Liren.Tests.Architecture;

/// <summary>The arrows of docs/architecture.md.</summary>
public sealed class BoundaryTests
{
    private static readonly Assembly[] Modules = [.. Liren.Host.Modules.BuiltIn.Select(m => m.GetType().Assembly)];

    private static readonly ArchUnitNET.Domain.Architecture House = new ArchLoader()
        .LoadAssemblies([.. Modules, typeof(Module).Assembly, typeof(Contracts.IEvent).Assembly]).Build();

    public static TheoryData<string> Names => [.. Modules.Select(m => m.GetName().Name!)];

    private static Assembly Of(string module) => Modules.Single(m => m.GetName().Name == module);

    [Theory, MemberData(nameof(Names))]
    public void A_module_references_no_other_module(string module) =>
        Of(module).GetReferencedAssemblies().Select(r => r.Name!).ShouldNotContain(r => r != module && Modules.Any(m => m.GetName().Name == r));

    [Theory, MemberData(nameof(Names))]
    public void A_module_shows_only_its_module_class_its_pages_and_its_migrations(string module) =>
        Of(module).GetExportedTypes()
            .Where(t => !t.IsAssignableTo(typeof(Module)) && !t.IsAssignableTo(typeof(Microsoft.AspNetCore.Components.IComponent)))
            .Where(t => t.Name != "_Imports" && !t.Namespace!.Contains("Migrations", StringComparison.Ordinal))
            .Select(t => t.FullName).ShouldBeEmpty();

    [Theory, MemberData(nameof(Names))]
    public void Tables_of_a_module_begin_with_its_name(string module)
    {
        var name = module["Liren.".Length..].ToLowerInvariant();
        var folder = Path.Combine(Repository.Root, "src", "Modules", module, "Data", "Migrations", "Sqlite");
        if (!Directory.Exists(folder)) return;
        var tables = Directory.GetFiles(folder, "*_*.cs").SelectMany(f => System.Text.RegularExpressions.Regex.Matches(File.ReadAllText(f), @"CreateTable\(\s*name: ""([^""]+)""").Select(m => m.Groups[1].Value)).ToList();
        tables.Where(t => !t.StartsWith(name + "_", StringComparison.Ordinal)).ShouldBeEmpty();
    }

    [Fact]
    public void Domain_knows_neither_the_database_nor_the_web() =>
        Classes().That().ResideInNamespaceMatching(@"^Liren\.\w+\.Domain")
            .Should().NotDependOnAny(Types().That().ResideInNamespaceMatching(@"^(Microsoft\.EntityFrameworkCore|Microsoft\.AspNetCore|Liren\.\w+\.(Data|Features|Pages))"))
            .Check(House);

    [Fact]
    public void Contracts_depend_on_nothing() =>
        typeof(Contracts.IEvent).Assembly.GetReferencedAssemblies().Select(r => r.Name).ShouldAllBe(n => n!.StartsWith("System", StringComparison.Ordinal));

    [Fact]
    public void The_plan_language_knows_nothing_of_the_house() =>
        typeof(Liren.Plans.PlanCompiler).Assembly.GetReferencedAssemblies().Select(r => r.Name!).Where(n => !n.StartsWith("System", StringComparison.Ordinal)).ShouldBe(["YamlDotNet"]);

    [Fact]
    public void The_alerts_know_nothing_of_the_house() =>
        typeof(Liren.Alerts.Alert).Assembly.GetReferencedAssemblies().Select(r => r.Name!).Where(n => !n.StartsWith("System", StringComparison.Ordinal)).ShouldBeEmpty();

    [Fact]
    public void The_draw_knows_nothing_of_the_house() =>
        typeof(Liren.Draws.Draw).Assembly.GetReferencedAssemblies().Select(r => r.Name!).Where(n => !n.StartsWith("System", StringComparison.Ordinal)).ShouldBeEmpty();

    [Fact]
    public void The_sdk_knows_no_module() =>
        typeof(Module).Assembly.GetReferencedAssemblies().Select(r => r.Name!).Where(n => n.StartsWith("Liren.", StringComparison.Ordinal)).ShouldBe(["Liren.Contracts"]);

    [Fact]
    public void Events_are_sealed_records_in_contracts_and_carry_no_personal_data()
    {
        var events = typeof(Contracts.IEvent).Assembly.GetTypes().Where(t => t.IsAssignableTo(typeof(Contracts.IEvent)) && t.IsClass).ToList();
        events.ShouldNotBeEmpty();
        events.Where(t => !t.IsSealed).Select(t => t.Name).ShouldBeEmpty();
        string[] personal = ["Name", "Phone", "IdNo", "IdNumber", "Birthday", "Address"];
        events.SelectMany(t => t.GetProperties().Where(p => personal.Contains(p.Name)).Select(p => $"{t.Name}.{p.Name}")).ShouldBeEmpty();
        Modules.SelectMany(m => m.GetTypes()).Where(t => t.IsAssignableTo(typeof(Contracts.IEvent)) && t.IsPublic).ShouldBeEmpty();
    }

    [Fact]
    public void No_hand_written_file_is_longer_than_450_lines() =>
        new[] { "src", "tests", "bench" }.SelectMany(d => Directory.EnumerateFiles(Path.Combine(Repository.Root, d), "*.*", SearchOption.AllDirectories))
            .Where(f => (f.EndsWith(".cs", StringComparison.Ordinal) || f.EndsWith(".razor", StringComparison.Ordinal)) && !f.Contains("Migrations", StringComparison.Ordinal))
            .Where(f => File.ReadLines(f).Count() > 450).Select(f => Path.GetRelativePath(Repository.Root, f)).ShouldBeEmpty();
}
