using System.Text.Json;
using FlowLogAnalyzer.Flows;
using FlowLogAnalyzer.Lake.Delta;
using FlowLogAnalyzer.Lake.Parquet;
using FlowLogAnalyzer.Lake.Parquet.Reading;
using FlowLogAnalyzer.Lake.Parquet.Writing;

namespace FlowLogAnalyzer.Lake.Erasure;

/// <summary>Rows of the table <c>tuples</c> that name an address as source or destination: finds them, and writes files without them.</summary>
internal sealed class AddressRows(TupleTable table, IpAddressKey address)
{
    private static readonly string[] AddressColumns = ["src_ip", "dst_ip"];
    private readonly TupleBatchPool _pool = new(1 << 20);

    /// <summary>Rows of the file by blob; empty when none has the address.</summary>
    public async ValueTask<IReadOnlyDictionary<string, long>> CountAsync(AddFile file, CancellationToken ct)
    {
        var blobs = new Dictionary<string, long>(StringComparer.Ordinal);
        if (!MayHold(file))
            return blobs;

        using var decoder = new TupleFileDecoder();
        await foreach (var batch in table.Reader.ReadRowsAsync(file, decoder, _pool, ct))
        {
            for (var row = 0; row < batch.Count; row++)
            {
                if (!Has(batch, row))
                    continue;
                var blob = batch.BlobOf(batch.RecordOf(row, out _)).Key;
                blobs[blob] = blobs.GetValueOrDefault(blob) + 1;
            }

            _pool.Return(batch);
        }

        return blobs;
    }

    /// <summary>The file without the rows; null when no row is left.</summary>
    /// <param name="file">That has the address.</param>
    /// <param name="rows">How many of its rows have it.</param>
    /// <param name="wide">Where the table has columns of others, which stay.</param>
    /// <param name="ct">Cancels.</param>
    public async ValueTask<AddFile?> RewriteAsync(AddFile file, long rows, WideFiles? wide, CancellationToken ct)
    {
        if (FileFacts.Of(file).Rows == rows)
            return null;
        return wide is not null
            ? await wide.WithoutAddressAsync(file, address, ct)
            : await table.Writer.WriteAsync(TupleTable.PartitionDate(file), (encoder, token) => WriteRestAsync(file, encoder, token), ct);
    }

    private async ValueTask WriteRestAsync(AddFile file, FlowFileEncoder encoder, CancellationToken ct)
    {
        using var decoder = new TupleFileDecoder();
        await foreach (var batch in table.Reader.ReadRowsAsync(file, decoder, _pool, ct))
        {
            if (Rest(batch) is { Length: > 0 } runs)
                encoder.Add([batch], runs);
            _pool.Return(batch);
        }
    }

    private RowRun[] Rest(TupleBatch batch)
    {
        var runs = new List<RowRun>();
        for (var row = 0; row < batch.Count;)
        {
            var start = row;
            while (row < batch.Count && !Has(batch, row))
                row++;
            if (row > start)
                runs.Add(new RowRun(0, start, row - start));
            while (row < batch.Count && Has(batch, row))
                row++;
        }

        return [.. runs];
    }

    private bool Has(TupleBatch batch, int row) => batch.Addresses.Key(batch.Source[row]).Bits == address.Bits || batch.Addresses.Key(batch.Destination[row]).Bits == address.Bits;

    /// <summary>False when the statistics rule it out; a bound that was cut is no bound that an address could be beyond.</summary>
    private bool MayHold(AddFile file)
    {
        if (file.Stats is not { } text)
            return true;
        using var stats = JsonDocument.Parse(text);
        return AddressColumns.Any(column => MayHold(stats.RootElement, column));
    }

    private bool MayHold(JsonElement stats, string column) =>
        Bound(stats, "minValues", column) is not { } min || Bound(stats, "maxValues", column) is not { } max
        || (Utf8Order.Compare(min, address.ToString()) <= 0 && Utf8Order.Compare(address.ToString(), max) <= 0);

    private static string? Bound(JsonElement stats, string kind, string column) =>
        stats.TryGetProperty(kind, out var values) && values.TryGetProperty(column, out var value) ? value.GetString() : null;
}
