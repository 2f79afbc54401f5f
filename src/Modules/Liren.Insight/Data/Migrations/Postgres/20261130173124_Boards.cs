using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Liren.Insight.Data.Migrations.Postgres
{
    /// <inheritdoc />
    public partial class Boards : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "insight_board",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    OwnerId = table.Column<Guid>(type: "uuid", nullable: false),
                    OwnerName = table.Column<string>(type: "text", nullable: false),
                    Name = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    Definition = table.Column<string>(type: "text", nullable: false),
                    SharedWith = table.Column<string>(type: "character varying(80)", maxLength: 80, nullable: true),
                    ChangedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    Version = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_insight_board", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "insight_start_board",
                columns: table => new
                {
                    AccountId = table.Column<Guid>(type: "uuid", nullable: false),
                    Board = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_insight_start_board", x => x.AccountId);
                });

            migrationBuilder.CreateIndex(
                name: "IX_insight_board_OwnerId",
                table: "insight_board",
                column: "OwnerId");

            migrationBuilder.CreateIndex(
                name: "IX_insight_board_SharedWith",
                table: "insight_board",
                column: "SharedWith");

            migrationBuilder.CreateIndex(
                name: "IX_insight_start_board_Board",
                table: "insight_start_board",
                column: "Board");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "insight_board");

            migrationBuilder.DropTable(
                name: "insight_start_board");
        }
    }
}
