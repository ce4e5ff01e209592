using System.Diagnostics;
using System.Reflection;
using System.Runtime.Versioning;
using FlowLogAnalyzer.Tests.Docs;

namespace FlowLogAnalyzer.Tests.Deploy;

/// <summary>The Bicep compiler of its NuGet package, which knows the types of Azure's resources and needs no network.</summary>
internal static class BicepCompiler
{
    /// <summary>What it says, and the ARM template or the parameters that it writes.</summary>
    public static (string Diagnostics, string Output) Run(string verb, string file)
    {
        var path = typeof(BicepCompiler).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "BicepPath").Value!.Replace('\\', '/');
        if (!OperatingSystem.IsWindows())
            MakeExecutable(path);
        var start = new ProcessStartInfo(path) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in new[] { verb, RepositoryFiles.Path(file), "--stdout" })
            start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        var diagnostics = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (diagnostics.Result, output);
    }

    /// <summary>Packages do not keep the right to be run.</summary>
    [UnsupportedOSPlatform("windows")]
    private static void MakeExecutable(string path) =>
        File.SetUnixFileMode(path, File.GetUnixFileMode(path) | UnixFileMode.UserExecute);
}
