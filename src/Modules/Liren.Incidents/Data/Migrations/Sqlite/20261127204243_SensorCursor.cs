using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Liren.Incidents.Data.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class SensorCursor : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "incidents_sensor_cursor",
                columns: table => new
                {
                    Id = table.Column<int>(type: "INTEGER", nullable: false),
                    Readings = table.Column<long>(type: "INTEGER", nullable: false),
                    Happenings = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_incidents_sensor_cursor", x => x.Id);
                });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "incidents_sensor_cursor");
        }
    }
}
