namespace FlowLogAnalyzer.Tests.Support;

/// <summary>
/// Real logs and exports that may be studied but not copied into the repository: <c>shared/samples</c> beside it or above,
/// or the folder that FLOWLOG_SAMPLES names. Tests that read them are skipped where the folder is missing.
/// </summary>
internal static class SampleCollection
{
    public static string? Folder { get; } = Find();

    /// <summary>The file, or the test is skipped.</summary>
    public static string Path(string name)
    {
        Assert.SkipWhen(Folder is null, "The sample collection is not here.");
        return System.IO.Path.Combine(Folder!, name);
    }

    private static string? Find()
    {
        if (Environment.GetEnvironmentVariable("FLOWLOG_SAMPLES") is { Length: > 0 } named)
            return named;
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var samples = System.IO.Path.Combine(folder.FullName, "shared", "samples");
            if (Directory.Exists(samples))
                return samples;
        }

        return null;
    }
}
