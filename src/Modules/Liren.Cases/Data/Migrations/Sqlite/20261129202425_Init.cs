using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Liren.Cases.Data.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class Init : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "cases_case",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    Code = table.Column<string>(type: "TEXT", maxLength: 20, nullable: false),
                    Type = table.Column<string>(type: "TEXT", maxLength: 60, nullable: false),
                    PlacePath = table.Column<string>(type: "TEXT", nullable: false),
                    PlaceName = table.Column<string>(type: "TEXT", nullable: false),
                    Longitude = table.Column<double>(type: "REAL", nullable: true),
                    Latitude = table.Column<double>(type: "REAL", nullable: true),
                    Description = table.Column<string>(type: "TEXT", nullable: false),
                    Source = table.Column<string>(type: "TEXT", maxLength: 20, nullable: false),
                    State = table.Column<string>(type: "TEXT", maxLength: 20, nullable: false),
                    ReporterId = table.Column<Guid>(type: "TEXT", nullable: true),
                    ReporterPerson = table.Column<Guid>(type: "TEXT", nullable: true),
                    Contact = table.Column<byte[]>(type: "BLOB", nullable: true),
                    UnitId = table.Column<Guid>(type: "TEXT", nullable: true),
                    UnitName = table.Column<string>(type: "TEXT", nullable: true),
                    HandlerId = table.Column<Guid>(type: "TEXT", nullable: true),
                    HandlerName = table.Column<string>(type: "TEXT", nullable: true),
                    Hands = table.Column<string>(type: "TEXT", nullable: false),
                    ReportedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    Since = table.Column<long>(type: "INTEGER", nullable: false),
                    AssignedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    FedBackAt = table.Column<long>(type: "INTEGER", nullable: true),
                    ClosedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    ChangedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    Clock = table.Column<string>(type: "TEXT", nullable: true),
                    ClockLimit = table.Column<string>(type: "TEXT", nullable: true),
                    ClockStart = table.Column<long>(type: "INTEGER", nullable: true),
                    Deadline = table.Column<long>(type: "INTEGER", nullable: true),
                    HandleLeft = table.Column<string>(type: "TEXT", nullable: true),
                    WasLate = table.Column<bool>(type: "INTEGER", nullable: false),
                    HandledLate = table.Column<bool>(type: "INTEGER", nullable: false),
                    Returns = table.Column<int>(type: "INTEGER", nullable: false),
                    Rework = table.Column<int>(type: "INTEGER", nullable: false),
                    Reopened = table.Column<int>(type: "INTEGER", nullable: false),
                    StepCount = table.Column<int>(type: "INTEGER", nullable: false),
                    SuspendAskedBy = table.Column<Guid>(type: "TEXT", nullable: true),
                    SuspendUntil = table.Column<long>(type: "INTEGER", nullable: true),
                    SuspendWhy = table.Column<string>(type: "TEXT", nullable: true),
                    DuplicateOf = table.Column<Guid>(type: "TEXT", nullable: true),
                    Stars = table.Column<int>(type: "INTEGER", nullable: true),
                    Solved = table.Column<bool>(type: "INTEGER", nullable: true),
                    RatingWords = table.Column<string>(type: "TEXT", nullable: true),
                    Score = table.Column<int>(type: "INTEGER", nullable: true),
                    Version = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_cases_case", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "cases_case_limit",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    PlacePath = table.Column<string>(type: "TEXT", nullable: false),
                    Type = table.Column<string>(type: "TEXT", maxLength: 60, nullable: false),
                    From = table.Column<DateOnly>(type: "TEXT", nullable: false),
                    Until = table.Column<DateOnly>(type: "TEXT", nullable: true),
                    Register = table.Column<string>(type: "TEXT", nullable: true),
                    Assign = table.Column<string>(type: "TEXT", nullable: true),
                    Handle = table.Column<string>(type: "TEXT", nullable: true),
                    Verify = table.Column<string>(type: "TEXT", nullable: true),
                    Basis = table.Column<string>(type: "TEXT", nullable: false),
                    Version = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_cases_case_limit", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "cases_type_setting",
                columns: table => new
                {
                    Code = table.Column<string>(type: "TEXT", maxLength: 60, nullable: false),
                    InUse = table.Column<bool>(type: "INTEGER", nullable: false),
                    Public = table.Column<bool>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_cases_type_setting", x => x.Code);
                });

            migrationBuilder.CreateTable(
                name: "cases_photo",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    CaseId = table.Column<Guid>(type: "TEXT", nullable: false),
                    Sha = table.Column<string>(type: "TEXT", nullable: false),
                    ContentType = table.Column<string>(type: "TEXT", nullable: false),
                    Size = table.Column<long>(type: "INTEGER", nullable: false),
                    Stage = table.Column<string>(type: "TEXT", maxLength: 20, nullable: false),
                    AccountId = table.Column<Guid>(type: "TEXT", nullable: true),
                    At = table.Column<long>(type: "INTEGER", nullable: false),
                    Stripped = table.Column<bool>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_cases_photo", x => x.Id);
                    table.ForeignKey(
                        name: "FK_cases_photo_cases_case_CaseId",
                        column: x => x.CaseId,
                        principalTable: "cases_case",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "cases_step",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    CaseId = table.Column<Guid>(type: "TEXT", nullable: false),
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
                    table.PrimaryKey("PK_cases_step", x => x.Id);
                    table.ForeignKey(
                        name: "FK_cases_step_cases_case_CaseId",
                        column: x => x.CaseId,
                        principalTable: "cases_case",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "IX_cases_case_Code",
                table: "cases_case",
                column: "Code",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_cases_case_Deadline",
                table: "cases_case",
                column: "Deadline");

            migrationBuilder.CreateIndex(
                name: "IX_cases_case_PlacePath",
                table: "cases_case",
                column: "PlacePath");

            migrationBuilder.CreateIndex(
                name: "IX_cases_case_ReportedAt",
                table: "cases_case",
                column: "ReportedAt");

            migrationBuilder.CreateIndex(
                name: "IX_cases_case_ReporterId",
                table: "cases_case",
                column: "ReporterId");

            migrationBuilder.CreateIndex(
                name: "IX_cases_case_Type_ReportedAt",
                table: "cases_case",
                columns: new[] { "Type", "ReportedAt" });

            migrationBuilder.CreateIndex(
                name: "IX_cases_case_UnitId",
                table: "cases_case",
                column: "UnitId");

            migrationBuilder.CreateIndex(
                name: "IX_cases_case_limit_PlacePath_Type_From",
                table: "cases_case_limit",
                columns: new[] { "PlacePath", "Type", "From" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_cases_photo_CaseId",
                table: "cases_photo",
                column: "CaseId");

            migrationBuilder.CreateIndex(
                name: "IX_cases_step_CaseId_Seq",
                table: "cases_step",
                columns: new[] { "CaseId", "Seq" },
                unique: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "cases_case_limit");

            migrationBuilder.DropTable(
                name: "cases_photo");

            migrationBuilder.DropTable(
                name: "cases_step");

            migrationBuilder.DropTable(
                name: "cases_type_setting");

            migrationBuilder.DropTable(
                name: "cases_case");
        }
    }
}
