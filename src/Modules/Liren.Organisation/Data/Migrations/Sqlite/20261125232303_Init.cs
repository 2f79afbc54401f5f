using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Liren.Organisation.Data.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class Init : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "organisation_calendar_day",
                columns: table => new
                {
                    Date = table.Column<DateOnly>(type: "TEXT", nullable: false),
                    Kind = table.Column<string>(type: "TEXT", maxLength: 20, nullable: false),
                    Name = table.Column<string>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_organisation_calendar_day", x => x.Date);
                });

            migrationBuilder.CreateTable(
                name: "organisation_empty_shift_note",
                columns: table => new
                {
                    PostId = table.Column<Guid>(type: "TEXT", nullable: false),
                    Start = table.Column<long>(type: "INTEGER", nullable: false),
                    At = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_organisation_empty_shift_note", x => new { x.PostId, x.Start });
                });

            migrationBuilder.CreateTable(
                name: "organisation_event_type",
                columns: table => new
                {
                    Code = table.Column<string>(type: "TEXT", maxLength: 60, nullable: false),
                    Zh = table.Column<string>(type: "TEXT", nullable: false),
                    En = table.Column<string>(type: "TEXT", nullable: false),
                    InUse = table.Column<bool>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_organisation_event_type", x => x.Code);
                });

            migrationBuilder.CreateTable(
                name: "organisation_holding",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    PostId = table.Column<Guid>(type: "TEXT", nullable: false),
                    AccountId = table.Column<Guid>(type: "TEXT", nullable: true),
                    PersonName = table.Column<string>(type: "TEXT", nullable: true),
                    Deputy = table.Column<bool>(type: "INTEGER", nullable: false),
                    Since = table.Column<long>(type: "INTEGER", nullable: false),
                    Until = table.Column<long>(type: "INTEGER", nullable: true),
                    Version = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_organisation_holding", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "organisation_matrix_rule",
                columns: table => new
                {
                    VersionId = table.Column<Guid>(type: "TEXT", nullable: false),
                    Number = table.Column<int>(type: "INTEGER", nullable: false),
                    Event = table.Column<string>(type: "TEXT", nullable: false),
                    PlacePath = table.Column<string>(type: "TEXT", nullable: false),
                    Mode = table.Column<string>(type: "TEXT", maxLength: 20, nullable: false),
                    Lead = table.Column<string>(type: "TEXT", nullable: false),
                    Support = table.Column<string>(type: "TEXT", nullable: false),
                    Rank = table.Column<int>(type: "INTEGER", nullable: false),
                    Fallback = table.Column<string>(type: "TEXT", nullable: false),
                    Basis = table.Column<string>(type: "TEXT", nullable: true),
                    Expires = table.Column<DateOnly>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_organisation_matrix_rule", x => new { x.VersionId, x.Number });
                });

            migrationBuilder.CreateTable(
                name: "organisation_matrix_version",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    Number = table.Column<int>(type: "INTEGER", nullable: false),
                    State = table.Column<string>(type: "TEXT", maxLength: 20, nullable: false),
                    Note = table.Column<string>(type: "TEXT", nullable: false),
                    Scopes = table.Column<string>(type: "TEXT", nullable: false),
                    Fallback = table.Column<string>(type: "TEXT", nullable: false),
                    SignInIV = table.Column<int>(type: "INTEGER", nullable: false),
                    SignInIII = table.Column<int>(type: "INTEGER", nullable: false),
                    SignInII = table.Column<int>(type: "INTEGER", nullable: false),
                    SignInI = table.Column<int>(type: "INTEGER", nullable: false),
                    ValidUntil = table.Column<DateOnly>(type: "TEXT", nullable: true),
                    BasedOn = table.Column<int>(type: "INTEGER", nullable: true),
                    CreatedBy = table.Column<string>(type: "TEXT", nullable: false),
                    CreatedById = table.Column<Guid>(type: "TEXT", nullable: true),
                    CreatedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    ChangedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    CheckedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    ActivatedBy = table.Column<string>(type: "TEXT", nullable: true),
                    ActivatedById = table.Column<Guid>(type: "TEXT", nullable: true),
                    ActivatedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    RetiredAt = table.Column<long>(type: "INTEGER", nullable: true),
                    Version = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_organisation_matrix_version", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "organisation_org_unit",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    Code = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    Name = table.Column<string>(type: "TEXT", nullable: false),
                    Kind = table.Column<string>(type: "TEXT", maxLength: 20, nullable: false),
                    PlacePath = table.Column<string>(type: "TEXT", nullable: false),
                    DutyPhone = table.Column<string>(type: "TEXT", nullable: true),
                    Address = table.Column<string>(type: "TEXT", nullable: true),
                    CreatedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    ClosedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    ClosedReason = table.Column<string>(type: "TEXT", nullable: true),
                    Version = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_organisation_org_unit", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "organisation_post",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    OrgId = table.Column<Guid>(type: "TEXT", nullable: false),
                    Kind = table.Column<string>(type: "TEXT", nullable: false),
                    Name = table.Column<string>(type: "TEXT", nullable: false),
                    PlacePath = table.Column<string>(type: "TEXT", nullable: false),
                    AlwaysManned = table.Column<bool>(type: "INTEGER", nullable: false),
                    Against = table.Column<string>(type: "TEXT", nullable: false),
                    CreatedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    ClosedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    Version = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_organisation_post", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "organisation_shift",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    PostId = table.Column<Guid>(type: "TEXT", nullable: false),
                    Name = table.Column<string>(type: "TEXT", nullable: false),
                    Days = table.Column<int>(type: "INTEGER", nullable: false),
                    Start = table.Column<int>(type: "INTEGER", nullable: false),
                    Length = table.Column<int>(type: "INTEGER", nullable: false),
                    HoldingId = table.Column<Guid>(type: "TEXT", nullable: true),
                    From = table.Column<DateOnly>(type: "TEXT", nullable: false),
                    Until = table.Column<DateOnly>(type: "TEXT", nullable: true),
                    EveryWeeks = table.Column<int>(type: "INTEGER", nullable: false),
                    Holidays = table.Column<string>(type: "TEXT", maxLength: 20, nullable: false),
                    Version = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_organisation_shift", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "organisation_shift_change",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    PostId = table.Column<Guid>(type: "TEXT", nullable: false),
                    ShiftId = table.Column<Guid>(type: "TEXT", nullable: false),
                    Date = table.Column<DateOnly>(type: "TEXT", nullable: false),
                    Kind = table.Column<string>(type: "TEXT", maxLength: 20, nullable: false),
                    FromHolding = table.Column<Guid>(type: "TEXT", nullable: true),
                    ToHolding = table.Column<Guid>(type: "TEXT", nullable: true),
                    OtherShiftId = table.Column<Guid>(type: "TEXT", nullable: true),
                    OtherDate = table.Column<DateOnly>(type: "TEXT", nullable: true),
                    State = table.Column<string>(type: "TEXT", maxLength: 20, nullable: false),
                    Reason = table.Column<string>(type: "TEXT", nullable: true),
                    AskedBy = table.Column<string>(type: "TEXT", nullable: false),
                    AskedById = table.Column<Guid>(type: "TEXT", nullable: true),
                    At = table.Column<long>(type: "INTEGER", nullable: false),
                    DecidedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    Version = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_organisation_shift_change", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "organisation_staff_position",
                columns: table => new
                {
                    AccountId = table.Column<Guid>(type: "TEXT", nullable: false),
                    Longitude = table.Column<double>(type: "REAL", nullable: false),
                    Latitude = table.Column<double>(type: "REAL", nullable: false),
                    At = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_organisation_staff_position", x => x.AccountId);
                });

            migrationBuilder.CreateTable(
                name: "organisation_superior",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    OrgId = table.Column<Guid>(type: "TEXT", nullable: false),
                    Line = table.Column<string>(type: "TEXT", maxLength: 20, nullable: false),
                    SuperiorId = table.Column<Guid>(type: "TEXT", nullable: false),
                    Basis = table.Column<string>(type: "TEXT", nullable: true),
                    Since = table.Column<long>(type: "INTEGER", nullable: false),
                    Version = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_organisation_superior", x => x.Id);
                });

            migrationBuilder.CreateIndex(
                name: "IX_organisation_holding_AccountId",
                table: "organisation_holding",
                column: "AccountId");

            migrationBuilder.CreateIndex(
                name: "IX_organisation_holding_PostId",
                table: "organisation_holding",
                column: "PostId");

            migrationBuilder.CreateIndex(
                name: "IX_organisation_matrix_version_Number",
                table: "organisation_matrix_version",
                column: "Number",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_organisation_matrix_version_State",
                table: "organisation_matrix_version",
                column: "State",
                unique: true,
                filter: "\"State\" = 'Active'");

            migrationBuilder.CreateIndex(
                name: "IX_organisation_org_unit_Code",
                table: "organisation_org_unit",
                column: "Code",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_organisation_org_unit_PlacePath",
                table: "organisation_org_unit",
                column: "PlacePath");

            migrationBuilder.CreateIndex(
                name: "IX_organisation_post_Kind",
                table: "organisation_post",
                column: "Kind");

            migrationBuilder.CreateIndex(
                name: "IX_organisation_post_OrgId",
                table: "organisation_post",
                column: "OrgId");

            migrationBuilder.CreateIndex(
                name: "IX_organisation_post_PlacePath",
                table: "organisation_post",
                column: "PlacePath");

            migrationBuilder.CreateIndex(
                name: "IX_organisation_shift_PostId",
                table: "organisation_shift",
                column: "PostId");

            migrationBuilder.CreateIndex(
                name: "IX_organisation_shift_change_OtherDate",
                table: "organisation_shift_change",
                column: "OtherDate");

            migrationBuilder.CreateIndex(
                name: "IX_organisation_shift_change_PostId_Date",
                table: "organisation_shift_change",
                columns: new[] { "PostId", "Date" });

            migrationBuilder.CreateIndex(
                name: "IX_organisation_superior_OrgId_Line",
                table: "organisation_superior",
                columns: new[] { "OrgId", "Line" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_organisation_superior_SuperiorId",
                table: "organisation_superior",
                column: "SuperiorId");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "organisation_calendar_day");

            migrationBuilder.DropTable(
                name: "organisation_empty_shift_note");

            migrationBuilder.DropTable(
                name: "organisation_event_type");

            migrationBuilder.DropTable(
                name: "organisation_holding");

            migrationBuilder.DropTable(
                name: "organisation_matrix_rule");

            migrationBuilder.DropTable(
                name: "organisation_matrix_version");

            migrationBuilder.DropTable(
                name: "organisation_org_unit");

            migrationBuilder.DropTable(
                name: "organisation_post");

            migrationBuilder.DropTable(
                name: "organisation_shift");

            migrationBuilder.DropTable(
                name: "organisation_shift_change");

            migrationBuilder.DropTable(
                name: "organisation_staff_position");

            migrationBuilder.DropTable(
                name: "organisation_superior");
        }
    }
}
