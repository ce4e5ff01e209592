using System.Text.Json;
using FlowLogAnalyzer.Lake;
using FlowLogAnalyzer.Lake.Maintenance;
using FlowLogAnalyzer.Tests.Support;

namespace FlowLogAnalyzer.Tests.Lake.OtherEngines;

/// <summary>
/// Two small lakes that this code wrote, with their sums, to be carried to engines that do not run here: <c>tests/lakes</c>.
/// UPDATE=lakes in the environment writes them anew.
/// </summary>
public sealed class CommittedLakes : IDisposable
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, NewLine = "\n" };
    private readonly TemporaryFolder _folder = new();

    private static string Root { get; } = Path.Combine(RepositoryPaths.Root, "tests", "lakes");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("plain")]
    [InlineData("kept")]
    public async Task The_lakes_for_other_engines_are_read_with_their_sums_by_both_engines(string name)
    {
        if (Environment.GetEnvironmentVariable("UPDATE") == "lakes")
            await WriteAsync(name);

        var expected = JsonSerializer.Deserialize<SortedDictionary<string, string>>(await File.ReadAllTextAsync(Path.Combine(Root, $"{name}.json"), TestContext.Current.CancellationToken))!;
        Assert.Equal(expected, await LakeSums.OfAsync(Path.Combine(Root, name)));
        var copy = _folder["copy"]; // ClickHouse opens only files below the temporary folder
        foreach (var file in Directory.GetFiles(Path.Combine(Root, name), "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(copy, Path.GetRelativePath(Path.Combine(Root, name), file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }

        Assert.Equal(
            [expected["rows"], expected["src_ips"], expected["src_port"], expected["bytes_sent"]],
            await ClickHouse.RowAsync($"select count(), count(distinct src_ip), sum(src_port), sum(bytes_sent) from deltaLakeLocal('{Path.Combine(copy, "tuples")}')"));
        Assert.InRange(Directory.GetFiles(Path.Combine(Root, name), "*", SearchOption.AllDirectories).Sum(f => new FileInfo(f).Length), 1, 1_000_000);
    }

    private async Task WriteAsync(string name)
    {
        var (target, logs) = (Path.Combine(Root, name), _folder["logs"]);
        if (Directory.Exists(target))
            Directory.Delete(target, recursive: true);
        for (var day = 0; day < 3; day++)
            for (var nic = 1; nic <= 2; nic++)
                LogBlobs.Write(logs, nic, LogBlobs.Whole(LogBlobs.Records(nic, 6, hour: LogBlobs.Hour.AddDays(day))), hour: LogBlobs.Hour.AddDays(day));
        for (var nic = 1; nic <= 2; nic++) // each blob its own file
            await Ingests.RunAsync(target, options => options with { CommitInterval = TimeSpan.Zero }, Path.Combine(logs, Path.GetDirectoryName(LogBlobs.Path(nic))!));
        await Ingests.RunAsync(target, logs);
        if (name == "kept")
            await KeepAsync(await FlowLake.OpenAsync(target));
        await File.WriteAllTextAsync(Path.Combine(Root, $"{name}.json"), JsonSerializer.Serialize(await LakeSums.OfAsync(target), Indented) + "\n");
    }

    /// <summary>Compacted, with positions moved out of the log, the first date dropped, and a checkpoint.</summary>
    private static async Task KeepAsync(FlowLake lake)
    {
        await new LakeCompactor(lake, TimeProvider.System).RunAsync(new CompactOptions { Before = new DateOnly(2100, 1, 1) });
        await new LakeCheckpoint(lake, TimeProvider.System).RunAsync(TimeSpan.FromDays(1));
        await new LakeRetention(lake).RunAsync(DateOnly.FromDateTime(LogBlobs.Hour).AddDays(1));
        await new LakeCheckpoint(lake, TimeProvider.System).RunAsync(TimeSpan.FromDays(1));
    }
}
