using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Liren.Incidents.Data.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class Init : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "incidents_incident",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    Code = table.Column<string>(type: "TEXT", maxLength: 20, nullable: false),
                    Type = table.Column<string>(type: "TEXT", maxLength: 60, nullable: false),
                    PlacePath = table.Column<string>(type: "TEXT", nullable: false),
                    PlaceName = table.Column<string>(type: "TEXT", nullable: false),
                    Level = table.Column<string>(type: "TEXT", maxLength: 20, nullable: false),
                    State = table.Column<string>(type: "TEXT", maxLength: 20, nullable: false),
                    OpenKey = table.Column<string>(type: "TEXT", nullable: true),
                    Description = table.Column<string>(type: "TEXT", nullable: true),
                    ReportedBy = table.Column<Guid>(type: "TEXT", nullable: true),
                    OwnerOrgId = table.Column<Guid>(type: "TEXT", nullable: true),
                    OwnerName = table.Column<string>(type: "TEXT", nullable: true),
                    Because = table.Column<string>(type: "TEXT", nullable: false),
                    Fallback = table.Column<string>(type: "TEXT", nullable: false),
                    Support = table.Column<string>(type: "TEXT", nullable: false),
                    Followers = table.Column<string>(type: "TEXT", nullable: false),
                    MatrixVersion = table.Column<int>(type: "INTEGER", nullable: false),
                    AssigneeId = table.Column<Guid>(type: "TEXT", nullable: true),
                    AssigneeName = table.Column<string>(type: "TEXT", nullable: true),
                    OpenedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    Since = table.Column<long>(type: "INTEGER", nullable: false),
                    AcceptedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    ArrivedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    HandledAt = table.Column<long>(type: "INTEGER", nullable: true),
                    EndedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    Deadline = table.Column<long>(type: "INTEGER", nullable: true),
                    WasLate = table.Column<bool>(type: "INTEGER", nullable: false),
                    Signals = table.Column<int>(type: "INTEGER", nullable: false),
                    LastValue = table.Column<double>(type: "REAL", nullable: true),
                    LastValueAt = table.Column<long>(type: "INTEGER", nullable: true),
                    PeakValue = table.Column<double>(type: "REAL", nullable: true),
                    ValueWhenHandled = table.Column<double>(type: "REAL", nullable: true),
                    Round = table.Column<int>(type: "INTEGER", nullable: false),
                    Handlings = table.Column<int>(type: "INTEGER", nullable: false),
                    Rework = table.Column<int>(type: "INTEGER", nullable: false),
                    StepCount = table.Column<int>(type: "INTEGER", nullable: false),
                    NotSoBy = table.Column<Guid>(type: "TEXT", nullable: true),
                    NotSoName = table.Column<string>(type: "TEXT", nullable: true),
                    NotSoWhy = table.Column<string>(type: "TEXT", nullable: true),
                    Certificate = table.Column<string>(type: "TEXT", nullable: true),
                    Version = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_incidents_incident", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "incidents_observation",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    Type = table.Column<string>(type: "TEXT", maxLength: 60, nullable: false),
                    PlacePath = table.Column<string>(type: "TEXT", nullable: false),
                    Value = table.Column<double>(type: "REAL", nullable: true),
                    Source = table.Column<string>(type: "TEXT", nullable: false),
                    FromMachine = table.Column<bool>(type: "INTEGER", nullable: false),
                    At = table.Column<long>(type: "INTEGER", nullable: false),
                    ArrivedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    Quality = table.Column<int>(type: "INTEGER", nullable: false),
                    IncidentId = table.Column<Guid>(type: "TEXT", nullable: true),
                    Version = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_incidents_observation", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "incidents_confirmation",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    IncidentId = table.Column<Guid>(type: "TEXT", nullable: false),
                    Handling = table.Column<int>(type: "INTEGER", nullable: false),
                    AccountId = table.Column<Guid>(type: "TEXT", nullable: false),
                    Name = table.Column<string>(type: "TEXT", nullable: false),
                    At = table.Column<long>(type: "INTEGER", nullable: false),
                    Agrees = table.Column<bool>(type: "INTEGER", nullable: false),
                    Note = table.Column<string>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_incidents_confirmation", x => x.Id);
                    table.ForeignKey(
                        name: "FK_incidents_confirmation_incidents_incident_IncidentId",
                        column: x => x.IncidentId,
                        principalTable: "incidents_incident",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "incidents_offer",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    IncidentId = table.Column<Guid>(type: "TEXT", nullable: false),
                    AccountId = table.Column<Guid>(type: "TEXT", nullable: false),
                    Name = table.Column<string>(type: "TEXT", nullable: false),
                    Rung = table.Column<string>(type: "TEXT", maxLength: 20, nullable: false),
                    Round = table.Column<int>(type: "INTEGER", nullable: false),
                    At = table.Column<long>(type: "INTEGER", nullable: false),
                    Until = table.Column<long>(type: "INTEGER", nullable: false),
                    Distance = table.Column<double>(type: "REAL", nullable: true),
                    Result = table.Column<string>(type: "TEXT", maxLength: 20, nullable: false),
                    Reason = table.Column<string>(type: "TEXT", nullable: true),
                    AnsweredAt = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_incidents_offer", x => x.Id);
                    table.ForeignKey(
                        name: "FK_incidents_offer_incidents_incident_IncidentId",
                        column: x => x.IncidentId,
                        principalTable: "incidents_incident",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "incidents_photo",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    IncidentId = table.Column<Guid>(type: "TEXT", nullable: false),
                    Sha = table.Column<string>(type: "TEXT", nullable: false),
                    ContentType = table.Column<string>(type: "TEXT", nullable: false),
                    Size = table.Column<long>(type: "INTEGER", nullable: false),
                    Act = table.Column<string>(type: "TEXT", maxLength: 20, nullable: false),
                    AccountId = table.Column<Guid>(type: "TEXT", nullable: true),
                    Name = table.Column<string>(type: "TEXT", nullable: false),
                    At = table.Column<long>(type: "INTEGER", nullable: false),
                    Stripped = table.Column<bool>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_incidents_photo", x => x.Id);
                    table.ForeignKey(
                        name: "FK_incidents_photo_incidents_incident_IncidentId",
                        column: x => x.IncidentId,
                        principalTable: "incidents_incident",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "incidents_step",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    IncidentId = table.Column<Guid>(type: "TEXT", nullable: false),
                    Seq = table.Column<int>(type: "INTEGER", nullable: false),
                    At = table.Column<long>(type: "INTEGER", nullable: false),
                    Act = table.Column<string>(type: "TEXT", maxLength: 20, nullable: false),
                    From = table.Column<string>(type: "TEXT", maxLength: 20, nullable: false),
                    To = table.Column<string>(type: "TEXT", maxLength: 20, nullable: false),
                    AccountId = table.Column<Guid>(type: "TEXT", nullable: true),
                    Name = table.Column<string>(type: "TEXT", nullable: true),
                    Why = table.Column<string>(type: "TEXT", nullable: false),
                    Args = table.Column<string>(type: "TEXT", nullable: false),
                    Note = table.Column<string>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_incidents_step", x => x.Id);
                    table.ForeignKey(
                        name: "FK_incidents_step_incidents_incident_IncidentId",
                        column: x => x.IncidentId,
                        principalTable: "incidents_incident",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "IX_incidents_confirmation_IncidentId",
                table: "incidents_confirmation",
                column: "IncidentId");

            migrationBuilder.CreateIndex(
                name: "IX_incidents_incident_OpenedAt",
                table: "incidents_incident",
                column: "OpenedAt");

            migrationBuilder.CreateIndex(
                name: "IX_incidents_incident_OpenKey",
                table: "incidents_incident",
                column: "OpenKey",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_incidents_incident_PlacePath",
                table: "incidents_incident",
                column: "PlacePath");

            migrationBuilder.CreateIndex(
                name: "IX_incidents_incident_Type_PlacePath",
                table: "incidents_incident",
                columns: new[] { "Type", "PlacePath" });

            migrationBuilder.CreateIndex(
                name: "IX_incidents_observation_IncidentId",
                table: "incidents_observation",
                column: "IncidentId");

            migrationBuilder.CreateIndex(
                name: "IX_incidents_observation_Type_PlacePath_At",
                table: "incidents_observation",
                columns: new[] { "Type", "PlacePath", "At" });

            migrationBuilder.CreateIndex(
                name: "IX_incidents_offer_AccountId_Result",
                table: "incidents_offer",
                columns: new[] { "AccountId", "Result" });

            migrationBuilder.CreateIndex(
                name: "IX_incidents_offer_IncidentId",
                table: "incidents_offer",
                column: "IncidentId");

            migrationBuilder.CreateIndex(
                name: "IX_incidents_photo_IncidentId",
                table: "incidents_photo",
                column: "IncidentId");

            migrationBuilder.CreateIndex(
                name: "IX_incidents_step_IncidentId_Seq",
                table: "incidents_step",
                columns: new[] { "IncidentId", "Seq" },
                unique: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "incidents_confirmation");

            migrationBuilder.DropTable(
                name: "incidents_observation");

            migrationBuilder.DropTable(
                name: "incidents_offer");

            migrationBuilder.DropTable(
                name: "incidents_photo");

            migrationBuilder.DropTable(
                name: "incidents_step");

            migrationBuilder.DropTable(
                name: "incidents_incident");
        }
    }
}
