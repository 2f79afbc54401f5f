using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Liren.Insight.Data.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class Init : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "insight_export",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    Measure = table.Column<string>(type: "TEXT", nullable: false),
                    PlacePath = table.Column<string>(type: "TEXT", nullable: false),
                    Level = table.Column<int>(type: "INTEGER", nullable: false),
                    From = table.Column<DateOnly>(type: "TEXT", nullable: false),
                    To = table.Column<DateOnly>(type: "TEXT", nullable: false),
                    By = table.Column<string>(type: "TEXT", nullable: false),
                    Split = table.Column<bool>(type: "INTEGER", nullable: false),
                    Format = table.Column<string>(type: "TEXT", maxLength: 20, nullable: false),
                    Shared = table.Column<bool>(type: "INTEGER", nullable: false),
                    Purpose = table.Column<string>(type: "TEXT", nullable: false),
                    ById = table.Column<Guid>(type: "TEXT", nullable: true),
                    ByName = table.Column<string>(type: "TEXT", nullable: false),
                    Language = table.Column<string>(type: "TEXT", nullable: false),
                    At = table.Column<long>(type: "INTEGER", nullable: false),
                    State = table.Column<string>(type: "TEXT", maxLength: 20, nullable: false),
                    Why = table.Column<string>(type: "TEXT", nullable: true),
                    Rows = table.Column<int>(type: "INTEGER", nullable: false),
                    HiddenRows = table.Column<int>(type: "INTEGER", nullable: false),
                    Sha256 = table.Column<string>(type: "TEXT", nullable: true),
                    ReadyAt = table.Column<long>(type: "INTEGER", nullable: true),
                    Downloads = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_insight_export", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "insight_people_set",
                columns: table => new
                {
                    Measure = table.Column<string>(type: "TEXT", maxLength: 60, nullable: false),
                    Build = table.Column<int>(type: "INTEGER", nullable: false),
                    Level = table.Column<int>(type: "INTEGER", nullable: false),
                    PlacePath = table.Column<string>(type: "TEXT", nullable: false),
                    Day = table.Column<int>(type: "INTEGER", nullable: false),
                    Words = table.Column<byte[]>(type: "BLOB", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_insight_people_set", x => new { x.Measure, x.Build, x.Level, x.PlacePath, x.Day });
                });

            migrationBuilder.CreateTable(
                name: "insight_person_number",
                columns: table => new
                {
                    PersonId = table.Column<Guid>(type: "TEXT", nullable: false),
                    Number = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_insight_person_number", x => x.PersonId);
                });

            migrationBuilder.CreateTable(
                name: "insight_released_cell",
                columns: table => new
                {
                    Measure = table.Column<string>(type: "TEXT", maxLength: 60, nullable: false),
                    PlacePath = table.Column<string>(type: "TEXT", nullable: false),
                    Period = table.Column<string>(type: "TEXT", nullable: false),
                    Category = table.Column<string>(type: "TEXT", maxLength: 60, nullable: false),
                    Hidden = table.Column<bool>(type: "INTEGER", nullable: false),
                    ExportId = table.Column<Guid>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_insight_released_cell", x => new { x.Measure, x.PlacePath, x.Period, x.Category });
                });

            migrationBuilder.CreateTable(
                name: "insight_rollup",
                columns: table => new
                {
                    Measure = table.Column<string>(type: "TEXT", maxLength: 60, nullable: false),
                    Build = table.Column<int>(type: "INTEGER", nullable: false),
                    Level = table.Column<int>(type: "INTEGER", nullable: false),
                    Month = table.Column<int>(type: "INTEGER", nullable: false),
                    PlacePath = table.Column<string>(type: "TEXT", nullable: false),
                    Day = table.Column<int>(type: "INTEGER", nullable: false),
                    Category = table.Column<string>(type: "TEXT", maxLength: 60, nullable: false),
                    Cells = table.Column<byte[]>(type: "BLOB", nullable: false),
                    Revision = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_insight_rollup", x => new { x.Measure, x.Build, x.Level, x.Month, x.PlacePath, x.Day, x.Category });
                });

            migrationBuilder.CreateTable(
                name: "insight_self_check",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    Source = table.Column<string>(type: "TEXT", nullable: false),
                    Day = table.Column<int>(type: "INTEGER", nullable: false),
                    Rows = table.Column<int>(type: "INTEGER", nullable: false),
                    Different = table.Column<int>(type: "INTEGER", nullable: false),
                    First = table.Column<string>(type: "TEXT", nullable: true),
                    At = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_insight_self_check", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "insight_source_cursor",
                columns: table => new
                {
                    Source = table.Column<string>(type: "TEXT", maxLength: 60, nullable: false),
                    Build = table.Column<int>(type: "INTEGER", nullable: false),
                    Seq = table.Column<long>(type: "INTEGER", nullable: false),
                    InForce = table.Column<bool>(type: "INTEGER", nullable: false),
                    Definitions = table.Column<string>(type: "TEXT", nullable: false),
                    At = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_insight_source_cursor", x => new { x.Source, x.Build });
                });

            migrationBuilder.CreateTable(
                name: "insight_subject_facts",
                columns: table => new
                {
                    Source = table.Column<string>(type: "TEXT", maxLength: 60, nullable: false),
                    Build = table.Column<int>(type: "INTEGER", nullable: false),
                    Subject = table.Column<Guid>(type: "TEXT", nullable: false),
                    Facts = table.Column<string>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_insight_subject_facts", x => new { x.Source, x.Build, x.Subject });
                });

            migrationBuilder.CreateIndex(
                name: "IX_insight_export_At",
                table: "insight_export",
                column: "At");

            migrationBuilder.CreateIndex(
                name: "IX_insight_people_set_Day",
                table: "insight_people_set",
                column: "Day");

            migrationBuilder.CreateIndex(
                name: "IX_insight_person_number_Number",
                table: "insight_person_number",
                column: "Number",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_insight_self_check_At",
                table: "insight_self_check",
                column: "At");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "insight_export");

            migrationBuilder.DropTable(
                name: "insight_people_set");

            migrationBuilder.DropTable(
                name: "insight_person_number");

            migrationBuilder.DropTable(
                name: "insight_released_cell");

            migrationBuilder.DropTable(
                name: "insight_rollup");

            migrationBuilder.DropTable(
                name: "insight_self_check");

            migrationBuilder.DropTable(
                name: "insight_source_cursor");

            migrationBuilder.DropTable(
                name: "insight_subject_facts");
        }
    }
}
