using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Liren.Places.Data.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class Init : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "places_division",
                columns: table => new
                {
                    Path = table.Column<string>(type: "TEXT", maxLength: 20, nullable: false),
                    ParentPath = table.Column<string>(type: "TEXT", maxLength: 20, nullable: false),
                    Code = table.Column<string>(type: "TEXT", maxLength: 12, nullable: false),
                    Name = table.Column<string>(type: "TEXT", maxLength: 60, nullable: false),
                    Kind = table.Column<string>(type: "TEXT", maxLength: 20, nullable: false),
                    SortKey = table.Column<string>(type: "TEXT", nullable: false),
                    ClosedAt = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_places_division", x => x.Path);
                });

            migrationBuilder.CreateTable(
                name: "places_place",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    Path = table.Column<string>(type: "TEXT", maxLength: 120, nullable: false),
                    ParentPath = table.Column<string>(type: "TEXT", maxLength: 120, nullable: false),
                    Code = table.Column<string>(type: "TEXT", maxLength: 24, nullable: false),
                    Kind = table.Column<string>(type: "TEXT", maxLength: 20, nullable: false),
                    Name = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    SortKey = table.Column<string>(type: "TEXT", nullable: false),
                    PathKey = table.Column<string>(type: "TEXT", nullable: false),
                    AreaKind = table.Column<string>(type: "TEXT", maxLength: 20, nullable: true),
                    Longitude = table.Column<double>(type: "REAL", nullable: true),
                    Latitude = table.Column<double>(type: "REAL", nullable: true),
                    Geometry = table.Column<string>(type: "TEXT", nullable: true),
                    Floor = table.Column<string>(type: "TEXT", maxLength: 6, nullable: true),
                    Area = table.Column<int>(type: "INTEGER", nullable: true),
                    AreaSource = table.Column<string>(type: "TEXT", maxLength: 20, nullable: true),
                    Use = table.Column<string>(type: "TEXT", maxLength: 20, nullable: true),
                    OtherCodes = table.Column<string>(type: "TEXT", maxLength: 400, nullable: true),
                    AddedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    ClosedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    CloseReason = table.Column<string>(type: "TEXT", maxLength: 100, nullable: true),
                    Version = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_places_place", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "places_room_lineage",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    FromPath = table.Column<string>(type: "TEXT", nullable: false),
                    ToPath = table.Column<string>(type: "TEXT", nullable: false),
                    Kind = table.Column<string>(type: "TEXT", maxLength: 20, nullable: false),
                    At = table.Column<long>(type: "INTEGER", nullable: false),
                    ByAccount = table.Column<Guid>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_places_room_lineage", x => x.Id);
                });

            migrationBuilder.CreateIndex(
                name: "IX_places_division_ParentPath",
                table: "places_division",
                column: "ParentPath");

            migrationBuilder.CreateIndex(
                name: "IX_places_place_Code",
                table: "places_place",
                column: "Code");

            migrationBuilder.CreateIndex(
                name: "IX_places_place_Kind_Path",
                table: "places_place",
                columns: new[] { "Kind", "Path" });

            migrationBuilder.CreateIndex(
                name: "IX_places_place_ParentPath",
                table: "places_place",
                column: "ParentPath");

            migrationBuilder.CreateIndex(
                name: "IX_places_place_Path",
                table: "places_place",
                column: "Path",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_places_room_lineage_FromPath",
                table: "places_room_lineage",
                column: "FromPath");

            migrationBuilder.CreateIndex(
                name: "IX_places_room_lineage_ToPath",
                table: "places_room_lineage",
                column: "ToPath");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "places_division");

            migrationBuilder.DropTable(
                name: "places_place");

            migrationBuilder.DropTable(
                name: "places_room_lineage");
        }
    }
}
