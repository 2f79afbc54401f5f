using Liren.Sdk.Data;
using Microsoft.EntityFrameworkCore;

namespace Liren.People.Data;

internal class PeopleDb(DbContextOptions options) : ModuleDb(options)
{
    public override string Module => "people";

    internal sealed class Sqlite(DbContextOptions<Sqlite> options) : PeopleDb(options);
    internal sealed class Postgres(DbContextOptions<Postgres> options) : PeopleDb(options);
}
