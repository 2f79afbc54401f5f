using System;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;

#nullable disable

namespace Liren.Sdk.Data.Migrations.Postgres
{
    /// <inheritdoc />
    public partial class Init : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "sdk_bell",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    AccountId = table.Column<Guid>(type: "uuid", nullable: false),
                    TextKey = table.Column<string>(type: "text", nullable: false),
                    Args = table.Column<string>(type: "text", nullable: false),
                    Href = table.Column<string>(type: "text", nullable: false),
                    At = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    ReadAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_sdk_bell", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "sdk_inbox",
                columns: table => new
                {
                    MessageId = table.Column<Guid>(type: "uuid", nullable: false),
                    Handler = table.Column<string>(type: "text", nullable: false),
                    At = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_sdk_inbox", x => new { x.MessageId, x.Handler });
                });

            migrationBuilder.CreateTable(
                name: "sdk_journal",
                columns: table => new
                {
                    Seq = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    At = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    Module = table.Column<string>(type: "text", nullable: false),
                    Type = table.Column<string>(type: "text", nullable: false),
                    Place = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    Subject = table.Column<Guid>(type: "uuid", nullable: true),
                    ActorId = table.Column<Guid>(type: "uuid", nullable: true),
                    Actor = table.Column<string>(type: "text", nullable: false),
                    Cause = table.Column<Guid>(type: "uuid", nullable: true),
                    Body = table.Column<string>(type: "text", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_sdk_journal", x => x.Seq);
                });

            migrationBuilder.CreateTable(
                name: "sdk_outbox",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    At = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    Tries = table.Column<int>(type: "integer", nullable: false),
                    NotBefore = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    LastError = table.Column<string>(type: "text", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_sdk_outbox", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "sdk_setting",
                columns: table => new
                {
                    Key = table.Column<string>(type: "text", nullable: false),
                    Value = table.Column<string>(type: "text", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_sdk_setting", x => x.Key);
                });

            migrationBuilder.CreateTable(
                name: "sdk_timer",
                columns: table => new
                {
                    Key = table.Column<string>(type: "text", nullable: false),
                    Due = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    Module = table.Column<string>(type: "text", nullable: false),
                    Type = table.Column<string>(type: "text", nullable: false),
                    Body = table.Column<string>(type: "text", nullable: false),
                    Cause = table.Column<Guid>(type: "uuid", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_sdk_timer", x => x.Key);
                });

            migrationBuilder.CreateIndex(
                name: "IX_sdk_bell_AccountId_At",
                table: "sdk_bell",
                columns: new[] { "AccountId", "At" });

            migrationBuilder.CreateIndex(
                name: "IX_sdk_journal_At",
                table: "sdk_journal",
                column: "At");

            migrationBuilder.CreateIndex(
                name: "IX_sdk_journal_Id",
                table: "sdk_journal",
                column: "Id",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_sdk_journal_Place",
                table: "sdk_journal",
                column: "Place");

            migrationBuilder.CreateIndex(
                name: "IX_sdk_journal_Subject",
                table: "sdk_journal",
                column: "Subject");

            migrationBuilder.CreateIndex(
                name: "IX_sdk_journal_Type",
                table: "sdk_journal",
                column: "Type");

            migrationBuilder.CreateIndex(
                name: "IX_sdk_timer_Due",
                table: "sdk_timer",
                column: "Due");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "sdk_bell");

            migrationBuilder.DropTable(
                name: "sdk_inbox");

            migrationBuilder.DropTable(
                name: "sdk_journal");

            migrationBuilder.DropTable(
                name: "sdk_outbox");

            migrationBuilder.DropTable(
                name: "sdk_setting");

            migrationBuilder.DropTable(
                name: "sdk_timer");
        }
    }
}
