using Liren.Sdk.Data;
using Microsoft.EntityFrameworkCore;

namespace Liren.Organisation.Data;

internal class OrganisationDb(DbContextOptions options) : ModuleDb(options)
{
    public override string Module => "organisation";

    internal sealed class Sqlite(DbContextOptions<Sqlite> options) : OrganisationDb(options);
    internal sealed class Postgres(DbContextOptions<Postgres> options) : OrganisationDb(options);
}
