using System.IO.Compression;
using System.Text;
using FlowLogAnalyzer.Parsing;

namespace FlowLogAnalyzer.Tests.Parsing;

/// <summary>What is round the records. The numbers are those of the list of edge cases.</summary>
public class FramingCases
{
    private static readonly string One = Logs.Blob(Logs.Nsg(2, Logs.V2));

    private static readonly BlobReadRequest Continuation = Reading.Request with { IsContinuation = true, FirstRecordIndex = 5 };

    [Fact]
    public void Case_01_A_blob_of_zero_bytes_is_empty()
    {
        var read = Reading.Read("");

        Assert.Equal(BlobOutcome.Empty, read.Result.Outcome);
        Assert.Equal(0, read.Result.ResumeOffset);
    }

    [Fact]
    public void Case_02_A_blob_of_14_bytes_has_no_records() =>
        Assert.Equal(BlobOutcome.NoRecords, Reading.Read("{\"records\":[]}").Result.Outcome);

    [Fact]
    public void Case_03_Only_the_opening_is_still_growing()
    {
        var read = Reading.Read("{\"records\":[", Reading.Request with { HourIsClosed = false });

        Assert.Equal(BlobOutcome.Incomplete, read.Result.Outcome);
        Assert.Contains("still being written", read.Result.Message);
    }

