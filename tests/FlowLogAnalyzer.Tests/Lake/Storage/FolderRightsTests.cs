using FlowLogAnalyzer.Lake;
using FlowLogAnalyzer.Lake.Storage;
using FlowLogAnalyzer.Tests.Support;

namespace FlowLogAnalyzer.Tests.Lake.Storage;

public sealed class FolderRightsTests : IDisposable
{
    private const UnixFileMode Others = UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;
    private const UnixFileMode Group = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute;
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task What_a_lake_writes_is_for_the_user_alone()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such modes.");
        await LakeRows.AppendAsync(await FlowLake.OpenAsync(_folder["lake"]), Batches.Make(Batches.Blob("A"), 100));

        Assert.All(All(_folder["lake"]), path => Assert.Equal(UnixFileMode.None, Mode(path) & (Group | Others)));
    }

    [Fact]
    public async Task A_folder_that_is_open_to_its_group_is_shared_with_it_and_with_nobody_else()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such modes.");
        Directory.CreateDirectory(_folder["lake"]);
        File.SetUnixFileMode(_folder["lake"], (UnixFileMode)0b111_111_101);
        await LakeRows.AppendAsync(await FlowLake.OpenAsync(_folder["lake"]), Batches.Make(Batches.Blob("A"), 100));

        var written = All(_folder["lake"]).Skip(1).ToList();

        Assert.All(written, path => Assert.Equal(UnixFileMode.GroupRead | UnixFileMode.GroupWrite, Mode(path) & (UnixFileMode.GroupRead | UnixFileMode.GroupWrite)));
        Assert.All(written, path => Assert.Equal(UnixFileMode.None, Mode(path) & Others));
    }

    [Fact]
    public void The_cache_keeps_others_out_of_a_folder_that_was_open()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such modes.");
        Directory.CreateDirectory(_folder["cache"]);
        File.SetUnixFileMode(_folder["cache"], (UnixFileMode)0b111_101_101);

        new LakeFileCache(_folder["cache"], 1000, TimeProvider.System).NewTemporary();

        Assert.Equal(UnixFileMode.None, Mode(_folder["cache"]) & (Group | Others));
    }

    private static IEnumerable<string> All(string folder) => Directory.GetFileSystemEntries(folder, "*", SearchOption.AllDirectories).Prepend(folder);

#pragma warning disable CA1416 // Skipped on Windows.
    private static UnixFileMode Mode(string path) => File.GetUnixFileMode(path);
#pragma warning restore CA1416
}
