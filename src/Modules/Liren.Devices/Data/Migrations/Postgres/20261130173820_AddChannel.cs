using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Liren.Devices.Data.Migrations.Postgres
{
    /// <inheritdoc />
    public partial class AddChannel : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_devices_device_Gateway",
                table: "devices_device");

            migrationBuilder.AddColumn<string>(
                name: "Channel",
                table: "devices_device",
                type: "character varying(60)",
                maxLength: 60,
                nullable: true);

            migrationBuilder.CreateIndex(
                name: "IX_devices_device_Gateway_Channel",
                table: "devices_device",
                columns: new[] { "Gateway", "Channel" },
                unique: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_devices_device_Gateway_Channel",
                table: "devices_device");

            migrationBuilder.DropColumn(
                name: "Channel",
                table: "devices_device");

            migrationBuilder.CreateIndex(
                name: "IX_devices_device_Gateway",
                table: "devices_device",
                column: "Gateway");
        }
    }
}
