using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Liren.Modes.Data.Migrations.Sqlite
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
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    OrderId = table.Column<Guid>(type: "TEXT", nullable: false),
                    OrderNo = table.Column<string>(type: "TEXT", maxLength: 60, nullable: false),
                    AreaPath = table.Column<string>(type: "TEXT", maxLength: 120, nullable: false),
                    Collection = table.Column<string>(type: "TEXT", maxLength: 60, nullable: false),
                    Purpose = table.Column<string>(type: "TEXT", nullable: false),
                    Due = table.Column<long>(type: "INTEGER", nullable: false),
                    State = table.Column<string>(type: "TEXT", maxLength: 20, nullable: false),
                    Count = table.Column<long>(type: "INTEGER", nullable: true),
                    Method = table.Column<string>(type: "TEXT", nullable: true),
                    ReporterId = table.Column<Guid>(type: "TEXT", nullable: true),
                    ReporterName = table.Column<string>(type: "TEXT", nullable: true),
                    ReportedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    CheckerName = table.Column<string>(type: "TEXT", nullable: true),
                    DestroyedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    Refusal = table.Column<string>(type: "TEXT", nullable: true),
                    ToldAt = table.Column<long>(type: "INTEGER", nullable: true),
                    Version = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_modes_destruction_task", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "modes_mode_order",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    AreaPath = table.Column<string>(type: "TEXT", maxLength: 120, nullable: false),
                    Level = table.Column<string>(type: "TEXT", maxLength: 20, nullable: false),
                    OrderNo = table.Column<string>(type: "TEXT", maxLength: 60, nullable: false),
                    LiveNo = table.Column<string>(type: "TEXT", maxLength: 60, nullable: true),
                    Authority = table.Column<string>(type: "TEXT", nullable: false),
                    Basis = table.Column<string>(type: "TEXT", nullable: false),
                    Reason = table.Column<string>(type: "TEXT", nullable: false),
                    From = table.Column<long>(type: "INTEGER", nullable: false),
                    To = table.Column<long>(type: "INTEGER", nullable: false),
                    RenewsId = table.Column<Guid>(type: "TEXT", nullable: true),
                    AuthorId = table.Column<Guid>(type: "TEXT", nullable: false),
                    AuthorName = table.Column<string>(type: "TEXT", nullable: false),
                    ProposedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    SignerId = table.Column<Guid>(type: "TEXT", nullable: true),
                    SignerName = table.Column<string>(type: "TEXT", nullable: true),
                    SignedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    StartsAt = table.Column<long>(type: "INTEGER", nullable: true),
                    EndsAt = table.Column<long>(type: "INTEGER", nullable: false),
                    WithdrawnAt = table.Column<long>(type: "INTEGER", nullable: true),
                    EndedByName = table.Column<string>(type: "TEXT", nullable: true),
                    EndReason = table.Column<string>(type: "TEXT", nullable: true),
                    EndOrderNo = table.Column<string>(type: "TEXT", nullable: true),
                    CutAt = table.Column<long>(type: "INTEGER", nullable: true),
                    BegunAt = table.Column<long>(type: "INTEGER", nullable: true),
                    ClosedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    CertificateNo = table.Column<string>(type: "TEXT", nullable: true),
                    CertificateSha = table.Column<string>(type: "TEXT", nullable: true),
                    CertifiedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    Version = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_modes_mode_order", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "modes_extra_collection",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    Code = table.Column<string>(type: "TEXT", maxLength: 60, nullable: false),
                    Purpose = table.Column<string>(type: "TEXT", maxLength: 200, nullable: false),
                    RetentionDays = table.Column<int>(type: "INTEGER", nullable: false),
                    OrderId = table.Column<Guid>(type: "TEXT", nullable: true)
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
