using FlowLogAnalyzer.Lake.Storage;
using FlowLogAnalyzer.Tests.Support;

namespace FlowLogAnalyzer.Tests.Lake.Storage;

public sealed class LakeFileCacheTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ManualTime _time = new(new DateTime(2026, 11, 23, 8, 0, 0, DateTimeKind.Utc));

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_was_not_used_for_longest_goes_first()
    {
        Add(Cache(), "a", "b", "c");
        _time.Now = _time.Now.AddHours(1);
        Assert.NotNull(Cache().Find("lake", "a", 100)); // used again, by another process
        _time.Now = _time.Now.AddHours(1);

        Add(Cache(), "d");

        Assert.Equal(["a", "c", "d"], Kept());
    }

    [Fact]
    public void What_this_process_uses_stays_beyond_the_limit()
    {
        var cache = Cache();
        Add(cache, "a", "b", "c", "d", "e");
        _time.Now = _time.Now.AddHours(1);
        Add(cache, "f");

        Assert.Equal(6, Kept().Length);
    }

    [Fact]
    public void Downloads_that_were_killed_go_after_a_day_and_others_are_left_alone()
    {
        foreach (var hours in new[] { 0, 23, 25 })
        {
            var temporary = Cache().NewTemporary();
            File.WriteAllBytes(temporary, new byte[1000]);
            File.SetLastWriteTimeUtc(temporary, _time.Now.AddHours(-hours));
        }

        Add(Cache(), "a");

        Assert.Equal((3, 1), (Kept().Length, Kept().Count(name => name == "a")));
    }

    [Fact]
    public void A_copy_of_another_length_is_no_copy()
    {
        Add(Cache(), "a");

        Assert.Null(Cache().Find("lake", "a", 99));
        Assert.Null(Cache().Find("other lake", "a", 100));
        Assert.NotNull(Cache().Find("lake", "a", 100));
    }

    private LakeFileCache Cache() => new(_folder["cache"], 300, _time);

    private void Add(LakeFileCache cache, params string[] names)
    {
        foreach (var name in names)
        {
            _time.Now = _time.Now.AddMinutes(1);
            var temporary = cache.NewTemporary();
            File.WriteAllBytes(temporary, new byte[100]);
            cache.Adopt("lake", name, temporary);
        }
    }

    private string[] Kept() => [.. Directory.GetFiles(_folder["cache"], "*", SearchOption.AllDirectories).Select(f => Path.GetFileName(f)!).Order(StringComparer.Ordinal)];
}
