using Liren.Sdk.Security;
using Microsoft.Extensions.DependencyInjection;

namespace Liren.Tests.Spine;

/// <summary>Values stay sealed, also when many are read at once.</summary>
public sealed class ProtectorTests(LirenApp app) : IClassFixture<LirenApp>
{
    [Fact]
    public void Many_threads_encrypt_and_decrypt_at_once()
    {
        var protector = app.Services.GetRequiredService<Protector>();
        Parallel.For(0, 40_000, new ParallelOptions { MaxDegreeOfParallelism = 8 }, i =>
        {
            var plain = $"3101991990010{i:D5}";
            protector.Decrypt(protector.Encrypt(plain, "person:1:idNo"), "person:1:idNo").ShouldBe(plain);
        });
    }
}
