using System.Text;
using CsCheck;
using FlowLogAnalyzer.Flows;
using FlowLogAnalyzer.Lake;
using FlowLogAnalyzer.Lake.Parquet;

namespace FlowLogAnalyzer.Tests.Lake;

public sealed class FileStatisticsTests
{
    private static readonly Gen<string> Texts = Gen.Char["abz\u00e9\u4e2d\ud7ff\ue000\uffff\ud83d\ude00"].Array[0, 6].Select(c => new string(c));

    [Fact]
    public void Texts_compare_as_their_UTF8_bytes() => Gen.Select(Texts.Where(Valid), Texts.Where(Valid)).Sample((a, b) =>
        Math.Sign(Utf8Order.Compare(a, b)) == Math.Sign(Encoding.UTF8.GetBytes(a).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(b))));

    [Theory]
    [InlineData("a")]
    [InlineData("\U0001F600")]
    public void Long_texts_are_cut_so_that_they_still_enclose_the_value(string piece)
    {
        foreach (var length in new[] { 511, 512, 513, 2000 })
        {
            var text = string.Concat(Enumerable.Repeat(piece, length));
            var (min, max) = (FileStatistics.CutMin(text), FileStatistics.CutMax(text));

            Assert.True(Utf8Order.Compare(min, text) <= 0);
            Assert.True(Utf8Order.Compare(text, max) <= 0);
            Assert.True(max.Length <= 514);
            Assert.True(Valid(min) && Valid(max));
        }
    }

    [Fact]
    public void Statistics_are_written_as_the_protocol_says()
    {
        Column[] columns = [new("t", ColumnType.Timestamp, true, "", true), new("s", ColumnType.String, true, "", true), new("n", ColumnType.Integer, true, "", true), new("x", ColumnType.Long, true, "")];
        var block = BlockRows.Write(columns,
        [
            [new DateTime(2026, 11, 22, 10, 0, 0, 7, DateTimeKind.Utc), "b", 5, 1L],
            [new DateTime(2026, 11, 22, 9, 59, 59, DateTimeKind.Utc), "a\"", null, 2L],
            [null, null, null, null],
        ]);
        var statistics = new FileStatistics(columns);
        statistics.Add(block);

        Assert.Equal(
            """{"numRecords":3,"minValues":{"t":"2026-11-22T09:59:59.000Z","s":"a\"","n":5},"maxValues":{"t":"2026-11-22T10:00:00.007Z","s":"b","n":5},"nullCount":{"t":1,"s":1,"n":2}}""",
            statistics.ToJson());
    }

    [Theory]
    [InlineData("2026-11-22T23:59:59.999Z", "2026-11-23T00:01:00Z", "2026-11-22")]
    [InlineData("2026-11-21T23:00:00Z", "2026-11-22T23:00:00Z", "2026-11-21")]
    [InlineData("2026-11-21T22:59:59.999Z", "2026-11-22T23:00:00Z", "2026-11-22")]
    [InlineData("1970-01-01T00:00:00Z", "2026-11-22T23:00:00Z", "2026-11-22")]
    [InlineData("9999-12-31T23:59:59Z", null, "2026-11-20")]
    [InlineData("1969-12-31T23:59:59Z", "1970-01-01T00:00:00Z", "1969-12-31")]
    public void The_date_of_a_row_is_that_of_its_time_unless_the_time_is_a_day_off(string time, string? record, string expected)
    {
        static long Ms(string text) => DateTimeOffset.Parse(text, System.Globalization.CultureInfo.InvariantCulture).ToUnixTimeMilliseconds();

        var day = EventDate.Of(Ms(time), record is null ? null : Ms(record), new BlobHour(new DateTime(2026, 11, 20, 5, 0, 0, DateTimeKind.Utc)));

        Assert.Equal(expected, UnixTime.DayText(day));
    }

    private static bool Valid(string text)
    {
        try
        {
            return new UTF8Encoding(false, throwOnInvalidBytes: true).GetByteCount(text) >= 0;
        }
        catch (EncoderFallbackException)
        {
            return false;
        }
    }
}
