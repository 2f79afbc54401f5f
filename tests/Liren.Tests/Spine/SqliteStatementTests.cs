using Liren.Sdk.Data;
using Microsoft.Data.Sqlite;
using Shouldly;
using Xunit;

namespace Liren.Tests.Spine;

public sealed class SqliteStatementTests : IDisposable
{
    private readonly SqliteConnection connection = new("Data Source=:memory:");

    public SqliteStatementTests() => connection.Open();

    public void Dispose() => connection.Dispose();

    [Theory]
    [InlineData("")]
    [InlineData("里仁为美")]
    [InlineData("nothing\0after")]
    public void Text_comes_back_as_it_was_bound(string text) => EchoOf(s => s.Bind(1, text)).ShouldBe((false, "text", text));

    [Fact]
    public void Text_too_long_for_the_stack_comes_back_too()
    {
        var text = new string('邻', 5_000);
        EchoOf(s => s.Bind(1, text)).ShouldBe((false, "text", text));
    }

    [Fact]
    public void No_bytes_are_a_blob_and_null_is_NULL()
    {
        EchoOf(s => s.BindBlob(1, ReadOnlySpan<byte>.Empty)).ShouldBe((false, "blob", ""));
        EchoOf(s => s.BindBlob(1, (byte[]?)null)).Null.ShouldBeTrue();
        EchoOf(s => s.Bind(1, (string?)null)).Null.ShouldBeTrue();
        EchoOf(s => s.Bind(1, (Guid?)null)).Null.ShouldBeTrue();
    }

    [Fact]
    public void An_id_is_written_as_the_contexts_write_it()
    {
        var id = Guid.CreateVersion7();
        EchoOf(s => s.Bind(1, id)).ShouldBe((false, "text", id.ToString().ToUpperInvariant()));
    }

    [Fact]
    public void A_parameter_that_is_not_there_is_refused()
    {
        using var statement = new SqliteStatement(connection, "SELECT ?");
        Should.Throw<SqliteException>(() => statement.Bind(2, 1)).SqliteErrorCode.ShouldBe(25);
    }

    private (bool Null, string Type, string Text) EchoOf(Action<SqliteStatement> bind)
    {
        using var statement = new SqliteStatement(connection, "SELECT ?1, typeof(?1)");
        bind(statement);
        statement.Step().ShouldBeTrue();
        return (statement.IsNull(0), System.Text.Encoding.UTF8.GetString(statement.Bytes(1)), System.Text.Encoding.UTF8.GetString(statement.Bytes(0)));
    }
}
