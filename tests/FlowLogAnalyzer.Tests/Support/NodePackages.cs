using System.Diagnostics;

namespace FlowLogAnalyzer.Tests.Support;

/// <summary>Packages of a folder with a package-lock.json, installed on first use and again when the lock has changed.</summary>
internal static class NodePackages
{
    public static async Task InstallAsync(string folder, string name)
    {
        var copy = Path.Combine(folder, "node_modules", ".installed-lock.json");
        var wanted = await File.ReadAllTextAsync(Path.Combine(folder, "package-lock.json"));
        await using var door = await LockAsync(Path.Combine(Path.GetTempPath(), $"flowlog-{name}-install.lock"));
        if (File.Exists(copy) && await File.ReadAllTextAsync(copy) == wanted)
            return;

        var start = new ProcessStartInfo("npm", "ci --ignore-scripts --no-audit --no-fund") { UseShellExecute = false, WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"npm ci in {folder} ended with {process.ExitCode}: {await error}{await output}");
        await File.WriteAllTextAsync(copy, wanted);
    }

    /// <summary>Only one process of the machine installs at a time.</summary>
    private static async Task<FileStream> LockAsync(string path)
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (attempt < 600)
            {
                await Task.Delay(500);
            }
        }
    }
}