    [Fact]
    public void Case_04_A_cut_at_any_byte_keeps_the_whole_records_before_it()
    {
        var first = Logs.Nsg(2, Logs.V2);
        var blob = Logs.Blob(first, Logs.Nsg(2, Logs.V2, Logs.V2, ""));
        for (var cut = 1; cut < blob.Length; cut++)
        {
            var read = Reading.Read(blob[..cut]);

            var whole = cut < 12 + first.Length ? 0 : cut < blob.Length - 2 ? 1 : 2;
            Assert.Equal((BlobOutcome.Incomplete, whole, whole == 2 ? 3 : whole), (read.Result.Outcome, read.Result.Records, read.Rows.Count));
            Assert.Equal(whole == 2 ? 4 : whole, read.Result.TuplesSeen);
            Assert.Equal(whole switch { 0 => 0, 1 => 12 + first.Length, _ => blob.Length - 2 }, read.Result.ResumeOffset);
            Assert.Contains("cut off", read.Result.Message);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Case_05_A_fragment_that_begins_with_a_comma_is_read(bool announced)
    {
        var fragment = "," + Logs.Nsg(2, Logs.V2) + "," + Logs.Nsg(2, Logs.V2) + "]}";

        var read = Reading.Read(fragment, announced ? Continuation : Reading.Request);

        Assert.Equal(BlobOutcome.Complete, read.Result.Outcome);
        Assert.Equal(announced ? [5, 6] : [0, 1], read.Rows.Select(r => r.RecordIndex));
        Assert.Equal(fragment.Length - 2, read.Result.ResumeOffset);
    }

    [Theory]
    [InlineData("")]
    [InlineData("]")]
    [InlineData("]}")]
    [InlineData(" ]\n}\n")]
    public void Case_06_A_fragment_may_lack_its_closer_or_half_of_it(string closer)
    {
        var read = Reading.Read("," + Logs.Nsg(2, Logs.V2) + closer, Continuation);

        Assert.Equal(BlobOutcome.Complete, read.Result.Outcome);
        Assert.Single(read.Rows);
        Assert.Equal(BlobOutcome.NoRecords, Reading.Read("]}", Continuation).Result.Outcome);
    }

    [Theory]
    [InlineData("")]
    [InlineData(",")]
    public void Case_07_A_UTF8_mark_is_skipped(string comma)
    {
        var bytes = Encoding.UTF8.GetBytes("\uFEFF" + comma + (comma == "" ? One : Logs.Nsg(2, Logs.V2)));

        Assert.Equal(0xEF, bytes[0]);
        Assert.Single(Reading.Read(bytes).Rows);
    }

    [Theory]
    [InlineData("utf-16", "FF FE")]
    [InlineData("utf-16BE", "FE FF")]
    [InlineData("utf-32", "FF FE 00 00")]
    [InlineData("utf-32BE", "00 00 FE FF")]
    public void Case_08_Another_encoding_fails_and_names_the_mark(string encoding, string mark)
    {
        var e = Encoding.GetEncoding(encoding);

        var read = Reading.Read([.. e.GetPreamble(), .. e.GetBytes(One)]);

        Assert.Equal((BlobOutcome.Failed, RejectionReason.Encoding), (read.Result.Outcome, read.Result.Failure));
        Assert.Contains(mark, read.Result.Message);
        Assert.Equal(0, read.Result.ErrorOffset);
    }

    [Fact]
    public void Case_09_Line_breaks_and_indents_change_nothing()
    {
        var compact = Logs.Blob(Logs.Nsg(2, Logs.V2, Logs.V2), Logs.Vnet(Logs.V4));
        using var document = System.Text.Json.JsonDocument.Parse(compact);
        var pretty = System.Text.Json.JsonSerializer.Serialize(document, BlobGen.Indented).Replace("\n", "\r\n");

        Assert.Equal(Reading.Read(compact).Rows, Reading.Read(pretty).Rows);
        Assert.Equal(3, Reading.Read(pretty).Rows.Count);
    }

    [Fact]
    public void Case_10_One_bare_record_is_read()
    {
        var read = Reading.Read(Logs.Vnet(Logs.V4));

        Assert.Equal(BlobOutcome.Complete, read.Result.Outcome);
        Assert.Single(read.Rows);
    }

    [Fact]
    public void Case_11_One_record_per_line_is_read() =>
        Assert.Equal([0, 1, 2], Reading.Read(string.Join("\n", Enumerable.Repeat(Logs.Vnet(Logs.V4), 3)) + "\n").Rows.Select(r => r.RecordIndex));

    [Fact]
    public void Case_12_An_array_at_the_root_is_read() =>
        Assert.Equal([0, 1], Reading.Read($"[{Logs.Vnet(Logs.V4)},{Logs.Nsg(2, Logs.V2)}]").Rows.Select(r => r.RecordIndex));

    [Fact]
    public void Case_13_Another_category_is_skipped_by_name()
    {
        var app = Reading.Read("""{"time":"2026-11-20T10:05:30Z","category":"AppServiceAppLogs","properties":{"m":1}}""" + "\n{\"category\":\"AppServiceAppLogs\"}\n");
        var metrics = Reading.Read("""{"count":4,"metricName":"cpu_percent","resourceId":"/X","time":"2026-11-20T10:05:30Z"}""");

        Assert.Equal((BlobOutcome.Skipped, "AppServiceAppLogs"), (app.Result.Outcome, app.Result.Category));
        Assert.Equal((BlobOutcome.Skipped, null), (metrics.Result.Outcome, metrics.Result.Category));
        Assert.Equal(2, app.Result.Records);
    }

    [Fact]
    public void Case_13_A_foreign_record_among_flow_records_is_rejected_and_the_others_are_kept()
    {
        var read = Reading.Read(Logs.Blob("""{"category":"X"}""", Logs.Vnet(Logs.V4)));

        Assert.Equal((BlobOutcome.Complete, 1), (read.Result.Outcome, read.Rows.Count));
        Assert.Equal(1, read.Result.RejectedRecords[RejectionReason.OtherCategory]);
    }

    [Fact]
    public void Case_14_Records_inside_a_record_are_a_record_error()
    {
        var nested = Reading.Read(Logs.Blob($$"""{"records":{{Logs.Nsg(2, Logs.V2)}}}""", Logs.Nsg(2, Logs.V2)));
        var objectAtRoot = Reading.Read($$"""{"records":{{Logs.Nsg(2, Logs.V2)}}}""");

        Assert.Equal((1L, 1L, 2L), (nested.Result.RejectedRecords[RejectionReason.NestedRecords], nested.Result.Rejected[RejectionReason.NestedRecords], nested.Result.TuplesSeen));
        Assert.Equal(1, nested.Single.RecordIndex);
        Assert.Equal((1L, 1L), (objectAtRoot.Result.RejectedRecords[RejectionReason.NestedRecords], objectAtRoot.Result.TuplesSeen));
    }

    [Theory]
    [InlineData("\"properties\":{", "\"properties\":{\"extra\":{\"flowTuples\":[\"a\",7,{\"flowTuples\":[1]}]},", 3, 1)]
    [InlineData("\"flowTuples\":[", "\"flowTuples\":[[\"b\"],", 1, 1)]
    [InlineData("\"flows\":[{\"rule\"", "\"flows\":[[{\"flowTuples\":[\"a\"]}],{\"rule\"", 2, 0)]
    public void Case_14_Tuples_in_a_place_that_nobody_reads_are_refused_and_not_forgotten(string from, string to, int refused, int rows)
    {
        var read = Reading.Read(One.Replace(from, to, StringComparison.Ordinal));

        Assert.Equal((rows, refused), (read.Rows.Count, (int)read.Result.Rejected.Values.Sum()));
    }

    [Fact]
    public void Case_15_Whole_records_before_a_fault_are_good_unless_strict()
    {
        var blob = Logs.Blob(Logs.Nsg(2, Logs.V2), Logs.Nsg(2, Logs.V2), Logs.Nsg(2, Logs.V2).Replace("\"category\"", "!category", StringComparison.Ordinal));

        var read = Reading.Read(blob);
        var strict = Reading.Read(blob, Reading.Request with { Strict = true });

        Assert.Equal((BlobOutcome.Failed, true, 2, 2L), (read.Result.Outcome, read.Result.RowsAreGood, read.Rows.Count, read.Result.Rows));
        Assert.Contains("The 2 whole records before that are good", read.Result.Message, StringComparison.Ordinal);
        Assert.False(strict.Result.RowsAreGood);
    }

    [Fact]
    public void Case_15_A_doubled_records_key_fails_with_its_offset()
    {
        var read = Reading.Read(One[..^1] + ",\"records\":[]}");

        Assert.Equal((BlobOutcome.Failed, RejectionReason.DoubledRecords), (read.Result.Outcome, read.Result.Failure));
        Assert.InRange(read.Result.ErrorOffset!.Value, One.Length - 1, One.Length + 11);
    }

    [Theory]
    [InlineData("\"rule\":\"", "\"rule\" \"")]
    [InlineData("\"flowTuples\":[", "\"flowTuples\":[,")]
    [InlineData("\"flowTuples\":[", "\"flowTuples\":[x")]
    [InlineData("\"flowTuples\":[", "\"flowTuples\":[\"a\\q\",")]
    [InlineData("192.0.2.7", "192\n0.2.7")]
    [InlineData("}]}]}}", "}]}]}]")]
    [InlineData("\"]}", "\",]}")]
    public void Case_15_Invalid_JSON_fails_with_its_offset(string from, string to)
    {
        var broken = One.Replace(from, to);
        Assert.NotEqual(One, broken);

        var read = Reading.Read(broken);

        Assert.Equal((BlobOutcome.Failed, RejectionReason.Syntax), (read.Result.Outcome, read.Result.Failure));
        var at = broken.IndexOf(to, StringComparison.Ordinal);
        Assert.InRange(read.Result.ErrorOffset!.Value, at - 80, at + to.Length + 1);
        Assert.Contains($"byte {read.Result.ErrorOffset}", read.Result.Message);
    }

    [Theory]
    [InlineData("RECORD,,RECORD", 1)]
    [InlineData("RECORD,RECORD,", 1)]
    [InlineData(",RECORD,RECORD", 1)]
    [InlineData("RECORD,, ,RECORD,", 3)]
    public void Case_16_Surplus_commas_are_counted_or_fail_in_strict_mode(string inside, int surplus)
    {
        var blob = Logs.Blob(inside.Replace("RECORD", Logs.Nsg(2, Logs.V2)));

        var lenient = Reading.Read(blob);

        Assert.Equal((BlobOutcome.Complete, 2, (long)surplus), (lenient.Result.Outcome, lenient.Rows.Count, lenient.Result.SurplusCommas));
        Assert.Equal(BlobOutcome.Failed, Reading.Read(blob, Reading.Request with { Strict = true }).Result.Outcome);
    }

    [Fact]
    public void Case_16_A_missing_comma_fails() =>
        Assert.Equal(BlobOutcome.Failed, Reading.Read($"[{Logs.Vnet(Logs.V4)} {Logs.Vnet(Logs.V4)}]").Result.Outcome);

    [Fact]
    public void Case_17_Bytes_behind_the_end_are_counted_or_fail_in_strict_mode()
    {
        var read = Reading.Read(One + "\n\0\0abc");

        Assert.Equal((BlobOutcome.Complete, 1, 5L), (read.Result.Outcome, read.Rows.Count, read.Result.TrailingBytes));
        Assert.Contains("5 bytes behind the end", read.Result.Message);
        Assert.Equal(0, Reading.Read(One + "\r\n").Result.TrailingBytes);
        Assert.Equal(BlobOutcome.Failed, Reading.Read(One + "x", Reading.Request with { Strict = true }).Result.Outcome);
    }

    [Fact]
    public void Case_18_Gzip_is_unpacked_up_to_a_limit()
    {
        var packed = Gzip(One);

        var read = Reading.Read(packed, chunk: 7);
        var limited = Reading.Read(packed, Reading.Request with { MaxExpandedBytes = 100 });

        Assert.True(read.Result.IsCompressed);
        Assert.Equal((1, packed.Length, One.Length, 0L), (read.Rows.Count, read.Result.BytesRead, read.Result.TextBytes, read.Result.ResumeOffset));
        Assert.Equal(RejectionReason.Expansion, limited.Result.Failure);
    }

    [Fact]
    public void Case_18_Damaged_gzip_fails_and_cut_gzip_is_never_complete()
    {
        var packed = Gzip(One);
        var damaged = packed.ToArray();
        damaged.AsSpan(12, 20).Fill(0xFF);

        Assert.Equal(RejectionReason.Compression, Reading.Read(damaged).Result.Failure);
        Assert.NotEqual(BlobOutcome.Complete, Reading.Read(packed[..(packed.Length / 2)]).Result.Outcome);
    }

    [Fact]
    public async Task Case_19_A_record_of_megabytes_takes_no_memory_but_its_rows()
    {
        var blob = Encoding.UTF8.GetBytes(Logs.Blob(Logs.Nsg(2, [.. Enumerable.Repeat(Logs.V2, 100_000)])));
        using var stream = new MemoryStream(blob);
        var rows = 0;
        var before = GC.GetAllocatedBytesForCurrentThread();

        await FlowLogBlobReader.ReadAsync(
            stream,
            Reading.Request,
            batch =>
            {
                rows = batch.Count;
                return default;
            },
            TestContext.Current.CancellationToken);

        // Everything completes at once, so on this thread. The columns take about 110 bytes a row, twice that for growing by doubling; a string per tuple would add 150.
        var perRow = (GC.GetAllocatedBytesForCurrentThread() - before) / rows;
        Assert.Equal(100_000, rows);
        Assert.InRange(perRow, 50, 350);
    }

    [Fact]
    public void Case_19_A_record_above_the_limit_of_rows_is_rejected_whole()
    {
        var read = Reading.Read(Logs.Blob(Logs.Nsg(2, Logs.V2, Logs.V2, Logs.V2), Logs.Nsg(2, Logs.V2, Logs.V2)), Reading.Request with { MaxRecordRows = 2 });

        Assert.Equal(3, read.Result.Rejected[RejectionReason.TooManyTuples]);
        Assert.Equal([1, 1], read.Rows.Select(r => r.RecordIndex));
    }

    [Fact]
    public void Case_19_A_text_above_the_limit_rejects_its_record_and_the_next_one_is_read()
    {
        var big = new string('x', 300_000);
        var request = Reading.Request with { MaxTextBytes = 200_000 };
        string[] records =
        [
            Logs.Nsg(2, Logs.V2, big, Logs.V2),
            Logs.Nsg(2, Logs.V2).Replace("UserRule_web", "a\\\"" + big),
            Logs.NsgHead + $"\"extra\":[{{\"deep\":\"{big}\"}}]," + Logs.Nsg(2, Logs.V2)[Logs.NsgHead.Length..],
            Logs.Nsg(2, Logs.V2),
        ];

        var read = Reading.Read(Logs.Blob(records), request);

        Assert.Equal(3, read.Result.RejectedRecords[RejectionReason.TextTooLong]);
        Assert.Equal(5, read.Result.Rejected[RejectionReason.TextTooLong]);
        Assert.Equal(3, read.Single.RecordIndex);
    }

    [Fact]
    public void Case_20_Deep_nesting_fails_without_harm()
    {
        var read = Reading.Read(Logs.Blob("{\"a\":" + new string('[', 100_000)));

        Assert.Equal((BlobOutcome.Failed, RejectionReason.TooDeep), (read.Result.Outcome, read.Result.Failure));
    }

    [Theory]
    [InlineData("\u0089PNG\r\n")]
    [InlineData("<?xml")]
    [InlineData("time,src,dst")]
    public void What_is_no_JSON_fails_at_its_first_byte_and_says_what_was_expected(string text)
    {
        var read = Reading.Read(Encoding.Latin1.GetBytes(text));

        Assert.Equal((BlobOutcome.Failed, RejectionReason.NotJson, 0L), (read.Result.Outcome, read.Result.Failure, read.Result.ErrorOffset));
        Assert.Contains("{\"records\":[", read.Result.Message);
    }

    [Fact]
    public void Other_keys_round_the_records_do_no_harm()
    {
        var read = Reading.Read("{\"count\":1,\"records\":[" + Logs.Nsg(2, Logs.V2) + "],\"next\":{\"a\":[1]}}");

        Assert.Equal((BlobOutcome.Complete, 1), (read.Result.Outcome, read.Rows.Count));
        Assert.Equal(BlobOutcome.NoRecords, Reading.Read("{\"records\":null}").Result.Outcome);
        Assert.Equal(BlobOutcome.NoRecords, Reading.Read("[]").Result.Outcome);
    }

    [Fact]
    public void Batches_end_at_records_and_hold_all_rows_in_order()
    {
        var read = Reading.Read(
            Logs.Blob([.. Enumerable.Range(0, 7).Select(_ => Logs.Nsg(2, Logs.V2, Logs.V2, Logs.V2))]), Reading.Request with { BatchRows = 5 });

        Assert.Equal([6, 6, 6, 3], read.BatchSizes);
        Assert.Equal(Enumerable.Range(0, 21).Select(i => (i / 3, i % 3)), read.Rows.Select(r => (r.RecordIndex, r.TupleIndex)));
    }

    private static byte[] Gzip(string text)
    {
        using var target = new MemoryStream();
        using (var gzip = new GZipStream(target, CompressionLevel.Optimal))
            gzip.Write(Encoding.UTF8.GetBytes(text));
        return target.ToArray();
    }
}
