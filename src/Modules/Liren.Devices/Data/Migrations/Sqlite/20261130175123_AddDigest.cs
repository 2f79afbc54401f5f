using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Liren.Devices.Data.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class AddDigest : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<byte[]>(
                name: "Digest",
                table: "devices_device",
                type: "BLOB",
                nullable: true);

            migrationBuilder.AddColumn<byte[]>(
                name: "OldDigest",
                table: "devices_device",
                type: "BLOB",
                nullable: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "Digest",
                table: "devices_device");

            migrationBuilder.DropColumn(
                name: "OldDigest",
                table: "devices_device");
        }
    }
}
