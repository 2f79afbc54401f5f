using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Liren.Organisation.Data.Migrations.Postgres
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
                    Date = table.Column<DateOnly>(type: "date", nullable: false),
                    Kind = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: false),
                    Name = table.Column<string>(type: "text", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_organisation_calendar_day", x => x.Date);
                });

            migrationBuilder.CreateTable(
                name: "organisation_empty_shift_note",
                columns: table => new
                {
                    PostId = table.Column<Guid>(type: "uuid", nullable: false),
                    Start = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    At = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_organisation_empty_shift_note", x => new { x.PostId, x.Start });
                });

            migrationBuilder.CreateTable(
                name: "organisation_event_type",
                columns: table => new
                {
                    Code = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false),
                    Zh = table.Column<string>(type: "text", nullable: false),
                    En = table.Column<string>(type: "text", nullable: false),
                    InUse = table.Column<bool>(type: "boolean", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_organisation_event_type", x => x.Code);
                });

            migrationBuilder.CreateTable(
                name: "organisation_holding",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    PostId = table.Column<Guid>(type: "uuid", nullable: false),
                    AccountId = table.Column<Guid>(type: "uuid", nullable: true),
                    PersonName = table.Column<string>(type: "text", nullable: true),
                    Deputy = table.Column<bool>(type: "boolean", nullable: false),
                    Since = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    Until = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    Version = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_organisation_holding", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "organisation_matrix_rule",
                columns: table => new
                {
                    VersionId = table.Column<Guid>(type: "uuid", nullable: false),
                    Number = table.Column<int>(type: "integer", nullable: false),
                    Event = table.Column<string>(type: "text", nullable: false),
                    PlacePath = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    Mode = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: false),
                    Lead = table.Column<string>(type: "text", nullable: false),
                    Support = table.Column<string>(type: "text", nullable: false),
                    Rank = table.Column<int>(type: "integer", nullable: false),
                    Fallback = table.Column<string>(type: "text", nullable: false),
                    Basis = table.Column<string>(type: "text", nullable: true),
                    Expires = table.Column<DateOnly>(type: "date", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_organisation_matrix_rule", x => new { x.VersionId, x.Number });
                });

            migrationBuilder.CreateTable(
                name: "organisation_matrix_version",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    Number = table.Column<int>(type: "integer", nullable: false),
                    State = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: false),
                    Note = table.Column<string>(type: "text", nullable: false),
                    Scopes = table.Column<string>(type: "text", nullable: false),
                    Fallback = table.Column<string>(type: "text", nullable: false),
                    SignInIV = table.Column<int>(type: "integer", nullable: false),
                    SignInIII = table.Column<int>(type: "integer", nullable: false),
                    SignInII = table.Column<int>(type: "integer", nullable: false),
                    SignInI = table.Column<int>(type: "integer", nullable: false),
                    ValidUntil = table.Column<DateOnly>(type: "date", nullable: true),
                    BasedOn = table.Column<int>(type: "integer", nullable: true),
                    CreatedBy = table.Column<string>(type: "text", nullable: false),
                    CreatedById = table.Column<Guid>(type: "uuid", nullable: true),
                    CreatedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    ChangedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    CheckedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    ActivatedBy = table.Column<string>(type: "text", nullable: true),
                    ActivatedById = table.Column<Guid>(type: "uuid", nullable: true),
                    ActivatedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    RetiredAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    Version = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_organisation_matrix_version", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "organisation_org_unit",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    Code = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    Name = table.Column<string>(type: "text", nullable: false),
                    Kind = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: false),
                    PlacePath = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    DutyPhone = table.Column<string>(type: "text", nullable: true),
                    Address = table.Column<string>(type: "text", nullable: true),
                    CreatedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    ClosedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    ClosedReason = table.Column<string>(type: "text", nullable: true),
                    Version = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_organisation_org_unit", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "organisation_post",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    OrgId = table.Column<Guid>(type: "uuid", nullable: false),
                    Kind = table.Column<string>(type: "text", nullable: false),
                    Name = table.Column<string>(type: "text", nullable: false),
                    PlacePath = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    AlwaysManned = table.Column<bool>(type: "boolean", nullable: false),
                    Against = table.Column<string>(type: "text", nullable: false),
                    CreatedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    ClosedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    Version = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_organisation_post", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "organisation_shift",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    PostId = table.Column<Guid>(type: "uuid", nullable: false),
                    Name = table.Column<string>(type: "text", nullable: false),
                    Days = table.Column<int>(type: "integer", nullable: false),
                    Start = table.Column<int>(type: "integer", nullable: false),
                    Length = table.Column<int>(type: "integer", nullable: false),
                    HoldingId = table.Column<Guid>(type: "uuid", nullable: true),
                    From = table.Column<DateOnly>(type: "date", nullable: false),
                    Until = table.Column<DateOnly>(type: "date", nullable: true),
                    EveryWeeks = table.Column<int>(type: "integer", nullable: false),
                    Holidays = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: false),
                    Version = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_organisation_shift", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "organisation_shift_change",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    PostId = table.Column<Guid>(type: "uuid", nullable: false),
                    ShiftId = table.Column<Guid>(type: "uuid", nullable: false),
                    Date = table.Column<DateOnly>(type: "date", nullable: false),
                    Kind = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: false),
                    FromHolding = table.Column<Guid>(type: "uuid", nullable: true),
                    ToHolding = table.Column<Guid>(type: "uuid", nullable: true),
                    OtherShiftId = table.Column<Guid>(type: "uuid", nullable: true),
                    OtherDate = table.Column<DateOnly>(type: "date", nullable: true),
                    State = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: false),
                    Reason = table.Column<string>(type: "text", nullable: true),
                    AskedBy = table.Column<string>(type: "text", nullable: false),
                    AskedById = table.Column<Guid>(type: "uuid", nullable: true),
                    At = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    DecidedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    Version = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_organisation_shift_change", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "organisation_staff_position",
                columns: table => new
                {
                    AccountId = table.Column<Guid>(type: "uuid", nullable: false),
                    Longitude = table.Column<double>(type: "double precision", nullable: false),
                    Latitude = table.Column<double>(type: "double precision", nullable: false),
                    At = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_organisation_staff_position", x => x.AccountId);
                });

            migrationBuilder.CreateTable(
                name: "organisation_superior",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    OrgId = table.Column<Guid>(type: "uuid", nullable: false),
                    Line = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: false),
                    SuperiorId = table.Column<Guid>(type: "uuid", nullable: false),
                    Basis = table.Column<string>(type: "text", nullable: true),
                    Since = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    Version = table.Column<int>(type: "integer", nullable: false)
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
