using System.Text;
using FlowLogAnalyzer.Flows;
using FlowLogAnalyzer.Lab;
using FlowLogAnalyzer.Lab.Logs;

namespace FlowLogAnalyzer.Tests.Lab;

public class LabBlobTests
{
    /// <summary>Every pair of scenario, format and network in some case: what all three do together, no case has shown yet.</summary>
    public static TheoryData<string, LogFormat, LabCni> Pairs()
    {
        var data = new TheoryData<string, LogFormat, LabCni>();
        LogFormat[] formats = [LogFormat.NsgV1, LogFormat.NsgV2, LogFormat.VnetV4];
        var networks = Enum.GetValues<LabCni>();
        foreach (var (place, scenario) in LabScenarios.All.Index())
        {
            for (var i = 0; i < Math.Max(formats.Length, networks.Length); i++)
                data.Add(scenario.Name, formats[i % formats.Length], networks[(place + i) % networks.Length]);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Every_scenario_writes_blobs_of_the_size_that_the_layout_demands_and_as_many_tuples_as_it_says(string scenario, LogFormat format, LabCni cni)
    {
        using var lab = new LabFolder(scenario, new LabOptions { Format = format, Cni = cni, Minutes = 3 });
        var records = 0;
        foreach (var blob in lab.Blobs.Select(File.ReadAllBytes))
        {
            var texts = RawTuple.RecordTexts(blob);
            records += texts.Count;
            Assert.Equal(12 + texts.Sum(t => t.Length) + (texts.Count - 1) + 2, blob.Length);
            Assert.All(texts, t => Assert.True(t.Length <= 32 * 1024, $"a record of {t.Length} bytes"));
        }
        Assert.NotEmpty(lab.Blobs);
        Assert.Equal(lab.Truth.Blobs, lab.Blobs.Count);
        Assert.Equal(lab.Truth.Records, records);
        Assert.Equal(lab.Truth.Tuples, lab.Tuples().Count());
        Assert.True(lab.Truth.Tuples > 300, $"only {lab.Truth.Tuples} tuples");
    }

    [Theory]
    [InlineData(LogFormat.NsgV2, "insights-logs-networksecuritygroupflowevent/resourceId=/SUBSCRIPTIONS/5B1F0C1E-7A52-4C3E-9D57-2F1F6A0B9C11/RESOURCEGROUPS/RG-SHOP/PROVIDERS/MICROSOFT.NETWORK/NETWORKSECURITYGROUPS/NSG-USER/y=2026/m=11/d=16/h=09/m=00/macAddress=")]
    [InlineData(LogFormat.VnetV4, "insights-logs-flowlogflowevent/flowLogResourceID=/5B1F0C1E-7A52-4C3E-9D57-2F1F6A0B9C11_NETWORKWATCHERRG/NETWORKWATCHER_WESTEUROPE_FLOWLOG-VNET-SHOP/y=2026/m=11/d=16/h=09/m=00/macAddress=")]
    public void Blobs_lie_where_Azure_puts_them(LogFormat format, string prefix)
    {
        var paths = LabRunner.Commits(LabScenarios.Find("healthy-cluster")!, new LabOptions { Format = format, Minutes = 3 }).Select(c => c.Path);

        Assert.Contains(paths, p => p.StartsWith(prefix, StringComparison.Ordinal) && p.EndsWith("/PT1H.json", StringComparison.Ordinal) && p.Length == prefix.Length + 12 + "/PT1H.json".Length);
    }

    [Fact]
    public void The_same_seed_gives_the_same_bytes_and_another_seed_does_not()
    {
        using var first = new LabFolder("story", new LabOptions { Minutes = 9 });
        using var second = new LabFolder("story", new LabOptions { Minutes = 9 });
        using var other = new LabFolder("story", new LabOptions { Minutes = 9, Seed = 2 });

        Assert.Equal(Content(first), Content(second));
        Assert.NotEqual(first.Tuples().Select(t => t.FiveTuple), other.Tuples().Select(t => t.FiveTuple));
    }

    [Fact]
    public void A_record_holds_tuples_of_up_to_a_minute_before_so_the_first_of_an_hour_looks_back()
    {
        using var lab = new LabFolder("healthy-cluster", new LabOptions { Minutes = 70 });
        var tuples = lab.Tuples().ToList();

        Assert.All(tuples, t => Assert.InRange((t.RecordTime.ToUnixTimeMilliseconds() - t.Milliseconds) / 1000.0, 1.9, 65));
        Assert.Contains(tuples, t => t.Blob.Contains("h=10", StringComparison.Ordinal) && DateTimeOffset.FromUnixTimeMilliseconds(t.Milliseconds).Hour == 9);
        Assert.DoesNotContain(tuples, t => !t.Blob.Contains($"h={t.RecordTime:HH}", StringComparison.Ordinal));
    }

    [Fact]
    public void A_busy_minute_is_cut_into_records_of_the_same_time_of_about_32_KB()
    {
        using var lab = new LabFolder("healthy-cluster", new LabOptions { Minutes = 3, Clients = 10, RequestsPerSecond = 20, Format = LogFormat.VnetV4 });

        var busy = lab.Blobs.Select(b => RawTuple.RecordTexts(File.ReadAllBytes(b))).MaxBy(r => r.Count)!;
        var times = busy.Select(r => Encoding.UTF8.GetString(r)[9..37]).ToList();

        Assert.True(times.Distinct().Count() < times.Count, "no minute was split");
        var full = busy.Zip(times, times.Skip(1)).Where(r => r.Second == r.Third).Select(r => r.First.Length).ToList();
        Assert.All(full, length => Assert.InRange(length, 31_500, 32_768));
    }

    [Fact]
    public void Commits_one_by_one_grow_the_same_blobs()
    {
        using var whole = new LabFolder("probe-denied", new LabOptions { Minutes = 5 });
        var folder = Directory.CreateTempSubdirectory("lab-").FullName;
        try
        {
            var sink = new FolderSink(folder);
            var lengths = new Dictionary<string, long>();
            foreach (var commit in LabRunner.Commits(LabScenarios.Find("probe-denied")!, new LabOptions { Minutes = 5 }))
            {
                sink.Commit(commit);
                var blob = File.ReadAllBytes(Path.Combine(folder, commit.Path));
                Assert.Equal("]}", Encoding.UTF8.GetString(blob[^2..]));
                Assert.True(blob.Length > lengths.GetValueOrDefault(commit.Path));
                lengths[commit.Path] = blob.Length;
            }
            foreach (var blob in whole.Blobs)
                Assert.Equal(File.ReadAllBytes(blob), File.ReadAllBytes(Path.Combine(folder, Path.GetRelativePath(whole.Path, blob))));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void A_second_run_replaces_the_first_one_and_leaves_other_peoples_logs_alone()
    {
        using var lab = new LabFolder("story", new LabOptions { Minutes = 3 });
        var truth = LabRunner.Write(LabScenarios.Find("healthy-cluster")!, new LabOptions { Minutes = 3, Format = LogFormat.VnetV4 }, lab.Path);

        Assert.Equal(truth.Tuples, lab.Tuples().Count());
        Assert.Equal(truth.Inventory, Directory.EnumerateDirectories(Path.Combine(lab.Path, "inventory")).Select(Path.GetFileName));

        File.Delete(Path.Combine(lab.Path, "truth.json"));
        var error = Assert.Throws<IOException>(() => LabRunner.Write(LabScenarios.All[0], new LabOptions { Minutes = 1 }, lab.Path));
        Assert.Contains(lab.Path, error.Message);
        Assert.Equal(truth.Tuples, lab.Tuples().Count());
    }

    private static string Content(LabFolder lab) => string.Join('\n',
        Directory.EnumerateFiles(lab.Path, "*.json", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(f => Path.GetRelativePath(lab.Path, f) + File.ReadAllText(f)));
}
