using System.CommandLine;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using FlowLogAnalyzer.Blobs;
using FlowLogAnalyzer.Cli.Hosting;
using FlowLogAnalyzer.Cli.Output;
using FlowLogAnalyzer.Flows;
using FlowLogAnalyzer.Lake;
using FlowLogAnalyzer.Parsing;

namespace FlowLogAnalyzer.Cli.Commands;

/// <summary><c>flowlog parse</c>: the tuples of a flow log, without a lake.</summary>
internal static class ParseCommand
{
    /// <summary>Few enough that the first rows are out while the rest of a large blob is read.</summary>
    private const int BatchRows = 4096;

    private static readonly Argument<string[]> Files = new("FILE") { Description = "Flow-log blobs, folders with them, or - for standard input.", Arity = ArgumentArity.OneOrMore };

    private static readonly Option<double> MaxRejects = RejectTolerance.Create();

    public static Command Create(CliHost host)
    {
        var verb = new Verb("parse", "Writes the tuples of flow logs as JSON lines (or --output csv, json, md, table), one object per tuple, with the lake's column names.",
            new("flowlog parse PT1H.json --output csv", "For a spreadsheet."),
            new("cat PT1H.json | flowlog parse - | jq -r 'select(.decision == \"Deny\") | .src_ip'", "Who was denied."));
        verb.Arguments.Add(Files);
        verb.Options.Add(MaxRejects);
        return verb.Does(host, RunAsync);
    }

    private static async Task<int> RunAsync(Invocation call, CancellationToken ct)
    {
        var files = call.Get(Files)!.SelectMany(Find).ToList();
        var tally = new ParseTally();
        var rows = new ResultSet(TupleRows.Columns, Rows(files, call, tally, ct));
        await ResultWriter.WriteAsync(rows, call.RequestedFormat ?? OutputFormat.JsonLines, call.Host, ct);
        if (tally.Rejected > 0)
            call.Note($"{tally.Rejected} of {tally.Seen} tuples were refused.");
        return RejectTolerance.ExitCodeFor(tally.Seen, tally.Rejected, tally.BlobsFailed, call.Get(MaxRejects));
    }

    private static IEnumerable<string> Find(string path)
    {
        if (path == "-" || File.Exists(path))
            return [path];

        return Directory.Exists(path)
            ? Directory.EnumerateFiles(path, "*", new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true }).Order(StringComparer.Ordinal)
            : throw new CliException($"{path} is neither a file nor a folder. Give flow-log blobs (PT1H.json), or - for standard input.");
    }

    private static async IAsyncEnumerable<IReadOnlyList<object?>> Rows(
        List<string> files, Invocation call, ParseTally tally, [EnumeratorCancellation] CancellationToken ct)
    {
        foreach (var file in files)
        {
            // One batch ahead: reading waits for whoever reads the output.
            var batches = Channel.CreateBounded<TupleBatch>(1);
            var reading = ReadAsync(file, call.Host, batches.Writer, ct);
            await foreach (var batch in batches.Reader.ReadAllAsync(ct))
            {
                foreach (var row in TupleRows.Of(batch))
                    yield return row;
            }

            var result = await reading;
            tally.Add(result);
            if (result.Message is { } message)
                call.Note($"{file}: {message}");
            foreach (var sample in result.Samples)
                call.Note($"{file}: record {sample.RecordIndex}, tuple {sample.TupleIndex}: {sample.Reason}: {sample.Text}");
        }
    }

    private static async Task<BlobReadResult> ReadAsync(string file, CliHost host, ChannelWriter<TupleBatch> batches, CancellationToken ct)
    {
        try
        {
            await using var stream = file == "-" ? host.OpenInput() : File.OpenRead(file);
            var request = new BlobReadRequest(FlowLogPath.Parse(file, fallbackKey: file)) { BatchRows = BatchRows };
            var result = await FlowLogBlobReader.ReadAsync(stream, request, batch => batches.WriteAsync(batch, ct), ct);
            batches.Complete();
            return result;
        }
        catch (Exception e)
        {
            batches.Complete(e);
            throw;
        }
    }

    private sealed class ParseTally
    {
        public long Seen { get; private set; }

        public long Rejected { get; private set; }

        public int BlobsFailed { get; private set; }

        public void Add(BlobReadResult result)
        {
            Seen += result.TuplesSeen;
            Rejected += result.TuplesSeen - result.Rows;
            BlobsFailed += result.Outcome is BlobOutcome.Failed ? 1 : 0;
        }
    }
}
