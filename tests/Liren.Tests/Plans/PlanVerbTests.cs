using System.Diagnostics;
using System.Text.Json;

namespace Liren.Tests.Plans;

/// <summary><c>liren plan check</c> as an author runs it.</summary>
public sealed class PlanVerbTests : IDisposable
{
    private readonly string wrong = Path.Combine(Path.GetTempPath(), $"plan-{Guid.NewGuid():N}.yaml");

    public void Dispose() => File.Delete(wrong);

    [Fact]
    public async Task Right_plans_end_with_0_and_wrong_ones_with_1_and_the_place()
    {
        var right = Path.Combine(Repository.Root, "demo", "plans", "plaza-gathering.yaml");
        (await RunAsync("plan", "check", right)).Code.ShouldBe(0);
        await File.WriteAllTextAsync(wrong, PlanTexts.With(PlanTexts.Plaza, "min(people.count, over=$hold) >=", "min(people.cuont, over=$hold) >="), TestContext.Current.CancellationToken);
        var (code, said) = await RunAsync("plan", "check", right, wrong);
        code.ShouldBe(1);
        said.ShouldContain($"{wrong}:28:14: 错误: 没有指标 people.cuont。是不是：people.count (trigger.when)");
        var finding = JsonDocument.Parse((await RunAsync("plan", "check", wrong, "--json")).Said.Trim().Split('\n')[^1]).RootElement.GetProperty("files")[0].GetProperty("findings")[0];
        (finding.GetProperty("code").GetString(), finding.GetProperty("line").GetInt32(), finding.GetProperty("suggestion").GetString()).ShouldBe(("unknown-metric", 28, "people.count"));
        (await RunAsync("plan", "check", wrong + ".none")).Code.ShouldBe(1);
        (await RunAsync("plan", "check")).Code.ShouldBe(2);
    }

    private static async Task<(int Code, string Said)> RunAsync(params string[] args)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(typeof(Host.Program).Assembly.Location);
        foreach (var arg in args) start.ArgumentList.Add(arg);
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var said = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, said + await errors);
    }
}
