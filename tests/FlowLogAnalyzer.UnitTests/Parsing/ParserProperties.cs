using System.Text;
using CsCheck;
using FlowLogAnalyzer.Flows;
using FlowLogAnalyzer.Parsing;

namespace FlowLogAnalyzer.Tests.Parsing;

/// <summary>What holds for every input.</summary>
public class ParserProperties
{
    [Fact]
    public void Gives_the_rows_and_rejections_of_a_plain_parser() =>
        BlobGen.Blob.Sample(blob => { SameAsOracle(Encoding.UTF8.GetBytes(blob)); }, iter: 2000);

    [Fact]
    public void Never_throws_on_damaged_input_and_agrees_with_a_plain_parser_where_that_accepts_it() =>
        BlobGen.Damaged.Sample(bytes => { SameAsOracle(bytes); }, iter: 4000, print: Encoding.UTF8.GetString);

    /// <summary>The scan of plain tuples must stop in front of every tuple that is not plain, wherever the odd byte is.</summary>
    [Fact]
    public void Plain_tuples_with_an_odd_byte_among_them_are_read_as_by_a_plain_parser() =>
        Gen.Select(PlainTuples.Record, Gen.Int[0, 3].SelectMany(n => Gen.Select(Gen.Double[0, 1], Gen.Char["0129,.\"BDIUNX -e\u0001"]).Array[n]), Gen.Int[300, 5000]).Sample((record, odd, chunk) =>
        {
            var bytes = Encoding.UTF8.GetBytes(Logs.Blob(record));
            foreach (var (where, c) in odd)
                bytes[(int)(where * (bytes.Length - 1))] = (byte)c;
            SameAsOracle(bytes);
            Assert.Equal(Reading.Read(bytes).Rows, Reading.Read(bytes, chunk: chunk).Rows);
        }, iter: 1500, print: t => t.Item1 + " odd: " + string.Join(' ', t.Item2));

    [Fact]
    public void The_size_of_the_pieces_does_not_matter() =>
        Gen.Select(BlobGen.Damaged, Gen.Int[1, 40]).Sample((bytes, chunk) =>
        {
            var whole = Reading.Read(bytes);
            var pieces = Reading.Read(bytes, chunk: chunk);

            Assert.Equal(whole.Rows, pieces.Rows);
            Assert.Equal((whole.Result.Outcome, whole.Result.Failure, whole.Result.ErrorOffset), (pieces.Result.Outcome, pieces.Result.Failure, pieces.Result.ErrorOffset));
            if (whole.Result.RowsAreGood)
                Assert.Equivalent(Comparable(whole.Result), Comparable(pieces.Result));
        }, iter: 1000, print: t => Encoding.UTF8.GetString(t.Item1));

    /// <summary>How much was read ahead of damage, and what of it is shown, depends on the pieces.</summary>
    private static BlobReadResult Comparable(BlobReadResult result) => result.Outcome == BlobOutcome.Failed ? result with { BytesRead = 0, TextBytes = 0, Samples = [], Message = null } : result;

    [Fact]
    public void A_cut_keeps_whole_records_and_a_continuation_gives_the_rest() =>
        Gen.Select(BlobGen.Blob, Gen.Double[0, 1]).Sample((blob, where) =>
        {
            var bytes = Encoding.UTF8.GetBytes(blob);
            var cut = (int)(where * bytes.Length);
            var first = Reading.Read(bytes[..cut], Reading.Request with { HourIsClosed = false });
            var resume = (int)first.Result.ResumeOffset;
            var second = Reading.Read(
                bytes[resume..], Reading.Request with { IsContinuation = resume > 0, FirstRecordIndex = first.Result.Records });

            Assert.Equal(Reading.Read(bytes).Rows, resume > 0 ? first.Rows.Concat(second.Rows) : second.Rows);
        }, iter: 1000);

