using Liren.Passes.Data;
using Liren.Passes.Domain;
using Liren.Sdk.Security;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;

namespace Liren.Passes.Features;

/// <summary>
/// The two-person rule (双人复核): who has issued many passes by hand in a day issues the next only with somebody else's agreement. Setting
/// <c>Passes:AloneADay</c>, 50 when left out. A batch by the register does not count: it cannot make up a person.
/// </summary>
internal sealed class FourEyes(PassesDb db, IConfiguration configuration, TimeProvider clock)
{
    private const int Usual = 50;

    /// <summary>Whether so many more need a second person.</summary>
    public async Task<bool> NeededAsync(int more, CancellationToken stop)
    {
        if (Actor.Current.Kind != ActorKind.Person) return false;
        var most = int.TryParse(configuration["Passes:AloneADay"], out var set) && set >= 0 ? set : Usual;
        var (me, day) = (Actor.Current.Name, clock.GetUtcNow().AddDays(-1));
        return await db.Set<PassChange>().CountAsync(c => c.Actor == me && c.From == null && c.At > day && c.Reason != Pass.ByRegister, stop) + more > most;
    }
}
