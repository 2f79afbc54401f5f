using Liren.People.Data;
using Liren.Sdk;
using Liren.Sdk.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Liren.Sdk.Text;

namespace Liren.People.Features;

/// <summary>The kinds of tags there are, in the language of the reader; kinds are data, not texts.</summary>
[Needs("people.read")]
internal sealed class ListTagKinds(PeopleDb db) : IFeature
{
    public sealed record Row(string Code, string Name, bool Sensitive);

    public static void Map(IEndpointRouteBuilder api) => api.MapGet("/tag-kinds", (ListTagKinds feature, CancellationToken stop) => feature.RunAsync(stop));

    public async Task<IReadOnlyList<Row>> RunAsync(CancellationToken stop)
    {
        var english = Show.Language == "en";
        return await db.TagKinds.AsNoTracking().OrderBy(t => t.Order).Select(t => new Row(t.Code, english ? t.NameEn : t.NameZh, t.Sensitive)).ToListAsync(stop);
    }
}
