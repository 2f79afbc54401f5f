namespace Liren.Tests;

public sealed class SpineTests(LirenApp app) : IClassFixture<LirenApp>
{
    [Fact]
    public async Task The_server_answers_when_ready() =>
        (await app.CreateClient().GetStringAsync("/healthz", TestContext.Current.CancellationToken)).ShouldBe("ok");
}
