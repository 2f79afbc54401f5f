using Liren.Sdk.Data;
using Microsoft.EntityFrameworkCore;

namespace Liren.Places.Data;

internal class PlacesDb(DbContextOptions options) : ModuleDb(options)
{
    public override string Module => "places";

    internal sealed class Sqlite(DbContextOptions<Sqlite> options) : PlacesDb(options);
    internal sealed class Postgres(DbContextOptions<Postgres> options) : PlacesDb(options);
}
