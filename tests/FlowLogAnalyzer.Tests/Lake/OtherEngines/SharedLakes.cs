using System.Formats.Tar;
using System.IO.Compression;
using System.Text.Json;

namespace FlowLogAnalyzer.Tests.Lake.OtherEngines;

/// <summary>
/// Lakes of flowlog's that Spark and delta-rs have worked on: <c>shared/lakes</c> beside the repository or above, with what these
/// engines read from them. Tests that need one are skipped where the folder is missing.
/// </summary>
internal static class SharedLakes
{
    private static readonly string? Folder = Find();

    public static TheoryData<string> Names => new(
        "delta-rs-checkpoint", "flowlog-0", "spark-add-column", "spark-append-only", "spark-change-data-feed", "spark-check-constraint",
        "spark-checkpoint-multipart", "spark-checkpoint-v2", "spark-column-mapping", "spark-delete", "spark-deletion-vectors",
        "spark-in-commit-timestamps", "spark-insert", "spark-log-cleanup", "spark-optimize", "spark-restore", "spark-tblproperties",
        "spark-untouched", "spark-update", "spark-vacuum", "spark-zorder");

    /// <summary>What was put down about a lake.</summary>
    public static JsonElement Expected(string name)
    {
        Assert.SkipWhen(Folder is null, "The lakes of other engines are not here.");
        return JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Folder!, "expected.json"))).RootElement.GetProperty(name);
    }

    /// <summary>Unpacks a lake into a folder, which is then the lake's.</summary>
    public static async Task<string> UnpackAsync(string name, string folder)
    {
        Assert.SkipWhen(Folder is null, "The lakes of other engines are not here.");
        Directory.CreateDirectory(folder);
        await using var file = File.OpenRead(Path.Combine(Folder!, $"{name}.tgz"));
        await using var tar = new GZipStream(file, CompressionMode.Decompress);
        await TarFile.ExtractToDirectoryAsync(tar, folder, overwriteFiles: false);
        return folder;
    }

    private static string? Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (Path.Combine(folder.FullName, "shared", "lakes") is var lakes && File.Exists(Path.Combine(lakes, "expected.json")))
                return lakes;
        return null;
    }
}
