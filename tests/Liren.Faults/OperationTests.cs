using System.Net;
using Liren.Shared;

namespace Liren.Faults;

/// <summary>What an operator does to the real program: start twice, back up while it runs, restore, stop, kill.</summary>
public sealed class OperationTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_second_server_on_the_same_data_folder_is_refused_with_a_reason()
    {
        using var data = new DataFolder();
        await using var first = await LirenProcess.UpAsync(data.Path);
        var (code, _, errors) = await LirenProcess.RunAsync(data.Path, ["up", "--port", "0", "--no-demo"]);
        code.ShouldBe(1);
        errors.ShouldContain("already runs on the data folder");
        (await first.StopAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task After_kill_9_the_next_server_starts_at_once()
    {
        using var data = new DataFolder();
        await using (var first = await LirenProcess.UpAsync(data.Path)) await first.KillAsync();
        await using var second = await LirenProcess.UpAsync(data.Path);
        using var http = second.Client();
        (await http.GetStringAsync("readyz", Stop)).ShouldBe("ready");
    }

    [Fact]
    public async Task A_taken_port_is_told_with_its_holder()
    {
        using DataFolder data = new(), other = new();
        await using var first = await LirenProcess.UpAsync(data.Path);
        var (code, _, errors) = await LirenProcess.RunAsync(other.Path, ["up", "--port", $"{first.Port}", "--no-demo"]);
        code.ShouldBe(1);
        errors.ShouldContain("holds the port");
        errors.ShouldNotContain("   at ");
    }

    [Fact]
    public async Task A_backup_of_a_running_server_restores_elsewhere_and_its_keys_still_work()
    {
        using DataFolder data = new(), place = new(), store = new();
        var archive = Path.Combine(store.Path, "liren.backup");
        var passphrase = store.File("passphrase", "correct horse battery staple\n");
        await using var server = await LirenProcess.UpAsync(data.Path);
        var key = await LirenProcess.KeyAsync(data.Path);
        var made = await LirenProcess.JsonAsync(data.Path, "backup", archive, "--passphrase-file", passphrase);
        made.GetProperty("encrypted").GetBoolean().ShouldBeTrue();
        if (!OperatingSystem.IsWindows()) File.GetUnixFileMode(archive).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);

        (await LirenProcess.RunAsync(data.Path, ["restore", archive, "--yes", "--passphrase-file", passphrase])).Errors.ShouldContain("Stop it first");
        (await LirenProcess.RunAsync(place.Path, ["restore", archive])).Errors.ShouldContain("encrypted");
        await LirenProcess.JsonAsync(place.Path, "restore", archive, "--passphrase-file", passphrase);
        (await LirenProcess.RunAsync(place.Path, ["restore", archive, "--passphrase-file", passphrase])).Errors.ShouldContain("--yes");

        await using var restored = await LirenProcess.UpAsync(place.Path);
        using var http = restored.Client(key);
        (await http.GetAsync("api/identity/accounts", Stop)).StatusCode.ShouldBe(HttpStatusCode.OK);
        await LirenProcess.JsonAsync(place.Path, "log", "verify");
    }

    [Fact]
    public async Task A_backup_that_was_changed_or_cut_off_is_refused_and_nothing_is_touched()
    {
        using DataFolder data = new(), place = new();
        await LirenProcess.KeyAsync(data.Path);
        foreach (var passphrase in new[] { null, "correct horse battery staple" })
        {
            var archive = Path.Combine(data.Path, $"archive-{passphrase?.Length}");
            (string, string)[] secret = passphrase is null ? [] : [("LIREN_BACKUP_PASSPHRASE", passphrase)];
            (await LirenProcess.RunAsync(data.Path, ["backup", archive], secret)).Code.ShouldBe(0);
            var whole = await File.ReadAllBytesAsync(archive, Stop);
            foreach (var damaged in new[] { whole[..^20], whole[..(whole.Length / 2)], Changed(whole, whole.Length / 2), Changed(whole, 0), "hello"u8.ToArray() })
            {
                await File.WriteAllBytesAsync(archive, damaged, Stop);
                var (code, _, errors) = await LirenProcess.RunAsync(place.Path, ["restore", archive], secret);
                code.ShouldBe(1);
                errors.ShouldContain("Nothing was restored");
                File.Exists(Path.Combine(place.Path, "liren.db")).ShouldBeFalse();
            }
        }
    }

    private static byte[] Changed(byte[] whole, int at)
    {
        var changed = (byte[])whole.Clone();
        changed[at] ^= 1;
        return changed;
    }

    [Fact]
    public async Task Doctor_finds_all_well_and_names_what_is_not()
    {
        using var data = new DataFolder();
        await LirenProcess.KeyAsync(data.Path);
        (await LirenProcess.JsonAsync(data.Path, "doctor")).GetProperty("ok").GetBoolean().ShouldBeTrue();
        Directory.CreateDirectory(Path.Combine(data.Path, "keys"));
        data.File("keys/values.key", "0");
        var (code, output, _) = await LirenProcess.RunAsync(data.Path, ["doctor"], ("ConnectionStrings__Postgres", "Host=127.0.0.1;Port=1;Database=x;Timeout=2"));
        code.ShouldBe(1);
        output.ShouldContain("PostgreSQL does not answer");
        output.ShouldContain("chmod");
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("up", "--port", "many")]
    [InlineData("up", "--listen", "here")]
    [InlineData("backup")]
    public async Task Misuse_exits_with_2_and_words_on_stderr(params string[] arguments)
    {
        using var data = new DataFolder();
        var (code, output, errors) = await LirenProcess.RunAsync(data.Path, arguments);
        code.ShouldBe(2);
        output.ShouldBeEmpty();
        errors.ShouldNotBeNullOrWhiteSpace();
    }
}
