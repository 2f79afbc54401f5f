using System.Diagnostics;

namespace Liren.Tests.Vision;

/// <summary>The worker as a process of its own, as an operator starts it.</summary>
internal static class Worker
{
    public static string Program { get; } = Path.Combine(AppContext.BaseDirectory, "Liren.Vision.dll");

    public static string Dotnet { get; } = Environment.GetEnvironmentVariable("PATH")!.Split(Path.PathSeparator).Select(f => Path.Combine(f, "dotnet")).First(File.Exists);

    public static Task<(int Code, string Output, string Errors)> LirenAsync(string folder, params string[] arguments) => RunAsync(Dotnet, folder, [], [Program, .. arguments]);

    public static async Task<(int Code, string Output, string Errors)> RunAsync(string program, string folder, (string Name, string Value)[] environment, params string[] arguments)
    {
        using var process = Start(program, folder, environment, arguments);
        var stop = TestContext.Current.CancellationToken;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(stop), process.StandardError.ReadToEndAsync(stop));
        await process.WaitForExitAsync(stop);
        return (process.ExitCode, await output, await errors);
    }

    public static Process Start(string program, string folder, (string Name, string Value)[] environment, params string[] arguments)
    {
        var start = new ProcessStartInfo(program) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        start.Environment["LIREN_MODEL_FOLDER"] = Sight.Models;
        foreach (var (name, value) in environment) start.Environment[name] = value;
        return Process.Start(start)!;
    }
}

/// <summary>A folder of a test.</summary>
internal sealed class Folder : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("liren-vision-test-");
    public string Path => folder.FullName;

    /// <summary>Writes a file and returns its name.</summary>
    public string Write(string name, string text)
    {
        File.WriteAllText(System.IO.Path.Combine(Path, name), text);
        return name;
    }

    public void Dispose() => folder.Delete(recursive: true);
}
