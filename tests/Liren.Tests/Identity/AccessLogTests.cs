using System.Data.Common;
using System.Net.Http.Json;
using System.Text.Json;
using Liren.Sdk.Data;
using Liren.Sdk.Security;
using Microsoft.Extensions.DependencyInjection;

namespace Liren.Tests.Identity;

/// <summary>谁看过我的数据: nobody rewrites the access log unseen.</summary>
public sealed class AccessLogTests(LirenApp app) : IClassFixture<LirenApp>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("\"Actor\" = 'somebody else'")]
    [InlineData("\"ActorKind\" = 'System'")]
    [InlineData("\"Purpose\" = 'supervision.audit'")]
    [InlineData("\"Fields\" = 'name'")]
    [InlineData("\"Disclosure\" = 'masked'")]
    [InlineData("\"Allowed\" = NOT \"Allowed\"")]
    [InlineData("\"Hash\" = \"Salt\"")]
    [InlineData("\"Salt\" = \"Hash\"")]
    public async Task A_changed_column_is_found_and_its_line_named(string change)
    {
        var line = await WriteAsync(3) - 1;
        await KeepAsync(async () =>
        {
            await SqlAsync($"UPDATE identity_access_leaf SET {change} WHERE \"Seq\" = {line}");
            (await VerifyAsync()).GetProperty("broken").GetInt64().ShouldBe(line);
        }, line);
        (await VerifyAsync()).GetProperty("ok").GetBoolean().ShouldBeTrue();
    }

    [Fact]
    public async Task A_removed_line_is_found()
    {
        var line = await WriteAsync(3) - 1;
        await KeepAsync(async () =>
        {
            await SqlAsync($"DELETE FROM identity_access_leaf WHERE \"Seq\" = {line}");
            (await VerifyAsync()).GetProperty("broken").GetInt64().ShouldBe(line);
        }, line);
    }

    [Fact]
    public async Task Lines_cut_off_the_end_are_found_by_whoever_remembers_the_head()
    {
        var last = await WriteAsync(3);
        var head = await VerifyAsync();
        var remembered = $"?from={last}&hash={head.GetProperty("hash").GetString()}";
        (await VerifyAsync(remembered)).GetProperty("ok").GetBoolean().ShouldBeTrue();
        await KeepAsync(async () =>
        {
            await SqlAsync($"DELETE FROM identity_access_leaf WHERE \"Seq\" = {last}");
            (await VerifyAsync()).GetProperty("ok").GetBoolean().ShouldBeTrue();
            (await VerifyAsync(remembered)).GetProperty("ok").GetBoolean().ShouldBeFalse();
        }, last);
    }

    [Fact]
    public async Task Many_writers_at_once_make_one_chain()
    {
        await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => WriteAsync(5)));
        (await VerifyAsync()).GetProperty("ok").GetBoolean().ShouldBeTrue();
    }

    [Fact]
    public async Task Reading_the_log_needs_a_purpose_and_is_logged()
    {
        await WriteAsync(1);
        var before = (await VerifyAsync()).GetProperty("lines").GetInt64();
        ((int)(await app.As(BuiltInRoles.Auditor).GetAsync(new Uri("/api/identity/access-log", UriKind.Relative), Stop)).StatusCode).ShouldBe(400);
        (await app.As(BuiltInRoles.Auditor, purpose: Purposes.Audit).GetAsync(new Uri("/api/identity/access-log", UriKind.Relative), Stop)).EnsureSuccessStatusCode();
        (await VerifyAsync()).GetProperty("lines").GetInt64().ShouldBeGreaterThan(before);
    }

    private async Task<long> WriteAsync(int count)
    {
        await app.InScopeAsync(async s =>
        {
            for (var i = 0; i < count; i++) await s.GetRequiredService<IAccessLog>().RecordAsync([new(Guid.CreateVersion7(), Purposes.CommunityService, "name,phone", "plain")], Stop);
            return 0;
        });
        return (await VerifyAsync()).GetProperty("seq").GetInt64();
    }

    private Task<JsonElement> VerifyAsync(string query = "") =>
        app.As(BuiltInRoles.Auditor).GetFromJsonAsync<JsonElement>($"/api/identity/access-log/verify{query}", Stop);

    // Puts the line back afterwards, so that the next test starts from a whole chain.
    private async Task KeepAsync(Func<Task> harm, long line)
    {
        await SqlAsync($"CREATE TABLE kept AS SELECT * FROM identity_access_leaf WHERE \"Seq\" = {line}");
        await harm();
        await SqlAsync($"DELETE FROM identity_access_leaf WHERE \"Seq\" = {line}");
        await SqlAsync("INSERT INTO identity_access_leaf SELECT * FROM kept");
        await SqlAsync("DROP TABLE kept");
    }

    private async Task SqlAsync(string sql)
    {
        await using DbConnection connection = await app.Services.GetRequiredService<DataLocation>().OpenAsync();
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Statements of this test
        command.CommandText = sql;
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync(Stop);
    }
}
