using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Liren.Passes.Data.Migrations.Postgres
{
    /// <inheritdoc />
    public partial class GateLogIndexes : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_passes_gate_entry_GateId_At",
                table: "passes_gate_entry");

            migrationBuilder.CreateIndex(
                name: "IX_passes_gate_entry_GateId_At_Verdict_Direction_Cti",
                table: "passes_gate_entry",
                columns: new[] { "GateId", "At", "Verdict", "Direction", "Cti" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_passes_gate_entry_GateId_At_Verdict_Direction_Cti",
                table: "passes_gate_entry");

            migrationBuilder.CreateIndex(
                name: "IX_passes_gate_entry_GateId_At",
                table: "passes_gate_entry",
                columns: new[] { "GateId", "At" });
        }
    }
}
