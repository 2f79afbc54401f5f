using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Acme.Noise.Data;

// A plug-in's tables are few: its migrations are written by hand, one class a database. Never change one that was released; add the next.

[DbContext(typeof(NoiseDb.Sqlite)), Migration("20261124000000_Init")]
internal sealed class InitSqlite : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql("""
        CREATE TABLE noise_measurement ("Id" TEXT NOT NULL PRIMARY KEY, "Version" INTEGER NOT NULL, "Place" TEXT NOT NULL, "Decibels" INTEGER NOT NULL, "At" INTEGER NOT NULL);
        CREATE INDEX "IX_noise_measurement_Place" ON noise_measurement ("Place");
        CREATE TABLE noise_watch ("Place" TEXT NOT NULL PRIMARY KEY, "Incidents" INTEGER NOT NULL);
        """);
}

[DbContext(typeof(NoiseDb.Postgres)), Migration("20261124000000_Init")]
internal sealed class InitPostgres : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql("""
        CREATE TABLE noise_measurement ("Id" uuid NOT NULL PRIMARY KEY, "Version" integer NOT NULL, "Place" text COLLATE "C" NOT NULL, "Decibels" integer NOT NULL, "At" timestamptz NOT NULL);
        CREATE INDEX "IX_noise_measurement_Place" ON noise_measurement ("Place");
        CREATE TABLE noise_watch ("Place" text COLLATE "C" NOT NULL PRIMARY KEY, "Incidents" integer NOT NULL);
        """);
}
