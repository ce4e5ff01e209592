using FlowLogAnalyzer.Ingest;
using FlowLogAnalyzer.Tests.Support;

namespace FlowLogAnalyzer.Tests.Ingest;

/// <summary>Copies of one blob from different times: the longer one wins, and rows that go are said.</summary>
public sealed class CopyTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Lake => _folder["lake"];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(0)] // older by its time
    [InlineData(9)] // copied later: its time says nothing
    public async Task An_older_copy_takes_no_row_away_and_is_spoken_of(int version)
    {
        LogBlobs.Write(_folder["now"], 1, LogBlobs.Whole(LogBlobs.Records(1, 10)));
        LogBlobs.Write(_folder["backup"], 1, LogBlobs.Whole(LogBlobs.Records(1, 6)), version);
        await Ingests.RunAsync(Lake, _folder["now"]);

        var summary = await Ingests.RunAsync(Lake, _folder["backup"]);
        var back = await Ingests.RunAsync(Lake, _folder["now"]);

        Assert.Equal((0, 0, 1, 1L), (summary.RowsReplaced, summary.Rows, summary.Blobs.Skipped, summary.FlowLogs));
        Assert.Contains("older copy", Assert.Single(summary.Refused).Message, StringComparison.Ordinal);
        Assert.Equal(1, back.Blobs.Unchanged);
        Assert.Equal(200, (await Ingests.RowsAsync(Lake)).Length);
    }

    [Fact]
    public async Task An_older_state_of_equal_length_takes_no_row_away()
    {
        LogBlobs.Write(_folder["now"], 1, LogBlobs.Whole(LogBlobs.Records(1, 10)), version: 2);
        LogBlobs.Write(_folder["backup"], 1, LogBlobs.Whole(LogBlobs.Records(1, 10)).Replace(",443,T", ",444,T", StringComparison.Ordinal));
        await Ingests.RunAsync(Lake, _folder["now"]);

        var summary = await Ingests.RunAsync(Lake, _folder["backup"]);

        Assert.Equal((0, 1), (summary.RowsReplaced, summary.Blobs.Skipped));
        Assert.Equal(await Ingests.CleanRowsAsync(_folder["now"]), await Ingests.RowsAsync(Lake));
    }

    [Theory]
    [InlineData(6, 10)]
    [InlineData(10, 6)]
    public async Task Of_two_copies_in_one_run_the_longer_one_is_in_the_lake(int first, int second)
    {
        LogBlobs.Write(_folder["1"], 1, LogBlobs.Whole(LogBlobs.Records(1, first)));
        LogBlobs.Write(_folder["2"], 1, LogBlobs.Whole(LogBlobs.Records(1, second)), version: 2);

        await Ingests.RunAsync(Lake, _folder["1"], _folder["2"]);
        var again = await Ingests.RunAsync(Lake, _folder["1"], _folder["2"]);

        Assert.Equal((0, 0), (again.Rows, again.RowsReplaced));
        Assert.Equal(200, (await Ingests.RowsAsync(Lake)).Distinct().Count());
        Assert.Equal(200, (await Ingests.RowsAsync(Lake)).Length);
    }

    [Fact]
    public async Task Rows_that_go_with_a_rewrite_are_counted_by_blob()
    {
        LogBlobs.Write(_folder["now"], 1, LogBlobs.Whole(LogBlobs.Records(1, 10)));
        await Ingests.RunAsync(Lake, _folder["now"]);
        LogBlobs.Write(_folder["now"], 1, LogBlobs.Whole(LogBlobs.Records(2, 6)), version: 2);

        var summary = await Ingests.RunAsync(Lake, _folder["now"]);

        Assert.Equal((200, 120), (summary.RowsReplaced, summary.Rows));
        Assert.Equal(new Replacement(Path.Combine(_folder["now"], LogBlobs.Path(1)), 200, 120), Assert.Single(summary.Replaced));
        Assert.Contains("\"rowsBefore\": 200", summary.ToJson(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Blobs_of_the_first_and_the_last_hour_of_time_are_read_as_any_other()
    {
        var last = new DateTime(9999, 12, 31, 23, 0, 0, DateTimeKind.Utc);
        LogBlobs.Write(_folder["now"], 1, LogBlobs.Whole(LogBlobs.Records(1, 10, hour: last)), hour: last);
        LogBlobs.WriteFile(Path.Combine(_folder["now"], LogBlobs.Path(2, new DateTime(1, 1, 1, 0, 0, 0, DateTimeKind.Utc))), System.Text.Encoding.UTF8.GetBytes(LogBlobs.Whole(LogBlobs.Records(2, 10))));
        LogBlobs.Write(_folder["now"], 3, LogBlobs.Whole(LogBlobs.Records(3, 10)));

        var summary = await Ingests.RunAsync(Lake, o => o with { Window = new(SinceUtc: DateTime.MinValue) }, _folder["now"]);

        Assert.Equal(new BlobCounts(3, 3, 0, 0, 0), summary.Blobs);
        Assert.Equal(600, (await Ingests.RowsAsync(Lake)).Length);
    }
}
