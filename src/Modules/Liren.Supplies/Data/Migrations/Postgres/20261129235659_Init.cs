using System;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;

#nullable disable

namespace Liren.Supplies.Data.Migrations.Postgres
{
    /// <inheritdoc />
    public partial class Init : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "supplies_entitlement",
                columns: table => new
                {
                    Round = table.Column<int>(type: "integer", nullable: false),
                    No = table.Column<int>(type: "integer", nullable: false),
                    UnitId = table.Column<Guid>(type: "uuid", nullable: false),
                    Room = table.Column<string>(type: "text", nullable: false),
                    Point = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_supplies_entitlement", x => new { x.Round, x.No });
                });

            migrationBuilder.CreateTable(
                name: "supplies_entry",
                columns: table => new
                {
                    Round = table.Column<int>(type: "integer", nullable: false),
                    No = table.Column<int>(type: "integer", nullable: false),
                    State = table.Column<int>(type: "integer", nullable: false),
                    Seat = table.Column<int>(type: "integer", nullable: false),
                    Point = table.Column<int>(type: "integer", nullable: false),
                    Turn = table.Column<int>(type: "integer", nullable: false),
                    Channel = table.Column<int>(type: "integer", nullable: false),
                    Key = table.Column<byte[]>(type: "bytea", nullable: false),
                    Tag = table.Column<byte[]>(type: "bytea", nullable: false),
                    AskedAt = table.Column<long>(type: "bigint", nullable: false),
                    MovedAt = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_supplies_entry", x => new { x.Round, x.No });
                });

            migrationBuilder.CreateTable(
                name: "supplies_entry_move",
                columns: table => new
                {
                    Seq = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    Round = table.Column<int>(type: "integer", nullable: false),
                    No = table.Column<int>(type: "integer", nullable: false),
                    From = table.Column<int>(type: "integer", nullable: false),
                    To = table.Column<int>(type: "integer", nullable: false),
                    At = table.Column<long>(type: "bigint", nullable: false),
                    By = table.Column<string>(type: "text", nullable: true),
                    Proof = table.Column<string>(type: "text", nullable: true),
                    Note = table.Column<string>(type: "text", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_supplies_entry_move", x => x.Seq);
                });

            migrationBuilder.CreateTable(
                name: "supplies_pickup_point",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    PlacePath = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    Name = table.Column<string>(type: "text", nullable: false),
                    Desks = table.Column<int>(type: "integer", nullable: false),
                    OpensMinute = table.Column<int>(type: "integer", nullable: false),
                    ClosesMinute = table.Column<int>(type: "integer", nullable: false),
                    Version = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_supplies_pickup_point", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "supplies_round",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    Serial = table.Column<int>(type: "integer", nullable: false),
                    PlacePath = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    Title = table.Column<string>(type: "text", nullable: false),
                    ItemId = table.Column<Guid>(type: "uuid", nullable: false),
                    PerShare = table.Column<int>(type: "integer", nullable: false),
                    Mode = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: false),
                    Unit = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: false),
                    State = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: false),
                    OpensAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    ClosesAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    PickupFrom = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    PickupUntil = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    WindowSeconds = table.Column<int>(type: "integer", nullable: false),
                    WaitMost = table.Column<int>(type: "integer", nullable: false),
                    HeldForDesk = table.Column<int>(type: "integer", nullable: false),
                    CoolDownDays = table.Column<int>(type: "integer", nullable: false),
                    MinAge = table.Column<int>(type: "integer", nullable: true),
                    Entitled = table.Column<int>(type: "integer", nullable: false),
                    ListHash = table.Column<string>(type: "text", nullable: true),
                    PublishedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    BeaconRule = table.Column<string>(type: "text", nullable: false),
                    Root = table.Column<string>(type: "text", nullable: true),
                    Entries = table.Column<int>(type: "integer", nullable: false),
                    ClosedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    Beacon = table.Column<string>(type: "text", nullable: true),
                    DrawnAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    DrawJson = table.Column<string>(type: "text", nullable: true),
                    WindowSecret = table.Column<string>(type: "text", nullable: false),
                    Reason = table.Column<string>(type: "text", nullable: true),
                    Accounted = table.Column<int>(type: "integer", nullable: false),
                    Version = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_supplies_round", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "supplies_stock_balance",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    ItemId = table.Column<Guid>(type: "uuid", nullable: false),
                    Account = table.Column<string>(type: "text", nullable: false),
                    Lot = table.Column<string>(type: "text", nullable: false),
                    Expiry = table.Column<DateOnly>(type: "date", nullable: true),
                    Quantity = table.Column<int>(type: "integer", nullable: false),
                    Version = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_supplies_stock_balance", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "supplies_stock_item",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    PlacePath = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    Name = table.Column<string>(type: "text", nullable: false),
                    Unit = table.Column<string>(type: "text", nullable: false),
                    Version = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_supplies_stock_item", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "supplies_stock_move",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    ItemId = table.Column<Guid>(type: "uuid", nullable: false),
                    PlacePath = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    Lot = table.Column<string>(type: "text", nullable: false),
                    Expiry = table.Column<DateOnly>(type: "date", nullable: true),
                    From = table.Column<string>(type: "text", nullable: false),
                    To = table.Column<string>(type: "text", nullable: false),
                    Quantity = table.Column<int>(type: "integer", nullable: false),
                    Reason = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: false),
                    Note = table.Column<string>(type: "text", nullable: true),
                    By = table.Column<string>(type: "text", nullable: false),
                    At = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    Version = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_supplies_stock_move", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "supplies_writer_lease",
                columns: table => new
                {
                    Round = table.Column<int>(type: "integer", nullable: false),
                    Epoch = table.Column<int>(type: "integer", nullable: false),
                    Batches = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_supplies_writer_lease", x => x.Round);
                });

            migrationBuilder.CreateTable(
                name: "supplies_round_custodian",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    RoundId = table.Column<Guid>(type: "uuid", nullable: false),
                    Name = table.Column<string>(type: "text", nullable: false),
                    Commit = table.Column<string>(type: "text", nullable: false),
                    Secret = table.Column<string>(type: "text", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_supplies_round_custodian", x => x.Id);
                    table.ForeignKey(
                        name: "FK_supplies_round_custodian_supplies_round_RoundId",
                        column: x => x.RoundId,
                        principalTable: "supplies_round",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "supplies_round_point",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    RoundId = table.Column<Guid>(type: "uuid", nullable: false),
                    No = table.Column<int>(type: "integer", nullable: false),
                    PointId = table.Column<Guid>(type: "uuid", nullable: false),
                    Shares = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_supplies_round_point", x => x.Id);
                    table.ForeignKey(
                        name: "FK_supplies_round_point_supplies_round_RoundId",
                        column: x => x.RoundId,
                        principalTable: "supplies_round",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "IX_supplies_entitlement_Round_UnitId",
                table: "supplies_entitlement",
                columns: new[] { "Round", "UnitId" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_supplies_entitlement_UnitId",
                table: "supplies_entitlement",
                column: "UnitId");

            migrationBuilder.CreateIndex(
                name: "IX_supplies_entry_move_Round_No",
                table: "supplies_entry_move",
                columns: new[] { "Round", "No" });

            migrationBuilder.CreateIndex(
                name: "IX_supplies_pickup_point_PlacePath",
                table: "supplies_pickup_point",
                column: "PlacePath");

            migrationBuilder.CreateIndex(
                name: "IX_supplies_round_PlacePath",
                table: "supplies_round",
                column: "PlacePath");

            migrationBuilder.CreateIndex(
                name: "IX_supplies_round_Serial",
                table: "supplies_round",
                column: "Serial",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_supplies_round_custodian_RoundId",
                table: "supplies_round_custodian",
                column: "RoundId");

            migrationBuilder.CreateIndex(
                name: "IX_supplies_round_point_RoundId",
                table: "supplies_round_point",
                column: "RoundId");

            migrationBuilder.CreateIndex(
                name: "IX_supplies_stock_balance_ItemId_Account_Lot",
                table: "supplies_stock_balance",
                columns: new[] { "ItemId", "Account", "Lot" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_supplies_stock_item_PlacePath",
                table: "supplies_stock_item",
                column: "PlacePath");

            migrationBuilder.CreateIndex(
                name: "IX_supplies_stock_move_ItemId_At",
                table: "supplies_stock_move",
                columns: new[] { "ItemId", "At" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "supplies_entitlement");

            migrationBuilder.DropTable(
                name: "supplies_entry");

            migrationBuilder.DropTable(
                name: "supplies_entry_move");

            migrationBuilder.DropTable(
                name: "supplies_pickup_point");

            migrationBuilder.DropTable(
                name: "supplies_round_custodian");

            migrationBuilder.DropTable(
                name: "supplies_round_point");

            migrationBuilder.DropTable(
                name: "supplies_stock_balance");

            migrationBuilder.DropTable(
                name: "supplies_stock_item");

            migrationBuilder.DropTable(
                name: "supplies_stock_move");

            migrationBuilder.DropTable(
                name: "supplies_writer_lease");

            migrationBuilder.DropTable(
                name: "supplies_round");
        }
    }
}
