using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Liren.Organisation.Data.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class WorkTime : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropPrimaryKey(
                name: "PK_organisation_calendar_day",
                table: "organisation_calendar_day");

            migrationBuilder.AddColumn<string>(
                name: "PlacePath",
                table: "organisation_calendar_day",
                type: "TEXT",
                nullable: false,
                defaultValue: "");

            migrationBuilder.AddPrimaryKey(
                name: "PK_organisation_calendar_day",
                table: "organisation_calendar_day",
                columns: new[] { "PlacePath", "Date" });

            migrationBuilder.CreateTable(
                name: "organisation_work_hours",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    PlacePath = table.Column<string>(type: "TEXT", nullable: false),
                    From = table.Column<DateOnly>(type: "TEXT", nullable: false),
                    Days = table.Column<int>(type: "INTEGER", nullable: false),
                    Hours = table.Column<string>(type: "TEXT", nullable: false),
                    Reason = table.Column<string>(type: "TEXT", nullable: false),
                    Version = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_organisation_work_hours", x => x.Id);
                });

            migrationBuilder.CreateIndex(
                name: "IX_organisation_work_hours_PlacePath_From",
                table: "organisation_work_hours",
                columns: new[] { "PlacePath", "From" },
                unique: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "organisation_work_hours");

            migrationBuilder.DropPrimaryKey(
                name: "PK_organisation_calendar_day",
                table: "organisation_calendar_day");

            migrationBuilder.DropColumn(
                name: "PlacePath",
                table: "organisation_calendar_day");

            migrationBuilder.AddPrimaryKey(
                name: "PK_organisation_calendar_day",
                table: "organisation_calendar_day",
                column: "Date");
        }
    }
}
