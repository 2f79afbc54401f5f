using Liren.Sdk.Data;
using Microsoft.EntityFrameworkCore;

namespace Liren.Identity.Data;

internal class IdentityDb(DbContextOptions options) : ModuleDb(options)
{
    public override string Module => "identity";

    internal sealed class Sqlite(DbContextOptions<Sqlite> options) : IdentityDb(options);
    internal sealed class Postgres(DbContextOptions<Postgres> options) : IdentityDb(options);
}
