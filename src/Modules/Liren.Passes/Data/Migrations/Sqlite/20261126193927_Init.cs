using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Liren.Passes.Data.Migrations.Sqlite
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
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    Number = table.Column<int>(type: "INTEGER", nullable: false),
                    Bit = table.Column<int>(type: "INTEGER", nullable: false),
                    CompoundPath = table.Column<string>(type: "TEXT", nullable: false),
                    PlacePath = table.Column<string>(type: "TEXT", nullable: false),
                    Name = table.Column<string>(type: "TEXT", nullable: false),
                    Level = table.Column<string>(type: "TEXT", maxLength: 20, nullable: false),
                    IdCheckPercent = table.Column<int>(type: "INTEGER", nullable: false),
                    Questions = table.Column<string>(type: "TEXT", nullable: false),
                    AskTemperature = table.Column<bool>(type: "INTEGER", nullable: false),
                    TemperatureLimit = table.Column<int>(type: "INTEGER", nullable: false),
                    AmberAfterMinutes = table.Column<int>(type: "INTEGER", nullable: false),
                    RedAfterHours = table.Column<int>(type: "INTEGER", nullable: false),
                    ClosedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    KeyId = table.Column<Guid>(type: "TEXT", nullable: true),
                    DeviceName = table.Column<string>(type: "TEXT", nullable: true),
                    PairingHash = table.Column<string>(type: "TEXT", nullable: true),
                    PairingUntil = table.Column<long>(type: "INTEGER", nullable: true),
                    Version = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_passes_gate", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "passes_gate_entry",
                columns: table => new
                {
                    Seq = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    GateId = table.Column<Guid>(type: "TEXT", nullable: false),
                    PlacePath = table.Column<string>(type: "TEXT", nullable: false),
                    At = table.Column<long>(type: "INTEGER", nullable: false),
                    ArrivedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    Direction = table.Column<int>(type: "INTEGER", nullable: false),
                    Verdict = table.Column<int>(type: "INTEGER", nullable: false),
                    Reason = table.Column<string>(type: "TEXT", nullable: false),
                    Cti = table.Column<string>(type: "TEXT", nullable: true),
                    Kind = table.Column<int>(type: "INTEGER", nullable: false),
                    Form = table.Column<int>(type: "INTEGER", nullable: false),
                    ProofAt = table.Column<long>(type: "INTEGER", nullable: false),
                    Members = table.Column<int>(type: "INTEGER", nullable: false),
                    Plate = table.Column<string>(type: "TEXT", nullable: true),
                    Serial = table.Column<string>(type: "TEXT", nullable: true),
                    Guard = table.Column<string>(type: "TEXT", nullable: true),
                    Temperature = table.Column<int>(type: "INTEGER", nullable: true),
                    IdChecked = table.Column<string>(type: "TEXT", nullable: true),
                    Manual = table.Column<bool>(type: "INTEGER", nullable: false),
                    ListAge = table.Column<long>(type: "INTEGER", nullable: false),
                    Sealed = table.Column<byte[]>(type: "BLOB", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_passes_gate_entry", x => x.Seq);
                });

            migrationBuilder.CreateTable(
                name: "passes_guard_pin",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    PlacePath = table.Column<string>(type: "TEXT", nullable: false),
                    Name = table.Column<string>(type: "TEXT", nullable: false),
                    Salt = table.Column<byte[]>(type: "BLOB", nullable: false),
                    Hash = table.Column<byte[]>(type: "BLOB", nullable: false),
                    EndedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    Version = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_passes_guard_pin", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "passes_issuer_key",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    Kid = table.Column<string>(type: "TEXT", nullable: false),
                    Alg = table.Column<string>(type: "TEXT", maxLength: 20, nullable: false),
                    Role = table.Column<string>(type: "TEXT", maxLength: 20, nullable: false),
                    PlacePath = table.Column<string>(type: "TEXT", nullable: false),
                    Spki = table.Column<byte[]>(type: "BLOB", nullable: false),
                    Sealed = table.Column<byte[]>(type: "BLOB", nullable: false),
                    State = table.Column<string>(type: "TEXT", maxLength: 20, nullable: false),
                    NotBefore = table.Column<long>(type: "INTEGER", nullable: false),
                    NotAfter = table.Column<long>(type: "INTEGER", nullable: false),
                    Version = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_passes_issuer_key", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "passes_log_cursor",
                columns: table => new
                {
                    Id = table.Column<int>(type: "INTEGER", nullable: false),
                    Seq = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_passes_log_cursor", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "passes_pass",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    Cti = table.Column<string>(type: "TEXT", maxLength: 16, nullable: false),
                    Serial = table.Column<string>(type: "TEXT", maxLength: 8, nullable: false),
                    Kind = table.Column<string>(type: "TEXT", maxLength: 20, nullable: false),
                    Form = table.Column<string>(type: "TEXT", maxLength: 20, nullable: false),
                    State = table.Column<string>(type: "TEXT", maxLength: 20, nullable: false),
                    CommunityPath = table.Column<string>(type: "TEXT", nullable: false),
                    CompoundPath = table.Column<string>(type: "TEXT", nullable: false),
                    PlacePath = table.Column<string>(type: "TEXT", nullable: false),
                    PersonId = table.Column<Guid>(type: "TEXT", nullable: true),
                    Name = table.Column<string>(type: "TEXT", nullable: false),
                    Unit = table.Column<string>(type: "TEXT", nullable: true),
                    IdTail = table.Column<string>(type: "TEXT", nullable: true),
                    Gates = table.Column<long>(type: "INTEGER", nullable: false),
                    From = table.Column<long>(type: "INTEGER", nullable: false),
                    Until = table.Column<long>(type: "INTEGER", nullable: false),
                    FromMinute = table.Column<int>(type: "INTEGER", nullable: true),
                    ToMinute = table.Column<int>(type: "INTEGER", nullable: true),
                    MostUses = table.Column<int>(type: "INTEGER", nullable: true),
                    Plate = table.Column<string>(type: "TEXT", nullable: true),
                    HostUnit = table.Column<string>(type: "TEXT", nullable: true),
                    DeviceKey = table.Column<string>(type: "TEXT", nullable: true),
                    IssuedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    ChangedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    Version = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_passes_pass", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "passes_revocation_entry",
                columns: table => new
                {
                    PlacePath = table.Column<string>(type: "TEXT", nullable: false),
                    Seq = table.Column<long>(type: "INTEGER", nullable: false),
                    Cti = table.Column<string>(type: "TEXT", nullable: false),
                    State = table.Column<int>(type: "INTEGER", nullable: false),
                    At = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_passes_revocation_entry", x => new { x.PlacePath, x.Seq });
                });

            migrationBuilder.CreateTable(
                name: "passes_shift",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    GateId = table.Column<Guid>(type: "TEXT", nullable: false),
                    PlacePath = table.Column<string>(type: "TEXT", nullable: false),
                    Guard = table.Column<string>(type: "TEXT", nullable: false),
                    From = table.Column<long>(type: "INTEGER", nullable: false),
                    To = table.Column<long>(type: "INTEGER", nullable: false),
                    Admitted = table.Column<int>(type: "INTEGER", nullable: false),
                    Checked = table.Column<int>(type: "INTEGER", nullable: false),
                    Refused = table.Column<int>(type: "INTEGER", nullable: false),
                    In = table.Column<int>(type: "INTEGER", nullable: false),
                    Out = table.Column<int>(type: "INTEGER", nullable: false),
                    Note = table.Column<string>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_passes_shift", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "passes_pass_change",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    PassId = table.Column<Guid>(type: "TEXT", nullable: false),
                    At = table.Column<long>(type: "INTEGER", nullable: false),
                    Actor = table.Column<string>(type: "TEXT", nullable: false),
                    From = table.Column<string>(type: "TEXT", maxLength: 20, nullable: true),
                    To = table.Column<string>(type: "TEXT", maxLength: 20, nullable: false),
                    Reason = table.Column<string>(type: "TEXT", nullable: true)
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
