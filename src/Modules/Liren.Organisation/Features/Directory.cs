using Liren.Contracts.Organisation;
using Liren.Organisation.Data;
using Microsoft.EntityFrameworkCore;

namespace Liren.Organisation.Features;

/// <summary>Organisations as other modules use them.</summary>
internal sealed class OrganisationDirectory(OrganisationDb db) : IOrganisationDirectory
{
    public async Task<OrgCard?> FindAsync(Guid id, CancellationToken cancellation = default) =>
        (await db.Units.AsNoTracking().SingleOrDefaultAsync(o => o.Id == id, cancellation))?.Card;

    public async Task<IReadOnlyList<OrgCard>> AllAsync(CancellationToken cancellation = default) =>
        [.. (await db.Units.AsNoTracking().Where(o => o.ClosedAt == null).OrderBy(o => o.Name).ToListAsync(cancellation)).Select(o => o.Card)];

    public async Task<OrgCard?> FindByCodeAsync(string code, CancellationToken cancellation = default) =>
        (await db.Units.AsNoTracking().SingleOrDefaultAsync(o => o.Code == code, cancellation))?.Card;
}
