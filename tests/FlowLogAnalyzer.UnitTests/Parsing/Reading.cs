using System.Text;
using FlowLogAnalyzer.Blobs;
using FlowLogAnalyzer.Flows;
using FlowLogAnalyzer.Parsing;

namespace FlowLogAnalyzer.Tests.Parsing;

/// <summary>What a read gave, rows as plain values.</summary>
internal sealed record ReadOutput(BlobReadResult Result, IReadOnlyList<FlowRow> Rows, IReadOnlyList<int> BatchSizes)
{
    public FlowRow Single => Assert.Single(Rows);
}

/// <summary>Short ways to run the reader in tests; each read checks the law of conservation.</summary>
internal static class Reading
{
    public const string Path =
        "insights-logs-flowlogflowevent/flowLogResourceID=/S_RG/NW_FL/y=2026/m=11/d=20/h=10/m=00/macAddress=000D3AF87856/PT1H.json";

    public static BlobReadRequest Request { get; } = new(FlowLogPath.Parse(Path));

    public static ReadOutput Read(string json, BlobReadRequest? request = null) => Read(Encoding.UTF8.GetBytes(json), request);

    public static ReadOutput Read(byte[] bytes, BlobReadRequest? request = null, int chunk = int.MaxValue) =>
        ReadAsync(new ChunkedStream(bytes, chunk), request ?? Request).AsTask().GetAwaiter().GetResult();

    public static async ValueTask<ReadOutput> ReadAsync(Stream stream, BlobReadRequest request)
    {
        var rows = new List<FlowRow>();
        var sizes = new List<int>();
        var result = await FlowLogBlobReader.ReadAsync(
            stream,
            request,
            batch =>
            {
                rows.AddRange(batch.Rows());
                sizes.Add(batch.Count);
                return ValueTask.CompletedTask;
            },
            TestContext.Current.CancellationToken);
        Assert.Equal(result.TuplesSeen, result.Rows + result.Rejected.Values.Sum());
        if (result.RowsAreGood)
            Assert.Equal(result.Rows, rows.Count);
        return new ReadOutput(result, rows, sizes);
    }
}

/// <summary>Gives at most so many bytes per read, as a network does.</summary>
internal sealed class ChunkedStream(byte[] bytes, int chunk) : MemoryStream(bytes)
{
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        base.ReadAsync(buffer[..Math.Min(chunk, buffer.Length)], cancellationToken);
}
