using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Liren.Insight.Data.Migrations.Sqlite
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
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    OwnerId = table.Column<Guid>(type: "TEXT", nullable: false),
                    OwnerName = table.Column<string>(type: "TEXT", nullable: false),
                    Name = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    Definition = table.Column<string>(type: "TEXT", nullable: false),
                    SharedWith = table.Column<string>(type: "TEXT", maxLength: 80, nullable: true),
                    ChangedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    Version = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_insight_board", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "insight_start_board",
                columns: table => new
                {
                    AccountId = table.Column<Guid>(type: "TEXT", nullable: false),
                    Board = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false)
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
