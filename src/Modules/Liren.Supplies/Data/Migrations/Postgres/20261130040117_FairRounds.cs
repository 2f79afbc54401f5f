using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Liren.Supplies.Data.Migrations.Postgres
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
                type: "text",
                nullable: false,
                defaultValue: "");

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "CarriedAt",
                table: "supplies_round",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "CarryDays",
                table: "supplies_round",
                type: "integer",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<string>(
                name: "CarryOver",
                table: "supplies_round",
                type: "character varying(20)",
                maxLength: 20,
                nullable: false,
                defaultValue: "");

            migrationBuilder.AddColumn<int>(
                name: "NoShowLimit",
                table: "supplies_round",
                type: "integer",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<int>(
                name: "QuotaDays",
                table: "supplies_round",
                type: "integer",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<int>(
                name: "QuotaPieces",
                table: "supplies_round",
                type: "integer",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<string>(
                name: "Tags",
                table: "supplies_round",
                type: "text",
                nullable: false,
                defaultValue: "");

            migrationBuilder.AddColumn<int>(
                name: "Tickets",
                table: "supplies_round",
                type: "integer",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<int>(
                name: "Changes",
                table: "supplies_entry",
                type: "integer",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<int>(
                name: "Age",
                table: "supplies_entitlement",
                type: "integer",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<int>(
                name: "Class",
                table: "supplies_entitlement",
                type: "integer",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<int>(
                name: "Losses",
                table: "supplies_entitlement",
                type: "integer",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.CreateTable(
                name: "supplies_allocation",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    PlacePath = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    ItemId = table.Column<Guid>(type: "uuid", nullable: false),
                    Quantity = table.Column<int>(type: "integer", nullable: false),
                    PerHousehold = table.Column<int>(type: "integer", nullable: false),
                    Method = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: false),
                    ElderWeight = table.Column<int>(type: "integer", nullable: false),
                    By = table.Column<string>(type: "text", nullable: false),
                    At = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    DoneAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    Version = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_supplies_allocation", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "supplies_delivery_try",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    Round = table.Column<int>(type: "integer", nullable: false),
                    No = table.Column<int>(type: "integer", nullable: false),
                    Try = table.Column<int>(type: "integer", nullable: false),
                    Outcome = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: false),
                    PhotoSha = table.Column<string>(type: "text", nullable: true),
                    PhotoType = table.Column<string>(type: "text", nullable: true),
                    Note = table.Column<string>(type: "text", nullable: true),
                    By = table.Column<string>(type: "text", nullable: false),
                    At = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    Version = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_supplies_delivery_try", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "supplies_round_class",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    RoundId = table.Column<Guid>(type: "uuid", nullable: false),
                    No = table.Column<int>(type: "integer", nullable: false),
                    Name = table.Column<string>(type: "text", nullable: false),
                    Shares = table.Column<int>(type: "integer", nullable: false),
                    MinAge = table.Column<int>(type: "integer", nullable: true),
                    Tags = table.Column<string>(type: "text", nullable: false),
                    Deliver = table.Column<bool>(type: "boolean", nullable: false),
                    Entries = table.Column<int>(type: "integer", nullable: false),
                    Winners = table.Column<int>(type: "integer", nullable: false),
                    Root = table.Column<string>(type: "text", nullable: true)
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
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    AllocationId = table.Column<Guid>(type: "uuid", nullable: false),
                    PlacePath = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    Name = table.Column<string>(type: "text", nullable: false),
                    Households = table.Column<int>(type: "integer", nullable: false),
                    Elders = table.Column<int>(type: "integer", nullable: false),
                    AskedPercent = table.Column<int>(type: "integer", nullable: false),
                    Rounds = table.Column<int>(type: "integer", nullable: false),
                    Forecast = table.Column<int>(type: "integer", nullable: false),
                    Weight = table.Column<long>(type: "bigint", nullable: false),
                    Advised = table.Column<int>(type: "integer", nullable: false),
                    Decided = table.Column<int>(type: "integer", nullable: false),
                    Reason = table.Column<string>(type: "text", nullable: true),
                    DecidedBy = table.Column<string>(type: "text", nullable: true)
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
