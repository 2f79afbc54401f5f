using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Liren.Places.Data.Migrations.Postgres
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
                    Path = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: false, collation: "C"),
                    ParentPath = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: false, collation: "C"),
                    Code = table.Column<string>(type: "character varying(12)", maxLength: 12, nullable: false),
                    Name = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false),
                    Kind = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: false),
                    SortKey = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    ClosedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_places_division", x => x.Path);
                });

            migrationBuilder.CreateTable(
                name: "places_place",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    Path = table.Column<string>(type: "character varying(120)", maxLength: 120, nullable: false, collation: "C"),
                    ParentPath = table.Column<string>(type: "character varying(120)", maxLength: 120, nullable: false, collation: "C"),
                    Code = table.Column<string>(type: "character varying(24)", maxLength: 24, nullable: false),
                    Kind = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: false),
                    Name = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    SortKey = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    PathKey = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    AreaKind = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: true),
                    Longitude = table.Column<double>(type: "double precision", nullable: true),
                    Latitude = table.Column<double>(type: "double precision", nullable: true),
                    Geometry = table.Column<string>(type: "text", nullable: true),
                    Floor = table.Column<string>(type: "character varying(6)", maxLength: 6, nullable: true),
                    Area = table.Column<int>(type: "integer", nullable: true),
                    AreaSource = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: true),
                    Use = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: true),
                    OtherCodes = table.Column<string>(type: "character varying(400)", maxLength: 400, nullable: true),
                    AddedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    ClosedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    CloseReason = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: true),
                    Version = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_places_place", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "places_room_lineage",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    FromPath = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    ToPath = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    Kind = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: false),
                    At = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    ByAccount = table.Column<Guid>(type: "uuid", nullable: true)
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
