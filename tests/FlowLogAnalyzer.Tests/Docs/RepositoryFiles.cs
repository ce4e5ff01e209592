using System.Runtime.CompilerServices;

namespace FlowLogAnalyzer.Tests.Docs;

/// <summary>The repository that the tests were built from.</summary>
public static class RepositoryFiles
{
    public static string Root { get; } = Find(Here());

    public static string Path(string relative) => System.IO.Path.Combine(Root, relative);

    public static string Read(string relative) => File.ReadAllText(Path(relative)).ReplaceLineEndings("\n");

    /// <summary>
    /// Fails when a generated page differs from what the code says; with UPDATE=1 it is rewritten instead.
    /// </summary>
    public static void AssertGenerated(string relative, string expected)
    {
        if (Environment.GetEnvironmentVariable("UPDATE") == "1")
        {
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path(relative))!);
            File.WriteAllText(Path(relative), expected);
            return;
        }

        Assert.True(File.Exists(Path(relative)), $"{relative} is missing. Run the tests once with UPDATE=1 to write it.");
        Assert.True(Read(relative) == expected, $"{relative} is not what the code says. Run the tests once with UPDATE=1 and look at the difference.");
    }

    private static string Find(string? folder)
    {
        while (folder is not null && !File.Exists(System.IO.Path.Combine(folder, "FlowLogAnalyzer.sln")))
            folder = System.IO.Path.GetDirectoryName(folder);

        return folder ?? throw new InvalidOperationException("FlowLogAnalyzer.sln is in no folder above the tests' sources or binaries.");
    }

    private static string Here([CallerFilePath] string source = "") =>
        File.Exists(source) ? source : AppContext.BaseDirectory;
}
