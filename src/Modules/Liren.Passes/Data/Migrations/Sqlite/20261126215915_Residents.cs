using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Liren.Passes.Data.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class Residents : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<Guid>(
                name: "KeeperId",
                table: "passes_pass",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<byte[]>(
                name: "Sealed",
                table: "passes_pass",
                type: "BLOB",
                nullable: true);

            migrationBuilder.CreateIndex(
                name: "IX_passes_pass_KeeperId",
                table: "passes_pass",
                column: "KeeperId");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_passes_pass_KeeperId",
                table: "passes_pass");

            migrationBuilder.DropColumn(
                name: "KeeperId",
                table: "passes_pass");

            migrationBuilder.DropColumn(
                name: "Sealed",
                table: "passes_pass");
        }
    }
}
