using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Liren.Cases.Data.Migrations.Postgres
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
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    Code = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: false),
                    Type = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false),
                    PlacePath = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    PlaceName = table.Column<string>(type: "text", nullable: false),
                    Longitude = table.Column<double>(type: "double precision", nullable: true),
                    Latitude = table.Column<double>(type: "double precision", nullable: true),
                    Description = table.Column<string>(type: "text", nullable: false),
                    Source = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: false),
                    State = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: false),
                    ReporterId = table.Column<Guid>(type: "uuid", nullable: true),
                    ReporterPerson = table.Column<Guid>(type: "uuid", nullable: true),
                    Contact = table.Column<byte[]>(type: "bytea", nullable: true),
                    UnitId = table.Column<Guid>(type: "uuid", nullable: true),
                    UnitName = table.Column<string>(type: "text", nullable: true),
                    HandlerId = table.Column<Guid>(type: "uuid", nullable: true),
                    HandlerName = table.Column<string>(type: "text", nullable: true),
                    Hands = table.Column<string>(type: "text", nullable: false),
                    ReportedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    Since = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    AssignedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    FedBackAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    ClosedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    ChangedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    Clock = table.Column<string>(type: "text", nullable: true),
                    ClockLimit = table.Column<string>(type: "text", nullable: true),
                    ClockStart = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    Deadline = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    HandleLeft = table.Column<string>(type: "text", nullable: true),
                    WasLate = table.Column<bool>(type: "boolean", nullable: false),
                    HandledLate = table.Column<bool>(type: "boolean", nullable: false),
                    Returns = table.Column<int>(type: "integer", nullable: false),
                    Rework = table.Column<int>(type: "integer", nullable: false),
                    Reopened = table.Column<int>(type: "integer", nullable: false),
                    StepCount = table.Column<int>(type: "integer", nullable: false),
                    SuspendAskedBy = table.Column<Guid>(type: "uuid", nullable: true),
                    SuspendUntil = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    SuspendWhy = table.Column<string>(type: "text", nullable: true),
                    DuplicateOf = table.Column<Guid>(type: "uuid", nullable: true),
                    Stars = table.Column<int>(type: "integer", nullable: true),
                    Solved = table.Column<bool>(type: "boolean", nullable: true),
                    RatingWords = table.Column<string>(type: "text", nullable: true),
                    Score = table.Column<int>(type: "integer", nullable: true),
                    Version = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_cases_case", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "cases_case_limit",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    PlacePath = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    Type = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false),
                    From = table.Column<DateOnly>(type: "date", nullable: false),
                    Until = table.Column<DateOnly>(type: "date", nullable: true),
                    Register = table.Column<string>(type: "text", nullable: true),
                    Assign = table.Column<string>(type: "text", nullable: true),
                    Handle = table.Column<string>(type: "text", nullable: true),
                    Verify = table.Column<string>(type: "text", nullable: true),
                    Basis = table.Column<string>(type: "text", nullable: false),
                    Version = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_cases_case_limit", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "cases_type_setting",
                columns: table => new
                {
                    Code = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false),
                    InUse = table.Column<bool>(type: "boolean", nullable: false),
                    Public = table.Column<bool>(type: "boolean", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_cases_type_setting", x => x.Code);
                });

            migrationBuilder.CreateTable(
                name: "cases_photo",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    CaseId = table.Column<Guid>(type: "uuid", nullable: false),
                    Sha = table.Column<string>(type: "text", nullable: false),
                    ContentType = table.Column<string>(type: "text", nullable: false),
                    Size = table.Column<long>(type: "bigint", nullable: false),
                    Stage = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: false),
                    AccountId = table.Column<Guid>(type: "uuid", nullable: true),
                    At = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    Stripped = table.Column<bool>(type: "boolean", nullable: false)
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
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    CaseId = table.Column<Guid>(type: "uuid", nullable: false),
                    Seq = table.Column<int>(type: "integer", nullable: false),
                    At = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    Act = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: false),
                    From = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: false),
                    To = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: false),
                    AccountId = table.Column<Guid>(type: "uuid", nullable: true),
                    Name = table.Column<string>(type: "text", nullable: true),
                    Why = table.Column<string>(type: "text", nullable: false),
                    Args = table.Column<string>(type: "text", nullable: false),
                    Note = table.Column<string>(type: "text", nullable: true)
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
