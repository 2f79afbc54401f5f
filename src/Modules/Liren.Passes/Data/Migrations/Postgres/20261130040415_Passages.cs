using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Liren.Passes.Data.Migrations.Postgres
{
    /// <inheritdoc />
    public partial class Passages : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_passes_gate_entry_Cti",
                table: "passes_gate_entry");

            migrationBuilder.CreateTable(
                name: "passes_passage",
                columns: table => new
                {
                    Cti = table.Column<string>(type: "text", nullable: false),
                    At = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    Seq = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_passes_passage", x => new { x.Cti, x.At, x.Seq });
                });

            // What was looked through before is in the index from the start; the rest follows by itself.
            migrationBuilder.Sql("""INSERT INTO passes_log_cursor ("Id", "Seq") SELECT 2, "Seq" FROM passes_log_cursor WHERE "Id" = 1;""");
            migrationBuilder.Sql("""INSERT INTO passes_passage ("Cti", "At", "Seq") SELECT "Cti", "At", "Seq" FROM passes_gate_entry WHERE "Cti" IS NOT NULL AND "Seq" <= (SELECT "Seq" FROM passes_log_cursor WHERE "Id" = 1) ORDER BY "Cti", "At", "Seq";""");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "passes_passage");

            migrationBuilder.CreateIndex(
                name: "IX_passes_gate_entry_Cti",
                table: "passes_gate_entry",
                column: "Cti");
        }
    }
}
