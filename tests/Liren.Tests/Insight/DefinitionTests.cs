using System.Net.Http.Json;
using System.Text.Json;
using Liren.Insight.Domain;
using Liren.Sdk.Text;
using Microsoft.Extensions.DependencyInjection;

namespace Liren.Tests.Insight;

/// <summary>A figure without meaning, owner or public definition is not shown.</summary>
public sealed class DefinitionTests(LirenApp app) : IClassFixture<LirenApp>
{
    [Fact]
    public async Task Every_measure_has_a_name_a_meaning_an_owner_a_unit_and_a_line_in_the_public_definitions()
    {
        var page = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs", "users", "measures.md"), TestContext.Current.CancellationToken);
        var texts = app.Services.GetRequiredService<Texts>();
        foreach (var language in (string[])["zh", "en"])
        {
            System.Globalization.CultureInfo.CurrentUICulture = System.Globalization.CultureInfo.GetCultureInfo(language);
            foreach (var m in app.Services.GetRequiredService<MeasureBook>().All)
            {
                foreach (var key in (string[])[m.Key, $"{m.Key}.meaning", $"role.{m.Owner}", $"insight.unit.{m.Unit}", $"insight.roll.{m.Roll}", $"insight.grain.{m.Grain}"]) texts[key].ShouldNotBe(key);
                if (m.Ratio is { } ratio) app.Services.GetRequiredService<MeasureBook>().Find(ratio.Of).ShouldNotBeNull();
                m.FreshWithin.ShouldBeGreaterThan(TimeSpan.Zero);
                page.ShouldContain($"`{m.Id}`");
            }
        }
        var rows = await app.As("street-leader").GetFromJsonAsync<JsonElement>("/api/insight/measures", TestContext.Current.CancellationToken);
        rows.GetArrayLength().ShouldBe(app.Services.GetRequiredService<MeasureBook>().All.Count());
    }
}