    [Fact]
    public void The_frame_round_the_records_does_not_matter() =>
        BlobGen.Records.Where(r => r.Length > 0).Sample(records =>
        {
            var expected = Reading.Read(Logs.Blob(records)).Rows;

            Assert.Equal(expected, Reading.Read("[" + string.Join(" , ", records) + "]").Rows);
            Assert.Equal(expected, Reading.Read(string.Join("\n", records)).Rows);
            Assert.Equal(expected, Reading.Read("," + string.Join(",", records)).Rows);
            Assert.Equal(expected, Reading.Read(Logs.Blob(records), Reading.Request with { BatchRows = 3 }).Rows);
        }, iter: 500);

    [Fact]
    public void Agrees_with_a_plain_parser_on_real_logs()
    {
        Assert.True(SampleFiles.OfRepository.Count >= 6);
        var compared = SampleFiles.OfRepository.Concat(SampleFiles.Collected).Count(f => SameAsOracle(WithoutMark(File.ReadAllBytes(f))));

        Assert.True(compared >= 4, $"only {compared} samples could be compared");
    }

    [Theory]
    [InlineData("sumologic_blob_fixtures.json", 8, 153)]
    [InlineData("sumologic_vnetflowlogs.json", 8, 166)]
    [InlineData("sumologic_networkinterfaceflowlogs.json", 4, 61)]
    [InlineData("ms-connector_sampleJsonInput.json", 3, 38)]
    [InlineData("ms-connector_sampleStage3Input.log", 1, 85)]
    public void Real_logs_are_read_whole_and_without_a_flag_but_that_of_the_missing_path(string name, int records, int rows)
    {
        var bytes = File.ReadAllBytes(SampleFiles.OfRepository.Single(f => f.EndsWith(name, StringComparison.Ordinal)));

        var read = Reading.Read(bytes, new BlobReadRequest(new BlobIdentity(name)));

        Assert.Equal((BlobOutcome.Complete, records, 0, rows), (read.Result.Outcome, read.Result.Records, read.Result.RecordsRejected, read.Rows.Count));
        Assert.Equal(bytes.Length, read.Result.BytesRead);
        Assert.All(read.Rows, r => Assert.Equal(QualityFlags.Path, r.Flags & ~QualityFlags.Recreated));
        Assert.True(read.Rows.Any(r => r.Flags.HasFlag(QualityFlags.Recreated)) == (name == "sumologic_networkinterfaceflowlogs.json"));
    }

    [Fact]
    public void Case_31_The_invented_hybrid_is_rejected_whole()
    {
        var bytes = File.ReadAllBytes(SampleFiles.OfRepository.Single(f => f.EndsWith("jusso_sample-flowlog.json", StringComparison.Ordinal)));

        var result = Reading.Read(bytes).Result;

        Assert.Equal((0L, 6L), (result.Rows, result.Rejected[RejectionReason.ContradictoryShape]));
    }

    [Fact]
    public void Every_prefix_of_real_logs_keeps_the_law()
    {
        foreach (var bytes in SampleFiles.OfRepository.Select(File.ReadAllBytes).Where(b => b.Length < 15000))
        {
            for (var cut = 0; cut < bytes.Length; cut += 7)
                Assert.NotEqual(BlobOutcome.Failed, Reading.Read(bytes[..cut]).Result.Outcome);
        }
    }

    private static byte[] WithoutMark(byte[] bytes) => bytes is [0xEF, 0xBB, 0xBF, ..] ? bytes[3..] : bytes;

    private static bool SameAsOracle(byte[] bytes)
    {
        var read = Reading.Read(bytes);
        if (OracleParser.Parse(bytes, Reading.Request.Blob) is not { } oracle)
            return false;

        Assert.NotEqual(BlobOutcome.Failed, read.Result.Outcome);
        Assert.Equal(oracle.Rows, read.Rows);
        Assert.Equal(oracle.Rejected, read.Result.Rejected);
        return true;
    }
}
