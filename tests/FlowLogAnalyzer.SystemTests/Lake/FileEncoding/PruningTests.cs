using System.Globalization;
using FlowLogAnalyzer.Flows;
using FlowLogAnalyzer.Lake.Parquet.Writing;
using FlowLogAnalyzer.Tests.Support;

namespace FlowLogAnalyzer.Tests.Lake.FileEncoding;

/// <summary>
/// Engines skip row groups by their statistics: wrong ones lose rows in silence. So a filtered count must equal the one
/// counted by hand, for every border that a filter can have.
/// </summary>
public sealed class PruningTests : IDisposable
{
    private const int RowGroup = 200;
    private readonly string _path = Path.GetTempFileName();
    private readonly RandomRows _rows = new(new RowsShape(3000, 4, 3000, 20, true, true, 64, RowGroup), 7);
    private readonly string?[][] _cells;

    public PruningTests()
    {
        Array.Sort(_rows.Rows, (a, b) => _rows.Batches[a.Batch].TimeMs[a.Row].CompareTo(_rows.Batches[b.Batch].TimeMs[b.Row]));
        _cells = ExpectedRows.Of(_rows);
        using var encoder = new FlowFileEncoder(new FileEncoderOptions { RowGroupRows = RowGroup, PageRows = 64 });
        using var stream = File.Create(_path);
        encoder.Write(stream, _rows.Batches, _rows.Rows);
    }

    public void Dispose() => File.Delete(_path);

    [Fact]
    public async Task A_time_filter_counts_what_is_there()
    {
        var times = _cells.Select(r => long.Parse(r[0]!, CultureInfo.InvariantCulture)).ToArray();
        var borders = times.Where((_, i) => i % 97 == 0 || i % RowGroup is 0 or RowGroup - 1).Distinct().ToArray();
        var expected = borders.SelectMany(b => new[] { times.Count(t => t < b), times.Count(t => t >= b), times.Count(t => t == b) }).ToArray();
        string[] operators = ["<", ">=", "="];
        var duck = borders.SelectMany(b => operators.Select(o => $"SELECT count(*) FROM read_parquet('{_path}') WHERE time {o} make_timestamptz({b})"));
        Assert.Equal(expected, DuckDb(duck));

        var house = borders.SelectMany(b => operators.Select(o => $"SELECT toString(count()) FROM file('{_path}', Parquet) WHERE time {o} fromUnixTimestamp64Micro({b}, 'UTC')"));
        Assert.Equal(expected, (await ClickHouse.QueryAsync([.. house])).Select(r => int.Parse(r[0][0], CultureInfo.InvariantCulture)));
    }

    [Theory]
    [InlineData("src_ip")]
    [InlineData("dst_key")]
    [InlineData("rule")]
    [InlineData("dst_port")]
    [InlineData("bytes_sent")]
    [InlineData("flags")]
    public async Task A_filter_for_a_value_counts_what_is_there(string column)
    {
        var c = ExpectedRows.Columns.Select(x => x.Name).ToList().IndexOf(column);
        var values = _cells.Select(r => r[c]).OfType<string>().Distinct().Where((_, i) => i % 31 == 0).Take(60).ToArray();
        var expected = values.Select(v => _cells.Count(r => r[c] == v)).ToArray();
        var literal = ExpectedRows.Columns[c].Type == FlowLogAnalyzer.Lake.ColumnType.String ? "'" : "";
        Assert.Equal(expected, DuckDb(values.Select(v => $"SELECT count(*) FROM read_parquet('{_path}') WHERE {column} = {literal}{v}{literal}")));

        var house = values.Select(v => $"SELECT toString(count()) FROM file('{_path}', Parquet) WHERE {column} = {literal}{v}{literal}");
        Assert.Equal(expected, (await ClickHouse.QueryAsync([.. house])).Select(r => int.Parse(r[0][0], CultureInfo.InvariantCulture)));
    }

    [Fact]
    public void Two_spellings_of_the_same_bits_count_as_one_key_and_two_addresses()
    {
        var batch = new TupleBatch(new BlobIdentity("blob"));
        batch.BeginGroup(new TupleRecord { Index = 0, Format = LogFormat.VnetV4 });
        for (var i = 0; i < 100; i++)
        {
            var v4 = IpAddressKey.FromIPv4(0x0A000001);
            batch.Add(new TupleValues { Source = i % 2 == 0 ? v4 : IpAddressKey.FromIPv6(v4.Bits), Destination = v4 }, i);
        }

        using (var encoder = new FlowFileEncoder())
        using (var stream = File.Create(_path))
            encoder.Write(stream, [batch], [.. Enumerable.Range(0, 100).Select(i => new RowRef(0, i))]);

        Assert.Equal(["00000000000000000000ffff0a000001", "100", "2"], FileReaders.DuckDbQuery($"SELECT src_key, count(*), count(DISTINCT src_ip) FROM read_parquet('{_path}') GROUP BY ALL")[0]);
        Assert.Equal(["1", "2"], FileReaders.DuckDbQuery($"SELECT count(DISTINCT src_key), count(DISTINCT src_ip) FROM read_parquet('{_path}')")[0]);
        Assert.Equal("100", FileReaders.DuckDbQuery($"SELECT count(*) FROM read_parquet('{_path}') WHERE src_key = '00000000000000000000ffff0a000001'")[0][0]);
    }

    /// <summary>Statements of one number each, in one go.</summary>
    private static IEnumerable<int> DuckDb(IEnumerable<string> statements)
        => FileReaders.DuckDbQuery("SELECT " + string.Join(", ", statements.Select(s => $"({s})")))[0].Select(v => int.Parse(v!, CultureInfo.InvariantCulture));
}
