using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Liren.Passes.Data.Migrations.Sqlite
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

            // Rows lie in their key: the table is the index.
            migrationBuilder.Sql("""CREATE TABLE passes_passage ("Cti" TEXT NOT NULL, "At" INTEGER NOT NULL, "Seq" INTEGER NOT NULL, CONSTRAINT "PK_passes_passage" PRIMARY KEY ("Cti", "At", "Seq")) WITHOUT ROWID;""");

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
