using System.Text;
using System.Text.Json;
using FlowLogAnalyzer.Ingest;
using FlowLogAnalyzer.Lake;
using FlowLogAnalyzer.Tests.Support;

namespace FlowLogAnalyzer.Tests.Ingest;

public sealed class IngestTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Logs => _folder["logs"];

    private string Lake => _folder["lake"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Every_tuple_of_a_folder_is_a_row()
    {
        for (var nic = 0; nic < 5; nic++)
            LogBlobs.Write(Logs, nic, LogBlobs.Whole(LogBlobs.Records(nic, 10)));

        var summary = await Ingests.RunAsync(Lake, Logs);

        Assert.Equal(new BlobCounts(5, 5, 0, 0, 0), summary.Blobs);
        Assert.Equal((50, 1000, 1000, 0), (summary.Records, summary.Tuples, summary.Rows, summary.RejectedTotal));
        Assert.Equal(new DirectoryInfo(Logs).EnumerateFiles("*", SearchOption.AllDirectories).Sum(f => f.Length), summary.BytesRead);
        Assert.Equal(1000, (await Ingests.RowsAsync(Lake)).Distinct().Count());
        Assert.Equal((1, 1), (summary.Commits, summary.Files)); // five blobs, one group
    }

    [Fact]
    public async Task The_summary_has_the_names_that_scripts_rely_on()
    {
        LogBlobs.Write(Logs, 1, LogBlobs.Whole(["{\"time\":\"x\",\"category\":\"NetworkSecurityGroupFlowEvent\",\"properties\":{\"Version\":2,\"flows\":[{\"rule\":\"r\",\"flows\":[{\"mac\":\"002248000001\",\"flowTuples\":[\"bad\"]}]}]}}"]));

        using var json = JsonDocument.Parse((await Ingests.RunAsync(Lake, Logs)).ToJson());

        var root = json.RootElement;
        Assert.Equal(["seen", "read", "unchanged", "skipped", "failed"], root.GetProperty("blobs").EnumerateObject().Select(p => p.Name));
        foreach (var name in new[] { "records", "tuples", "rows", "bytesRead", "files", "seconds" })
            Assert.Equal(JsonValueKind.Number, root.GetProperty(name).ValueKind);
        Assert.Equal(1, root.GetProperty("rejected").GetProperty("total").GetInt64());
        Assert.Equal(1, root.GetProperty("rejected").GetProperty("byReason").EnumerateObject().Single().Value.GetInt64());
    }

    [Fact]
    public async Task A_second_run_over_the_same_blobs_reads_nothing()
    {
        LogBlobs.Write(Logs, 1, LogBlobs.Whole(LogBlobs.Records(1, 5)));
        await Ingests.RunAsync(Lake, Logs);
        var rows = await Ingests.RowsAsync(Lake);

        var summary = await Ingests.RunAsync(Lake, Logs);

        Assert.Equal(new BlobCounts(1, 0, 1, 0, 0), summary.Blobs);
        Assert.Equal((0, 0, 0), (summary.BytesRead, summary.Commits, summary.Rows));
        Assert.Equal(rows, await Ingests.RowsAsync(Lake));
    }

    [Fact]
    public async Task Of_a_blob_that_has_grown_only_the_new_bytes_are_read()
    {
        var records = LogBlobs.Records(1, 30, tuples: 100);
        LogBlobs.Write(Logs, 1, LogBlobs.Whole(records.Take(20)));
        await Ingests.RunAsync(Lake, Logs);
        var path = LogBlobs.Write(Logs, 1, LogBlobs.Whole(records), version: 2);

        var summary = await Ingests.RunAsync(Lake, Logs);

        var fresh = records.Skip(20).Sum(r => r.Length + 1) + LogBlobs.Closer.Length;
        const int Anchor = 256; // read again, to see that what was read before still stands
        Assert.Equal(fresh + Anchor, summary.BytesRead);
        Assert.Equal((10, 1000, 0), (summary.Records, summary.Rows, summary.RowsReplaced));
        Assert.Equal(await Ingests.CleanRowsAsync(path), await Ingests.RowsAsync(Lake));
    }

    [Theory] // formats: shrunk, rewritten with equal length, rewritten and longer
    [InlineData(6)]
    [InlineData(10)]
    [InlineData(14)]
    public async Task A_rewritten_blob_is_read_anew_and_its_old_rows_go_in_the_same_commit(int newRecords)
    {
        LogBlobs.Write(Logs, 2, LogBlobs.Whole(LogBlobs.Records(2, 10)));
        LogBlobs.Write(Logs, 1, LogBlobs.Whole(LogBlobs.Records(1, 10)));
        await Ingests.RunAsync(Lake, Logs);
        // Other tuples, under the same name.
        LogBlobs.Write(Logs, 1, LogBlobs.Whole(LogBlobs.Records(3, newRecords)), version: 2);

        var summary = await Ingests.RunAsync(Lake, Logs);

        Assert.Equal((1, 1, 200, 20 * newRecords), (summary.Blobs.Read, summary.Blobs.Unchanged, summary.RowsReplaced, summary.Rows));
        Assert.Equal(1, summary.Commits);
        Assert.Equal(await Ingests.CleanRowsAsync(Logs), await Ingests.RowsAsync(Lake));
    }

    [Fact]
    public async Task A_blob_emptied_at_its_source_loses_its_rows()
    {
        LogBlobs.Write(Logs, 1, LogBlobs.Whole(LogBlobs.Records(1, 10)));
        await Ingests.RunAsync(Lake, Logs);
        LogBlobs.Write(Logs, 1, "", version: 2);

        var summary = await Ingests.RunAsync(Lake, Logs);

        Assert.Equal(200, summary.RowsReplaced);
        Assert.Empty(await Ingests.RowsAsync(Lake));
    }

    [Fact]
    public async Task A_blob_that_was_only_touched_keeps_its_files_and_is_not_read_a_third_time()
    {
        var text = LogBlobs.Whole(LogBlobs.Records(1, 10));
        LogBlobs.Write(Logs, 1, text);
        await Ingests.RunAsync(Lake, Logs);
        var before = (await (await FlowLake.OpenAsync(Lake)).Tuples.GetActiveFilesAsync()).Select(f => f.RelativePath).ToList();
        LogBlobs.Write(Logs, 1, text, version: 2);

        var second = await Ingests.RunAsync(Lake, Logs);
        var third = await Ingests.RunAsync(Lake, Logs);

        Assert.Equal((1, 0), (second.Blobs.Unchanged, second.Rows));
        Assert.Equal(0, third.BytesRead);
        Assert.Equal(before, (await (await FlowLake.OpenAsync(Lake)).Tuples.GetActiveFilesAsync()).Select(f => f.RelativePath));
    }

    [Fact]
    public async Task Bad_input_of_all_kinds_is_refused_one_by_one_and_good_rows_are_kept()
    {
        LogBlobs.Write(Logs, 1, LogBlobs.Whole(LogBlobs.Records(1, 10)));
        LogBlobs.WriteFile(_folder["logs/vault/PT1H.json"], "{\"time\":\"2026-11-20T09:00:00Z\",\"category\":\"AuditEvent\",\"operationName\":\"VaultGet\"}\n"u8.ToArray());
        LogBlobs.WriteFile(_folder["logs/binary/PT1H.json"], [0x50, 0x4B, 3, 4, 0, 0, 1, 2]);
        LogBlobs.WriteFile(_folder["logs/empty/PT1H.json"], []);
        LogBlobs.Write(Logs, 7, LogBlobs.Whole([]));
        var cut = LogBlobs.Whole(LogBlobs.Records(2, 10));
        LogBlobs.Write(Logs, 2, cut[..^700]);
        File.CreateSymbolicLink(_folder["logs/gone.json"], _folder["nowhere"]);

        var summary = await Ingests.RunAsync(Lake, Logs);

        Assert.Equal(new BlobCounts(7, 2, 0, 3, 2), summary.Blobs);
        Assert.Equal(200 + 180, summary.Rows);
        Assert.Equal(
            [RefusalKind.Failed, RefusalKind.Failed, RefusalKind.Incomplete, RefusalKind.Skipped, RefusalKind.Skipped, RefusalKind.Skipped],
            summary.Refused.Select(r => r.Outcome).Order());
        Assert.All(summary.Refused, r => Assert.True(r.Message.Length > 20, r.Message));
        Assert.Contains("AuditEvent", summary.Refused.Single(r => r.Blob.Contains("vault", StringComparison.Ordinal)).Message, StringComparison.Ordinal);

        // The next run says again what still is wrong, and does not read again what it knows.
        var again = await Ingests.RunAsync(Lake, Logs);
        Assert.Equal((0, 2, 2), (again.Rows, again.Blobs.Failed, again.Blobs.Skipped));
    }

    [Fact]
    public async Task A_cut_blob_of_an_open_hour_is_no_error_until_its_hour_is_over()
    {
        var clock = new ManualTime(LogBlobs.Hour.AddMinutes(30));
        LogBlobs.Write(Logs, 1, LogBlobs.Whole(LogBlobs.Records(1, 10))[..^300]);

        var open = await Ingests.RunAsync(Lake, o => o with { Time = clock }, Logs);
        clock.Now = LogBlobs.Hour.AddMinutes(71);
        var closed = await Ingests.RunAsync(Lake, o => o with { Time = clock }, Logs);
        var later = await Ingests.RunAsync(Lake, o => o with { Time = clock }, Logs);

        Assert.Empty(open.Refused);
        Assert.Equal((180, 0, 0), (open.Rows, closed.Rows, later.Rows));
        Assert.Equal(RefusalKind.Incomplete, Assert.Single(closed.Refused).Outcome);
        Assert.Empty(later.Refused);
        Assert.Equal(1, (await FlowLogAnalyzer.Lake.Maintenance.LakeInfo.ReadAsync(await FlowLake.OpenAsync(Lake))).IncompleteBlobs);
    }

    [Fact]
    public async Task One_blob_given_by_two_paths_is_read_once()
    {
        var text = LogBlobs.Whole(LogBlobs.Records(1, 10));
        LogBlobs.Write(_folder["copy1"], 1, text);
        LogBlobs.Write(_folder["copy2"], 1, text);

        var summary = await Ingests.RunAsync(Lake, _folder["copy1"], _folder["copy2"], _folder["copy1"]);

        Assert.Equal((3, 1, 2, 200), (summary.Blobs.Seen, summary.Blobs.Read, summary.Blobs.Skipped, summary.Rows));
        Assert.Equal(200, (await Ingests.RowsAsync(Lake)).Length);
    }

    [Fact]
    public async Task A_large_blob_that_fails_at_its_end_publishes_nothing_in_strict_mode_and_leaves_no_file()
    {
        var records = LogBlobs.Records(1, 200, tuples: 100);
        LogBlobs.Write(Logs, 1, LogBlobs.Head + string.Join(',', records) + ",{\"time\":tru}]}");
        LogBlobs.Write(Logs, 2, LogBlobs.Whole(LogBlobs.Records(2, 5)));

        var summary = await Ingests.RunAsync(Lake, o => o with { SpillRows = 3000, BatchRows = 1000, Strict = true }, Logs);

        Assert.Equal((1, 1, 100), (summary.Blobs.Failed, summary.Blobs.Read, summary.Rows));
        Assert.Single(Directory.GetFiles(_folder["lake/tuples"], "*", SearchOption.AllDirectories), f => !f.Contains("_delta_log", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_large_blob_that_spills_is_committed_at_once()
    {
        LogBlobs.Write(Logs, 1, LogBlobs.Whole(LogBlobs.Records(1, 59, tuples: 300)));

        var summary = await Ingests.RunAsync(Lake, o => o with { SpillRows = 3000, BatchRows = 1000 }, Logs);

        Assert.Equal((1, 17700), (summary.Commits, summary.Rows));
        Assert.InRange(summary.Files, 4, 8);
        Assert.Equal(await Ingests.CleanRowsAsync(Logs), await Ingests.RowsAsync(Lake));
    }

    [Fact]
    public async Task A_cancelled_run_leaves_no_file_behind_and_the_next_one_finishes_the_work()
    {
        for (var nic = 0; nic < 40; nic++)
            LogBlobs.Write(Logs, nic, LogBlobs.Whole(LogBlobs.Records(nic, 30)));
        using var cancel = new CancellationTokenSource();
        var options = new IngestOptions(await FlowLake.OpenAsync(Lake)) { CommitRows = 2000, Workers = 2 };
        var progress = new Immediate(p =>
        {
            if (p.RowsCommitted > 0)
                cancel.Cancel();
        });
        var counted = new CountingSource(Logs, seen =>
        {
            if (seen == 25)
                cancel.Cancel();
        });

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => IngestPipeline.RunAsync(options, [counted], progress, cancel.Token));

        var lake = await FlowLake.OpenAsync(Lake);
        var active = (await lake.Tuples.GetActiveFilesAsync()).Select(f => f.LocalPath!).Order();
        Assert.Equal(active, Directory.GetFiles(_folder["lake/tuples"], "*", SearchOption.AllDirectories).Where(f => !f.Contains("_delta_log", StringComparison.Ordinal)).Order());
        await Ingests.RunAsync(Lake, Logs);
        Assert.Equal(await Ingests.CleanRowsAsync(Logs), await Ingests.RowsAsync(Lake));
    }

    [Fact]
    public async Task Compressed_blobs_are_read_and_replaced_as_a_whole()
    {
        static byte[] Zip(string text)
        {
            using var stream = new MemoryStream();
            using (var gzip = new System.IO.Compression.GZipStream(stream, System.IO.Compression.CompressionLevel.Fastest))
                gzip.Write(Encoding.UTF8.GetBytes(text));
            return stream.ToArray();
        }

        var path = Path.Combine(Logs, LogBlobs.Path(1));
        LogBlobs.WriteFile(path, Zip(LogBlobs.Whole(LogBlobs.Records(1, 5))));
        await Ingests.RunAsync(Lake, Logs);
        LogBlobs.WriteFile(path, Zip(LogBlobs.Whole(LogBlobs.Records(1, 9))), version: 2);

        var summary = await Ingests.RunAsync(Lake, Logs);

        Assert.Equal((100, 180), (summary.RowsReplaced, summary.Rows));
        Assert.Equal(await Ingests.CleanRowsAsync(Logs), await Ingests.RowsAsync(Lake));
    }

    private sealed class Immediate(Action<IngestProgress> report) : IProgress<IngestProgress>
    {
        public void Report(IngestProgress value) => report(value);
    }
}
