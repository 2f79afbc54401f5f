using System;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;

#nullable disable

namespace Liren.Passes.Data.Migrations.Postgres
{
    /// <inheritdoc />
    public partial class Init : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "passes_gate",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    Number = table.Column<int>(type: "integer", nullable: false),
                    Bit = table.Column<int>(type: "integer", nullable: false),
                    CompoundPath = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    PlacePath = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    Name = table.Column<string>(type: "text", nullable: false),
                    Level = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: false),
                    IdCheckPercent = table.Column<int>(type: "integer", nullable: false),
                    Questions = table.Column<string>(type: "text", nullable: false),
                    AskTemperature = table.Column<bool>(type: "boolean", nullable: false),
                    TemperatureLimit = table.Column<int>(type: "integer", nullable: false),
                    AmberAfterMinutes = table.Column<int>(type: "integer", nullable: false),
                    RedAfterHours = table.Column<int>(type: "integer", nullable: false),
                    ClosedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    KeyId = table.Column<Guid>(type: "uuid", nullable: true),
                    DeviceName = table.Column<string>(type: "text", nullable: true),
                    PairingHash = table.Column<string>(type: "text", nullable: true),
                    PairingUntil = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    Version = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_passes_gate", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "passes_gate_entry",
                columns: table => new
                {
                    Seq = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    GateId = table.Column<Guid>(type: "uuid", nullable: false),
                    PlacePath = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    At = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    ArrivedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    Direction = table.Column<int>(type: "integer", nullable: false),
                    Verdict = table.Column<int>(type: "integer", nullable: false),
                    Reason = table.Column<string>(type: "text", nullable: false),
                    Cti = table.Column<string>(type: "text", nullable: true),
                    Kind = table.Column<int>(type: "integer", nullable: false),
                    Form = table.Column<int>(type: "integer", nullable: false),
                    ProofAt = table.Column<long>(type: "bigint", nullable: false),
                    Members = table.Column<int>(type: "integer", nullable: false),
                    Plate = table.Column<string>(type: "text", nullable: true),
                    Serial = table.Column<string>(type: "text", nullable: true),
                    Guard = table.Column<string>(type: "text", nullable: true),
                    Temperature = table.Column<int>(type: "integer", nullable: true),
                    IdChecked = table.Column<string>(type: "text", nullable: true),
                    Manual = table.Column<bool>(type: "boolean", nullable: false),
                    ListAge = table.Column<long>(type: "bigint", nullable: false),
                    Sealed = table.Column<byte[]>(type: "bytea", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_passes_gate_entry", x => x.Seq);
                });

            migrationBuilder.CreateTable(
                name: "passes_guard_pin",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    PlacePath = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    Name = table.Column<string>(type: "text", nullable: false),
                    Salt = table.Column<byte[]>(type: "bytea", nullable: false),
                    Hash = table.Column<byte[]>(type: "bytea", nullable: false),
                    EndedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    Version = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_passes_guard_pin", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "passes_issuer_key",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    Kid = table.Column<string>(type: "text", nullable: false),
                    Alg = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: false),
                    Role = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: false),
                    PlacePath = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    Spki = table.Column<byte[]>(type: "bytea", nullable: false),
                    Sealed = table.Column<byte[]>(type: "bytea", nullable: false),
                    State = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: false),
                    NotBefore = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    NotAfter = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    Version = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_passes_issuer_key", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "passes_log_cursor",
                columns: table => new
                {
                    Id = table.Column<int>(type: "integer", nullable: false),
                    Seq = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_passes_log_cursor", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "passes_pass",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    Cti = table.Column<string>(type: "character varying(16)", maxLength: 16, nullable: false),
                    Serial = table.Column<string>(type: "character varying(8)", maxLength: 8, nullable: false),
                    Kind = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: false),
                    Form = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: false),
                    State = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: false),
                    CommunityPath = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    CompoundPath = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    PlacePath = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    PersonId = table.Column<Guid>(type: "uuid", nullable: true),
                    Name = table.Column<string>(type: "text", nullable: false),
                    Unit = table.Column<string>(type: "text", nullable: true),
                    IdTail = table.Column<string>(type: "text", nullable: true),
                    Gates = table.Column<long>(type: "bigint", nullable: false),
                    From = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    Until = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    FromMinute = table.Column<int>(type: "integer", nullable: true),
                    ToMinute = table.Column<int>(type: "integer", nullable: true),
                    MostUses = table.Column<int>(type: "integer", nullable: true),
                    Plate = table.Column<string>(type: "text", nullable: true),
                    HostUnit = table.Column<string>(type: "text", nullable: true),
                    DeviceKey = table.Column<string>(type: "text", nullable: true),
                    IssuedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    ChangedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    Version = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_passes_pass", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "passes_revocation_entry",
                columns: table => new
                {
                    PlacePath = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    Seq = table.Column<long>(type: "bigint", nullable: false),
                    Cti = table.Column<string>(type: "text", nullable: false),
                    State = table.Column<int>(type: "integer", nullable: false),
                    At = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_passes_revocation_entry", x => new { x.PlacePath, x.Seq });
                });

            migrationBuilder.CreateTable(
                name: "passes_shift",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    GateId = table.Column<Guid>(type: "uuid", nullable: false),
                    PlacePath = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    Guard = table.Column<string>(type: "text", nullable: false),
                    From = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    To = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    Admitted = table.Column<int>(type: "integer", nullable: false),
                    Checked = table.Column<int>(type: "integer", nullable: false),
                    Refused = table.Column<int>(type: "integer", nullable: false),
                    In = table.Column<int>(type: "integer", nullable: false),
                    Out = table.Column<int>(type: "integer", nullable: false),
                    Note = table.Column<string>(type: "text", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_passes_shift", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "passes_pass_change",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    PassId = table.Column<Guid>(type: "uuid", nullable: false),
                    At = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    Actor = table.Column<string>(type: "text", nullable: false),
                    From = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: true),
                    To = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: false),
                    Reason = table.Column<string>(type: "text", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_passes_pass_change", x => x.Id);
                    table.ForeignKey(
                        name: "FK_passes_pass_change_passes_pass_PassId",
                        column: x => x.PassId,
                        principalTable: "passes_pass",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "IX_passes_gate_CompoundPath_Bit",
                table: "passes_gate",
                columns: new[] { "CompoundPath", "Bit" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_passes_gate_KeyId",
                table: "passes_gate",
                column: "KeyId",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_passes_gate_Number",
                table: "passes_gate",
                column: "Number",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_passes_gate_PairingHash",
                table: "passes_gate",
                column: "PairingHash");

            migrationBuilder.CreateIndex(
                name: "IX_passes_gate_entry_At",
                table: "passes_gate_entry",
                column: "At");

            migrationBuilder.CreateIndex(
                name: "IX_passes_gate_entry_Cti",
                table: "passes_gate_entry",
                column: "Cti");

            migrationBuilder.CreateIndex(
                name: "IX_passes_gate_entry_GateId_At",
                table: "passes_gate_entry",
                columns: new[] { "GateId", "At" });

            migrationBuilder.CreateIndex(
                name: "IX_passes_gate_entry_Id",
                table: "passes_gate_entry",
                column: "Id",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_passes_guard_pin_PlacePath",
                table: "passes_guard_pin",
                column: "PlacePath");

            migrationBuilder.CreateIndex(
                name: "IX_passes_issuer_key_Kid",
                table: "passes_issuer_key",
                column: "Kid");

            migrationBuilder.CreateIndex(
                name: "IX_passes_issuer_key_PlacePath_Role",
                table: "passes_issuer_key",
                columns: new[] { "PlacePath", "Role" },
                unique: true,
                filter: "\"State\" = 'Active'");

            migrationBuilder.CreateIndex(
                name: "IX_passes_pass_Cti",
                table: "passes_pass",
                column: "Cti",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_passes_pass_PersonId",
                table: "passes_pass",
                column: "PersonId");

            migrationBuilder.CreateIndex(
                name: "IX_passes_pass_PlacePath",
                table: "passes_pass",
                column: "PlacePath");

            migrationBuilder.CreateIndex(
                name: "IX_passes_pass_Plate",
                table: "passes_pass",
                column: "Plate");

            migrationBuilder.CreateIndex(
                name: "IX_passes_pass_Serial",
                table: "passes_pass",
                column: "Serial",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_passes_pass_State_Until",
                table: "passes_pass",
                columns: new[] { "State", "Until" });

            migrationBuilder.CreateIndex(
                name: "IX_passes_pass_change_PassId",
                table: "passes_pass_change",
                column: "PassId");

            migrationBuilder.CreateIndex(
                name: "IX_passes_revocation_entry_Cti",
                table: "passes_revocation_entry",
                column: "Cti");

            migrationBuilder.CreateIndex(
                name: "IX_passes_shift_GateId_From",
                table: "passes_shift",
                columns: new[] { "GateId", "From" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "passes_gate");

            migrationBuilder.DropTable(
                name: "passes_gate_entry");

            migrationBuilder.DropTable(
                name: "passes_guard_pin");

            migrationBuilder.DropTable(
                name: "passes_issuer_key");

            migrationBuilder.DropTable(
                name: "passes_log_cursor");

            migrationBuilder.DropTable(
                name: "passes_pass_change");

            migrationBuilder.DropTable(
                name: "passes_revocation_entry");

            migrationBuilder.DropTable(
                name: "passes_shift");

            migrationBuilder.DropTable(
                name: "passes_pass");
        }
    }
}
