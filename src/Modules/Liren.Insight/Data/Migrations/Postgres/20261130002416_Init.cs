using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Liren.Insight.Data.Migrations.Postgres
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
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    Measure = table.Column<string>(type: "text", nullable: false),
                    PlacePath = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    Level = table.Column<int>(type: "integer", nullable: false),
                    From = table.Column<DateOnly>(type: "date", nullable: false),
                    To = table.Column<DateOnly>(type: "date", nullable: false),
                    By = table.Column<string>(type: "text", nullable: false),
                    Split = table.Column<bool>(type: "boolean", nullable: false),
                    Format = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: false),
                    Shared = table.Column<bool>(type: "boolean", nullable: false),
                    Purpose = table.Column<string>(type: "text", nullable: false),
                    ById = table.Column<Guid>(type: "uuid", nullable: true),
                    ByName = table.Column<string>(type: "text", nullable: false),
                    Language = table.Column<string>(type: "text", nullable: false),
                    At = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    State = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: false),
                    Why = table.Column<string>(type: "text", nullable: true),
                    Rows = table.Column<int>(type: "integer", nullable: false),
                    HiddenRows = table.Column<int>(type: "integer", nullable: false),
                    Sha256 = table.Column<string>(type: "text", nullable: true),
                    ReadyAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    Downloads = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_insight_export", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "insight_people_set",
                columns: table => new
                {
                    Measure = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false),
                    Build = table.Column<int>(type: "integer", nullable: false),
                    Level = table.Column<int>(type: "integer", nullable: false),
                    PlacePath = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    Day = table.Column<int>(type: "integer", nullable: false),
                    Words = table.Column<byte[]>(type: "bytea", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_insight_people_set", x => new { x.Measure, x.Build, x.Level, x.PlacePath, x.Day });
                });

            migrationBuilder.CreateTable(
                name: "insight_person_number",
                columns: table => new
                {
                    PersonId = table.Column<Guid>(type: "uuid", nullable: false),
                    Number = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_insight_person_number", x => x.PersonId);
                });

            migrationBuilder.CreateTable(
                name: "insight_released_cell",
                columns: table => new
                {
                    Measure = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false),
                    PlacePath = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    Period = table.Column<string>(type: "text", nullable: false),
                    Category = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false),
                    Hidden = table.Column<bool>(type: "boolean", nullable: false),
                    ExportId = table.Column<Guid>(type: "uuid", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_insight_released_cell", x => new { x.Measure, x.PlacePath, x.Period, x.Category });
                });

            migrationBuilder.CreateTable(
                name: "insight_rollup",
                columns: table => new
                {
                    Measure = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false),
                    Build = table.Column<int>(type: "integer", nullable: false),
                    Level = table.Column<int>(type: "integer", nullable: false),
                    Month = table.Column<int>(type: "integer", nullable: false),
                    PlacePath = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    Day = table.Column<int>(type: "integer", nullable: false),
                    Category = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false),
                    Cells = table.Column<byte[]>(type: "bytea", nullable: false),
                    Revision = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_insight_rollup", x => new { x.Measure, x.Build, x.Level, x.Month, x.PlacePath, x.Day, x.Category });
                });

            migrationBuilder.CreateTable(
                name: "insight_self_check",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    Source = table.Column<string>(type: "text", nullable: false),
                    Day = table.Column<int>(type: "integer", nullable: false),
                    Rows = table.Column<int>(type: "integer", nullable: false),
                    Different = table.Column<int>(type: "integer", nullable: false),
                    First = table.Column<string>(type: "text", nullable: true),
                    At = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_insight_self_check", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "insight_source_cursor",
                columns: table => new
                {
                    Source = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false),
                    Build = table.Column<int>(type: "integer", nullable: false),
                    Seq = table.Column<long>(type: "bigint", nullable: false),
                    InForce = table.Column<bool>(type: "boolean", nullable: false),
                    Definitions = table.Column<string>(type: "text", nullable: false),
                    At = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_insight_source_cursor", x => new { x.Source, x.Build });
                });

            migrationBuilder.CreateTable(
                name: "insight_subject_facts",
                columns: table => new
                {
                    Source = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false),
                    Build = table.Column<int>(type: "integer", nullable: false),
                    Subject = table.Column<Guid>(type: "uuid", nullable: false),
                    Facts = table.Column<string>(type: "text", nullable: false)
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
