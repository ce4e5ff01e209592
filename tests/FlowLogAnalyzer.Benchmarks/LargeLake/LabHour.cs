using FlowLogAnalyzer.Blobs;
using FlowLogAnalyzer.Flows;
using FlowLogAnalyzer.Lab;
using FlowLogAnalyzer.Parsing;

namespace FlowLogAnalyzer.Benchmarks.LargeLake;

/// <summary>The rows of an hour of the lab, through its JSON and the product's parser.</summary>
internal static class LabHour
{
    /// <summary>One batch or more per blob.</summary>
    public static async Task<IReadOnlyList<TupleBatch>> RunAsync(LabScenario scenario, LabOptions options)
    {
        var batches = new List<TupleBatch>();
        foreach (var blob in LabRunner.Commits(scenario, options).GroupBy(c => c.Path).OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            using var text = Text(blob.SelectMany(c => c.Records));
            await FlowLogBlobReader.ReadAsync(text, new BlobReadRequest(FlowLogPath.Parse(blob.Key)), batch =>
            {
                batches.Add(batch);
                return ValueTask.CompletedTask;
            }, CancellationToken.None);
        }

        return batches;
    }

    private static MemoryStream Text(IEnumerable<ReadOnlyMemory<byte>> records)
    {
        var text = new MemoryStream();
        text.Write("""{"records":["""u8);
        foreach (var (record, i) in records.Select((r, i) => (r, i)))
        {
            if (i > 0)
                text.WriteByte((byte)',');
            text.Write(record.Span);
        }

        text.Write("]}"u8);
        text.Position = 0;
        return text;
    }
}
