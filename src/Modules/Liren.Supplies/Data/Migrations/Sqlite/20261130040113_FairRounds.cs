using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Liren.Supplies.Data.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class FairRounds : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "Group",
                table: "supplies_stock_item",
                type: "TEXT",
                nullable: false,
                defaultValue: "");

            migrationBuilder.AddColumn<long>(
                name: "CarriedAt",
                table: "supplies_round",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "CarryDays",
                table: "supplies_round",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<string>(
                name: "CarryOver",
                table: "supplies_round",
                type: "TEXT",
                maxLength: 20,
                nullable: false,
                defaultValue: "");

            migrationBuilder.AddColumn<int>(
                name: "NoShowLimit",
                table: "supplies_round",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<int>(
                name: "QuotaDays",
                table: "supplies_round",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<int>(
                name: "QuotaPieces",
                table: "supplies_round",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<string>(
                name: "Tags",
                table: "supplies_round",
                type: "TEXT",
                nullable: false,
                defaultValue: "");

            migrationBuilder.AddColumn<int>(
                name: "Tickets",
                table: "supplies_round",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<int>(
                name: "Changes",
                table: "supplies_entry",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<int>(
                name: "Age",
                table: "supplies_entitlement",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<int>(
                name: "Class",
                table: "supplies_entitlement",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<int>(
                name: "Losses",
                table: "supplies_entitlement",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.CreateTable(
                name: "supplies_allocation",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    PlacePath = table.Column<string>(type: "TEXT", nullable: false),
                    ItemId = table.Column<Guid>(type: "TEXT", nullable: false),
                    Quantity = table.Column<int>(type: "INTEGER", nullable: false),
                    PerHousehold = table.Column<int>(type: "INTEGER", nullable: false),
                    Method = table.Column<string>(type: "TEXT", maxLength: 20, nullable: false),
                    ElderWeight = table.Column<int>(type: "INTEGER", nullable: false),
                    By = table.Column<string>(type: "TEXT", nullable: false),
                    At = table.Column<long>(type: "INTEGER", nullable: false),
                    DoneAt = table.Column<long>(type: "INTEGER", nullable: true),
                    Version = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_supplies_allocation", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "supplies_delivery_try",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    Round = table.Column<int>(type: "INTEGER", nullable: false),
                    No = table.Column<int>(type: "INTEGER", nullable: false),
                    Try = table.Column<int>(type: "INTEGER", nullable: false),
                    Outcome = table.Column<string>(type: "TEXT", maxLength: 20, nullable: false),
                    PhotoSha = table.Column<string>(type: "TEXT", nullable: true),
                    PhotoType = table.Column<string>(type: "TEXT", nullable: true),
                    Note = table.Column<string>(type: "TEXT", nullable: true),
                    By = table.Column<string>(type: "TEXT", nullable: false),
                    At = table.Column<long>(type: "INTEGER", nullable: false),
                    Version = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_supplies_delivery_try", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "supplies_round_class",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    RoundId = table.Column<Guid>(type: "TEXT", nullable: false),
                    No = table.Column<int>(type: "INTEGER", nullable: false),
                    Name = table.Column<string>(type: "TEXT", nullable: false),
                    Shares = table.Column<int>(type: "INTEGER", nullable: false),
                    MinAge = table.Column<int>(type: "INTEGER", nullable: true),
                    Tags = table.Column<string>(type: "TEXT", nullable: false),
                    Deliver = table.Column<bool>(type: "INTEGER", nullable: false),
                    Entries = table.Column<int>(type: "INTEGER", nullable: false),
                    Winners = table.Column<int>(type: "INTEGER", nullable: false),
                    Root = table.Column<string>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_supplies_round_class", x => x.Id);
                    table.ForeignKey(
                        name: "FK_supplies_round_class_supplies_round_RoundId",
                        column: x => x.RoundId,
                        principalTable: "supplies_round",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "supplies_allocation_line",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    AllocationId = table.Column<Guid>(type: "TEXT", nullable: false),
                    PlacePath = table.Column<string>(type: "TEXT", nullable: false),
                    Name = table.Column<string>(type: "TEXT", nullable: false),
                    Households = table.Column<int>(type: "INTEGER", nullable: false),
                    Elders = table.Column<int>(type: "INTEGER", nullable: false),
                    AskedPercent = table.Column<int>(type: "INTEGER", nullable: false),
                    Rounds = table.Column<int>(type: "INTEGER", nullable: false),
                    Forecast = table.Column<int>(type: "INTEGER", nullable: false),
                    Weight = table.Column<long>(type: "INTEGER", nullable: false),
                    Advised = table.Column<int>(type: "INTEGER", nullable: false),
                    Decided = table.Column<int>(type: "INTEGER", nullable: false),
                    Reason = table.Column<string>(type: "TEXT", nullable: true),
                    DecidedBy = table.Column<string>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_supplies_allocation_line", x => x.Id);
                    table.ForeignKey(
                        name: "FK_supplies_allocation_line_supplies_allocation_AllocationId",
                        column: x => x.AllocationId,
                        principalTable: "supplies_allocation",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "IX_supplies_allocation_PlacePath",
                table: "supplies_allocation",
                column: "PlacePath");

            migrationBuilder.CreateIndex(
                name: "IX_supplies_allocation_line_AllocationId",
                table: "supplies_allocation_line",
                column: "AllocationId");

            migrationBuilder.CreateIndex(
                name: "IX_supplies_delivery_try_Round_No_Try",
                table: "supplies_delivery_try",
                columns: new[] { "Round", "No", "Try" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_supplies_round_class_RoundId",
                table: "supplies_round_class",
                column: "RoundId");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "supplies_allocation_line");

            migrationBuilder.DropTable(
                name: "supplies_delivery_try");

            migrationBuilder.DropTable(
                name: "supplies_round_class");

            migrationBuilder.DropTable(
                name: "supplies_allocation");

            migrationBuilder.DropColumn(
                name: "Group",
                table: "supplies_stock_item");

            migrationBuilder.DropColumn(
                name: "CarriedAt",
                table: "supplies_round");

            migrationBuilder.DropColumn(
                name: "CarryDays",
                table: "supplies_round");

            migrationBuilder.DropColumn(
                name: "CarryOver",
                table: "supplies_round");

            migrationBuilder.DropColumn(
                name: "NoShowLimit",
                table: "supplies_round");

            migrationBuilder.DropColumn(
                name: "QuotaDays",
                table: "supplies_round");

            migrationBuilder.DropColumn(
                name: "QuotaPieces",
                table: "supplies_round");

            migrationBuilder.DropColumn(
                name: "Tags",
                table: "supplies_round");

            migrationBuilder.DropColumn(
                name: "Tickets",
                table: "supplies_round");

            migrationBuilder.DropColumn(
                name: "Changes",
                table: "supplies_entry");

            migrationBuilder.DropColumn(
                name: "Age",
                table: "supplies_entitlement");

            migrationBuilder.DropColumn(
                name: "Class",
                table: "supplies_entitlement");

            migrationBuilder.DropColumn(
                name: "Losses",
                table: "supplies_entitlement");
        }
    }
}
