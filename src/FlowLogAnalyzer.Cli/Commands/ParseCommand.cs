using System.CommandLine;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using FlowLogAnalyzer.Blobs;
using FlowLogAnalyzer.Cli.Hosting;
using FlowLogAnalyzer.Cli.Output;
using FlowLogAnalyzer.Flows;
using FlowLogAnalyzer.Ingest;
using FlowLogAnalyzer.Lake;
using FlowLogAnalyzer.Parsing;

namespace FlowLogAnalyzer.Cli.Commands;

/// <summary><c>flowlog parse</c>: the tuples of a flow log, without a lake.</summary>
internal static class ParseCommand
{
    /// <summary>Few enough that the first rows are out while the rest of a large blob is read.</summary>
    private const int BatchRows = 4096;

    private static readonly Argument<string[]> Files = new("FILE") { Description = "Flow-log blobs, folders with them, or - for standard input.", Arity = ArgumentArity.OneOrMore };

    /// <summary>As an ingest takes it: a blob that ends in the middle is cut off from then on.</summary>
    private static readonly TimeSpan HourGrace = IngestOptions.UsualHourGrace;

    private static readonly Option<double> MaxRejects = RejectTolerance.Create();

    public static Command Create(CliHost host)
    {
        var verb = new Verb("parse", "Writes the tuples of flow logs as JSON lines (or --output csv, json, md, table), one object per tuple, with the lake's column names.",
            new("flowlog parse PT1H.json --output csv", "For a spreadsheet."),
            new("cat PT1H.json | flowlog parse - | jq -r 'select(.decision == \"Deny\") | .src_ip'", "Who was denied."));
        verb.Arguments.Add(Files);
        verb.Options.Add(MaxRejects);
        verb.Options.Add(AllowEmpty.Option);
        return verb.Does(host, RunAsync);
    }

    private static async Task<int> RunAsync(Invocation call, CancellationToken ct)
    {
        var sources = call.Get(Files)!;
        foreach (var missing in sources.Where(s => s != "-" && !Path.Exists(s)))
            throw new CliException($"{missing} is neither a file nor a folder. Give flow-log blobs (PT1H.json), or - for standard input.");

        var tally = new ParseTally();
        var rows = new ResultSet(TupleRows.Columns, Rows(sources, call, tally, ct));
        await ResultWriter.WriteAsync(rows, call.RequestedFormat ?? OutputFormat.JsonLines, call.Host, ct);
        return tally.Tell(call, sources, call.Get(MaxRejects));
    }

    /// <summary>The files that an ingest would list, and its words for what cannot be listed.</summary>
    private static async IAsyncEnumerable<SourceEntry> ListAsync(IEnumerable<string> sources, [EnumeratorCancellation] CancellationToken ct)
    {
        foreach (var source in sources)
        {
            if (source == "-")
            {
                yield return SourceEntry.Of(new SourceBlob(FlowLogPath.Parse("-"), "-", 0, "", default));
                continue;
            }

            await foreach (var entry in new LocalBlobSource(source).ListAsync(new BlobWindow(), ct))
                yield return Path.IsPathRooted(source) || entry.Blob is not { } blob ? entry : SourceEntry.Of(Relative(blob));
        }
    }

    /// <summary>Under the name that the user gave it.</summary>
    private static SourceBlob Relative(SourceBlob blob)
    {
        var path = Path.GetRelativePath(Environment.CurrentDirectory, blob.Path).Replace('\\', '/');
        return blob with { Path = path, Identity = FlowLogPath.Parse(path, path) };
    }

    private static async IAsyncEnumerable<IReadOnlyList<object?>> Rows(
        IReadOnlyList<string> sources, Invocation call, ParseTally tally, [EnumeratorCancellation] CancellationToken ct)
    {
        await foreach (var entry in ListAsync(sources, ct))
        {
            if (entry.Blob is not { } blob)
            {
                call.Note(entry.Problem!);
                tally.AddUnreadable();
                continue;
            }

            // One batch ahead: reading waits for whoever reads the output.
            var batches = Channel.CreateBounded<TupleBatch>(1);
            var isClosed = blob.Identity.Hour is not { } hour || call.Host.Clock.GetUtcNow().UtcDateTime - HourGrace >= hour.EndUtc;
            var reading = ReadAsync(blob, isClosed, call.Host, batches.Writer, ct);
            await foreach (var batch in batches.Reader.ReadAllAsync(ct))
            {
                foreach (var row in TupleRows.Of(batch))
                    yield return row;
            }

            var (result, problem) = await reading;
            if ((problem ?? result!.Message) is { } message)
                call.Note(message);
            if (result is null)
                tally.AddUnreadable();
            else
                tally.Add(result, blob.Path, isClosed);
        }
    }

    private static async Task<(BlobReadResult? Result, string? Problem)> ReadAsync(SourceBlob blob, bool isClosed, CliHost host, ChannelWriter<TupleBatch> batches, CancellationToken ct)
    {
        Exception? fault = null;
        try
        {
            await using var stream = blob.Path == "-" ? host.OpenInput() : File.OpenRead(blob.Path);
            var request = new BlobReadRequest(blob.Identity) { BatchRows = BatchRows, HourIsClosed = isClosed, Name = blob.Path };
            return (await FlowLogBlobReader.ReadAsync(stream, request, batch => batches.WriteAsync(batch, ct), ct), null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return (null, $"'{blob.Path}' cannot be read: {e.Message}");
        }
        catch (Exception e)
        {
            fault = e;
            throw;
        }
        finally
        {
            batches.Complete(fault);
        }
    }
}
