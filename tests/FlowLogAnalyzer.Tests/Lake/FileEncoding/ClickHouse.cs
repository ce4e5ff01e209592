using System.Diagnostics;
using System.Text.Json;

namespace FlowLogAnalyzer.Tests.Lake.FileEncoding;

/// <summary>The embedded ClickHouse of tests/readers (npm package chdb); one process for any number of statements.</summary>
public static class ClickHouse
{
    public static string?[][][] Query(IReadOnlyList<string> statements)
    {
        var folder = Folder();
        var start = new ProcessStartInfo("node") { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, WorkingDirectory = folder };
        start.ArgumentList.Add(Path.Combine(folder, "query.cjs"));
        using var process = Process.Start(start)!;
        process.StandardInput.Write(JsonSerializer.Serialize(statements));
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"node {folder}/query.cjs ended with {process.ExitCode}; `npm ci` in {folder} installs what it needs.");
        return JsonSerializer.Deserialize<string?[][][]>(output)!;
    }

    private static string Folder()
    {
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, "tests", "readers", "query.cjs")))
                return Path.Combine(folder, "tests", "readers");
        }

        throw new DirectoryNotFoundException("tests/readers is not above " + AppContext.BaseDirectory);
    }
}
