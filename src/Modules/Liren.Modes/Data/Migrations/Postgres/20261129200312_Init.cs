using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Liren.Modes.Data.Migrations.Postgres
{
    /// <inheritdoc />
    public partial class Init : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "modes_destruction_task",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    OrderId = table.Column<Guid>(type: "uuid", nullable: false),
                    OrderNo = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false),
                    AreaPath = table.Column<string>(type: "character varying(120)", maxLength: 120, nullable: false, collation: "C"),
                    Collection = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false),
                    Purpose = table.Column<string>(type: "text", nullable: false),
                    Due = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    State = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: false),
                    Count = table.Column<long>(type: "bigint", nullable: true),
                    Method = table.Column<string>(type: "text", nullable: true),
                    ReporterId = table.Column<Guid>(type: "uuid", nullable: true),
                    ReporterName = table.Column<string>(type: "text", nullable: true),
                    ReportedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    CheckerName = table.Column<string>(type: "text", nullable: true),
                    DestroyedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    Refusal = table.Column<string>(type: "text", nullable: true),
                    ToldAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    Version = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_modes_destruction_task", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "modes_mode_order",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    AreaPath = table.Column<string>(type: "character varying(120)", maxLength: 120, nullable: false, collation: "C"),
                    Level = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: false),
                    OrderNo = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false),
                    LiveNo = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: true),
                    Authority = table.Column<string>(type: "text", nullable: false),
                    Basis = table.Column<string>(type: "text", nullable: false),
                    Reason = table.Column<string>(type: "text", nullable: false),
                    From = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    To = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    RenewsId = table.Column<Guid>(type: "uuid", nullable: true),
                    AuthorId = table.Column<Guid>(type: "uuid", nullable: false),
                    AuthorName = table.Column<string>(type: "text", nullable: false),
                    ProposedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    SignerId = table.Column<Guid>(type: "uuid", nullable: true),
                    SignerName = table.Column<string>(type: "text", nullable: true),
                    SignedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    StartsAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    EndsAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    WithdrawnAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    EndedByName = table.Column<string>(type: "text", nullable: true),
                    EndReason = table.Column<string>(type: "text", nullable: true),
                    EndOrderNo = table.Column<string>(type: "text", nullable: true),
                    CutAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    BegunAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    ClosedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    CertificateNo = table.Column<string>(type: "text", nullable: true),
                    CertificateSha = table.Column<string>(type: "text", nullable: true),
                    CertifiedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    Version = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_modes_mode_order", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "modes_extra_collection",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    Code = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false),
                    Purpose = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    RetentionDays = table.Column<int>(type: "integer", nullable: false),
                    OrderId = table.Column<Guid>(type: "uuid", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_modes_extra_collection", x => x.Id);
                    table.ForeignKey(
                        name: "FK_modes_extra_collection_modes_mode_order_OrderId",
                        column: x => x.OrderId,
                        principalTable: "modes_mode_order",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "IX_modes_destruction_task_OrderId_Collection",
                table: "modes_destruction_task",
                columns: new[] { "OrderId", "Collection" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_modes_destruction_task_State_Due",
                table: "modes_destruction_task",
                columns: new[] { "State", "Due" });

            migrationBuilder.CreateIndex(
                name: "IX_modes_extra_collection_OrderId",
                table: "modes_extra_collection",
                column: "OrderId");

            migrationBuilder.CreateIndex(
                name: "IX_modes_mode_order_AreaPath",
                table: "modes_mode_order",
                column: "AreaPath");

            migrationBuilder.CreateIndex(
                name: "IX_modes_mode_order_EndsAt",
                table: "modes_mode_order",
                column: "EndsAt");

            migrationBuilder.CreateIndex(
                name: "IX_modes_mode_order_LiveNo",
                table: "modes_mode_order",
                column: "LiveNo",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_modes_mode_order_RenewsId",
                table: "modes_mode_order",
                column: "RenewsId");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "modes_destruction_task");

            migrationBuilder.DropTable(
                name: "modes_extra_collection");

            migrationBuilder.DropTable(
                name: "modes_mode_order");
        }
    }
}
