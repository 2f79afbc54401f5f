using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Liren.Passes.Data.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class Terminals : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "passes_terminal",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    GateId = table.Column<Guid>(type: "TEXT", nullable: false),
                    CompoundPath = table.Column<string>(type: "TEXT", nullable: false),
                    Name = table.Column<string>(type: "TEXT", nullable: false),
                    Maker = table.Column<string>(type: "TEXT", nullable: true),
                    Model = table.Column<string>(type: "TEXT", nullable: true),
                    Adapter = table.Column<string>(type: "TEXT", maxLength: 20, nullable: false),
                    Direction = table.Column<string>(type: "TEXT", maxLength: 20, nullable: false),
                    KeyId = table.Column<Guid>(type: "TEXT", nullable: true),
                    LastSeenAt = table.Column<long>(type: "INTEGER", nullable: true),
                    Firmware = table.Column<string>(type: "TEXT", nullable: true),
                    PeopleSeq = table.Column<long>(type: "INTEGER", nullable: false),
                    Version = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_passes_terminal", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "passes_terminal_enrolment",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    TerminalId = table.Column<Guid>(type: "TEXT", nullable: false),
                    CompoundPath = table.Column<string>(type: "TEXT", nullable: false),
                    PersonId = table.Column<Guid>(type: "TEXT", nullable: true),
                    PassId = table.Column<Guid>(type: "TEXT", nullable: true),
                    Kind = table.Column<string>(type: "TEXT", maxLength: 20, nullable: false),
                    Subject = table.Column<string>(type: "TEXT", maxLength: 32, nullable: false),
                    ConsentId = table.Column<Guid>(type: "TEXT", nullable: true),
                    ConsentAt = table.Column<long>(type: "INTEGER", nullable: true),
                    ConsentBy = table.Column<string>(type: "TEXT", nullable: true),
                    ConsentMeans = table.Column<string>(type: "TEXT", nullable: true),
                    ConsentReference = table.Column<string>(type: "TEXT", nullable: true),
                    EnrolledBy = table.Column<string>(type: "TEXT", nullable: false),
                    EnrolledAt = table.Column<long>(type: "INTEGER", nullable: false),
                    WithdrawnAt = table.Column<long>(type: "INTEGER", nullable: true),
                    ChangeSeq = table.Column<long>(type: "INTEGER", nullable: false),
                    Version = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_passes_terminal_enrolment", x => x.Id);
                    table.ForeignKey(
                        name: "FK_passes_terminal_enrolment_passes_terminal_TerminalId",
                        column: x => x.TerminalId,
                        principalTable: "passes_terminal",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "IX_passes_terminal_GateId",
                table: "passes_terminal",
                column: "GateId");

            migrationBuilder.CreateIndex(
                name: "IX_passes_terminal_KeyId",
                table: "passes_terminal",
                column: "KeyId",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_passes_terminal_enrolment_PassId",
                table: "passes_terminal_enrolment",
                column: "PassId");

            migrationBuilder.CreateIndex(
                name: "IX_passes_terminal_enrolment_PersonId",
                table: "passes_terminal_enrolment",
                column: "PersonId");

            migrationBuilder.CreateIndex(
                name: "IX_passes_terminal_enrolment_TerminalId_ChangeSeq",
                table: "passes_terminal_enrolment",
                columns: new[] { "TerminalId", "ChangeSeq" });

            migrationBuilder.CreateIndex(
                name: "IX_passes_terminal_enrolment_TerminalId_Kind_Subject",
                table: "passes_terminal_enrolment",
                columns: new[] { "TerminalId", "Kind", "Subject" },
                unique: true,
                filter: "\"WithdrawnAt\" IS NULL");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "passes_terminal_enrolment");

            migrationBuilder.DropTable(
                name: "passes_terminal");
        }
    }
}
