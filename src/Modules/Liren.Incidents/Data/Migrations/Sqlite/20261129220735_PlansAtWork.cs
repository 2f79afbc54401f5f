using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Liren.Incidents.Data.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class PlansAtWork : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "Key",
                table: "incidents_offer",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "PlanId",
                table: "incidents_incident",
                type: "TEXT",
                maxLength: 60,
                nullable: true);

            migrationBuilder.AddColumn<Guid>(
                name: "PlanIncidentId",
                table: "incidents_incident",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "PlanVersion",
                table: "incidents_incident",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<double>(
                name: "Distance",
                table: "incidents_confirmation",
                type: "REAL",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "incidents_plan_deed",
                columns: table => new
                {
                    Key = table.Column<string>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_incidents_plan_deed", x => x.Key);
                });

            migrationBuilder.CreateTable(
                name: "incidents_plan_effect",
                columns: table => new
                {
                    Key = table.Column<string>(type: "TEXT", nullable: false),
                    Seq = table.Column<long>(type: "INTEGER", nullable: false),
                    Place = table.Column<int>(type: "INTEGER", nullable: false),
                    Body = table.Column<string>(type: "TEXT", nullable: false),
                    Open = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_incidents_plan_effect", x => x.Key);
                });

            migrationBuilder.CreateTable(
                name: "incidents_plan_input",
                columns: table => new
                {
                    Seq = table.Column<long>(type: "INTEGER", nullable: false),
                    At = table.Column<long>(type: "INTEGER", nullable: false),
                    Body = table.Column<string>(type: "TEXT", nullable: false),
                    Cause = table.Column<string>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_incidents_plan_input", x => x.Seq);
                });

            migrationBuilder.CreateTable(
                name: "incidents_plan_mark",
                columns: table => new
                {
                    Name = table.Column<string>(type: "TEXT", nullable: false),
                    Value = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_incidents_plan_mark", x => x.Name);
                });

            migrationBuilder.CreateTable(
                name: "incidents_plan_place",
                columns: table => new
                {
                    PlanId = table.Column<string>(type: "TEXT", nullable: false),
                    PlacePath = table.Column<string>(type: "TEXT", nullable: false),
                    PlanVersion = table.Column<int>(type: "INTEGER", nullable: false),
                    Emergency = table.Column<bool>(type: "INTEGER", nullable: false),
                    Always = table.Column<bool>(type: "INTEGER", nullable: false),
                    Values = table.Column<string>(type: "TEXT", nullable: false),
                    Since = table.Column<long>(type: "INTEGER", nullable: false),
                    ByName = table.Column<string>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_incidents_plan_place", x => new { x.PlanId, x.PlacePath });
                });

            migrationBuilder.CreateTable(
                name: "incidents_plan_snapshot",
                columns: table => new
                {
                    Seq = table.Column<long>(type: "INTEGER", nullable: false),
                    Body = table.Column<string>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_incidents_plan_snapshot", x => x.Seq);
                });

            migrationBuilder.CreateTable(
                name: "incidents_plan_text",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    PlanId = table.Column<string>(type: "TEXT", maxLength: 60, nullable: false),
                    PlanVersion = table.Column<int>(type: "INTEGER", nullable: false),
                    TitleZh = table.Column<string>(type: "TEXT", nullable: false),
                    TitleEn = table.Column<string>(type: "TEXT", nullable: false),
                    EventType = table.Column<string>(type: "TEXT", maxLength: 60, nullable: false),
                    Text = table.Column<string>(type: "TEXT", nullable: false),
                    Life = table.Column<string>(type: "TEXT", maxLength: 20, nullable: false),
                    WrittenBy = table.Column<Guid>(type: "TEXT", nullable: true),
                    WrittenByName = table.Column<string>(type: "TEXT", nullable: false),
                    WrittenAt = table.Column<long>(type: "INTEGER", nullable: false),
                    ApprovedBy = table.Column<Guid>(type: "TEXT", nullable: true),
                    ApprovedByName = table.Column<string>(type: "TEXT", nullable: true),
                    ApprovedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    Version = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_incidents_plan_text", x => x.Id);
                });

            migrationBuilder.CreateIndex(
                name: "IX_incidents_incident_PlanIncidentId",
                table: "incidents_incident",
                column: "PlanIncidentId",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_incidents_plan_effect_Seq_Place",
                table: "incidents_plan_effect",
                columns: new[] { "Seq", "Place" },
                filter: "\"Open\" = 1");

            migrationBuilder.CreateIndex(
                name: "IX_incidents_plan_input_Cause",
                table: "incidents_plan_input",
                column: "Cause",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_incidents_plan_text_PlanId_PlanVersion",
                table: "incidents_plan_text",
                columns: new[] { "PlanId", "PlanVersion" },
                unique: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "incidents_plan_deed");

            migrationBuilder.DropTable(
                name: "incidents_plan_effect");

            migrationBuilder.DropTable(
                name: "incidents_plan_input");

            migrationBuilder.DropTable(
                name: "incidents_plan_mark");

            migrationBuilder.DropTable(
                name: "incidents_plan_place");

            migrationBuilder.DropTable(
                name: "incidents_plan_snapshot");

            migrationBuilder.DropTable(
                name: "incidents_plan_text");

            migrationBuilder.DropIndex(
                name: "IX_incidents_incident_PlanIncidentId",
                table: "incidents_incident");

            migrationBuilder.DropColumn(
                name: "Key",
                table: "incidents_offer");

            migrationBuilder.DropColumn(
                name: "PlanId",
                table: "incidents_incident");

            migrationBuilder.DropColumn(
                name: "PlanIncidentId",
                table: "incidents_incident");

            migrationBuilder.DropColumn(
                name: "PlanVersion",
                table: "incidents_incident");

            migrationBuilder.DropColumn(
                name: "Distance",
                table: "incidents_confirmation");
        }
    }
}
