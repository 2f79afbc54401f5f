using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

#pragma warning disable CA1814 // Prefer jagged arrays over multidimensional

namespace Liren.People.Data.Migrations.Postgres
{
    /// <inheritdoc />
    public partial class Init : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "people_consent",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    PersonId = table.Column<Guid>(type: "uuid", nullable: false),
                    Purpose = table.Column<string>(type: "text", nullable: false),
                    GivenBy = table.Column<string>(type: "text", nullable: false),
                    Means = table.Column<string>(type: "text", nullable: false),
                    Reference = table.Column<string>(type: "text", nullable: true),
                    GivenOn = table.Column<DateOnly>(type: "date", nullable: false),
                    Until = table.Column<DateOnly>(type: "date", nullable: false),
                    RecordedBy = table.Column<string>(type: "text", nullable: false),
                    RecordedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    WithdrawnAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    Version = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_people_consent", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "people_household",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    RoomPath = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    HeadId = table.Column<Guid>(type: "uuid", nullable: false),
                    Since = table.Column<DateOnly>(type: "date", nullable: false),
                    Until = table.Column<DateOnly>(type: "date", nullable: true),
                    Version = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_people_household", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "people_import_mapping",
                columns: table => new
                {
                    CompoundPath = table.Column<string>(type: "character varying(120)", maxLength: 120, nullable: false, collation: "C"),
                    Headers = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    Mapping = table.Column<string>(type: "text", nullable: false),
                    At = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_people_import_mapping", x => new { x.CompoundPath, x.Headers });
                });

            migrationBuilder.CreateTable(
                name: "people_import_row",
                columns: table => new
                {
                    RunId = table.Column<Guid>(type: "uuid", nullable: false),
                    Row = table.Column<int>(type: "integer", nullable: false),
                    Outcome = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: false),
                    PersonId = table.Column<Guid>(type: "uuid", nullable: true),
                    Codes = table.Column<string>(type: "text", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_people_import_row", x => new { x.RunId, x.Row });
                });

            migrationBuilder.CreateTable(
                name: "people_import_run",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    CompoundPath = table.Column<string>(type: "character varying(120)", maxLength: 120, nullable: false, collation: "C"),
                    FileName = table.Column<string>(type: "character varying(120)", maxLength: 120, nullable: false),
                    FileSize = table.Column<long>(type: "bigint", nullable: false),
                    FileHash = table.Column<string>(type: "text", nullable: false),
                    Sheet = table.Column<int>(type: "integer", nullable: false),
                    Mapping = table.Column<string>(type: "text", nullable: false),
                    Origin = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: false),
                    ActorId = table.Column<Guid>(type: "uuid", nullable: true),
                    Actor = table.Column<string>(type: "text", nullable: false),
                    Purpose = table.Column<string>(type: "text", nullable: false),
                    MayTag = table.Column<bool>(type: "boolean", nullable: false),
                    State = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: false),
                    CreatedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    StartedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    FinishedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    BeatAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    FileUntil = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    Failure = table.Column<string>(type: "text", nullable: true),
                    Total = table.Column<int>(type: "integer", nullable: false),
                    Added = table.Column<int>(type: "integer", nullable: false),
                    Changed = table.Column<int>(type: "integer", nullable: false),
                    Unchanged = table.Column<int>(type: "integer", nullable: false),
                    Refused = table.Column<int>(type: "integer", nullable: false),
                    Version = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_people_import_run", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "people_occupancy",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    PersonId = table.Column<Guid>(type: "uuid", nullable: false),
                    RoomPath = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    Kind = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: false),
                    Lives = table.Column<bool>(type: "boolean", nullable: false),
                    SharePart = table.Column<int>(type: "integer", nullable: true),
                    ShareWhole = table.Column<int>(type: "integer", nullable: true),
                    Since = table.Column<DateOnly>(type: "date", nullable: false),
                    Until = table.Column<DateOnly>(type: "date", nullable: true),
                    Evidence = table.Column<string>(type: "text", nullable: true),
                    EvidenceRef = table.Column<string>(type: "text", nullable: true),
                    HouseholdId = table.Column<Guid>(type: "uuid", nullable: true),
                    Relation = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: true),
                    Version = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_people_occupancy", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "people_person",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    Name = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false),
                    NameOrder = table.Column<byte[]>(type: "bytea", nullable: false),
                    Sex = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: true),
                    BirthDate = table.Column<DateOnly>(type: "date", nullable: true),
                    HomePath = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    State = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: false),
                    StateSince = table.Column<DateOnly>(type: "date", nullable: true),
                    PhoneMasked = table.Column<string>(type: "text", nullable: true),
                    IdMasked = table.Column<string>(type: "text", nullable: true),
                    Source = table.Column<string>(type: "text", nullable: false),
                    CreatedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    ChangedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    Version = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_people_person", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "people_person_tag",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    PersonId = table.Column<Guid>(type: "uuid", nullable: false),
                    Tag = table.Column<string>(type: "text", nullable: false),
                    ConsentId = table.Column<Guid>(type: "uuid", nullable: false),
                    AddedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_people_person_tag", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "people_tag_kind",
                columns: table => new
                {
                    Code = table.Column<string>(type: "text", nullable: false),
                    NameZh = table.Column<string>(type: "text", nullable: false),
                    NameEn = table.Column<string>(type: "text", nullable: false),
                    Sensitive = table.Column<bool>(type: "boolean", nullable: false),
                    Order = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_people_tag_kind", x => x.Code);
                });

            migrationBuilder.CreateTable(
                name: "people_contact_point",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    PersonId = table.Column<Guid>(type: "uuid", nullable: false),
                    Kind = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: false),
                    Cipher = table.Column<byte[]>(type: "bytea", nullable: false),
                    Hash = table.Column<byte[]>(type: "bytea", nullable: false),
                    TailHash = table.Column<byte[]>(type: "bytea", nullable: true),
                    Masked = table.Column<string>(type: "text", nullable: false),
                    AddedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    VerifiedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    VerifiedBy = table.Column<string>(type: "text", nullable: true),
                    CodeHash = table.Column<byte[]>(type: "bytea", nullable: true),
                    CodeUntil = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    CodeTries = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_people_contact_point", x => x.Id);
                    table.ForeignKey(
                        name: "FK_people_contact_point_people_person_PersonId",
                        column: x => x.PersonId,
                        principalTable: "people_person",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "people_identifier",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    PersonId = table.Column<Guid>(type: "uuid", nullable: false),
                    Kind = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: false),
                    Cipher = table.Column<byte[]>(type: "bytea", nullable: false),
                    Hash = table.Column<byte[]>(type: "bytea", nullable: false),
                    Masked = table.Column<string>(type: "text", nullable: false),
                    AddedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_people_identifier", x => x.Id);
                    table.ForeignKey(
                        name: "FK_people_identifier_people_person_PersonId",
                        column: x => x.PersonId,
                        principalTable: "people_person",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.InsertData(
                table: "people_tag_kind",
                columns: new[] { "Code", "NameEn", "NameZh", "Order", "Sensitive" },
                values: new object[,]
                {
                    { "child-under-6", "Child under 6 at home", "家有六岁以下儿童", 60, true },
                    { "chronic-illness", "Chronic illness", "慢性病", 30, true },
                    { "disability", "Disability certificate", "持残疾证", 40, true },
                    { "language", "Needs language help", "需要语言帮助", 90, false },
                    { "lives-alone", "Lives alone", "独居", 10, false },
                    { "low-income", "On minimum allowance", "低保", 70, true },
                    { "mobility", "Limited mobility", "行动不便", 20, true },
                    { "no-smartphone", "No smartphone", "不用智能手机", 80, false },
                    { "pregnant", "Pregnant", "孕妇", 50, true },
                    { "volunteer", "Volunteer", "志愿者", 100, false }
                });

            migrationBuilder.CreateIndex(
                name: "IX_people_consent_PersonId",
                table: "people_consent",
                column: "PersonId");

            migrationBuilder.CreateIndex(
                name: "IX_people_contact_point_Hash",
                table: "people_contact_point",
                column: "Hash");

            migrationBuilder.CreateIndex(
                name: "IX_people_contact_point_PersonId",
                table: "people_contact_point",
                column: "PersonId");

            migrationBuilder.CreateIndex(
                name: "IX_people_contact_point_TailHash",
                table: "people_contact_point",
                column: "TailHash");

            migrationBuilder.CreateIndex(
                name: "IX_people_household_HeadId",
                table: "people_household",
                column: "HeadId");

            migrationBuilder.CreateIndex(
                name: "IX_people_household_RoomPath",
                table: "people_household",
                column: "RoomPath");

            migrationBuilder.CreateIndex(
                name: "IX_people_identifier_Hash_Kind",
                table: "people_identifier",
                columns: new[] { "Hash", "Kind" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_people_identifier_PersonId",
                table: "people_identifier",
                column: "PersonId");

            migrationBuilder.CreateIndex(
                name: "IX_people_import_row_RunId_Outcome",
                table: "people_import_row",
                columns: new[] { "RunId", "Outcome" });

            migrationBuilder.CreateIndex(
                name: "IX_people_import_run_CompoundPath",
                table: "people_import_run",
                column: "CompoundPath",
                unique: true,
                filter: "\"State\" = 'Running'");

            migrationBuilder.CreateIndex(
                name: "IX_people_import_run_CreatedAt",
                table: "people_import_run",
                column: "CreatedAt");

            migrationBuilder.CreateIndex(
                name: "IX_people_import_run_FileHash_CompoundPath",
                table: "people_import_run",
                columns: new[] { "FileHash", "CompoundPath" });

            migrationBuilder.CreateIndex(
                name: "IX_people_occupancy_HouseholdId",
                table: "people_occupancy",
                column: "HouseholdId");

            migrationBuilder.CreateIndex(
                name: "IX_people_occupancy_PersonId",
                table: "people_occupancy",
                column: "PersonId");

            migrationBuilder.CreateIndex(
                name: "IX_people_occupancy_RoomPath",
                table: "people_occupancy",
                column: "RoomPath");

            migrationBuilder.CreateIndex(
                name: "IX_people_person_HomePath",
                table: "people_person",
                column: "HomePath");

            migrationBuilder.CreateIndex(
                name: "IX_people_person_Name",
                table: "people_person",
                column: "Name");

            migrationBuilder.CreateIndex(
                name: "IX_people_person_NameOrder",
                table: "people_person",
                column: "NameOrder");

            migrationBuilder.CreateIndex(
                name: "IX_people_person_tag_ConsentId",
                table: "people_person_tag",
                column: "ConsentId");

            migrationBuilder.CreateIndex(
                name: "IX_people_person_tag_PersonId_Tag",
                table: "people_person_tag",
                columns: new[] { "PersonId", "Tag" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_people_person_tag_Tag",
                table: "people_person_tag",
                column: "Tag");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "people_consent");

            migrationBuilder.DropTable(
                name: "people_contact_point");

            migrationBuilder.DropTable(
                name: "people_household");

            migrationBuilder.DropTable(
                name: "people_identifier");

            migrationBuilder.DropTable(
                name: "people_import_mapping");

            migrationBuilder.DropTable(
                name: "people_import_row");

            migrationBuilder.DropTable(
                name: "people_import_run");

            migrationBuilder.DropTable(
                name: "people_occupancy");

            migrationBuilder.DropTable(
                name: "people_person_tag");

            migrationBuilder.DropTable(
                name: "people_tag_kind");

            migrationBuilder.DropTable(
                name: "people_person");
        }
    }
}
