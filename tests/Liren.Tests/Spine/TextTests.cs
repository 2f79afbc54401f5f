using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;
using Liren.Sdk;
using Liren.Sdk.Security;
using Liren.Sdk.Text;
using Microsoft.Extensions.DependencyInjection;
using Module = Liren.Sdk.Module;

namespace Liren.Tests.Spine;

public sealed partial class TextTests(LirenApp app) : IClassFixture<LirenApp>
{
    private static readonly IReadOnlyList<Module> Modules = Liren.Host.Modules.BuiltIn;

    public static TheoryData<string> Assemblies => [.. Modules.Select(m => m.GetType().Assembly).Append(typeof(Module).Assembly).Append(typeof(Host.Program).Assembly).Select(a => a.GetName().Name!)];

    private static Dictionary<string, string> Read(string assembly, string language)
    {
        using var stream = Assembly.Load(assembly).GetManifestResourceStream($"Texts.{language}.json")!;
        return JsonSerializer.Deserialize<Dictionary<string, string>>(stream)!;
    }

    [Theory, MemberData(nameof(Assemblies))]
    public void Both_languages_have_the_same_keys_and_the_same_arguments(string assembly)
    {
        var (zh, en) = (Read(assembly, "zh"), Read(assembly, "en"));
        zh.Keys.Except(en.Keys).ShouldBeEmpty("not in English");
        en.Keys.Except(zh.Keys).ShouldBeEmpty("not in Chinese");
        zh.Where(t => !Arguments(t.Value).SetEquals(Arguments(en[t.Key]))).Select(t => t.Key).ShouldBeEmpty("other arguments");
        zh.Concat(en).Where(t => string.IsNullOrWhiteSpace(t.Value)).Select(t => t.Key).ShouldBeEmpty("empty");
    }

    private static HashSet<string> Arguments(string text) => [.. Argument().Matches(text).Select(m => m.Groups[1].Value)];

    [Fact]
    public void Every_sentence_the_code_says_exists()
    {
        var texts = app.Services.GetRequiredService<Texts>();
        var said = Sources.Files("*.cs", "*.razor").SelectMany(f => Spoken().Matches(Comment().Replace(f.Text, "")).Select(m => (f.Name, Key: m.Groups["key"].Value)));
        // T["identity.state." + state]: the ending is known only when it runs, so one of them must exist.
        bool Exists(string key) => key.EndsWith('.') ? texts.Keys("zh").Any(k => k.StartsWith(key, StringComparison.Ordinal)) : texts.Has(key);
        said.Where(s => !Exists(s.Key)).Select(s => $"{s.Name}: {s.Key}").Distinct().ShouldBeEmpty();
    }

    [Fact]
    public void Every_event_has_a_name_in_the_journal()
    {
        var texts = app.Services.GetRequiredService<Texts>();
        Modules.Select(m => m.GetType().Assembly).Append(typeof(Contracts.IEvent).Assembly).SelectMany(a => a.GetTypes())
            .Where(t => t is { IsClass: true, IsAbstract: false } && t.IsAssignableTo(typeof(Contracts.IEvent)))
            .Select(t => "event." + t.Name).Where(k => !texts.Has(k)).ShouldBeEmpty();
    }

    [Fact]
    public void Every_permission_role_purpose_and_menu_entry_has_a_name()
    {
        var texts = app.Services.GetRequiredService<Texts>();
        Modules.SelectMany(m => m.Permissions).Select(p => $"permission.{p.Code}")
            .Concat(Modules.SelectMany(m => m.Navigation).SelectMany(n => new[] { n.Group, n.Text }))
            .Concat(BuiltInRoles.All.Select(r => $"role.{r}"))
            .Concat(Purposes.All.Select(p => $"purpose.{p}"))
            .Where(k => !texts.Has(k)).Distinct().ShouldBeEmpty();
    }

    [Fact]
    public void Every_menu_entry_and_feature_asks_for_a_permission_that_some_module_declares()
    {
        var known = Modules.SelectMany(m => m.Permissions).Select(p => p.Code).ToHashSet();
        Modules.SelectMany(m => m.Navigation).Select(n => n.Permission)
            .Concat(Modules.SelectMany(m => FeatureServices.FeaturesIn(m.GetType().Assembly)).Select(f => f.GetCustomAttribute<NeedsAttribute>()?.Permission).OfType<string>())
            .Where(p => !known.Contains(p)).Distinct().ShouldBeEmpty();
    }

    [Fact]
    public void A_permission_belongs_to_the_module_that_declares_it_and_to_known_roles()
    {
        Modules.SelectMany(m => m.Permissions.Where(p => !p.Code.StartsWith(m.Name + ".", StringComparison.Ordinal))).Select(p => p.Code).ShouldBeEmpty();
        Modules.SelectMany(m => m.Permissions).SelectMany(p => p.Roles).Where(r => !BuiltInRoles.All.Contains(r)).ShouldBeEmpty();
        Modules.SelectMany(m => m.Permissions).GroupBy(p => p.Code).Where(g => g.Count() > 1).Select(g => g.Key).ShouldBeEmpty();
    }

    [GeneratedRegex(@"\{(\d+)[^}]*\}")]
    private static partial Regex Argument();

    [GeneratedRegex(@"^\s*///.*$", RegexOptions.Multiline)]
    private static partial Regex Comment();

    // T["key"], texts["key", ...], Rule.Require(..., "key", ...), new RuleBrokenException("key", ...): a dotted constant key.
    [GeneratedRegex(@"(?:\b(?:T|texts)\[|RuleBrokenException\()""(?<key>[a-z][a-z0-9-]*\.[a-z0-9.-]+)""|Rule\.(?:Require|State|Found)\((?:[^""\r\n]|""[^""\r\n]*""(?!\s*[,)]))*?,\s*""(?<key>[a-z][a-z0-9-]*\.[a-z0-9.-]+)""")]
    private static partial Regex Spoken();
}
