using FlowLogAnalyzer.Flows;
using FlowLogAnalyzer.Lake.Parquet.Reading;
using FlowLogAnalyzer.Tests.Lake.FileEncoding;

namespace FlowLogAnalyzer.Tests.Lake.FileDecoding;

/// <summary>A data file's rows by our own reader, in the form of <see cref="ExpectedRows"/>.</summary>
internal static class DecodedRows
{
    /// <summary>Null when the reader takes the file for one of another writer.</summary>
    public static async Task<string?[][]?> ReadAsync(byte[] file, string name = "file", TupleFileDecoder? used = null)
    {
        using var own = used is null ? new TupleFileDecoder() : null;
        var decoder = used ?? own!;
        using var stream = new MemoryStream(file);
        if (await decoder.OpenAsync(stream, name, default) is not { } groups)
            return null;

        var pool = new TupleBatchPool(1 << 20);
        var rows = new List<string?[]>();
        for (var i = 0; i < groups.Count; i++)
        {
            var batch = await decoder.ReadAsync((stream, name), groups, i, pool, default);
            rows.AddRange(ExpectedRows.Of(batch));
            pool.Return(batch);
        }

        return [.. rows];
    }
}
