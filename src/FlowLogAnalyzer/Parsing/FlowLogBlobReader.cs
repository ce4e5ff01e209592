using FlowLogAnalyzer.Flows;

namespace FlowLogAnalyzer.Parsing;

/// <summary>Reads one flow-log blob, or the part of it that is new, into batches of rows.</summary>
public static class FlowLogBlobReader
{
    /// <summary>
    /// Reads the stream to its end with bounded memory. Bad data never throws: it is counted and described in the result.
    /// Batches hold whole records; all but the last have at least <see cref="BlobReadRequest.BatchRows"/> rows.
    /// Unless the result says <see cref="BlobReadResult.RowsAreGood"/>, what was handed over is to be thrown away.
    /// </summary>
    /// <exception cref="IOException">The stream cannot be read.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="ct"/> was cancelled.</exception>
    public static async ValueTask<BlobReadResult> ReadAsync(
        Stream stream, BlobReadRequest request, Func<TupleBatch, ValueTask> onBatch, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(onBatch);

        var (raw, text, isCompressed) = await ContentStream.OpenAsync(stream, ct);
        await using var unpack = isCompressed ? text : null;
        using var buffer = new InputBuffer(text, request.MaxTextBytes);
        var parser = new BlobParser(request);
        var failure = await PumpAsync(new Pump(parser, buffer, request, isCompressed), onBatch, ct);
        if (parser.TakeLast() is { } last && failure is not { RefusesAll: true })
            await onBatch(last);

        return ResultBuilder.Build(parser, request, failure, new ReadSizes(raw.SourceBytes, buffer.BytesRead, isCompressed));
    }

    private sealed record Pump(BlobParser Parser, InputBuffer Buffer, BlobReadRequest Request, bool IsCompressed);

    private static async ValueTask<BlobFailure?> PumpAsync(Pump pump, Func<TupleBatch, ValueTask> onBatch, CancellationToken ct)
    {
        var (parser, buffer, request, isCompressed) = pump;
        while (true)
        {
            var status = parser.Parse(buffer.Data, buffer.IsEnd, out var consumed);
            buffer.Consume(consumed);
            if (status == ParseStatus.BatchReady)
            {
                var full = parser.TakeBatch();
                if (full.Count > 0)
                    await onBatch(full);
                continue;
            }

            if (status == ParseStatus.NeedData && buffer.IsAtLimit)
            {
                status = parser.StepOverLongText(buffer.Data, out consumed);
                buffer.Consume(consumed);
                if (status == ParseStatus.NeedData)
                    continue;
            }

            if (status == ParseStatus.Failed)
                return parser.Failure;
            if (buffer.IsEnd)
            {
                parser.Abandon();
                return null;
            }

            try
            {
                await buffer.FillAsync(ct);
            }
            catch (InvalidDataException)
            {
                parser.Abandon();
                return new BlobFailure(RejectionReason.Compression, parser.Offset, "its gzip data is damaged") { RefusesAll = request.Strict };
            }

            if (isCompressed && buffer.BytesRead > request.MaxExpandedBytes)
            {
                parser.Abandon();
                return new BlobFailure(RejectionReason.Expansion, parser.Offset, $"it expands to more than {request.MaxExpandedBytes} bytes") { RefusesAll = true };
            }
        }
    }
}
