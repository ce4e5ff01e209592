using System.Security.Cryptography;
using FlowLogAnalyzer.Findings;
using FlowLogAnalyzer.Lake;
using FlowLogAnalyzer.Lake.Delta;
using FlowLogAnalyzer.Lake.Maintenance;
using FlowLogAnalyzer.Query;
using FlowLogAnalyzer.Tests.Cli;
using FlowLogAnalyzer.Tests.Support;

namespace FlowLogAnalyzer.Tests.Lake.OtherEngines;

/// <summary>What flowlog makes of its own lakes after other engines have worked on them.</summary>
public sealed class OtherEnginesTests : IDisposable
{
    private static readonly DateOnly Later = new(2027, 1, 1);
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Names => SharedLakes.Names;

    private string Lake => _folder["lake"];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Reads_what_other_engines_read_or_refuses_by_the_name_of_the_feature(string name)
    {
        var expected = SharedLakes.Expected(name);
        await SharedLakes.UnpackAsync(name, Lake);
        var before = Content(Lake);

        if (expected.GetProperty("read").GetBoolean())
        {
            Assert.Equal(LakeSums.Expected(expected), await LakeSums.OfAsync(Lake));
        }
        else
        {
            var error = await Assert.ThrowsAsync<DeltaFeatureException>(async () => await (await FlowLake.OpenAsync(Lake)).Tuples.SnapshotAsync());
            Assert.Contains(error.Feature, expected.GetProperty("features").EnumerateArray().Select(f => f.GetString()));
            Assert.Contains($"'{error.Feature}'", error.Message, StringComparison.Ordinal);
            Assert.Contains($"DROP FEATURE {error.Feature}", error.Message, StringComparison.Ordinal);
        }

        Assert.Equal(before, Content(Lake));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task The_whole_life_of_a_lake_goes_on_where_it_may_be_written_to(string name)
    {
        var expected = SharedLakes.Expected(name);
        Assert.SkipUnless(expected.GetProperty("write").ValueKind == System.Text.Json.JsonValueKind.True, "It may not be written to, which another test shows.");
        await SharedLakes.UnpackAsync(name, Lake);
        var sums = LakeSums.Expected(expected);

        await IngestTwiceAsync();
        Assert.Equal(LakeSums.Rows(sums) + 200, LakeSums.Rows(await LakeSums.OfAsync(Lake)));

        var lake = await FlowLake.OpenAsync(Lake);
        await new LakeCompactor(lake, TimeProvider.System).RunAsync(new CompactOptions { Before = Later });
        Assert.Equal(2, (await lake.Tuples.SnapshotAsync()).Files.Values.Select(TupleTable.PartitionDate).Distinct().Count());
        Assert.Equal(LakeSums.Rows(sums) + 200, LakeSums.Rows(await LakeSums.OfAsync(Lake)));

        await new LakeCheckpoint(lake, TimeProvider.System).RunAsync(TimeSpan.Zero);
        await new LakeRetention(lake).RunAsync(new DateOnly(2026, 11, 24));
        await new LakeCheckpoint(lake, TimeProvider.System).RunAsync(TimeSpan.Zero);
        Assert.Equal(sums, await LakeSums.OfAsync(Lake));
        await AssertTrueAsync();
    }

    [Theory]
    [InlineData("spark-check-constraint", "checkConstraints", "DROP CONSTRAINT ports")]
    [InlineData("spark-in-commit-timestamps", "inCommitTimestamp", "'delta.enableInCommitTimestamps' = 'false'")]
    public async Task A_feature_that_asks_for_more_is_refused_before_anything_is_written(string name, string feature, string statement)
    {
        await SharedLakes.UnpackAsync(name, Lake);
        LogBlobs.Write(_folder["logs"], 1, LogBlobs.Whole(LogBlobs.Records(1, 2)));
        var before = Content(Lake);
        var lake = await FlowLake.OpenAsync(Lake);

        await RefusedAsync(() => Ingests.RunAsync(Lake, _folder["logs"]));
        await RefusedAsync(() => new LakeCompactor(lake, TimeProvider.System).RunAsync(new CompactOptions { Before = Later }).AsTask());
        await RefusedAsync(() => new LakeRetention(lake).RunAsync(Later).AsTask());
        await RefusedAsync(() => new LakeCheckpoint(lake, TimeProvider.System).RunAsync(TimeSpan.Zero).AsTask());
        await RefusedAsync(() => new LakeVacuum(lake, TimeProvider.System).RunAsync(new VacuumOptions()).AsTask());

        Assert.Equal(before, Content(Lake));

        async Task RefusedAsync(Func<Task> write)
        {
            var error = await Assert.ThrowsAsync<DeltaFeatureException>(write);
            Assert.Equal(feature, error.Feature);
            Assert.Contains(statement, error.Message, StringComparison.Ordinal);
            Assert.Contains("Reading goes on", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_table_that_takes_new_rows_only_gets_them_and_loses_none()
    {
        await SharedLakes.UnpackAsync("spark-append-only", Lake);
        var sums = LakeSums.Expected(SharedLakes.Expected("spark-append-only"));
        await IngestTwiceAsync();
        var before = Content(Lake);
        var lake = await FlowLake.OpenAsync(Lake);

        foreach (var change in new Func<Task>[]
        {
            () => new LakeCompactor(lake, TimeProvider.System).RunAsync(new CompactOptions { Before = Later }).AsTask(),
            () => new LakeRetention(lake).RunAsync(Later).AsTask(),
        })
            Assert.Equal("appendOnly", (await Assert.ThrowsAsync<DeltaFeatureException>(change)).Feature);
        LogBlobs.Write(_folder["logs"], 1, LogBlobs.Whole(LogBlobs.Records(7, 4)), version: 3);
        var rewritten = await Ingests.RunAsync(Lake, _folder["logs"]);

        Assert.Contains("takes new rows only", Assert.Single(rewritten.Refused).Message, StringComparison.Ordinal);
        Assert.Equal(before, Content(Lake));
        Assert.Equal(LakeSums.Rows(sums) + 200, LakeSums.Rows(await LakeSums.OfAsync(Lake)));
    }

    [Fact]
    public async Task A_table_of_an_earlier_release_is_made_true_by_one_commit_and_nothing_else_of_it_changes()
    {
        await SharedLakes.UnpackAsync("flowlog-0", Lake);
        var old = await (await FlowLake.OpenAsync(Lake)).Tuples.SnapshotAsync();

        await IngestTwiceAsync();

        var log = (await FlowLake.OpenAsync(Lake)).Tuples.Delta.Log;
        var upgrade = await log.ReadCommitAsync(6, default);
        Assert.Equal(["domainMetadata", "invariants"], upgrade!.Protocol!.WriterFeatures);
        Assert.Equal((1, 7), (upgrade.Protocol.MinReaderVersion, upgrade.Protocol.MinWriterVersion));
        Assert.Equal((old.Metadata!.Id, old.Metadata.SchemaJson), (upgrade.Metadata!.Id, upgrade.Metadata.SchemaJson));
        Assert.Equal([TableUpgrade.StatisticsColumns], upgrade.Metadata.Configuration.Keys);
        Assert.Equal((0, 0, 0), (upgrade.Adds.Count, upgrade.Removes.Count, upgrade.Domains.Count));
        Assert.Null((await log.ReadCommitAsync(7, default))!.Metadata);
        await AssertTrueAsync();
    }

    [Fact]
    public async Task An_added_column_is_kept_by_compaction_and_readable()
    {
        await SharedLakes.UnpackAsync("spark-add-column", Lake);
        var before = await TeamsAsync();
        await IngestTwiceAsync();
        var lake = await FlowLake.OpenAsync(Lake);

        await new LakeCompactor(lake, TimeProvider.System).RunAsync(new CompactOptions { Before = Later });

        Assert.Equal("edge", Assert.Single(before)[0]);
        Assert.Equal(before[0], Assert.Single(await TeamsAsync()));
        Assert.Equal(2, (await lake.Tuples.SnapshotAsync()).Files.Count);

        async Task<IReadOnlyList<object?[]>> TeamsAsync() =>
            Duck.Query($"{FlowLogAnalyzer.Query.Engines.DuckDbSource.CreateView(await LakeSums.OptionsAsync(Lake))}; select team, count(*), sum(dst_port) from lake_tuples where team is not null group by 1");
    }

    [Theory]
    [InlineData("spark-update")] // files with times without a zone before files with
    [InlineData("spark-optimize")] // such files alone
    public async Task Times_do_not_move_with_the_zone_of_the_machine(string name)
    {
        await SharedLakes.UnpackAsync(name, Lake);

        var run = await CliRun.Of(["query", "--sql", LakeSums.Sql, "--lake", Lake, "--output", "csv"], null, ("TZ", "America/Bogota"));

        Assert.Equal("", run.Error);
        var cells = run.Out.Split('\n')[1].Trim().Split(',');
        Assert.Equal(LakeSums.Expected(SharedLakes.Expected(name)), LakeSums.Named(cells));
    }

    [Theory]
    [InlineData("spark-zorder")]
    [InlineData("spark-vacuum")]
    public async Task Findings_are_those_of_the_untouched_lake(string name)
    {
        var untouched = await FindingsAsync("flowlog-0");

        Assert.NotEqual("[]", untouched);
        Assert.Equal(untouched, await FindingsAsync(name));

        async Task<string> FindingsAsync(string lake)
        {
            var windows = await LakeWindows.LoadAsync(await FlowLake.OpenAsync(await SharedLakes.UnpackAsync(lake, _folder[lake])));
            using var database = await windows.OpenAsync(null, null);
            using var json = new MemoryStream();
            FindingJson.WriteArray(json, FindingRunner.Run(database).Findings);
            return System.Text.Encoding.UTF8.GetString(json.ToArray());
        }
    }

    [Theory]
    [InlineData("spark-update", "count(mac)", "16144")]
    [InlineData("spark-add-column", "count(team)", "264")]
    public async Task ClickHouse_reads_the_same_with_the_columns_that_were_added(string name, string also, string number)
    {
        var expected = SharedLakes.Expected(name);
        await SharedLakes.UnpackAsync(name, Lake);
        var server = await ClickHouseServer.OptionsAsync();
        var windows = await LakeWindows.LoadAsync(await FlowLake.OpenAsync(Lake));
        using var database = await windows.OpenAsync(null, null, options => options with { ClickHouse = server });

        using var rows = database.Query($"select count(*), sum(src_port), sum(bytes_sent), {also} from lake_tuples");
        var cells = rows.Read().Single().Select(c => Convert.ToString(c, System.Globalization.CultureInfo.InvariantCulture));

        Assert.Equal([Sum("rows"), Sum("src_port"), Sum("bytes_sent"), number], cells);
        string Sum(string what) => expected.GetProperty(what).ToString();
    }

    /// <summary>A new blob, and then the same after it has grown: 200 rows.</summary>
    private async Task IngestTwiceAsync()
    {
        var records = LogBlobs.Records(1, 10);
        LogBlobs.Write(_folder["logs"], 1, LogBlobs.Whole(records.Take(4)));
        Assert.Equal(80, (await Ingests.RunAsync(Lake, _folder["logs"])).Rows);
        LogBlobs.Write(_folder["logs"], 1, LogBlobs.Whole(records), version: 2);
        Assert.Equal(120, (await Ingests.RunAsync(Lake, _folder["logs"])).Rows);
        Assert.Equal(0, (await Ingests.RunAsync(Lake, _folder["logs"])).Rows);
    }

    private async Task AssertTrueAsync()
    {
        var snapshot = await (await FlowLake.OpenAsync(Lake)).Tuples.SnapshotAsync();
        Assert.Empty(TableFeatures.Missing(snapshot.Protocol!, snapshot.Metadata!));
    }

    /// <summary>Every file with a hash of its bytes.</summary>
    private static SortedDictionary<string, string> Content(string folder) =>
        new(Directory.GetFiles(folder, "*", SearchOption.AllDirectories).ToDictionary(f => f, f => Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(f)))), StringComparer.Ordinal);
}
