using Liren.Sdk.Data;
using Microsoft.EntityFrameworkCore;

namespace Liren.Incidents.Data;

internal class IncidentsDb(DbContextOptions options) : ModuleDb(options)
{
    public override string Module => "incidents";

    internal sealed class Sqlite(DbContextOptions<Sqlite> options) : IncidentsDb(options);
    internal sealed class Postgres(DbContextOptions<Postgres> options) : IncidentsDb(options);
}
