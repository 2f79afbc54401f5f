using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Liren.Devices.Data.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class Init : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "devices_command",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    Key = table.Column<string>(type: "TEXT", maxLength: 120, nullable: false),
                    DeviceId = table.Column<Guid>(type: "TEXT", nullable: false),
                    DeviceCode = table.Column<string>(type: "TEXT", nullable: false),
                    PlacePath = table.Column<string>(type: "TEXT", nullable: false),
                    Name = table.Column<string>(type: "TEXT", nullable: false),
                    Args = table.Column<string>(type: "TEXT", nullable: true),
                    Class = table.Column<string>(type: "TEXT", maxLength: 20, nullable: false),
                    Stage = table.Column<string>(type: "TEXT", maxLength: 20, nullable: false),
                    Reason = table.Column<string>(type: "TEXT", nullable: false),
                    Answer = table.Column<string>(type: "TEXT", nullable: true),
                    By = table.Column<string>(type: "TEXT", nullable: false),
                    Person = table.Column<Guid>(type: "TEXT", nullable: true),
                    Attempts = table.Column<int>(type: "INTEGER", nullable: false),
                    CreatedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    StageAt = table.Column<long>(type: "INTEGER", nullable: false),
                    ExpiresAt = table.Column<long>(type: "INTEGER", nullable: false),
                    Version = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_devices_command", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "devices_device",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    Code = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    Number = table.Column<long>(type: "INTEGER", nullable: false),
                    Kind = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    Name = table.Column<string>(type: "TEXT", nullable: false),
                    PlacePath = table.Column<string>(type: "TEXT", nullable: false),
                    Serial = table.Column<string>(type: "TEXT", nullable: true),
                    State = table.Column<string>(type: "TEXT", maxLength: 20, nullable: false),
                    Health = table.Column<string>(type: "TEXT", maxLength: 20, nullable: false),
                    HealthAt = table.Column<long>(type: "INTEGER", nullable: true),
                    HeardAt = table.Column<long>(type: "INTEGER", nullable: true),
                    Gateway = table.Column<string>(type: "TEXT", nullable: true),
                    Simulated = table.Column<bool>(type: "INTEGER", nullable: false),
                    SecretHash = table.Column<byte[]>(type: "BLOB", nullable: true),
                    OldSecretHash = table.Column<byte[]>(type: "BLOB", nullable: true),
                    OldSecretUntil = table.Column<long>(type: "INTEGER", nullable: true),
                    KeyAt = table.Column<long>(type: "INTEGER", nullable: true),
                    ClaimHash = table.Column<byte[]>(type: "BLOB", nullable: true),
                    Reported = table.Column<string>(type: "TEXT", nullable: true),
                    CreatedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    Version = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_devices_device", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "devices_happening",
                columns: table => new
                {
                    Seq = table.Column<long>(type: "INTEGER", nullable: false),
                    Device = table.Column<long>(type: "INTEGER", nullable: false),
                    DeviceSeq = table.Column<long>(type: "INTEGER", nullable: false),
                    Type = table.Column<string>(type: "TEXT", maxLength: 60, nullable: false),
                    Fields = table.Column<string>(type: "TEXT", nullable: true),
                    At = table.Column<long>(type: "INTEGER", nullable: false),
                    ArrivedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    Quality = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_devices_happening", x => x.Seq);
                });

            migrationBuilder.CreateTable(
                name: "devices_metric",
                columns: table => new
                {
                    Id = table.Column<int>(type: "INTEGER", nullable: false),
                    Name = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_devices_metric", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "devices_reading",
                columns: table => new
                {
                    Seq = table.Column<long>(type: "INTEGER", nullable: false),
                    Device = table.Column<long>(type: "INTEGER", nullable: false),
                    DeviceSeq = table.Column<long>(type: "INTEGER", nullable: false),
                    Metric = table.Column<int>(type: "INTEGER", nullable: false),
                    Value = table.Column<double>(type: "REAL", nullable: false),
                    At = table.Column<long>(type: "INTEGER", nullable: false),
                    ArrivedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    Quality = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_devices_reading", x => x.Seq);
                });

            migrationBuilder.CreateIndex(
                name: "IX_devices_command_DeviceId_CreatedAt",
                table: "devices_command",
                columns: new[] { "DeviceId", "CreatedAt" });

            migrationBuilder.CreateIndex(
                name: "IX_devices_command_Key",
                table: "devices_command",
                column: "Key",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_devices_command_Stage_ExpiresAt",
                table: "devices_command",
                columns: new[] { "Stage", "ExpiresAt" });

            migrationBuilder.CreateIndex(
                name: "IX_devices_device_Code",
                table: "devices_device",
                column: "Code",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_devices_device_Gateway",
                table: "devices_device",
                column: "Gateway");

            migrationBuilder.CreateIndex(
                name: "IX_devices_device_Number",
                table: "devices_device",
                column: "Number",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_devices_device_PlacePath",
                table: "devices_device",
                column: "PlacePath");

            migrationBuilder.CreateIndex(
                name: "IX_devices_happening_Device_At",
                table: "devices_happening",
                columns: new[] { "Device", "At" });

            migrationBuilder.CreateIndex(
                name: "IX_devices_metric_Name",
                table: "devices_metric",
                column: "Name",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_devices_reading_Device_At",
                table: "devices_reading",
                columns: new[] { "Device", "At" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "devices_command");

            migrationBuilder.DropTable(
                name: "devices_device");

            migrationBuilder.DropTable(
                name: "devices_happening");

            migrationBuilder.DropTable(
                name: "devices_metric");

            migrationBuilder.DropTable(
                name: "devices_reading");
        }
    }
}
