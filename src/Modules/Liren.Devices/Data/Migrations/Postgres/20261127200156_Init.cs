using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Liren.Devices.Data.Migrations.Postgres
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
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    Key = table.Column<string>(type: "character varying(120)", maxLength: 120, nullable: false),
                    DeviceId = table.Column<Guid>(type: "uuid", nullable: false),
                    DeviceCode = table.Column<string>(type: "text", nullable: false),
                    PlacePath = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    Name = table.Column<string>(type: "text", nullable: false),
                    Args = table.Column<string>(type: "text", nullable: true),
                    Class = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: false),
                    Stage = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: false),
                    Reason = table.Column<string>(type: "text", nullable: false),
                    Answer = table.Column<string>(type: "text", nullable: true),
                    By = table.Column<string>(type: "text", nullable: false),
                    Person = table.Column<Guid>(type: "uuid", nullable: true),
                    Attempts = table.Column<int>(type: "integer", nullable: false),
                    CreatedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    StageAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    ExpiresAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    Version = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_devices_command", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "devices_device",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    Code = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    Number = table.Column<long>(type: "bigint", nullable: false),
                    Kind = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    Name = table.Column<string>(type: "text", nullable: false),
                    PlacePath = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    Serial = table.Column<string>(type: "text", nullable: true),
                    State = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: false),
                    Health = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: false),
                    HealthAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    HeardAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    Gateway = table.Column<string>(type: "text", nullable: true),
                    Simulated = table.Column<bool>(type: "boolean", nullable: false),
                    SecretHash = table.Column<byte[]>(type: "bytea", nullable: true),
                    OldSecretHash = table.Column<byte[]>(type: "bytea", nullable: true),
                    OldSecretUntil = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    KeyAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    ClaimHash = table.Column<byte[]>(type: "bytea", nullable: true),
                    Reported = table.Column<string>(type: "text", nullable: true),
                    CreatedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    Version = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_devices_device", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "devices_happening",
                columns: table => new
                {
                    Seq = table.Column<long>(type: "bigint", nullable: false),
                    Device = table.Column<long>(type: "bigint", nullable: false),
                    DeviceSeq = table.Column<long>(type: "bigint", nullable: false),
                    Type = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false),
                    Fields = table.Column<string>(type: "text", nullable: true),
                    At = table.Column<long>(type: "bigint", nullable: false),
                    ArrivedAt = table.Column<long>(type: "bigint", nullable: false),
                    Quality = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_devices_happening", x => x.Seq);
                });

            migrationBuilder.CreateTable(
                name: "devices_metric",
                columns: table => new
                {
                    Id = table.Column<int>(type: "integer", nullable: false),
                    Name = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_devices_metric", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "devices_reading",
                columns: table => new
                {
                    Seq = table.Column<long>(type: "bigint", nullable: false),
                    Device = table.Column<long>(type: "bigint", nullable: false),
                    DeviceSeq = table.Column<long>(type: "bigint", nullable: false),
                    Metric = table.Column<int>(type: "integer", nullable: false),
                    Value = table.Column<double>(type: "double precision", nullable: false),
                    At = table.Column<long>(type: "bigint", nullable: false),
                    ArrivedAt = table.Column<long>(type: "bigint", nullable: false),
                    Quality = table.Column<int>(type: "integer", nullable: false)
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
